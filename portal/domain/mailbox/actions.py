"""What becomes of a letter that came in: a message of its case, a note there, or it waits for staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import SYSTEM, Actor, Role
from portal.domain.cases import actions as cases
from portal.domain.cases import queries as case_queries
from portal.domain.cases.models import Case
from portal.domain.mailbox import addresses
from portal.domain.mailbox.facts import Arrived
from portal.domain.mailbox.models import InboundLetter, Outcome
from portal.domain.workflows.engine import Stage
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import E
from portal.kernel.codes import new_code
from portal.kernel.errors import Refused
from portal.kernel.text import _

MOST_AN_HOUR = 10  # letters of one sender about one case
LONGEST = 20_000  # signs of a letter that are kept
HELD_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Place:
    """Where a letter belongs and what is done with it there."""

    case: Case | None
    outcome: Outcome
    reason: str = ""

    @property
    def takes_files(self) -> bool:
        return self.outcome in (Outcome.FILED, Outcome.OTHER)


def known(message_id: str) -> Outcome | None:
    """What became of this letter when it came before."""
    outcome = db.session.scalar(
        select(InboundLetter.outcome).where(InboundLetter.message_id == message_id[:255])
    )
    return Outcome(outcome) if outcome else None


def place(letter: Arrived, domain: str, now: datetime) -> Place:
    """Where a letter belongs. Changes nothing."""
    case, why = addresses.case_of(letter.to, domain)
    if letter.ours:
        return Place(case, Outcome.LOOP, "ours")
    if case is None:
        return Place(None, Outcome.HELD, why)
    case = case_queries.goes_on(case)
    if _is_loop(case, letter.sender, now):
        return Place(case, Outcome.LOOP, "too_many")
    if letter.bounce is not None:
        return Place(case, Outcome.BOUNCE, "final" if letter.bounce.final else "later")
    if case.stage == Stage.DRAFT:
        return Place(None, Outcome.HELD, "draft")
    if letter.automatic:
        return Place(case, Outcome.AUTO)
    mine = bool(case.customer.email) and letter.sender == case.customer.email
    return Place(case, Outcome.FILED if mine else Outcome.OTHER)


def file(
    letter: Arrived, place: Place, now: datetime, *, files: Sequence[str] = (), left_out: Sequence[str] = ()
) -> InboundLetter:
    """Do with a letter what its place says, and note it; `left_out` are attachments that were not taken."""
    if place.takes_files and not letter.text.strip() and not files:
        place = Place(place.case, Outcome.HELD, "empty")
    case, outcome = place.case, place.outcome
    if case is not None and place.takes_files:
        _say(case, letter, outcome, now, files=files, left_out=left_out)
        outcome = Outcome.CUT if left_out and outcome is Outcome.FILED else outcome
    elif case is not None and outcome is Outcome.AUTO:
        cases.note(SYSTEM, case, "auto", now, body=letter.text[: cases.BODY_LIMIT], internal=True)
    elif case is not None and letter.bounce is not None and outcome is Outcome.BOUNCE:
        _bounced(case, letter, now)
    row = InboundLetter(
        code=new_code(), message_id=letter.message_id[:255], at=now, sender=letter.sender[:254],
        subject=letter.subject[:200], size=letter.size, case_id=case.id if case else None, outcome=outcome,
        reason=place.reason, body=letter.text[:LONGEST] if outcome is Outcome.HELD else "",
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def file_held(row: InboundLetter, case: Case, now: datetime) -> Case:
    """A held letter becomes a message of that case, from another address; the case that has it then. Raises
    Refused."""
    _still_held(row)
    case = case_queries.goes_on(case)
    if case.stage == Stage.DRAFT or not row.body.strip():
        raise Refused(_("There is nothing in this letter that a case could take."))
    told = Arrived(row.message_id, row.sender, (), row.subject, row.body, row.size)
    _say(case, told, Outcome.OTHER, now)
    row.case_id, row.outcome, row.body = case.id, Outcome.OTHER, ""
    return case


def drop_held(row: InboundLetter) -> None:
    """Staff throw a held letter away. Raises Refused."""
    _still_held(row)
    row.outcome, row.body = Outcome.DROPPED, ""


def sweep(now: datetime) -> None:
    """What nobody looked at for a month is thrown away."""
    old = InboundLetter.outcome == Outcome.HELD, InboundLetter.at < now - HELD_FOR
    db.session.execute(update(InboundLetter).where(*old).values(outcome=Outcome.DROPPED, body=""))


def _still_held(row: InboundLetter) -> None:
    if row.outcome != Outcome.HELD:
        raise Refused(_("Somebody has already dealt with this letter."))


def _is_loop(case: Case, sender: str, now: datetime) -> bool:
    lately = (
        select(func.count())
        .select_from(InboundLetter)
        .where(
            InboundLetter.case_id == case.id,
            InboundLetter.sender == sender,
            InboundLetter.at > now - timedelta(hours=1),
        )
    )
    return (db.session.scalar(lately) or 0) >= MOST_AN_HOUR


def _say(
    case: Case, letter: Arrived, outcome: Outcome, now: datetime, *,
    files: Sequence[str] = (), left_out: Sequence[str] = (),
) -> None:  # fmt: skip
    """The letter's words as the customer's own; from their address they answer what it waits for."""
    other = outcome is Outcome.OTHER
    customer = case.customer
    actor = Actor(Role.CUSTOMER, customer.id, customer.name, customer.language)
    data: dict[str, Any] = {"by": "mail"}
    if other:
        data["other"] = letter.sender
    else:
        customer.email_bounced_at = None
    if left_out:
        data["left_out"] = list(left_out)
    first, *more = _pages(letter.text)
    if not other and (case.state, E.ANSWER) in KINDS[case.kind].moves:
        cases.move(actor, case, E.ANSWER, now, body=first, photos=files, data=data)
    else:
        cases.say(actor, case, first, now, photos=files, data=data)
    for body in more:
        cases.say(actor, case, body, now, data={"by": "mail"})


def _pages(text: str) -> list[str]:
    """A long letter as several messages."""
    text = text.strip()[:LONGEST]
    return [text[at : at + cases.BODY_LIMIT] for at in range(0, len(text), cases.BODY_LIMIT)] or [""]


def _bounced(case: Case, letter: Arrived, now: datetime) -> None:
    bounce = letter.bounce
    assert bounce is not None
    body = f"{bounce.address}: {bounce.why}"[: cases.BODY_LIMIT]
    cases.note(SYSTEM, case, "bounce", now, body=body, internal=True)
    if bounce.final:
        db.session.execute(
            update(Customer)
            .where(Customer.id == case.customer_id, Customer.email == bounce.address)
            .values(email_bounced_at=now)
        )
