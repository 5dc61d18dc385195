"""What the shop promised of a case, in the same words wherever it is read."""

from datetime import datetime
from typing import Any

from portal.domain.cases import clocks
from portal.domain.cases.models import Case
from portal.domain.workflows.clock import Promise
from portal.domain.workflows.engine import Category, Who
from portal.kernel.text import Message, _
from portal.web.words import moment

COLUMNS = (
    Case.step_by, Case.respond_by, Case.first_responded_at, Case.reply_by, Case.resolve_by, Case.outside_by,
    Case.paused_since, Case.paused_minutes, Case.closed_at,
)  # fmt: skip
WHY: dict[str, Message] = {
    Who.CUSTOMER: _("it waits for you"),
    Who.SUPPLIER: _("it waits for the supplier"),
    Who.COURIER: _("it waits for the courier"),
}


def answer(row: Any, now: datetime) -> Message | None:
    """By when the shop writes to the customer; None when no answer is owed. `row` has COLUMNS."""
    owed = clocks.of(row).running()
    due = owed.get(Promise.FIRST) or owed.get(Promise.NEXT)
    if due is None:
        return None
    said = moment(due, row.timezone)
    if due < now:
        return _(
            "The shop should have answered by %(moment)s. We are sorry; the shop sees this too.", moment=said
        )
    return _("The shop answers by %(moment)s at the latest.", moment=said)


def end(row: Any, now: datetime) -> Message | None:
    """By when it is to be settled, or why that stands still; None when it is over."""
    if row.category == Category.RESOLVED or row.resolve_by is None:
        return None
    if row.paused_since is not None:
        return _(
            "The time that the shop has for it stands still since %(moment)s: %(why)s.",
            moment=moment(row.paused_since, row.timezone), why=WHY.get(row.acts, WHY[Who.CUSTOMER]),
        )  # fmt: skip
    said = moment(row.resolve_by, row.timezone)
    if row.resolve_by < now:
        return _(
            "It should have been settled by %(moment)s. We are sorry; the shop sees this too.", moment=said
        )
    return _("It is settled by %(moment)s at the latest.", moment=said)
