"""Days on which the shop or one of its outlets keeps other hours: holidays, markets, a day of counting."""

from typing import Any

from flask import Blueprint, request
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import ValidationError

from portal.domain.accounts.rules import Permission
from portal.domain.catalog import holidays, queries
from portal.domain.catalog.models import Holiday
from portal.domain.catalog.rules import USUAL, parse_hours
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _
from portal.web import words
from portal.web.access import requires
from portal.web.catalog_words import choices
from portal.web.fields import AtMost, DayField, Form, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.saving import save, stored_now, version_field

bp = Blueprint("staff_holidays", __name__, url_prefix="/desk/holidays")

CLOSED, OTHER = "closed", "other"
HOW: dict[str, Message] = {
    CLOSED: _("Closed all day"),
    OTHER: _("Other hours"),
    USUAL: _("Open as usual"),
}
FIRST, LAST = 2020, 2100  # years that can be asked for


def _places() -> list[tuple[str, str]]:
    return [("", gettext("All outlets")), *((str(o.id), o.name) for o in queries.outlets())]


class HolidayForm(Form):
    version = version_field()
    day = DayField(_("Day"), [Required()])
    name = StringField(_("Name"), [Required(), AtMost(120)])
    place = SelectField(_("Outlet"), choices=_places)
    how = RadioField(_("That day"), choices=lambda: choices(HOW), default=CLOSED)
    hours = StringField(_("Hours that day"), [AtMost(60)])

    def validate_hours(self, field: Any) -> None:
        if self.how.data != OTHER:
            return
        try:
            if not parse_hours(field.data or ""):
                raise Refused(_("Write the hours, such as 09:00-12:00."))
        except Refused as refusal:
            raise ValidationError(words.translate(refusal.message)) from refusal

    def chosen(self) -> dict[str, Any]:
        hours = {CLOSED: "", USUAL: USUAL}.get(self.how.data, (self.hours.data or "").strip())
        place = int(self.place.data) if self.place.data else None
        return {
            "day": self.day.data,
            "name": (self.name.data or "").strip(),
            "outlet_id": place,
            "hours": hours,
        }


@bp.get("")
@requires(Permission.DESK_EDIT)
def index() -> Response:
    today = day_in("Asia/Jakarta", clock.now())
    asked = request.args.get("year", type=int) or today.year
    year = asked if FIRST <= asked <= LAST else today.year
    return page(
        "staff/holidays/list.html", nav_current="shop", rows=holidays.of_year(year), year=year, today=today,
        years=sorted({today.year, today.year + 1, year}), usual=USUAL, ending=holidays.ending(today),
    )  # fmt: skip


@bp.get("/new")
@requires(Permission.DESK_EDIT)
def new() -> Response:
    return _form(None, HolidayForm())


@bp.post("/new")
@requires(Permission.DESK_EDIT)
def create() -> Response:
    return _save(None)


@bp.get("/<int:number>")
@requires(Permission.DESK_EDIT)
def edit(number: int) -> Response:
    found = _load(number)
    return _form(found, _filled(found))


@bp.post("/<int:number>")
@requires(Permission.DESK_EDIT)
def change(number: int) -> Response:
    return _save(_load(number))


@bp.post("/<int:number>/remove")
@requires(Permission.DESK_EDIT)
def remove(number: int) -> Response:
    found = _load(number)
    year = found.day.year
    holidays.remove(found)
    return go_to(f"/desk/holidays?year={year}", _("Removed. That day has its usual hours again."))


def _save(found: Holiday | None) -> Response:
    form = HolidayForm()

    def act() -> Holiday:
        fields = form.chosen()
        if found and (found.name, found.day) != (fields["name"], fields["day"]):
            fields |= {"name_en": "", "estimate": False}
        return holidays.save(found, form.version.data, **fields)

    saved, status = save(form, act)
    if saved is not None:
        return go_to(
            f"/desk/holidays?year={saved.day.year}#d{saved.id}",
            _("Saved. Deadlines follow within a minute."),
        )
    stale = found is not None and status == 409
    return _form(found, form, status, stored_now(form, _filled(found)) if stale else None)


def _filled(found: Any) -> HolidayForm:
    how = {"": CLOSED, USUAL: USUAL}.get(found.hours, OTHER)
    return HolidayForm(
        formdata=None, obj=found,
        data={"how": how, "hours": found.hours if how == OTHER else "", "place": str(found.outlet_id or "")},
    )  # fmt: skip


def _form(found: Holiday | None, form: HolidayForm, status: int = 200, conflict: Any = None) -> Response:
    return page(
        "staff/holidays/form.html",
        status=status,
        nav_current="shop",
        form=form,
        holiday=found,
        conflict=conflict,
    )


def _load(number: int) -> Holiday:
    found: Holiday = one_or_404(queries.limit_to(me(), select(Holiday).where(Holiday.id == number)))
    return found
