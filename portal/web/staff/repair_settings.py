"""How the workshop works: when people are reminded, what an hour costs, what is asked for at intake."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.domain.accounts.rules import Permission
from portal.domain.repairs import settings
from portal.kernel.errors import Refused
from portal.kernel.text import _
from portal.web import signin
from portal.web.access import requires
from portal.web.fields import Form
from portal.web.render import go_to, page
from portal.web.staff.repair_forms import ListForm, SettingsForm
from portal.web.staff.saving import save

bp = Blueprint("work_settings", __name__, url_prefix="/desk/work-orders/settings")
HERE = "/desk/work-orders/settings"


@bp.get("")
@requires(Permission.DESK_EDIT)
def show() -> Response:
    return _page()


@bp.post("")
@requires(Permission.DESK_EDIT)
def keep() -> Response:
    form = SettingsForm()

    def do() -> bool:
        settings.save(
            signin.me(), _days(form.remind_days.data or ""), version=form.version.data,
            hour_price=form.hour_price.data, supplier_days=form.supplier_days.data,
            loan_days=form.loan_days.data, guarantee_days=form.guarantee_days.data,
            hour_cost=form.hour_cost.data,
        )  # fmt: skip
        return True

    return _save(form, do, main=form)


@bp.post("/lists")
@requires(Permission.DESK_EDIT)
def keep_list() -> Response:
    """The list of a category; one without names ends."""
    form = ListForm()

    def do() -> bool:
        settings.save_list(signin.me(), form.category.data or "", (form.names.data or "").splitlines())
        return True

    return _save(form, do, listed=form)


def _save(form: Form, do: Callable[[], bool], **forms: Form) -> Response:
    done, status = save(form, do)
    return go_to(HERE, _("Saved.")) if done else _page(status, **forms)


def _days(typed: str) -> list[int]:
    """`3, 7 14` → [3, 7, 14]. Raises Refused for what is no number."""
    parts = typed.replace(",", " ").split()
    if not all(part.isdecimal() and len(part) < 5 for part in parts):
        raise Refused(_("Write days as numbers, such as 3, 7, 14."), "remind_days")
    return [int(part) for part in parts]


def _page(status: int = 200, main: Any = None, listed: Any = None) -> Response:
    kept = settings.load()
    if status == 409 and main is not None:
        main.version.raw_data, main.version.data = None, kept.version
    main = main or SettingsForm(
        formdata=None, version=kept.version, remind_days=", ".join(map(str, kept.remind_days)),
        hour_price=kept.hour_price, supplier_days=kept.supplier_days, loan_days=kept.loan_days,
        guarantee_days=kept.guarantee_days, hour_cost=kept.hour_cost,
    )  # fmt: skip
    return page(
        "staff/repairs/settings.html", status=status, nav_current="work-orders", form=main,
        listed=listed or ListForm(formdata=None), lists=settings.lists(), conflict=status == 409,
        categories=settings.categories(),
    )  # fmt: skip
