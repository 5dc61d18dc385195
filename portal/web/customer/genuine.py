"""Whether a part is genuine: the code on its package, scanned or typed, for everybody."""

from flask import Blueprint, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response
from wtforms import StringField

from portal.domain.parts import genuine
from portal.kernel import clock
from portal.kernel.codes import normalise
from portal.kernel.errors import TooMany
from portal.kernel.text import _
from portal.web import transaction
from portal.web.access import public
from portal.web.customer.parts import area
from portal.web.fields import AtMost, Form, Required
from portal.web.render import go_to, page, refuse
from portal.web.words import code as spaced
from portal.web.words import translate

bp = Blueprint("customer_genuine", __name__)

HERE = "/genuine"


class CodeForm(Form):
    code = StringField(_("Code on the package"), [Required(_("Type the code on the package.")), AtMost(200)])


@bp.get(HERE)
@public()
def ask() -> Response:
    return _page(CodeForm(formdata=None))


@bp.get(f"{HERE}/<code>")
@public(paper=True)
def scanned(code: str) -> Response:
    """Where the printed code leads: looking changes nothing, so the check is a button."""
    return _page(CodeForm(formdata=None, code=spaced(normalise(code)[: genuine.SIGNS])), scanned=True)


@bp.post(HERE)
@public()
def check() -> Response:
    form = CodeForm()
    if not form.validate():
        return _page(form, 422)
    try:
        typed = (form.code.data or "").rpartition("/")[2]  # a camera reads the whole address
        mark = genuine.check(typed, request.remote_addr or "", clock.now())
    except TooMany as refusal:
        transaction.keep()
        refuse(form, refusal)
        return _page(form, 429)
    if mark is None:
        transaction.keep()
        form.code.errors = [translate(_("We do not know this code."))]
        return _page(form, 422, unknown=True)
    return go_to(f"{HERE}/result/{genuine.proof(mark)}")


@bp.get(f"{HERE}/result/<token>")
@public(paper=True)
def result(token: str) -> Response:
    """What one check said; only who made it has the address."""
    found = genuine.proven(token)
    if found is None:
        raise NotFound
    mark, number = found
    return page(
        "customer/parts/genuine_result.html", area=area(), mark=mark, number=number,
        doubtful=number > mark.pieces,
    )  # fmt: skip


def _page(form: CodeForm, status: int = 200, *, scanned: bool = False, unknown: bool = False) -> Response:
    return page(
        "customer/parts/genuine.html", status=status, area=area(), form=form, scanned=scanned, unknown=unknown
    )
