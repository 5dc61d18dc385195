"""Orders of parts by customers: asked for, reserved, picked, handed out; and what is paid for them.

The lines hang on a case: one of kind `part`, or a warranty claim that is answered with a part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import SYSTEM, Actor
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet, Product
from portal.domain.parts import queries, stock
from portal.domain.parts.models import Part, PartLevel, PartLine, PartOrder
from portal.domain.parts.rules import Line, Paid, Paying, Purpose, Way
from portal.domain.requests import actions as requests
from portal.domain.requests.models import Request
from portal.domain.units.models import Unit
from portal.domain.workflows.vocabulary import TO_LOOK_AT, E, S
from portal.kernel.errors import Refused
from portal.kernel.money import Money
from portal.kernel.text import _

PART = "part"  # the kind of case
MOST_LINES = 20
ADDRESS = 300  # characters


@dataclass(frozen=True)
class Wish:
    """What a customer wants: (part, pieces) each, and how it goes to them. `model` says what it is for, where
    no unit of theirs is named."""

    lines: Sequence[tuple[Part, int]]
    way: Way
    paying: Paying
    address: str = ""
    story: str = ""
    model: str = ""


def order(
    actor: Actor, customer: Customer, wish: Wish, unit: Unit | None, outlet: Outlet, *, now: datetime
) -> Case:
    """Order parts at today's prices: opens a case and sends it. Raises Refused."""
    if not 1 <= len(wish.lines) <= MOST_LINES:
        raise Refused(_("Choose at least one part."))
    for part, pieces in wish.lines:
        _check_pieces(part, pieces)
        check_fit(part, unit.product if unit else None, wish.model)
    check_way(wish.way, wish.paying, wish.address)
    first, count = wish.lines[0][0], sum(pieces for _part, pieces in wish.lines)
    more = f" + {len(wish.lines) - 1}" if len(wish.lines) > 1 else ""
    case = requests.ask(
        actor, customer, PART, requests.Subject(unit=unit, outlet=outlet),
        {
            "part": ", ".join(f"{part.name_id} {part.number}" for part, _pieces in wish.lines)[:200],
            "pieces": count, "way": wish.way, "story": wish.story,
        },
        title=(first.name_id + more, (first.name_en or first.name_id) + more), now=now,
    )  # fmt: skip
    made = _begin(case, wish.way, wish.paying, wish.address)
    for part, pieces in wish.lines:
        _add(made, part, pieces, part.price, outlet)
    db.session.flush()
    return case


def add(actor: Actor, case: Case, typed: str, pieces: int | None, now: datetime) -> PartLine:
    """Staff put a part on a case, by its number or code, at today's price. Raises Refused."""
    part = find(actor, typed)
    if part is None:
        raise Refused(_("No part has this number. Search the catalogue."), "number")
    _check_pieces(part, pieces)
    check_fit(part, case.unit.product if case.unit else None)
    made = db.session.get(PartOrder, case.id)
    if made is None:
        made = _begin(case, Way.SEND if case.kind != PART else _way_asked(case), None, "")
    line = _add(made, part, pieces or 0, 0 if made.paying == Paying.NOTHING else part.price, case.outlet)
    db.session.flush()
    _note(actor, case, "added", line, now)
    return line


def promise(actor: Actor, case: Case, part: Part, now: datetime) -> PartLine:
    """A warranty claim is answered with this part: free, to be sent, and set aside at once where one is free.

    Raises Refused.
    """
    check_fit(part, case.unit.product if case.unit else None)
    made = db.session.get(PartOrder, case.id) or _begin(case, Way.SEND, Paying.NOTHING, "")
    line = _add(made, part, 1, 0, case.outlet)
    db.session.flush()
    free = select(PartLevel.outlet_id).where(
        PartLevel.part_id == part.id, PartLevel.on_hand > PartLevel.reserved
    )
    where = db.session.scalar(free.order_by(PartLevel.outlet_id != case.outlet_id, PartLevel.outlet_id))
    if where is not None:
        reserve(actor, case, line, where, now)
    return line


def reserve(actor: Actor, case: Case, line: PartLine, outlet_id: int, now: datetime) -> None:
    """Set the pieces of a line aside at an outlet; harmless when they are. Raises Refused."""
    if line.state in (Line.HELD, Line.PICKED):
        return
    _check_open(case, line)
    stock.reserve(actor, line.part_id, outlet_id, line.pieces, Purpose.ORDER, str(line.id), now, case.code)
    line.state, line.outlet_id = Line.HELD, outlet_id
    db.session.flush()
    _note(actor, case, "held", line, now)
    if _in(case.id, Line.WANTED):
        return
    if case.kind == PART and case.state in TO_LOOK_AT:
        cases.move(SYSTEM, case, E.FULFIL, now)
    elif case.state == S.WAITING_SUPPLIER:
        cases.move(SYSTEM, case, E.ARRIVE, now)


def give_up(actor: Actor, case: Case, line: PartLine, now: datetime) -> None:
    """A line is not handed out after all; what was set aside is free again. Raises Refused."""
    if line.state == Line.CANCELLED:
        return
    _check_open(case, line)
    stock.release(Purpose.ORDER, str(line.id), now, actor, case.code)
    line.state = Line.CANCELLED
    db.session.flush()
    _note(actor, case, "given_up", line, now)


def pick(actor: Actor, case: Case, now: datetime) -> None:
    """What is set aside lies ready; what is collected can be collected now. Raises Refused."""
    held = _in(case.id, Line.HELD)
    if not held:
        raise Refused(_("Nothing is reserved yet."))
    if _in(case.id, Line.WANTED):
        raise Refused(_("Reserve every part first, or give it up."))
    for line in held:
        line.state = Line.PICKED
    db.session.flush()
    cases.note(actor, case, "part", now, internal=True, data={"did": "picked", "pieces": len(held)})
    made = db.session.get_one(PartOrder, case.id)
    if made.way == Way.COLLECT and case.state == S.FULFILLING:
        cases.move(SYSTEM, case, E.READY, now)


def change_way(case: Case, way: str, paying: str, address: str, freight: int | None) -> None:
    """How the parts go to the customer, and what sending costs. Raises Refused."""
    made = db.session.get_one(PartOrder, case.id)
    check_way(way, paying, address)
    made.way, made.paying, made.address = Way(way), Paying(paying), address.strip()
    made.freight = freight if way == Way.SEND else None
    db.session.flush()


def pay(actor: Actor, case: Case, amount: int | None, way: str, at: datetime, now: datetime) -> None:
    """Write down what was paid; the same again is harmless. Raises Refused."""
    made = db.session.get_one(PartOrder, case.id)
    if not amount or amount <= 0:
        raise Refused(_("Write an amount above zero."), "amount")
    if way not in list(Paid):
        raise Refused(_("Choose one of these."), "paid_way")
    if at > now:
        raise Refused(_("The time cannot be in the future."), "at")
    if made.paid is not None:
        if (made.paid, made.paid_way) == (amount, way):
            return
        raise Refused(
            _("A payment of %(amount)s is written down already.", amount=_money(made.paid, case)), "amount"
        )
    made.paid, made.paid_way, made.paid_at, made.paid_staff_id = amount, Paid(way), at, actor.id
    db.session.flush()
    cases.note(actor, case, "part", now, data={"did": "paid", "amount": amount})


def find(actor: Actor, typed: str | None) -> Part | None:
    """The part with this number or code."""
    number = (typed or "").strip()
    if not number:
        return None
    return db.session.scalar(
        queries.visible_to(actor).where((Part.number == number) | (Part.code == number.upper()))
    )


def check_fit(part: Part, product: Product | None, model: str = "") -> None:
    """Raises Refused when a part does not go into this product; nothing is said where no product is known."""
    if product is not None and not queries.fits_product(part, product):
        fits = ", ".join(queries.fit_names(part.id)[:4])
        raise Refused(
            _(
                "%(part)s does not fit %(product)s. It fits: %(fits)s.",
                part=f"{part.name_id} ({part.number})", product=product.name, fits=fits,
            ),
            "item",
        )  # fmt: skip
    if product is None and model.strip() and not queries.fits_model(part, model):
        fits = ", ".join(queries.fit_names(part.id)[:4])
        raise Refused(
            _(
                "%(part)s does not fit model %(model)s. It fits: %(fits)s.",
                part=f"{part.name_id} ({part.number})", model=model.strip()[:80], fits=fits,
            ),
            "model",
        )  # fmt: skip


def check_way(way: str, paying: str, address: str) -> None:
    if way not in list(Way):
        raise Refused(_("Choose one of these."), "way")
    if paying not in list(Paying):
        raise Refused(_("Choose one of these."), "paying")
    if paying == Paying.DELIVERY and way != Way.SEND:
        raise Refused(_("You can pay on delivery only when it is sent."), "paying")
    if way == Way.SEND and not address.strip():
        raise Refused(_("Write the address that it is sent to."), "address")
    if len(address) > ADDRESS:
        raise Refused(_("Please keep it under %(count)s characters.", count=ADDRESS), "address")


def total(made: Any, lines: Sequence[Any]) -> int:
    """What an order costs: its lines that were not given up, and sending."""
    return sum(line.price * line.pieces for line in lines if line.state != Line.CANCELLED) + (
        made.freight or 0
    )


def _begin(case: Case, way: Way, paying: Paying | None, address: str) -> PartOrder:
    made = PartOrder(
        case_id=case.id, way=way, paying=paying or Paying.COUNTER, address=address.strip()[:ADDRESS]
    )
    db.session.add(made)
    db.session.flush()
    return made


def _add(made: PartOrder, part: Part, pieces: int, price: int, outlet: Outlet) -> PartLine:
    stock.open_level(part.id, outlet.id)  # so that the reorder list sees that it is wanted
    line = PartLine(
        case_id=made.case_id, part_id=part.id, pieces=pieces, price=price, currency=outlet.currency,
        outlet_id=outlet.id,
    )  # fmt: skip
    db.session.add(line)
    return line


def _in(case_id: int, *states: Line) -> list[PartLine]:
    lines = select(PartLine).where(PartLine.case_id == case_id, PartLine.state.in_(states))
    return list(db.session.scalars(lines.order_by(PartLine.id)))


def _check_pieces(part: Part, pieces: int | None) -> None:
    if not part.active:
        raise Refused(_("%(part)s is no longer sold.", part=part.name_id))
    stock.check_pieces(pieces)


def _check_open(case: Case, line: PartLine) -> None:
    if not case.on_desk or line.state in (Line.GONE, Line.CANCELLED):
        raise Refused(_("That can no longer be done. Reload the page to see how it stands."))


def _way_asked(case: Case) -> Way:
    told = db.session.get(Request, case.id)
    asked = told.answers.get("way") if told else None
    return Way(asked) if asked in list(Way) else Way.COLLECT


def _note(actor: Actor, case: Case, did: str, line: PartLine, now: datetime) -> None:
    part = db.session.get_one(Part, line.part_id)
    cases.note(
        actor, case, "part", now, internal=True,
        data={"did": did, "part": part.name_id, "number": part.number, "pieces": line.pieces},
    )  # fmt: skip


def _money(amount: int, case: Case) -> Money:
    return Money(amount, case.outlet.currency)
