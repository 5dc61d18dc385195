"""The desk's catalogue: writing the next version of a warranty policy, previewing and publishing it."""

from typing import Any

from flask import Blueprint, request
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import BooleanField, FieldList, FormField, SelectField, StringField, TextAreaField

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.catalog import actions, queries
from portal.domain.catalog.models import PolicyVersion, Symptom
from portal.domain.catalog.rules import Layer, Provider, Start
from portal.kernel import clock
from portal.kernel.errors import Stale
from portal.kernel.text import _
from portal.web.access import requires
from portal.web.catalog_words import KINDS, PROVIDERS, REPLACEMENTS, STARTS, choices
from portal.web.fields import AtMost, Between, Form, NumberField, Required, take_out
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.catalog_outlets import plain_code, upper
from portal.web.staff.catalog_policies import PreviewForm, preview, versions_of
from portal.web.staff.saving import save, stored_now, version_field
from portal.web.transaction import drop

bp = Blueprint("staff_catalog_policy_edit", __name__)

MOST_LAYERS = 20
NEW_LAYER = {"parts": True, "labour": True, "months": 12, "starts": Start.PURCHASE, "provider": Provider.SHOP}


class LayerForm(Form):
    component = StringField(_("Component"), [AtMost(24)])
    name_id = StringField(
        _("Name in Indonesian"), [Required(_("Name every clause in Indonesian.")), AtMost(120)]
    )
    name_en = StringField(_("Name in English"), [AtMost(120)])
    parts = BooleanField(_("Spare parts"))
    labour = BooleanField(_("Labour"))
    transport = BooleanField(_("Transport"))
    months = NumberField(_("Months"), [Between(0, 600)])
    days = NumberField(_("Days"), [Between(0, 3650)])
    starts = SelectField(_("Counted from"), choices=lambda: choices(STARTS))
    provider = SelectField(_("Given by"), choices=lambda: choices(PROVIDERS))
    exclusions_id = TextAreaField(_("Not included, in Indonesian"), [AtMost(2000)])
    exclusions_en = TextAreaField(_("Not included, in English"), [AtMost(2000)])
    how_id = TextAreaField(_("How to claim, in Indonesian"), [AtMost(2000)])
    how_en = TextAreaField(_("How to claim, in English"), [AtMost(2000)])

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if not (self.months.data or self.days.data) and not (self.months.errors or self.days.errors):
            self.months.errors = [gettext("Say for how many months or days it covers.")]
            good = False
        if not (self.parts.data or self.labour.data or self.transport.data):
            self.parts.errors = [gettext("Choose at least one thing that it covers.")]
            good = False
        return good

    def layer(self, clause: int) -> Layer:
        """The clause as typed."""
        values: dict[str, Any] = {**self.data, "months": self.months.data or 0, "days": self.days.data or 0}
        values |= {"starts": Start(self.starts.data), "provider": Provider(self.provider.data)}
        return Layer(clause, **values)


class PolicyForm(Form):
    version = version_field()
    base = version_field()  # the newest version when the form was opened
    name = StringField(_("Name"), [Required(), AtMost(120)])
    code = StringField(_("Code"), [Required(), AtMost(24), plain_code], filters=[upper])
    kind = SelectField(_("Kind of warranty"), choices=lambda: choices(KINDS))
    replacement = SelectField(_("Cover of a replacement unit"), choices=lambda: choices(REPLACEMENTS))
    maker = StringField(_("Maker or importer, with address"), [AtMost(300)])
    service_centre = StringField(_("Service centre, with address"), [AtMost(300)])
    terms_id = TextAreaField(_("Terms of free repair, in Indonesian"), [AtMost(4000)])
    terms_en = TextAreaField(_("Terms of free repair, in English"), [AtMost(4000)])
    parts_id = TextAreaField(_("Spare parts during and after the warranty, in Indonesian"), [AtMost(4000)])
    parts_en = TextAreaField(_("Spare parts during and after the warranty, in English"), [AtMost(4000)])
    layers = FieldList(FormField(LayerForm), _("Clauses"), min_entries=1, max_entries=MOST_LAYERS)

    def layers_typed(self) -> list[Layer]:
        return [entry.form.layer(n) for n, entry in enumerate(self.layers, 1)]


@bp.get("/desk/catalog/policies/new")
@requires(Permission.CATALOG_EDIT)
def new() -> Response:
    return _form([], PolicyForm(layers=[NEW_LAYER]))


@bp.post("/desk/catalog/policies/new")
@requires(Permission.CATALOG_EDIT)
def create() -> Response:
    return _act([])


@bp.get("/desk/catalog/policies/<code>/edit")
@requires(Permission.CATALOG_EDIT)
def edit(code: str) -> Response:
    versions = versions_of(code)
    return _form(versions, _stored(versions))


@bp.post("/desk/catalog/policies/<code>/edit")
@requires(Permission.CATALOG_EDIT)
def change(code: str) -> Response:
    return _act(versions_of(code))


def _stored(versions: list[PolicyVersion]) -> PolicyForm:
    """The form of the draft; without one, of the newest version, from which the next one starts."""
    newest = versions[0]
    return PolicyForm(
        formdata=None, obj=newest, code=newest.policy.code, name=newest.policy.name, base=newest.number,
        version=0 if newest.published_at else newest.version,
    )  # fmt: skip


def _act(versions: list[PolicyVersion]) -> Response:
    """Add or take away a clause, show a preview, save the draft, or publish it."""
    form, do = PolicyForm(), request.form.get("do", "save")
    if do == "add" and len(form.layers) < MOST_LAYERS:
        form.layers.append_entry(NEW_LAYER)
    elif do.startswith("remove-"):
        take_out(form.layers, do.removeprefix("remove-"))
    elif do == "preview":
        drop()
        return _form(versions, form, 200 if form.validate() else 422, previewing=True)
    elif do in ("save", "publish"):
        return _save(versions, form, publish=do == "publish")
    drop()
    return _form(versions, form)


def _save(versions: list[PolicyVersion], form: PolicyForm, *, publish: bool) -> Response:
    def act() -> PolicyVersion:
        if versions and versions[0].number != form.base.data:
            raise Stale
        columns = {
            name: value for name, value in form.data.items() if name not in ("version", "base", "layers")
        }
        policy = versions[0].policy if versions else None
        draft = actions.save_policy_draft(
            policy, form.version.data or 0, layers=form.layers_typed(), **columns
        )
        if publish:
            actions.publish_policy(draft, clock.now())
        return draft

    draft, status = save(form, act)
    if draft is not None:
        said = _("Version %(number)s is published. Units sold from now on carry it.", number=draft.number)
        return go_to(
            f"/desk/catalog/policies/{draft.policy.code}/{draft.number}",
            said
            if publish
            else _("The draft is saved. Nothing changes for customers until it is published."),
        )
    if status == 409:
        db.session.expire_all()
        stored = _stored(versions_of(versions[0].policy.code))
        return _form(versions, form, status, conflict=stored_now(form, stored))
    return _form(versions, form, status)


def _form(
    versions: list[PolicyVersion],
    form: PolicyForm,
    status: int = 200,
    *,
    previewing: bool = False,
    conflict: Any = None,
) -> Response:
    dates = PreviewForm()
    good = previewing and status == 200 and dates.validate()
    components = db.session.scalars(
        queries.limit_to(me(), select(Symptom.component).distinct().order_by(Symptom.component))
    ).all()
    return page(
        "staff/catalog/policy_form.html", block="preview" if previewing else None, status=status,
        nav_current="catalog", versions=versions, form=form, dates=dates, conflict=conflict,
        previewing=previewing, components=components,
        clauses=preview(tuple(form.layers_typed()), dates.bought.data, dates.delivered.data) if good else [],
    )  # fmt: skip
