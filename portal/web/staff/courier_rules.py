"""The desk's catalogue: what couriers' rules say, where it was read and when."""

from typing import Any

from flask import Blueprint
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from portal.domain.accounts.rules import Permission
from portal.domain.catalog import queries as catalog
from portal.domain.damage import actions, queries
from portal.domain.damage.models import CourierRule
from portal.domain.damage.rules import CLAIMANTS, SINCE, Claimant
from portal.kernel import clock
from portal.kernel.text import _
from portal.web.access import requires
from portal.web.fields import AtMost, Between, DayField, Form, MoneyField, NumberField, Required
from portal.web.load import one_or_404
from portal.web.render import page
from portal.web.signin import me
from portal.web.staff.case_forms import choices
from portal.web.staff.catalog_outlets import plain_code, upper
from portal.web.staff.editor import Editor
from portal.web.staff.saving import version_field

bp = Blueprint("staff_courier_rules", __name__)

HERE = "/desk/catalog/couriers"


class RuleForm(Form):
    version = version_field()
    name = StringField(_("Courier"), [Required(), AtMost(40)])
    code = StringField(_("Code"), [Required(), AtMost(24), plain_code], filters=[upper])
    damage_days = NumberField(_("Days to report damage"), [Optional(), Between(1, 365)])
    damage_since = SelectField(_("Counted"))
    loss_days = NumberField(_("Days to report a loss"), [Optional(), Between(1, 365)])
    loss_since = SelectField(_("Counted"))
    claimant = SelectField(_("Who can claim"))
    fee_times = NumberField(_("Without insurance: times the fee"), [Optional(), Between(1, 100)])
    uninsured_most = MoneyField(_("Without insurance at most"))
    insured_most = MoneyField(_("With insurance at most"))
    channel = StringField(_("Where a claim is handed in"), [AtMost(200)])
    source = StringField(_("Where it is written"), [Required(), AtMost(400)])
    checked_on = DayField(_("Checked on"), [Required()])
    note = TextAreaField(_("Note"), [AtMost(2000)])

    def __init__(self, *args: Any, **values: Any):
        super().__init__(*args, **values)
        self.damage_since.choices = self.loss_since.choices = choices(SINCE)
        self.claimant.choices = choices(CLAIMANTS)


@bp.get(HERE)
@requires(Permission.CATALOG_VIEW)
def rules() -> Response:
    return page(
        "staff/damage/rules.html", nav_current="catalog", tab="couriers", rules=queries.rules(), since=SINCE,
        claimants=CLAIMANTS,
    )  # fmt: skip


def _load(code: str) -> CourierRule:
    found: CourierRule = one_or_404(
        catalog.limit_to(me(), select(CourierRule).where(CourierRule.code == code.upper()))
    )
    return found


def _store(found: CourierRule | None, version: int, **fields: Any) -> CourierRule:
    return actions.save_rule(found, version, clock.now(), **fields)


def _begin() -> dict[str, Any]:
    return {"checked_on": clock.now().date(), "claimant": Claimant.UNKNOWN}


Editor(
    HERE, "staff/damage/rule_form.html", RuleForm, _load, _store, _("The courier's rules are saved."), _begin
).add_pages(bp)
