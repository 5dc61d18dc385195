"""What self-service did: asked, helped, went on to the shop; and which kind a case sounds like."""

from datetime import timedelta
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.domain.accounts.rules import Permission
from portal.domain.cases import queries as cases
from portal.domain.cases.models import Case
from portal.domain.guidance import counting, suggesting
from portal.domain.guidance.counting import Event, Source
from portal.domain.workflows.registry import KINDS
from portal.kernel import clock
from portal.kernel.text import Message, _
from portal.web.access import requires
from portal.web.catalog_words import SECTORS
from portal.web.load import one_or_404
from portal.web.render import page
from portal.web.signin import me

bp = Blueprint("staff_help_figures", __name__)

DAYS = 30
SOURCES: dict[str, Message] = {
    Source.ASSISTANT: _("Assistant"),
    Source.TREE: _("Step by step"),
    Source.ARTICLE: _("Articles"),
    Source.SUGGESTION: _("While writing to the shop"),
}
SOLVED = (Event.HELPED, Event.WENT_ON)
QUESTION = "question"


@bp.get("/desk/help/figures")
@requires(Permission.HELP_EDIT)
def figures() -> Response:
    """The last DAYS days: by source, and day by day."""
    today = clock.now().date()
    by_source = {source: dict.fromkeys(Event, 0) for source in SOURCES}
    by_day: dict[Any, dict[str, int]] = {}
    for day, source, event, count in counting.by_day(today - timedelta(days=DAYS)):
        by_source[source][event] += count
        by_day.setdefault(day, dict.fromkeys(Event, 0))[event] += count
    helped, went_on = (sum(row[event] for row in by_source.values()) for event in SOLVED)
    share = round(100 * helped / (helped + went_on)) if helped + went_on else None
    return page(
        "staff/help/figures.html", nav_current="help", tab="figures", by_source=by_source, by_day=by_day,
        sources=SOURCES, helped=helped, went_on=went_on, share=share, days=DAYS,
    )  # fmt: skip


@bp.get("/desk/help/sounds/<code>")
@requires(Permission.CASE_VIEW)
def sounds(code: str) -> Response:
    """A hint beside a question, which is where everything ends that its writer knew no kind for: which kind
    the words sound like. Any other kind was chosen by its guided form. A fragment."""
    case: Case = one_or_404(cases.visible_to(me()).where(Case.code == code))
    sent = cases.claim_sent(case.id) if case.kind == QUESTION else None
    words = (sent.body if sent else None) or ""
    kind = suggesting.kind_of(words)
    return page(
        "staff/help/sounds.html", block="sounds", nav_current="desk", case=case, kind=KINDS.get(kind),
        sector=SECTORS.get(suggesting.sector_of(words)) if case.unit_id is None else None,
    )  # fmt: skip
