"""Saving a form over a record that somebody else may have changed since it was opened."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask_babel import gettext
from sqlalchemy.orm.exc import StaleDataError
from wtforms import BooleanField, FieldList, IntegerField, SelectField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from portal.db import db
from portal.kernel.errors import Refused, Stale, TooMany
from portal.web.fields import Form
from portal.web.render import refuse

Saved = TypeVar("Saved")


def version_field() -> IntegerField:
    """The version of the record that the form was opened with."""
    return IntegerField(validators=[Optional()], widget=HiddenInput())


def save(form: Form, act: Callable[[], Saved]) -> tuple[Saved | None, int]:
    """Do `act` when the form is good: (what it returns, 303).

    Otherwise (None, status): 422 and 429 with the problem in the form, 409 when the record has changed.
    Nothing is stored then.
    """
    if not form.validate():
        return None, 422
    try:
        return act(), 303
    except Refused as refusal:
        db.session.rollback()
        refuse(form, refusal)
        return None, 429 if isinstance(refusal, TooMany) else 422
    except (Stale, StaleDataError):
        db.session.rollback()
        return None, 409


def stored_now(form: Form, stored: Form) -> list[tuple[str, str]]:
    """(label, stored value) of each field that was typed otherwise; saving `form` again then replaces it."""
    different = []
    for field, now in zip(form, stored, strict=True):
        if isinstance(getattr(field, "widget", None), HiddenInput):
            field.raw_data, field.data = None, now.data
        elif not isinstance(field, FieldList) and field.data != now.data:
            different.append((field.label.text, _shown(now)))
    return different


def _shown(field: Any) -> str:
    if isinstance(field, BooleanField):
        return gettext("Yes") if field.data else gettext("No")
    if isinstance(field, SelectField):
        return next((option.label.text for option in field if option.checked), "–")
    return field._value() or "–"
