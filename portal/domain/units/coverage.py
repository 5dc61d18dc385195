"""What covers a unit, until when and why: one pure function that every screen and paper prints.

A term of n months that starts on day d ends with the last second of the day of the same number n months
later (12 months from 3 February 2031: all of 3 February 2032), or of that month's last day when it is
shorter. Days are days in the outlet's zone.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto

from portal.domain.catalog.rules import Layer, Start
from portal.domain.units.rules import Registration
from portal.kernel.text import Message, _


class Standing(StrEnum):
    """How a layer stands on a day."""

    COVERED = auto()
    EXPIRED = auto()
    NOT_STARTED = auto()
    VOID = auto()
    PENDING = auto()


@dataclass(frozen=True)
class Guaranteed(Layer):
    """What no day of the unit begins: the guarantee on a repair, from its own first day on."""

    since: date = date.max


@dataclass(frozen=True)
class Terms:
    """All that coverage depends on: when things happened, what the policy says, how the unit stands."""

    bought: date
    layers: tuple[Layer, ...]
    delivered: date | None = None
    installed: date | None = None
    registration: Registration = Registration.VALID
    void_on: date | None = None
    void_reason: str = ""


@dataclass(frozen=True)
class LayerStanding:
    """One layer on the day asked about; `since` and `until` are None while it has not started."""

    layer: Layer
    standing: Standing
    since: date | None
    until: date | None


@dataclass(frozen=True)
class Answer:
    """Whether one of parts, labour or transport is covered, until when, by which clause, and why."""

    covered: bool
    standing: Standing | None
    until: date | None
    clause: int | None
    provider: str | None
    why: Message


@dataclass(frozen=True)
class Verdict:
    """What covers a unit (or one component of it) on a day."""

    on: date
    component: str
    parts: Answer
    labour: Answer
    transport: Answer
    layers: tuple[LayerStanding, ...]

    @property
    def covered(self) -> bool:
        """Whether anything at all is covered."""
        return self.parts.covered or self.labour.covered or self.transport.covered

    @property
    def complete(self) -> bool:
        """Whether a repair would cost the customer nothing."""
        return self.parts.covered and self.labour.covered

    @property
    def until(self) -> date | None:
        """The last day on which a whole repair is free; else the last day of any cover."""
        both = [a.until for a in (self.parts, self.labour) if a.covered and a.until]
        if len(both) == 2:
            return min(both)
        ends = [answer.until for answer in (self.parts, self.labour, self.transport) if answer.until]
        return max(ends, default=None)


def add_term(start: date, months: int, days: int = 0) -> date:
    """The last day of a term: same day of the month, or the month's last day when it is shorter."""
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return date(year, month, day) + timedelta(days=days)


def start_of(layer: Layer, terms: Terms) -> date | None:
    """The first day of a layer, None when what it starts from has not happened."""
    if isinstance(layer, Guaranteed):
        return layer.since
    return {
        Start.PURCHASE: terms.bought,
        Start.DELIVERY: terms.delivered,
        Start.INSTALLATION: terms.installed,
    }[layer.starts]


def coverage(terms: Terms, component: str, on: date) -> Verdict:
    """The verdict for a component ("" when unknown) on a day in the outlet's zone.

    Layers of the whole product count for every component; a component's own layers only for it.
    """
    standings = tuple(_stand(layer, terms, on) for layer in terms.layers)
    relevant = [s for s in standings if s.layer.component in ("", component)]

    def answer(aspect: str) -> Answer:
        return _answer([s for s in relevant if getattr(s.layer, aspect)], terms)

    return Verdict(on, component, answer("parts"), answer("labour"), answer("transport"), standings)


def _stand(layer: Layer, terms: Terms, on: date) -> LayerStanding:
    since = start_of(layer, terms)
    until = None if since is None else add_term(since, layer.months, layer.days)
    if terms.registration in (Registration.PENDING, Registration.REJECTED):
        standing = Standing.PENDING
    elif terms.void_on is not None and on >= terms.void_on:
        standing = Standing.VOID
    elif since is None or on < since or until is None:
        standing = Standing.NOT_STARTED
    else:
        standing = Standing.COVERED if on <= until else Standing.EXPIRED
    return LayerStanding(layer, standing, since, until)


_ORDER = [Standing.COVERED, Standing.PENDING, Standing.VOID, Standing.NOT_STARTED, Standing.EXPIRED]


def _answer(standings: list[LayerStanding], terms: Terms) -> Answer:
    if not standings:
        return Answer(False, None, None, None, None, _("The warranty does not include this."))
    best = min(standings, key=lambda s: (_ORDER.index(s.standing), -(s.until or date.min).toordinal()))
    return Answer(
        best.standing is Standing.COVERED,
        best.standing,
        best.until,
        best.layer.clause,
        best.layer.provider,
        _why(best, terms),
    )


def _why(best: LayerStanding, terms: Terms) -> Message:
    clause = best.layer.clause
    match best.standing:
        case Standing.COVERED:
            return _("Clause %(clause)s covers it until %(until)s.", clause=clause, until=best.until)
        case Standing.EXPIRED:
            return _("Clause %(clause)s covered it until %(until)s.", clause=clause, until=best.until)
        case Standing.VOID if terms.registration is Registration.RETURNED:
            return _("It was returned to the shop on %(day)s.", day=terms.void_on)
        case Standing.VOID:
            return _("The warranty ended on %(day)s: %(reason)s", day=terms.void_on, reason=terms.void_reason)
        case Standing.PENDING:
            return _("The shop has not confirmed the registration.")
        case Standing.NOT_STARTED:
            if best.since is not None:
                return _("Clause %(clause)s begins on %(day)s.", clause=clause, day=best.since)
            if best.layer.starts == Start.DELIVERY:
                return _(
                    "Clause %(clause)s begins on the day of delivery, which is not recorded yet.",
                    clause=clause,
                )
            return _(
                "Clause %(clause)s begins on the day of installation, which is not recorded yet.",
                clause=clause,
            )
