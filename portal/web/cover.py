"""What a coverage verdict says on a page: a line, a stamp, and what each layer of it holds."""

from dataclasses import dataclass
from datetime import date

from portal.domain.catalog.rules import Layer
from portal.domain.units.coverage import Answer, LayerStanding, Standing, Terms, coverage
from portal.domain.units.rules import REPLACED_BY, Registration
from portal.kernel.text import Message, _
from portal.web.catalog_words import ASPECTS, PROVIDERS
from portal.web.words import Brief, translate

ENDING_DAYS = 30  # from here on a layer is shown as about to end


@dataclass(frozen=True)
class Mark:
    """Covered or not, until when: as a sentence, and as a stamp's word with a short note beside it."""

    line: Message
    word: Message
    note: Message | None
    tone: str


def mark(terms: Terms, on: date, component: str = "") -> Mark:
    """What covers a thing on a day. `component` "" is the whole product."""
    if terms.registration is Registration.PENDING:
        return Mark(_("Waiting for the shop to confirm it"), _("Being checked"), None, "waiting")
    if terms.registration is Registration.REJECTED:
        return Mark(_("Registration rejected"), _("To be corrected"), None, "bad")
    if terms.registration is Registration.RETURNED:
        since = _("on %(day)s", day=Brief(terms.void_on)) if terms.void_on else None
        return Mark(_("Returned on %(day)s", day=terms.void_on), _("Returned"), since, "quiet")
    if terms.void_on is not None and on >= terms.void_on:
        since = _("on %(day)s", day=Brief(terms.void_on))
        if terms.void_reason.startswith(REPLACED_BY):
            return Mark(_("Replaced on %(day)s", day=terms.void_on), _("Replaced"), since, "quiet")
        return Mark(_("Warranty ended early on %(day)s", day=terms.void_on), _("Ended early"), since, "bad")
    verdict = coverage(terms, component, on)
    if verdict.complete and verdict.until:
        until = _("till %(day)s", day=Brief(verdict.until))
        return Mark(_("Covered until %(day)s", day=verdict.until), _("Covered"), until, "good")
    asked = [s for s in verdict.layers if not component or s.layer.component in ("", component)]
    covered = [s.until for s in asked if s.standing is Standing.COVERED and s.until]
    if covered:
        last = max(covered)
        until = _("till %(day)s", day=Brief(last))
        return Mark(_("Partly covered until %(day)s", day=last), _("Partly"), until, "waiting")
    if any(s.standing is Standing.NOT_STARTED for s in asked):
        return Mark(_("The warranty has not begun yet"), _("Not begun yet"), None, "waiting")
    ends = [s.until for s in asked if s.until]
    if not ends:
        return Mark(_("No warranty"), _("No warranty"), None, "quiet")
    ended = _("on %(day)s", day=Brief(max(ends)))
    return Mark(_("Warranty ended on %(day)s", day=max(ends)), _("Expired"), ended, "quiet")


def line(terms: Terms, on: date, component: str = "") -> tuple[Message, str]:
    """(sentence, tone of its stamp) of a mark."""
    found = mark(terms, on, component)
    return found.line, found.tone


@dataclass(frozen=True)
class LayerShown:
    """One layer in the reader's words. `share` is what is left of its term, 0 to 100; `state` its bar's."""

    clause: int
    name: str
    what: str
    provider: str
    left: Message
    share: int
    state: str
    exclusions: str
    how: str


def layers(terms: Terms, on: date, language: str) -> list[LayerShown]:
    """Every layer of a unit's cover on a day, in the order of the clauses."""
    return [_shown(standing, terms, on, language) for standing in coverage(terms, "", on).layers]


def aspects(terms: Terms, on: date) -> list[tuple[Message, Answer]]:
    """(parts, labour, transport; whether and why each of them is free) on a day; [] without layers."""
    verdict = coverage(terms, "", on)
    return [(label, getattr(verdict, aspect)) for aspect, label in ASPECTS.items()] if terms.layers else []


def what(layer: Layer) -> str:
    """`Spare parts, Labour, Transport`, as far as the layer covers them."""
    return ", ".join(translate(label) for aspect, label in ASPECTS.items() if getattr(layer, aspect))


def _shown(standing: LayerStanding, terms: Terms, on: date, language: str) -> LayerShown:
    layer = standing.layer
    left, share, state = _left(standing, terms, on)
    return LayerShown(
        layer.clause,
        layer.say("name", language),
        what(layer),
        translate(PROVIDERS[layer.provider]),
        left,
        share,
        state,
        layer.say("exclusions", language),
        layer.say("how", language),
    )


def _left(standing: LayerStanding, terms: Terms, on: date) -> tuple[Message, int, str]:
    since, until = standing.since, standing.until
    match standing.standing:
        case Standing.COVERED if since and until:
            rest = (until - on).days
            share = max(1, round(100 * rest / max(1, (until - since).days)))
            return _("until %(day)s", day=until), share, "ending" if rest < ENDING_DAYS else ""
        case Standing.EXPIRED:
            return _("ended on %(day)s", day=until), 0, "over"
        case Standing.VOID:
            return _("ended on %(day)s", day=terms.void_on), 0, "over"
        case Standing.NOT_STARTED:
            return _("not begun yet"), 100, "ending"
        case _ if until:
            return _("until %(day)s, once confirmed", day=until), 100, "ending"
        case _:
            return _("once confirmed"), 100, "ending"
