"""Asking to return or exchange: by the customer, or written down by staff."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.db import among, db
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import SYSTEM, Actor
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Product
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.domain.returns import queries
from portal.domain.returns.models import ReturnLine
from portal.domain.returns.queries import Sold
from portal.domain.returns.rules import Condition, Reason, Ruling, Wish
from portal.domain.workflows.vocabulary import TO_LOOK_AT, E, S
from portal.kernel.errors import Refused
from portal.kernel.text import _

RETURN = "return"
NOTE = 500  # characters of a line's note


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
    """Open a return of one or several lines, and send it; staff in a customer's name. Raises Refused, with
    the field it is about."""
    if len(story) > cases.BODY_LIMIT:
        raise Refused(_("Please keep it under %(count)s characters.", count=cases.BODY_LIMIT), "story")
    found = _checked(asked, customer, now)
    purchase = _receipt(found[asked[0].line_id])
    title, title_en = _titles([found[line.line_id].row.description for line in asked])
    words = " ".join(found[line.line_id].row.description for line in asked)
    case = cases.open_case(
        RETURN, customer, None, purchase=purchase, title=title, story=f"{words} {story}", now=now
    )
    case.title_en = title_en
    _write(case, asked, found)
    entry = cases.move(actor if actor.is_customer else SYSTEM, case, E.SUBMIT, now, body=story)
    cases.attach(actor, case, entry, photos)
    if actor.is_staff:
        cases.note(actor, case, "opened", now, internal=True)
    return case


def add(actor: Actor, case: Case, asked: Sequence[Asked], now: datetime) -> None:
    """Staff write down what comes back in a case that is there already. Raises Refused, as `ask` does."""
    answered = any(line.ruling != Ruling.OPEN for line in queries.to_settle(case.id))
    if answered or case.state not in (*TO_LOOK_AT, S.WAITING_CUSTOMER):
        raise gone()
    found = _checked(asked, case.customer, now)
    there = {line.line_id for line in queries.rows(case.id)}
    for line in asked:
        if line.line_id in there:
            raise Refused(_("This line is in the case already."), f"pieces-{line.key}")
        if found[line.line_id].row.currency != case.outlet.currency:
            raise Refused(_("This receipt is in another currency than the case. Open a return of its own."))
    case.purchase = case.purchase or _receipt(found[asked[0].line_id])
    _write(case, asked, found)
    cases.note(actor, case, "goods", now, internal=True)


def gone() -> Refused:
    """What was possible when the page was made is no longer."""
    return Refused(_("That can no longer be done. Reload the page to see how it stands."))


def _checked(asked: Sequence[Asked], customer: Customer, now: datetime) -> dict[int, Sold]:
    """The lines of the receipts, which can come back as asked. Raises Refused."""
    if not asked:
        raise Refused(_("Choose what you want to return."))
    found = _held([line.line_id for line in asked], customer, now)
    for line in asked:
        _check_pieces(line, found.get(line.line_id))
    if len({found[line.line_id].row.currency for line in asked}) > 1:
        raise Refused(_("These receipts are in different currencies. Please send one return for each."))
    return found


def _receipt(line: Sold) -> Purchase:
    return db.session.scalars(select(Purchase).where(Purchase.code == line.row.code)).one()


def _write(case: Case, asked: Sequence[Asked], found: Mapping[int, Sold]) -> None:
    prices = _prices(asked)
    db.session.add_all(_line(case, line, found[line.line_id], prices) for line in asked)
    db.session.flush()


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
