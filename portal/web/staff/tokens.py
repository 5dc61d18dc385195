"""The desk's keys for tills: made, shown once, revoked."""

from flask import Blueprint
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField

from portal.db import db
from portal.domain.accounts import tokens
from portal.domain.accounts.models import ApiToken
from portal.domain.accounts.rules import Permission
from portal.kernel import clock
from portal.kernel.codes import normalise
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _
from portal.web.access import requires
from portal.web.fields import AtMost, Form, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page, refuse
from portal.web.signin import me

bp = Blueprint("staff_tokens", __name__, url_prefix="/desk/tokens")

MOST = 100  # that a list shows
SCOPES: dict[str, Message] = {
    "purchases:write": _("Send sales"),
    "purchases:read": _("Look up receipts"),
}


class TokenForm(Form):
    name = StringField(
        _("What it is for"), [Required(_("Name the till or program that will use it.")), AtMost(80)]
    )
    write = BooleanField(SCOPES["purchases:write"], default=True)
    read = BooleanField(SCOPES["purchases:read"], default=True)

    def scopes(self) -> list[str]:
        chosen = {"purchases:write": self.write.data, "purchases:read": self.read.data}
        return [scope for scope, is_chosen in chosen.items() if is_chosen]


@bp.get("")
@requires(Permission.TILL_CONNECT)
def keys() -> Response:
    rows = db.session.execute(tokens.listed(me()).limit(MOST)).all()
    return page("staff/tokens/list.html", nav_current="receipts", rows=rows, scopes=SCOPES)


@bp.get("/new")
@requires(Permission.TILL_CONNECT)
def new() -> Response:
    return _form(TokenForm(formdata=None))


@bp.post("/new")
@requires(Permission.TILL_CONNECT)
def create() -> Response:
    """Shown once, in the answer itself: its text is stored nowhere."""
    form = TokenForm()
    if not form.validate():
        return _form(form, 422)
    try:
        made, text = tokens.make(me(), form.name.data or "", form.scopes(), clock.now())
    except Refused as refusal:
        refuse(form, refusal)
        return _form(form, 422)
    answer = page(
        "staff/tokens/made.html", status=201, nav_current="receipts", made=made, text=text, scopes=SCOPES
    )
    answer.headers["Location"] = "/desk/tokens"  # where its twin is led
    return answer


@bp.post("/<code>/revoke")
@requires(Permission.TILL_CONNECT)
def revoke(code: str) -> Response:
    found: ApiToken = one_or_404(tokens.visible_to(me()).where(ApiToken.code == normalise(code)))
    tokens.revoke(found, clock.now())
    return go_to("/desk/tokens", _("“%(name)s” is let in no more.", name=found.name))


def _form(form: TokenForm, status: int = 200) -> Response:
    return page("staff/tokens/form.html", status=status, nav_current="receipts", form=form)
