"""The shop's answer to a return, line by line; counting what came; sending it back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.domain.accounts.rules import Actor
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.requests import actions as requests
from portal.domain.returns import queries
from portal.domain.returns.actions import RETURN, gone
from portal.domain.returns.models import ReturnLine
from portal.domain.returns.rules import Ruling
from portal.domain.units.models import Unit
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import E, S
from portal.kernel.errors import Refused
from portal.kernel.text import _

KEEP = "keep"  # the outcome by which the customer keeps the goods


@dataclass(frozen=True)
class Said:
    """The shop's answer to one line."""

    approved: bool
    reason: str = ""


def decide(
    actor: Actor,
    case: Case,
    said: Mapping[int, Said],
    ruling: requests.Ruling,
    *,
    now: datetime,
) -> None:
    """Approve or refuse each line, by its id; all refused rejects the case. `ruling.outcome` says whether the
    goods come back first. Raises Refused, Stale."""
    lines = queries.to_settle(case.id)
    if not lines:
        raise Refused(_("Write down first what comes back."))
    for line in lines:
        answer = said.get(line.id)
        if answer is None:
            raise Refused(_("Say of each line whether it is approved."), f"approved_{line.id}")
        if not answer.reason.strip() and (line.late or not answer.approved):
            missing = (
                _("Its window is over. Say why you allow it; the reason is kept.")
                if answer.approved
                else _("Say why, so that the customer understands it.")
            )
            raise Refused(missing, f"reason_{line.id}")
        line.ruling = Ruling.APPROVED if answer.approved else Ruling.REFUSED
        line.ruling_reason = answer.reason.strip()
    refused = all(line.ruling == Ruling.REFUSED for line in lines)
    if refused != (ruling.outcome == "refuse"):
        raise Refused(
            _("Every line is rejected; then reject the request.")
            if refused
            else _("A request is rejected by rejecting each line."),
            "outcome",
        )
    requests.decide(actor, case, ruling, version=None, now=now, by_line=True)


def send_back(actor: Actor, case: Case, ruling: requests.Ruling, now: datetime) -> None:
    """Reject all that came after looking at it: the goods go back to the customer. Raises Refused."""
    if case.state != S.RECEIVED:
        raise gone()
    approved = [line for line in queries.to_settle(case.id) if line.ruling == Ruling.APPROVED]
    if any(line.received is None for line in approved):
        raise Refused(_("Count first what came."))
    for line in approved:
        line.ruling, line.ruling_reason = Ruling.REFUSED, ruling.reason.strip()
    requests.decide(actor, case, ruling, version=None, now=now, by_line=True)


@dataclass(frozen=True)
class Came:
    """How many pieces of a line came, in what state, and which items they are."""

    pieces: int
    found: str = ""
    units: Collection[int] = ()


def receive(actor: Actor, case: Case, came: Mapping[int, Came], now: datetime) -> None:
    """Count what came of the approved lines, by their ids; again until it is settled. Raises Refused."""
    if (case.state, E.RECEIVE) not in KINDS[RETURN].moves and case.state != S.RECEIVED:
        raise gone()
    approved = [line for line in queries.to_settle(case.id) if line.ruling == Ruling.APPROVED]
    theirs = queries.items([line.line_id for line in approved if line.line_id])
    for line in approved:
        count = came.get(line.id)
        if count is None or not 0 <= count.pieces <= line.asked:
            raise Refused(
                _("Write a number from %(least)s to %(most)s.", least=0, most=line.asked), f"pieces_{line.id}"
            )
        line.received, line.found = count.pieces, count.found.strip()
        line.unit_ids = _which(line, count, theirs.get(line.line_id or 0, ()))
    if not any(line.received for line in approved):
        raise Refused(_("If nothing came, wait for it or close the case."))
    if case.state != S.RECEIVED:
        cases.move(actor, case, E.RECEIVE, now)
    asked, came_back = sum(line.asked for line in approved), sum(line.received or 0 for line in approved)
    cases.note(actor, case, "counted", now, data={"received": came_back, "asked": asked}, internal=True)


def _which(line: ReturnLine, count: Came, theirs: Sequence[Unit]) -> list[int]:
    """The items that came. Where serial numbers tell them apart they are named; else any will do."""
    known = {unit.id for unit in theirs}
    chosen = sorted(known & set(count.units))
    if not chosen and count.pieces == len(known):
        return sorted(known)
    told_apart = any(unit.serial for unit in theirs)
    if len(chosen) != count.pieces and (chosen or told_apart):
        raise Refused(_("Tick as many items as came: %(count)s.", count=count.pieces), f"units_{line.id}")
    return chosen
