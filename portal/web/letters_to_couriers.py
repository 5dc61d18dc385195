"""The sender's letter of claim to a courier, as PDF: always in Indonesian."""

from typing import Any

from flask import Blueprint, Response
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from portal.adapters.documents import ClaimLetter, claim_letter_pdf
from portal.domain.accounts.rules import Permission
from portal.domain.cases import queries as case_queries
from portal.domain.cases.models import Case
from portal.domain.damage import queries
from portal.domain.damage.queries import Parcel
from portal.domain.damage.rules import PERILS, PROOFS, Proof
from portal.domain.units.models import Unit
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.text import _
from portal.web import documents, look, signin, words
from portal.web.access import requires
from portal.web.load import one_or_404
from portal.web.printed import place

bp = Blueprint("letters_to_couriers", __name__)

WITH = (
    joinedload(Case.customer), joinedload(Case.outlet), joinedload(Case.purchase),
    joinedload(Case.unit).joinedload(Unit.product),
)  # fmt: skip


@bp.get("/desk/cases/<code>/claim-letter.pdf")
@requires(Permission.CASE_VIEW)
def claim_letter(code: str) -> Response:
    found = case_queries.visible_to(signin.me()).where(Case.code == code)
    case: Case = one_or_404(found.options(*WITH))
    shown = queries.parcel(case.id, clock.now())
    if shown is None:
        raise NotFound
    words.speak("id")
    told = case_queries.claim_sent(case.id)
    values = letter(case, shown, told.body if told else "")
    answer = documents.kept_or_made("letter", values, claim_letter_pdf)
    answer.headers["Content-Disposition"] = f'inline; filename="klaim-{code}.pdf"'
    return answer


def letter(case: Case, shown: Parcel, story: str) -> ClaimLetter:
    """What it says of the parcel; the amount is the one that was claimed, else the most that can be."""
    claim, outlet = shown.claim, case.outlet
    amount = claim.claimed or shown.most or claim.value
    happened = words.translate(PERILS[claim.peril])
    facts = [
        (_("Waybill number"), claim.waybill),
        (_("Sent on"), words.day(claim.shipped_on)),
        (_("Should have arrived on"), words.day(claim.expected_on)),
        (_("Arrived on"), words.day(claim.arrived_on)),
        (_("Recipient"), case.customer.name),
        (_("Contents"), case.unit.product.name if case.unit else _receipt(case)),
        (_("What happened"), happened),
    ]
    sums = [
        (_("What the goods are worth"), claim.value), (_("Insured for"), claim.insured),
        (_("What sending it cost"), claim.fee),
    ]  # fmt: skip
    demand = _("We ask you to pay %(amount)s.", amount=words.money(amount, outlet.currency)) if amount else _(
        "We ask you to pay what your terms provide for."
    )  # fmt: skip
    subject = _("Claim for parcel %(waybill)s (%(what)s)", waybill=claim.waybill, what=happened)
    return ClaimLetter(
        look=look.current().look,
        language="id",
        number=words.code(case.code),
        place_and_day=f"{outlet.city}, {words.day(day_in(outlet.timezone, clock.now()))}",
        sender=place(outlet),
        courier=claim.courier,
        subject=words.translate(subject),
        waybill=claim.waybill,
        facts=_said(facts),
        sums=_said([(name, words.money(sum_, outlet.currency) if sum_ else "") for name, sum_ in sums]),
        story=story,
        demand=words.translate(demand),
        enclosed=[
            words.translate(_("Copy of the receipt")),
            *(words.translate(PROOFS[Proof(proof)]) for proof in claim.proofs),
        ],
    )  # fmt: skip


def _receipt(case: Case) -> Any:
    return _("Receipt %(number)s", number=case.purchase.number) if case.purchase else case.title


def _said(pairs: list[tuple[Any, Any]]) -> list[tuple[str, str]]:
    """In words, without what is not known."""
    return [(words.translate(name), words.translate(value)) for name, value in pairs if value]
