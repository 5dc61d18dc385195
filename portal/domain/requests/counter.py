"""Warranty claims that staff write down: in a customer's name, or out of a case of another kind."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import SYSTEM, Actor
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.catalog import queries as catalog
from portal.domain.catalog.models import Symptom
from portal.domain.claims import verdicts
from portal.domain.claims.models import Claim
from portal.domain.requests.answers import problems
from portal.domain.units import queries as units
from portal.domain.units.models import Unit
from portal.domain.units.rules import Registration
from portal.domain.workflows.engine import Ask, Category, Question
from portal.domain.workflows.vocabulary import E
from portal.kernel.clock import day_in
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _

WARRANTY = "warranty"


def claim_questions(unit: Unit) -> tuple[tuple[Question, ...], Sequence[Symptom]]:
    """(what a claim for an item asks, its symptoms)."""
    symptoms = catalog.symptoms(unit.product)
    listed = {s.code: Message(s.name_en or s.name_id) for s in symptoms}
    asked = (
        Question("symptom", _("What is wrong?"), Ask.CHOICE, choices=listed),
        Question("story", _("What happens, and since when?"), Ask.STORY),
        Question("photos", _("Photos"), Ask.PHOTOS, required=False),
    )
    return asked, symptoms


def claim_for(
    actor: Actor,
    customer: Customer,
    unit: Unit,
    answers: Mapping[str, Any],
    *,
    now: datetime,
    photos: Sequence[str] = (),
) -> Case:
    """File a claim in a customer's name. Raises Refused."""
    asked, _symptoms = claim_questions(unit)
    for name, problem in problems(asked, answers, day_in(unit.outlet.timezone, now)).items():
        raise Refused(problem, name)
    begun = select(Case.id).where(
        Case.unit_id == unit.id, Case.customer_id == customer.id, Case.kind == WARRANTY,
        Case.category == Category.DRAFT,
    )  # fmt: skip
    if db.session.scalar(begun):
        raise Refused(_("The customer has begun a claim for this item. Ask them to send or discard it."))
    story = answers["story"].strip()
    case = cases.open_case(WARRANTY, customer, unit, title=unit.product.name, story=story, now=now)
    become_claim(case, unit, answers["symptom"], story)
    entry = cases.move(SYSTEM, case, E.SUBMIT, now, body=story)
    cases.attach(actor, case, entry, photos)
    cases.note(actor, case, "opened", now, internal=True)
    return case


def become_claim(case: Case, unit: Unit | None, symptom: str, story: str) -> None:
    """Give a case what a claim has; the verdict is that of the day on which the customer wrote.

    Raises Refused.
    """
    if unit is None or unit.holder_id != case.customer_id:
        raise Refused(_("Choose the item it is about."), "unit")
    if unit.registration != Registration.VALID:
        raise Refused(_("This item has no warranty that could be claimed."), "unit")
    chosen = next((s for s in catalog.symptoms(unit.product) if s.code == symptom), None)
    if chosen is None:
        raise Refused(_("Choose what is wrong."), "symptom")
    twin = select(Case.code).where(
        Case.unit_id == unit.id, Case.kind == WARRANTY, Case.on_desk, Case.id != case.id
    )
    code = db.session.scalar(twin)
    if code:
        raise Refused(_("There is an open claim for this item already: %(code)s.", code=code), "unit")
    claim = db.session.get(Claim, case.id)
    if claim is None:
        claim = Claim(case_id=case.id, symptom="", story=story, draft_photos=[])
        db.session.add(claim)
    claim.symptom, claim.component = symptom, chosen.component
    claim.verdict = verdicts.to_json(units.verdict(unit, case.created_at, chosen.component))
    case.unit, case.title, case.title_en = unit, chosen.name_id, chosen.name_en
    cases.refresh_search(case, claim.story)
