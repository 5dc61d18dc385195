"""What a customer reads of the repair: where the item is, what is lent, which code to show."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.domain.repairs import handing
from portal.domain.repairs import queries as repairs
from portal.domain.repairs.rules import STATES, TO_COLLECT, WORKED_ON
from portal.domain.repairs.rules import S as At
from portal.domain.workflows.vocabulary import S
from portal.kernel.text import Message, _

# The states of a case in which its item is at the shop, or may be.
THERE = frozenset(
    {S.RECEIVED, S.INSPECTING, S.UNDER_REVIEW, S.FULFILLING, S.WAITING_APPROVAL, S.WAITING_SUPPLIER, S.READY}
)


@dataclass(frozen=True)
class Work:
    """`code` is shown when it is collected, "" before; `taken_in`: there is a receipt of it."""

    state: Message
    tone: str
    where: list[Message]
    code: str
    loaned: str
    loan_due: date | None
    taken_in: bool


def load(row: Any) -> Work | None:
    """Of a row of the case page; None when nothing is repaired. One query at most."""
    if row.kind not in WORKED_ON or row.state not in THERE:
        return None
    order = repairs.of_case(row.id)
    if order is None:
        return None
    _staff, state, tone = STATES[order.state]
    where = []
    if order.state == At.AT_SUPPLIER and order.supplier_sent_on:
        where.append(_("It is there since %(day)s.", day=order.supplier_sent_on))
        if order.supplier_due_on:
            where.append(_("It is expected back on %(day)s.", day=order.supplier_due_on))
    ready = row.state == S.READY and order.state in TO_COLLECT
    return Work(
        state, tone, where, handing.code_of(order.id) if ready else "", order.loaned or "", order.loan_due,
        order.received_at is not None,
    )  # fmt: skip
