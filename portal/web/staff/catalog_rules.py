"""The desk's catalogue: the rules that give warranty policies to categories, brands and outlets."""

from typing import Any

from flask import Blueprint
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.catalog import queries, ruling
from portal.domain.catalog.applying import scope_key
from portal.domain.catalog.models import PolicyRule, Product
from portal.domain.catalog.rules import Scope
from portal.kernel.text import _
from portal.web.access import requires
from portal.web.catalog_words import SCOPES
from portal.web.fields import AtMost, Form, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.catalog import NEVER
from portal.web.staff.saving import save, stored_now, version_field
from portal.web.words import translate

bp = Blueprint("staff_catalog_rules", __name__, url_prefix="/desk/catalog/rules")

_LIST = "/desk/catalog/rules"
COLUMNS = {Scope.CATEGORY: Product.category, Scope.BRAND: Product.brand}
SAVED = _("The rule is saved. What was sold before gets its warranty within the next minutes.")


class RuleForm(Form):
    """`value` is the category or the brand that the rule is about; a stored rule keeps it."""

    version = version_field()
    value = StringField("", [Required(), AtMost(80)])
    policy = SelectField(
        _("Warranty policy"), [Required(_("Choose a policy, or that there is no warranty."))]
    )

    def __init__(self, *arguments: Any, scope: Scope, known: dict[str, str], **values: Any):
        super().__init__(*arguments, **values)
        self.value.label.text = translate(SCOPES[scope])
        policies = {str(number): policy.name for number, policy in queries.policies_now().items()}
        self.policy.choices = {"": translate(_("Choose")), NEVER: translate(_("No warranty"))} | policies
        self.known = known


class OutletRuleForm(RuleForm):
    value = SelectField("", [Required()])

    def __init__(self, *arguments: Any, **values: Any):
        super().__init__(*arguments, **values)
        self.value.choices = self.known


class RemoveForm(Form):
    version = version_field()


@bp.get("")
@requires(Permission.CATALOG_VIEW)
def rules() -> Response:
    """In the order in which they are asked."""
    found = db.session.scalars(queries.limit_to(me(), select(PolicyRule)).order_by(PolicyRule.value)).all()
    policies = queries.policies_now()
    told: dict[Scope, list[Any]] = {scope: [] for scope in SCOPES}
    names = {scope: _known(scope) for scope in SCOPES if any(rule.scope == scope for rule in found)}
    for rule in found:
        scope = Scope(rule.scope)
        name = names[scope].get(rule.value)
        told[scope].append((rule.id, name or rule.value, name is not None, policies.get(rule.policy_id or 0)))
    return page(
        "staff/catalog/rules.html", nav_current="catalog", tab="rules", told=told, scopes=SCOPES,
        any_policy=bool(policies),
    )  # fmt: skip


@bp.get("/new/<any(category,brand,outlet):scope>")
@requires(Permission.CATALOG_EDIT)
def new(scope: str) -> Response:
    return _form(Scope(scope), None, _made(Scope(scope)))


@bp.post("/new/<any(category,brand,outlet):scope>")
@requires(Permission.CATALOG_EDIT)
def create(scope: str) -> Response:
    return _save(Scope(scope), None)


@bp.get("/<int(max=999999999):number>")
@requires(Permission.CATALOG_EDIT)
def edit(number: int) -> Response:
    rule = _load(number)
    return _form(Scope(rule.scope), rule, _stored(rule))


@bp.post("/<int(max=999999999):number>")
@requires(Permission.CATALOG_EDIT)
def change(number: int) -> Response:
    rule = _load(number)
    return _save(Scope(rule.scope), rule)


@bp.post("/<int(max=999999999):number>/remove")
@requires(Permission.CATALOG_EDIT)
def remove(number: int) -> Response:
    rule, form = _load(number), RemoveForm()
    _gone, status = save(form, lambda: ruling.remove_rule(rule, form.version.data or 0))
    if status == 303:
        return go_to(_LIST, _("The rule is removed. Warranty cards that are out stay valid."))
    return _form(Scope(rule.scope), rule, _stored(rule, formdata=None), status, conflict=[])


def _save(scope: Scope, rule: PolicyRule | None) -> Response:
    form = _made(scope, value=rule.value if rule else None)
    if rule is not None:
        form.value.data = rule.value
    chosen = form.policy.data
    saved, status = save(
        form,
        lambda: ruling.save_rule(
            rule, form.version.data or 0, scope=scope, value=form.value.data or "",
            policy_id=None if chosen == NEVER else int(chosen),
        ),
    )  # fmt: skip
    if saved is not None:
        return go_to(_LIST, SAVED)
    conflict = stored_now(form, _stored(rule, formdata=None)) if rule and status == 409 else None
    return _form(scope, rule, form, status, conflict)


def _made(scope: Scope, **values: Any) -> RuleForm:
    kind = OutletRuleForm if scope == Scope.OUTLET else RuleForm
    return kind(scope=scope, known=_known(scope), **values)


def _stored(rule: PolicyRule, **values: Any) -> RuleForm:
    return _made(
        Scope(rule.scope),
        version=rule.version,
        value=rule.value,
        policy=str(rule.policy_id or NEVER),
        **values,
    )


def _form(
    scope: Scope, rule: PolicyRule | None, form: RuleForm, status: int = 200, conflict: Any = None
) -> Response:
    return page(
        "staff/catalog/rule_form.html", status=status, nav_current="catalog", scope=scope, rule=rule,
        form=form, conflict=conflict, name=form.known.get(rule.value, rule.value) if rule else None,
    )  # fmt: skip


def _known(scope: Scope) -> dict[str, str]:
    """What a rule can be about: key → what it is called."""
    if scope == Scope.OUTLET:
        return {scope_key(outlet.code): outlet.name for outlet in queries.outlets()}
    column = COLUMNS[scope]
    names = db.session.scalars(
        queries.limit_to(me(), select(column).where(column != "").distinct().order_by(column))
    )
    return {scope_key(name): name for name in names}


def _load(number: int) -> PolicyRule:
    found: PolicyRule = one_or_404(queries.limit_to(me(), select(PolicyRule).where(PolicyRule.id == number)))
    return found
