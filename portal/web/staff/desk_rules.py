"""The rules by which new cases get somebody: in their order, and tried out on a case before they are kept."""

from typing import Any

from flask import Blueprint, request
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField

from portal.db import db
from portal.domain.accounts.queries import staff_names
from portal.domain.accounts.rules import Permission
from portal.domain.cases import lists
from portal.domain.cases import queries as cases
from portal.domain.cases.models import Case
from portal.domain.catalog import queries as catalog
from portal.domain.catalog.models import Product
from portal.domain.desk import assigning
from portal.domain.desk.models import AssignRule
from portal.domain.workflows.registry import KINDS
from portal.kernel.codes import normalise
from portal.kernel.text import Message, _
from portal.web import signin
from portal.web.access import requires
from portal.web.catalog_words import choices
from portal.web.fields import AtMost, Form, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page
from portal.web.staff.desk import PRIORITIES
from portal.web.staff.people import ROLES
from portal.web.staff.saving import save, stored_now, version_field
from portal.web.words import translate

bp = Blueprint("desk_rules", __name__, url_prefix="/desk/rules")

LANGUAGES: dict[str, Message] = {"id": _("Indonesian"), "en": _("English")}
CONDITIONS: dict[str, Message] = {
    "kind": _("Kind of case"),
    "outlet_id": _("Outlet"),
    "category": _("Product category"),
    "priority": _("Priority"),
    "tag_id": _("Tag"),
    "words": _("Words"),
    "language": _("Language of the customer"),
}
_ANY = _("Any")


class RuleForm(Form):
    version = version_field()
    name = StringField(_("Name of the rule"), [Required(_("Give the rule a name.")), AtMost(80)])
    kind = SelectField(CONDITIONS["kind"])
    outlet_id = SelectField(CONDITIONS["outlet_id"])
    category = SelectField(CONDITIONS["category"])
    priority = SelectField(CONDITIONS["priority"])
    tag_id = SelectField(CONDITIONS["tag_id"])
    words = StringField(CONDITIONS["words"], [AtMost(200)])
    language = SelectField(CONDITIONS["language"])
    people = SelectMultipleField(_("People"))
    role = SelectField(_("Or everybody who is"))
    active = BooleanField(_("The rule is on"), default=True)
    case = StringField(_("Code of a case"), [AtMost(20)])

    def __init__(self, *arguments: Any, **values: Any):
        super().__init__(*arguments, **values)
        offered: dict[str, dict[str, str]] = {
            "kind": {name: translate(kind.label) for name, kind in KINDS.items()},
            "outlet_id": {str(outlet.id): outlet.name for outlet in catalog.outlets()},
            "category": {name: name for name in _categories()},
            "priority": choices(PRIORITIES),
            "tag_id": {str(number): name for number, name, _count in lists.tags()},
            "language": choices(LANGUAGES),
            "role": choices(ROLES),
        }
        for name, options in offered.items():
            first = translate(_("Nobody else") if name == "role" else _ANY)
            self[name].choices = {"": first} | options
        self.people.choices = [(str(number), name) for number, name, _role in staff_names()]

    def values(self) -> dict[str, Any]:
        """As the columns of a rule."""
        told: dict[str, Any] = {name: self[name].data or "" for name in ("name", *CONDITIONS, "role")}
        for name in ("outlet_id", "tag_id"):
            told[name] = int(told[name]) if told[name] else None
        return told | {
            "active": self.active.data,
            "people": [int(number) for number in self.people.data or []],
        }


@bp.get("")
@requires(Permission.DESK_EDIT)
def index() -> Response:
    """In the order in which they are asked."""
    rules = assigning.in_order(signin.me())
    form = RuleForm(formdata=None)  # knows what everything is called
    told = [(rule, _conditions(form, rule), _takers(form, rule)) for rule in rules]
    return page("staff/rules/list.html", nav_current="desk", told=told)


@bp.get("/new")
@requires(Permission.DESK_EDIT)
def new() -> Response:
    return _form(None, RuleForm(formdata=None))


@bp.post("/new")
@requires(Permission.DESK_EDIT)
def create() -> Response:
    return _save(None)


@bp.get("/<int(max=999999999):number>")
@requires(Permission.DESK_EDIT)
def edit(number: int) -> Response:
    rule = _load(number)
    return _form(rule, _stored(rule))


@bp.post("/<int(max=999999999):number>")
@requires(Permission.DESK_EDIT)
def change(number: int) -> Response:
    return _save(_load(number))


@bp.post("/<int(max=999999999):number>/order")
@requires(Permission.DESK_EDIT)
def order(number: int) -> Response:
    """One place up or down, or away."""
    rule = _load(number)
    if "remove" in request.form:
        assigning.remove(rule, request.form.get("version", type=int))
        return go_to("/desk/rules", _("The rule is removed. Cases keep who has them."))
    assigning.shift(assigning.in_order(signin.me()), rule, -1 if "up" in request.form else 1)
    return go_to("/desk/rules", _("Saved."))


def _save(rule: AssignRule | None) -> Response:
    form = RuleForm()
    if "try" in request.form:
        return _tried(rule, form)
    saved, status = save(form, lambda: assigning.save(rule, form.version.data, form.values()))
    if saved is not None:
        return go_to("/desk/rules", _("The rule is saved. It counts for cases that come from now on."))
    stale = stored_now(form, _stored(rule, formdata=None)) if rule and status == 409 else None
    return _form(rule, form, status, stale)


def _tried(rule: AssignRule | None, form: RuleForm) -> Response:
    """What the rule as it is typed says of one case; nothing is kept."""
    if not form.validate():
        return _form(rule, form, 422)
    code = normalise(form.case.data or "")
    case = db.session.scalar(cases.visible_to(signin.me()).where(Case.code == code))
    if case is None:
        form.case.errors = [*form.case.errors, translate(_("No case has this code."))]
        return _form(rule, form, 422)
    with db.session.no_autoflush:
        answer = assigning.ask(AssignRule(**form.values()), case)
    return _form(rule, form, answer=answer, case=case)


def _load(number: int) -> AssignRule:
    found: AssignRule = one_or_404(assigning.visible_to(signin.me()).where(AssignRule.id == number))
    return found


def _stored(rule: AssignRule, **values: Any) -> RuleForm:
    told = {name: str(getattr(rule, name) or "") for name in (*CONDITIONS, "role")}
    people = [str(number) for number in rule.people]
    return RuleForm(
        data={**told, "version": rule.version, "name": rule.name, "active": rule.active, "people": people},
        **values,
    )


def _conditions(form: RuleForm, rule: AssignRule) -> list[tuple[Message, str]]:
    """(condition, its value as people call it)."""
    return [(CONDITIONS[name], _called(form, name, rule)) for name in CONDITIONS if getattr(rule, name)]


def _called(form: RuleForm, name: str, rule: AssignRule) -> str:
    value = str(getattr(rule, name))
    return value if name == "words" else dict(form[name].choices).get(value, value)


def _takers(form: RuleForm, rule: AssignRule) -> str:
    if not rule.people:
        return str(dict(form.role.choices).get(rule.role, rule.role))
    names = dict(form.people.choices)
    return ", ".join(names[str(number)] for number in rule.people if str(number) in names)


def _categories() -> list[str]:
    named = catalog.limit_to(signin.me(), select(Product.category).where(Product.category != "").distinct())
    return list(db.session.scalars(named.order_by(Product.category)))


def _form(
    rule: AssignRule | None, form: RuleForm, status: int = 200, conflict: Any = None, **tried: Any
) -> Response:
    return page(
        "staff/rules/form.html", status=status, nav_current="desk", rule=rule, form=form, conflict=conflict,
        conditions=CONDITIONS, **{"answer": None, "case": None, **tried},
    )  # fmt: skip
