"""What is new in a customer's case while its page is open."""

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.domain.accounts.rules import Permission
from portal.domain.cases.live import Legs
from portal.domain.cases.queries import Entry
from portal.domain.workflows.registry import KINDS
from portal.web import news
from portal.web.access import requires
from portal.web.customer.case_timeline import told
from portal.web.render import page

bp = Blueprint("customer_case_news", __name__)


@bp.get("/cases/<code>/news")
@requires(Permission.OWN)
def show(code: str) -> Response:
    """What is new after `?after=`, for the thread that is open."""

    def fragment(case: Any, entries: list[Entry], road: Legs) -> Response:
        return page(
            "customer/cases/news.html",
            lines=told(entries, KINDS[case.kind], road, newest=True, oldest=True),
            zone=case.timezone,
            code=code,
            moved=any(entry.after for entry in entries),
        )

    return news.answer(code, f"/cases/{code}", fragment)
