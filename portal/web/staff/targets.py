"""How soon the shop answers and settles: one matrix of kinds and promises for each priority."""

import hashlib
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput

from portal.domain.accounts.rules import Permission
from portal.domain.cases import targets
from portal.domain.workflows.engine import HURRY, Kind, Priority
from portal.domain.workflows.registry import KINDS
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import Message, _
from portal.web import durations, words
from portal.web.access import requires
from portal.web.fields import AtMost, Form
from portal.web.render import go_to, page
from portal.web.staff.case_clock import PRIORITIES
from portal.web.staff.saving import save, stored_now

bp = Blueprint("staff_targets", __name__, url_prefix="/desk/targets")

NAMES: dict[str, Message] = {
    "first": _("First answer"),
    "again": _("Next answer"),
    "done": _("Solution"),
}
Stored = dict[tuple[str, str], tuple[int | None, ...]]
NOTHING: tuple[int | None, ...] = (None,) * len(targets.PROMISES)


class TargetsForm(Form):
    seen = StringField(widget=HiddenInput())

    def minutes(self) -> dict[str, tuple[int | None, ...]]:
        """What was typed, by kind; None where it follows."""
        return {
            kind: tuple(_minutes(kind, self[f"{kind}_{promise}"].data) for promise in targets.PROMISES)
            for kind in KINDS
        }


def _minutes(kind: str, typed: str | None) -> int | None:
    return durations.parse(typed, always=KINDS[kind].always) if typed and typed.strip() else None


def _readable(_form: Form, field: Any) -> None:
    try:
        _minutes(field.name.partition("_")[0], field.data)
    except Refused as refusal:
        raise ValidationError(words.translate(refusal.message)) from refusal


for _kind in KINDS:
    for _promise, _name in NAMES.items():
        setattr(TargetsForm, f"{_kind}_{_promise}", StringField(_name, [AtMost(40), _readable]))


@bp.get("")
@requires(Permission.DESK_EDIT)
def show() -> Response:
    stored, priority = targets.stored(), _priority()
    return _page(_filled(stored, priority), stored, priority)


@bp.post("")
@requires(Permission.DESK_EDIT)
def change() -> Response:
    form, priority = TargetsForm(), _priority()
    saved, status = save(form, lambda: _save(form, priority))
    if saved is not None:
        return go_to(
            f"/desk/targets?priority={priority}",
            _("Saved. Open cases follow within a minute; no promise is put off.")
            if saved
            else _("Nothing has changed."),
        )
    stored = targets.stored()
    conflict = stored_now(form, _filled(stored, priority)) if status == 409 else None
    return _page(form, stored, priority, status, conflict)


def _save(form: TargetsForm, priority: str) -> list[str]:
    if form.seen.data != _digest(targets.stored([priority])):
        raise Stale
    return targets.save(priority, form.minutes())


def _page(
    form: TargetsForm, stored: Stored, priority: str, status: int = 200, conflict: Any = None
) -> Response:
    rows = [(KINDS[name], _cells(form, name, _holds(name, priority, stored))) for name in KINDS]
    return page(
        "staff/targets.html", status=status, nav_current="shop", form=form, rows=rows, names=NAMES,
        conflict=conflict, priority=priority, priorities=PRIORITIES, results=_results(stored),
        factors={name: words.decimal(factor) for name, factor in HURRY.items()},
    )  # fmt: skip


def _results(stored: Stored) -> list[tuple[Kind, list[list[str]]]]:
    """What holds in all: the hours of each promise by kind, then by priority."""

    def hours(kind: str, priority: str) -> list[str]:
        own = stored.get((kind, priority), NOTHING)
        return [words.decimal(minutes / 60) for minutes in _holds(kind, priority, stored, own)]

    return [(kind, [hours(name, priority) for priority in PRIORITIES]) for name, kind in KINDS.items()]


def _cells(form: TargetsForm, kind: str, follows: tuple[int, int, int]) -> list[tuple[Any, str]]:
    """(field, what holds while it is empty) of each promise."""
    return [
        (form[f"{kind}_{promise}"], _say(kind, minutes))
        for promise, minutes in zip(targets.PROMISES, follows, strict=True)
    ]


def _filled(stored: Stored, priority: str) -> TargetsForm:
    own = {
        f"{kind}_{promise}": _say(kind, minutes) if minutes else ""
        for kind in KINDS
        for promise, minutes in zip(targets.PROMISES, stored.get((kind, priority), NOTHING), strict=True)
    }
    seen = {key: value for key, value in stored.items() if key[1] == priority}
    return TargetsForm(formdata=None, data={**own, "seen": _digest(seen)})


def _holds(
    kind: str, priority: str, stored: Stored, own: tuple[int | None, ...] = NOTHING
) -> tuple[int, int, int]:
    """Minutes of each promise where `own` is set for this priority: what is not set follows."""
    usual = NOTHING if priority == Priority.NORMAL else stored.get((kind, Priority.NORMAL), NOTHING)
    found = targets.reckon(kind, priority, usual, own)
    return found.first, found.again, found.done


def _say(kind: str, minutes: int) -> str:
    return durations.say(minutes, always=KINDS[kind].always)


def _priority() -> str:
    chosen = request.args.get("priority", "")
    return chosen if chosen in HURRY else Priority.NORMAL


def _digest(stored: Stored) -> str:
    return hashlib.sha256(repr(sorted(stored.items(), key=str)).encode()).hexdigest()[:16]
