"""Labels to print for parcels: for what a customer sends to the shop, and for any leg at the desk."""

from typing import Any

from flask import Blueprint, Response
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from portal.adapters.documents import Place
from portal.adapters.parcel_labels import ParcelLabel, parcel_label_pdf
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Permission
from portal.domain.cases import legs
from portal.domain.cases import queries as cases
from portal.domain.cases.models import Case
from portal.domain.shipments.rules import FINAL, Direction
from portal.domain.workflows.vocabulary import S
from portal.kernel.text import Message, _
from portal.web import documents, look, signin, words
from portal.web.access import requires
from portal.web.catalog_words import WEEKDAYS
from portal.web.load import one_or_404, row_or_404
from portal.web.printed import place, public_address

bp = Blueprint("labels_for_parcels", __name__)

TO_SHOP = (
    _("Pack the item so that it cannot move, with all that belongs to it. Keep photos of how you packed it."),
    _("Cut the label off and stick it on the parcel, its bars flat and free of tape."),
    _("Hand it to a courier, or bring it to the shop yourself: they scan the code."),
    _("If you send it: write the courier and the waybill number on the page of your case."),
)
FROM_SHOP = (
    _("Pack the item so that it cannot move; the courier's rules on packing decide whether it pays."),
    _("Write the recipient's address where it is missing, and stick the label on, its bars flat."),
    _("Take a photo of the closed parcel with its label, hand it over, and keep the receipt."),
)


@bp.get("/cases/<code>/label.pdf")
@requires(Permission.OWN)
def for_customer(code: str) -> Response:
    """Only while the shop waits for the item: otherwise a parcel would come unasked."""
    case = _case(code)
    if case.state != S.WAITING_ITEM:
        raise NotFound
    return _printed(_to_shop(case), code)


@bp.get("/desk/cases/<code>/label.pdf")
@requires(Permission.CASE_VIEW)
def for_staff(code: str) -> Response:
    return _printed(_to_shop(_case(code)), code)


@bp.get("/desk/legs/<code>/label.pdf")
@requires(Permission.CASE_VIEW)
def of_leg(code: str) -> Response:
    found = row_or_404(legs.one(signin.me(), code))
    shop = place(found.Outlet) if found.Outlet else Place(look.current().name, "", "")
    other = _person(found.Customer) if found.Customer else Place("", "", "")
    to_shop = found.Leg.direction in (Direction.TO_SHOP, Direction.FROM_SUPPLIER)
    about = found.Case.title if found.Case else found.Purchase.number if found.Purchase else ""
    number = found.Leg.waybill or found.Leg.code
    label = ParcelLabel(
        look=look.current().look, language=words.language(), number=number,
        shown=number if found.Leg.waybill else words.code(number),
        address=public_address(f"/desk/legs/{found.Leg.code}"), courier=found.Leg.courier,
        sender=other if to_shop else shop, recipient=shop if to_shop else other, what=about,
        steps=_said(TO_SHOP if to_shop else FROM_SHOP), hours=[],
    )  # fmt: skip
    return _printed(label, code)


def _case(code: str) -> Case:
    found = cases.visible_to(signin.me()).where(Case.code == code)
    case: Case = one_or_404(found.options(joinedload(Case.customer), joinedload(Case.outlet)))
    return case


def _to_shop(case: Case) -> ParcelLabel:
    """With the number of the parcel that is under way to the shop, else with the code of the case."""
    sent = next(
        (leg for leg, _points in reversed(cases.legs(case.id))
         if leg.direction == Direction.TO_SHOP and leg.status not in FINAL and leg.waybill),
        None,
    )  # fmt: skip
    title = (words.language() == "en" and case.title_en) or case.title
    hours = [
        (words.translate(label), words.hours(told) if (told := case.outlet.hours.get(day, "")) else _closed())
        for day, label in WEEKDAYS.items()
    ]
    return ParcelLabel(
        look=look.current().look, language=words.language(), number=sent.waybill if sent else case.code,
        shown=sent.waybill if sent else words.code(case.code),
        address=public_address(f"/desk/cases/{case.code}"), courier=sent.courier if sent else "",
        sender=_person(case.customer), recipient=place(case.outlet),
        what=f"{words.translate(_('Case %(code)s', code=words.code(case.code)))} · {title}",
        steps=_said(TO_SHOP), hours=hours,
    )  # fmt: skip


def _person(customer: Customer) -> Place:
    return Place(customer.name, "", words.show_phone(customer.phone) if customer.phone else "")


def _said(steps: tuple[Message, ...]) -> list[str]:
    return [words.translate(step) for step in steps]


def _closed() -> Any:
    return words.translate(_("closed"))


def _printed(label: ParcelLabel, code: str) -> Response:
    answer = documents.kept_or_made("parcel", label, parcel_label_pdf)
    answer.headers["Content-Disposition"] = f'inline; filename="label-{code}.pdf"'
    return answer
