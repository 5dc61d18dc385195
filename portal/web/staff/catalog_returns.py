"""The desk's catalogue: return policies."""

from flask import Blueprint
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from portal.domain.accounts.rules import Permission
from portal.domain.catalog import actions, queries
from portal.domain.catalog.models import ReturnPolicy
from portal.kernel.text import _
from portal.web.access import requires
from portal.web.fields import AtMost, Between, Form, NumberField, Required
from portal.web.load import one_or_404
from portal.web.render import page
from portal.web.signin import me
from portal.web.staff.catalog_outlets import plain_code, upper
from portal.web.staff.editor import Editor
from portal.web.staff.saving import version_field

bp = Blueprint("staff_catalog_returns", __name__)

HERE = "/desk/catalog/returns"


class ReturnForm(Form):
    version = version_field()
    name = StringField(_("Name"), [Required(), AtMost(120)])
    code = StringField(_("Code"), [Required(), AtMost(24), plain_code], filters=[upper])
    days = NumberField(_("Days after the purchase"), [Between(1, 3650)])
    text_id = TextAreaField(_("What the customer reads, in Indonesian"), [Required(), AtMost(4000)])
    text_en = TextAreaField(_("What the customer reads, in English"), [AtMost(4000)])


@bp.get(HERE)
@requires(Permission.CATALOG_VIEW)
def policies() -> Response:
    return page(
        "staff/catalog/returns.html", nav_current="catalog", tab="returns", policies=queries.return_policies()
    )


def _load(code: str) -> ReturnPolicy:
    found: ReturnPolicy = one_or_404(
        queries.limit_to(me(), select(ReturnPolicy).where(ReturnPolicy.code == code))
    )
    return found


Editor(
    HERE, "staff/catalog/return_form.html", ReturnForm, _load, actions.save_return_policy,
    _("The return policy is saved."), lambda: {"days": 7},
).add_pages(bp)  # fmt: skip
