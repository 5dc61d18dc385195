"""Asking to return or exchange, the shop's answer line by line, and counting what came."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.db import among, db
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Actor
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Product
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.domain.requests import actions as requests
from portal.domain.returns import queries
from portal.domain.returns.models import ReturnLine
from portal.domain.returns.queries import Sold
from portal.domain.returns.rules import Condition, Reason, Ruling, Wish
from portal.domain.workflows.vocabulary import E, S
from portal.kernel.errors import Refused
from portal.kernel.text import _

RETURN = "return"
NOTE = 500  # characters of a line's note
KEEP = "keep"  # the outcome by which the customer keeps the goods


@dataclass(frozen=True)
class Asked:
    """What a customer wants for one line of a receipt; `key` is how its form calls it."""

    key: str
    line_id: int
    pieces: int
    reason: Reason
    condition: Condition
    wish: Wish
    product_id: int | None = None
    note: str = ""


def ask(
    actor: Actor,
    customer: Customer,
    asked: Sequence[Asked],
    *,
    story: str,
    photos: Sequence[str],
    now: datetime,
) -> Case:
    """Open a return of one or several lines, and send it. Raises Refused, with the field it is about."""
    if not asked:
        raise Refused(_("Choose what you want to return."))
    if len(story) > cases.BODY_LIMIT:
        raise Refused(_("Please keep it under %(count)s characters.", count=cases.BODY_LIMIT), "story")
    found = _held([line.line_id for line in asked], customer, now)
    for line in asked:
        _check_pieces(line, found.get(line.line_id))
    first = found[asked[0].line_id].row
    if len({found[line.line_id].row.currency for line in asked}) > 1:
        raise Refused(_("These receipts are in different currencies. Please send one return for each."))
    purchase = db.session.scalars(select(Purchase).where(Purchase.code == first.code)).one()
    title, title_en = _titles([found[line.line_id].row.description for line in asked])
    words = " ".join(found[line.line_id].row.description for line in asked)
    case = cases.open_case(
        RETURN, customer, None, purchase=purchase, title=title, story=f"{words} {story}", now=now
    )
    case.title_en = title_en
    prices = _prices(asked)
    db.session.add_all(_line(case, line, found[line.line_id], prices) for line in asked)
    db.session.flush()
    entry = cases.move(actor, case, E.SUBMIT, now, body=story)
    cases.attach(actor, case, entry, photos)
    return case


@dataclass(frozen=True)
class Said:
    """The shop's answer to one line."""

    approved: bool
    reason: str = ""


def decide(
    actor: Actor,
    case: Case,
    said: Mapping[int, Said],
    ruling: requests.Ruling,
    *,
    now: datetime,
) -> None:
    """Approve or refuse each line, by its id; all refused rejects the case. `ruling.outcome` says whether the
    goods come back first. Raises Refused, Stale."""
    lines = queries.rows(case.id)
    for line in lines:
        answer = said.get(line.id)
        if answer is None:
            raise Refused(_("Say of each line whether it is approved."), f"approved_{line.id}")
        if not answer.reason.strip() and (line.late or not answer.approved):
            missing = (
                _("Its window is over. Say why you allow it; the reason is kept.")
                if answer.approved
                else _("Say why, so that the customer understands it.")
            )
            raise Refused(missing, f"reason_{line.id}")
        line.ruling = Ruling.APPROVED if answer.approved else Ruling.REFUSED
        line.ruling_reason = answer.reason.strip()
    refused = all(line.ruling == Ruling.REFUSED for line in lines)
    if refused != (ruling.outcome == "refuse"):
        raise Refused(
            _("Every line is rejected; then reject the request.")
            if refused
            else _("A request is rejected by rejecting each line."),
            "outcome",
        )
    requests.decide(actor, case, ruling, version=None, now=now)


@dataclass(frozen=True)
class Came:
    """How many pieces of a line came, and in what state."""

    pieces: int
    found: str = ""


def receive(actor: Actor, case: Case, came: Mapping[int, Came], now: datetime) -> None:
    """Count what came of the approved lines, by their ids; again until it is settled. Raises Refused."""
    approved = [line for line in queries.rows(case.id) if line.ruling == Ruling.APPROVED]
    for line in approved:
        count = came.get(line.id)
        if count is None or not 0 <= count.pieces <= line.asked:
            raise Refused(
                _("Write a number from %(least)s to %(most)s.", least=0, most=line.asked), f"pieces_{line.id}"
            )
        line.received, line.found = count.pieces, count.found.strip()
    if not any(line.received for line in approved):
        raise Refused(_("If nothing came, wait for it or close the case."))
    if case.state != S.RECEIVED:
        cases.move(actor, case, E.RECEIVE, now)
    asked, came_back = sum(line.asked for line in approved), sum(line.received or 0 for line in approved)
    cases.note(actor, case, "counted", now, data={"received": came_back, "asked": asked}, internal=True)


def _held(line_ids: Sequence[int], customer: Customer, now: datetime) -> dict[int, Sold]:
    """The lines as they are and stay until this transaction ends: two requests never ask for one piece."""
    held = select(PurchaseLine.id).where(among(PurchaseLine.id, line_ids)).order_by(PurchaseLine.id)
    db.session.execute(held.with_for_update())
    found = queries.sold_lines(line_ids, now)
    return {number: line for number, line in found.items() if line.row.customer_id == customer.id}


def _check_pieces(asked: Asked, sold: Sold | None) -> None:
    if sold is None:
        raise Refused(_("This line is no longer on your receipt. Please choose again."))
    if not 1 <= asked.pieces <= sold.left:
        raise Refused(_("Of this, %(count)s can still come back.", count=sold.left), f"pieces-{asked.key}")
    if len(asked.note) > NOTE:
        raise Refused(_("Please keep it under %(count)s characters.", count=NOTE), f"note-{asked.key}")


def _prices(asked: Sequence[Asked]) -> Mapping[int, int]:
    wanted = {line.product_id for line in asked if line.wish is Wish.EXCHANGE}
    offered = select(Product.id, Product.price).where(
        Product.id.in_(wanted), Product.active, ~Product.draft, Product.price > 0
    )
    prices = {row.id: row.price for row in db.session.execute(offered)}
    for line in asked:
        if line.wish is Wish.EXCHANGE and line.product_id not in prices:
            raise Refused(_("Choose what you want instead."), f"product-{line.key}")
    return prices


def _line(case: Case, asked: Asked, sold: Sold, prices: Mapping[int, int]) -> ReturnLine:
    swap = asked.product_id if asked.wish is Wish.EXCHANGE else None
    return ReturnLine(
        case_id=case.id, line_id=asked.line_id, description=sold.row.description, receipt=sold.row.number,
        asked=asked.pieces, reason=asked.reason, condition=asked.condition, note=asked.note.strip(),
        wish=asked.wish, product_id=swap, price=prices[swap] if swap else None, until=sold.until,
        late=sold.late,
    )  # fmt: skip


def _titles(names: Sequence[str]) -> tuple[str, str]:
    """What lists call it, in Indonesian and English ("" when it is the same)."""
    more = len(Counter(names)) - 1
    if not more:
        return names[0][:200], ""
    name = names[0][:170]
    return f"{name} dan {more} lainnya", f"{name} and {more} more"
