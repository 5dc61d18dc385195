"""The desk's page for how the shop presents itself: name, colour, logo, texts on receipts."""

from typing import Any

from flask import Blueprint, Response, g, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse
from wtforms import FileField, StringField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import ColorInput

from portal.adapters import images, logos
from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.shop import actions, queries, rules
from portal.kernel import clock
from portal.kernel.colour import is_colour
from portal.kernel.text import Message, _
from portal.web import brand, look, words
from portal.web.access import requires
from portal.web.fields import AtMost, Form, Required
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.saving import save, stored_now, version_field
from portal.web.transaction import drop
from portal.web.uploads import LARGEST, REASONS

bp = Blueprint("staff_shop", __name__, url_prefix="/desk/shop")


def _colour(_form: Form, field: Any) -> None:
    if not is_colour(field.data or ""):
        raise ValidationError(gettext("Choose a colour such as #0b5d4e."))


def _one_line(typed: str | None) -> str:
    """A name becomes the subject of letters, which no line break may end."""
    return " ".join((typed or "").split())


class ShopForm(Form):
    version = version_field()
    name = StringField(_("Name of the shop"), [Required(), AtMost(rules.NAME_LENGTH)], filters=[_one_line])
    colour = StringField(_("Colour"), [Required(), _colour], widget=ColorInput())
    receipt_greeting = StringField(_("Greeting on receipts"), [AtMost(rules.GREETING_LENGTH)])
    receipt_terms = TextAreaField(_("Terms on receipts"), [AtMost(rules.TERMS_LENGTH)])

    def chosen(self) -> dict[str, str]:
        return {name: value or "" for name, value in self.data.items() if name != "version"}


class LogoForm(Form):
    version = version_field()
    logo = FileField(_("Picture"))

    def validate_logo(self, field: Any) -> None:
        if g.get("logo_problem"):
            raise ValidationError(words.translate(g.logo_problem))
        if not _removing() and not g.get("logo"):
            raise ValidationError(gettext("Choose a picture first."))


def _take_logo() -> None:
    """Decode and write the picture anew before the transaction begins."""
    file = request.files.get("logo")
    if file is None or not file.filename or _removing():
        return
    try:
        g.logo = logos.reencode(file.stream.read(LARGEST + 1))
    except images.BadImage as problem:
        g.logo_problem = Message(REASONS[problem.reason].id, {"name": file.filename[:60]})


@bp.get("")
@requires(Permission.SHOP_EDIT)
def show() -> AnyResponse:
    return _page(ShopForm(obj=queries.look(db.session)))


@bp.post("")
@requires(Permission.SHOP_EDIT)
def change() -> AnyResponse:
    form = ShopForm()
    if _previewing():
        drop()
        return _page(form, status=200 if form.validate() else 422)
    saved, status = save(
        form, lambda: actions.change(me(), form.version.data or 0, clock.now(), **form.chosen())
    )
    if saved is not None:
        look.forget_after_this_request()
        return go_to("/desk/shop", _("Saved. Every page now shows your shop like this."))
    stored = ShopForm(formdata=None, obj=queries.look(db.session)) if status == 409 else None
    return _page(form, status=status, conflict=stored_now(form, stored) if stored else None)


@bp.post("/logo")
@requires(Permission.SHOP_EDIT, before=_take_logo)
def change_logo() -> AnyResponse:
    form = LogoForm()
    logo = None if _removing() else g.get("logo")
    saved, status = save(form, lambda: actions.change(me(), form.version.data or 0, clock.now(), logo=logo))
    if saved is not None:
        look.forget_after_this_request()
        return go_to(
            "/desk/shop#logo", _("The logo is removed.") if logo is None else _("The logo is saved.")
        )
    stored = queries.look(db.session)
    if status == 409:
        form.logo.errors = [gettext("Somebody else changed the shop meanwhile. Choose the picture again.")]
        form.version.raw_data, form.version.data = None, stored.version
    return _page(ShopForm(formdata=None, obj=stored), form, status)


@bp.get("/samples.css")
@requires(Permission.SHOP_EDIT)
def samples() -> Response:
    """What the preview is drawn with: both schemes in the colour of the address."""
    colour = request.args.get("colour", "")
    return Response(
        brand.samples_css(colour if is_colour(colour) else rules.Look.colour), content_type="text/css"
    )


def _page(
    form: ShopForm, logo_form: LogoForm | None = None, status: int = 200, conflict: Any = None
) -> AnyResponse:
    stored = queries.look(db.session)
    colour = form.colour.data if is_colour(form.colour.data or "") else stored.colour
    return page(
        "staff/shop/edit.html", block="preview" if _previewing() else None, status=status, nav_current="shop",
        form=form, logo_form=logo_form or LogoForm(formdata=None, data={"version": stored.version}),
        conflict=conflict, colour=colour, shades=brand.shades(colour), changed=queries.last_change(),
        most_kilobytes=LARGEST // 1024,
    )  # fmt: skip


def _previewing() -> bool:
    return request.form.get("do") == "preview"


def _removing() -> bool:
    return request.form.get("do") == "remove"
