"""Filing a claim, deciding on it, appealing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import contains_eager

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import SYSTEM, Actor
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case, CaseEvent
from portal.domain.catalog import queries as catalog
from portal.domain.catalog.models import Symptom
from portal.domain.claims import queries, verdicts
from portal.domain.claims.facts import ClaimDecided
from portal.domain.claims.models import Claim, Decision, PartOwed
from portal.domain.claims.outcomes import NO_DETAILS, OUTCOMES, Details
from portal.domain.claims.rules import Debt, Outcome, Payment
from portal.domain.files import actions as files
from portal.domain.news import announce
from portal.domain.units import queries as units
from portal.domain.units.models import Unit
from portal.domain.units.rules import Registration
from portal.domain.workflows.engine import Category, Stage, Who
from portal.domain.workflows.vocabulary import E, S
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _

SHORTEST_STORY = 10  # characters
MOST_PHOTOS = 20  # of one claim
DRAFT_LIFE = timedelta(days=90)


def draft(
    actor: Actor,
    unit: Unit,
    *,
    now: datetime,
    symptom: str | None = None,
    story: str | None = None,
    photos: Sequence[str] = (),
    removed: Collection[str] = (),
) -> Claim:
    """Keep what has been answered so far; staff do not see it. One draft a customer and unit.

    None leaves an answer as it is; `photos` are added to those that are there. Raises Refused.
    """
    _check_unit(unit)
    if story is not None and len(story) > cases.BODY_LIMIT:
        raise Refused(_("Please keep it under %(count)s characters.", count=cases.BODY_LIMIT), "story")
    claim = draft_of(actor, unit.id, alone=bool(photos or removed))
    if claim is None:
        customer = db.session.get_one(Customer, actor.id)
        case = cases.open_case("warranty", customer, unit, title=unit.product.name, story="", now=now)
        claim = Claim(case_id=case.id, case=case, symptom="", story="", draft_photos=[])
        db.session.add(claim)
    if symptom is not None:
        claim.symptom = symptom
    if story is not None:
        claim.story = story
    together = [code for code in dict.fromkeys([*claim.draft_photos, *photos]) if code not in removed]
    if len(together) > MOST_PHOTOS:
        raise Refused(
            _("A claim holds at most %(count)s photos. Remove one first.", count=MOST_PHOTOS), "photos"
        )
    if together != claim.draft_photos:
        files.let_go(files.owner_of(actor), set(claim.draft_photos).intersection(removed))
        claim.draft_photos = files.keep(actor, together, held=claim.draft_photos)
    claim.case.touched_at = now
    db.session.flush()
    return claim


def missing(claim: Claim | None, symptoms: Sequence[Symptom]) -> dict[str, Message]:
    """What a draft still lacks before it can be sent, by field, in the order of the form.

    `symptoms` are those of its product."""
    found = {}
    if claim is None or claim.symptom not in {symptom.code for symptom in symptoms}:
        found["symptom"] = _("Choose what is wrong.")
    if claim is None or len(claim.story.strip()) < SHORTEST_STORY:
        found["story"] = _("Tell us in a sentence or two what happens and since when.")
    return found


def submit(actor: Actor, claim: Claim, now: datetime) -> Case:
    """Send a draft to the shop, with the verdict of this moment. Raises Refused."""
    case, unit = claim.case, claim.case.unit
    assert unit is not None
    _check_unit(unit)
    symptoms = catalog.symptoms(unit.product)
    for field, message in missing(claim, symptoms).items():
        raise Refused(message, field)
    open_case = db.session.scalar(
        select(Case.code).where(
            Case.unit_id == unit.id,
            Case.kind == "warranty",
            Case.category.in_([Category.OPEN, Category.PAUSED]),
        )
    )
    if open_case:
        raise Refused(
            _("There is an open claim for this already: %(code)s. Please write there.", code=open_case)
        )
    symptom = next(s for s in symptoms if s.code == claim.symptom)
    claim.component = symptom.component
    claim.verdict = verdicts.to_json(units.verdict(unit, now, symptom.component))
    case.title, case.title_en = symptom.name_id, symptom.name_en
    cases.refresh_search(case, claim.story)
    files.let_go(files.owner_of(actor), claim.draft_photos)  # the timeline takes them over
    cases.move(actor, case, E.SUBMIT, now, body=claim.story, photos=claim.draft_photos)
    claim.draft_photos = []
    return case


def discard(case: Case) -> None:
    """Throw an unsent claim away, with all that was written; the next sweep takes its photos."""
    claim = queries.of_case(case.id)
    files.let_go(files.customer(case.customer_id), claim.draft_photos)
    db.session.delete(claim)
    cases.forget(case)


def discard_abandoned(now: datetime) -> None:
    """Throw away drafts that nobody has touched for DRAFT_LIFE."""
    old = select(Case).where(
        Case.kind == "warranty", Case.stage == Stage.DRAFT, Case.touched_at < now - DRAFT_LIFE
    )
    for case in db.session.scalars(old.limit(500)):
        discard(case)


def draft_of(actor: Actor, unit_id: int, *, alone: bool = False) -> Claim | None:
    """This customer's unsent claim for a unit, if there is one. With `alone` others wait for their turn."""
    found = (
        select(Claim)
        .join(Claim.case)
        .options(contains_eager(Claim.case))
        .where(Case.unit_id == unit_id, Case.customer_id == actor.id, Case.state == S.DRAFT)
    )
    if alone:  # and as it is then
        found = found.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(found)


@dataclass(frozen=True)
class Ruling:
    """What a member of staff decided. `outcome` None is a rejection."""

    payment: Payment
    outcome: Outcome | None
    reason: str
    clause: int | None = None
    evidence: str = ""
    alternative: str = ""
    override_reason: str = ""
    details: Details = NO_DETAILS


def decide(actor: Actor, case: Case, ruling: Ruling, *, version: int | None, now: datetime) -> Decision:
    """Decide on a claim or on the appeal against its rejection, and perform what the outcome causes.

    Raises Refused, Stale.
    """
    cases.check_version(case, version)
    claim = queries.of_case(case.id)
    earlier = queries.decisions(case.id)
    if earlier and earlier[-1].appeal and earlier[-1].staff_id == actor.id:
        raise Refused(_("You decided before; somebody else has to decide on the appeal."))
    _check_ruling(claim, ruling)
    decision = Decision(
        case_id=case.id,
        at=now,
        staff_id=actor.id,
        payment=ruling.payment,
        outcome=ruling.outcome,
        reason=ruling.reason.strip(),
        clause=ruling.clause,
        evidence=ruling.evidence,
        alternative=ruling.alternative,
        override_reason=ruling.override_reason,
    )
    db.session.add(decision)
    claim.payment, claim.outcome = ruling.payment, ruling.outcome
    cases.move(
        actor, case, E.DECIDE, now, body=decision.reason,
        data={
            "payment": ruling.payment, "outcome": ruling.outcome, "clause": ruling.clause,
            "evidence": ruling.evidence, "alternative": ruling.alternative,
        },
    )  # fmt: skip
    if ruling.override_reason:
        cases.note(actor, case, "override", now, internal=True, body=ruling.override_reason)
    if ruling.outcome is not None:
        cases.move(SYSTEM, case, E.FULFIL, now)
        if ruling.outcome != Outcome.REPAIR:  # nothing for a technician to do
            case.acts = Who.AGENT
        OUTCOMES[ruling.outcome].perform(actor, case, ruling.details, now)
    db.session.flush()
    announce(ClaimDecided(case.id, ruling.payment, ruling.outcome, ruling.reason, actor.id or 0))
    return decision


def appeal(actor: Actor, case: Case, text: str, *, photos: Sequence[str], now: datetime) -> None:
    """Ask another person to decide. Once a case; only against a rejection. Raises Refused."""
    earlier = queries.decisions(case.id)
    if any(decision.appeal for decision in earlier):
        raise Refused(
            _("You appealed already; the second decision is the shop's last. BPSK can help you further.")
        )
    if not earlier or earlier[-1].payment != Payment.REJECTED:
        raise Refused(_("Only a rejection can be appealed."))
    cases.check_body(text)
    earlier[-1].appeal = text
    cases.move(actor, case, E.APPEAL, now, body=text, photos=photos)


def settle(actor: Actor, case: Case, now: datetime) -> CaseEvent:
    """Note that what was owed (money, a part) has been handed out, and close the case. Raises Refused."""
    for debt in queries.debts(case.id):
        debt.state, debt.settled_at = Debt.DONE, now
    return cases.move(actor, case, E.SETTLE, now)


def parts_handed_out(case_id: int, now: datetime) -> None:
    """The customer has what was sent or collected; money is settled by hand."""
    db.session.execute(
        update(PartOwed)
        .where(PartOwed.case_id == case_id, PartOwed.state == Debt.OWED)
        .values(state=Debt.DONE, settled_at=now)
    )


def _check_unit(unit: Unit) -> None:
    refusals = {
        Registration.VOID: _("The warranty of this unit has ended: %(reason)s", reason=unit.reason),
        Registration.RETURNED: _("It was returned to the shop on %(day)s.", day=unit.void_on),
        Registration.PENDING: _(
            "The shop has not confirmed this registration yet. You can file a claim afterwards."
        ),
        Registration.REJECTED: _("This registration was rejected. Correct it and send it again first."),
    }
    refusal = refusals.get(Registration(unit.registration))
    if refusal:
        raise Refused(refusal)


def _check_ruling(claim: Claim, ruling: Ruling) -> None:
    if not ruling.reason.strip():
        raise Refused(_("Give a reason; the customer reads it."), "reason")
    if (ruling.payment == Payment.REJECTED) != (ruling.outcome is None):
        raise Refused(_("Choose what is done."), "outcome")
    if ruling.payment == Payment.REJECTED:
        if not ruling.evidence.strip():
            raise Refused(_("A rejection names its evidence."), "evidence")
        if not ruling.alternative.strip():
            raise Refused(_("A rejection offers a paid alternative."), "alternative")
    verdict = verdicts.from_json(claim.verdict or {})
    if ruling.payment not in verdicts.advised(verdict) and not ruling.override_reason.strip():
        raise Refused(
            _("The coverage says otherwise. Give the reason why you decide differently; it is kept."),
            "override_reason",
        )
