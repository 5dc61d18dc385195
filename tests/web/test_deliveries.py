"""What was sold travels to its buyer: told with the sale or later, followed, and cover begins on arrival."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import jobs
from portal.db import db
from portal.domain.accounts.rules import SYSTEM
from portal.domain.purchases import queries as purchases
from portal.domain.purchases.models import Purchase
from portal.domain.shipments import actions
from portal.domain.shipments.models import Leg, PurchaseLeg
from portal.domain.shipments.rules import Direction, Status
from portal.domain.units import due
from portal.domain.units.models import Unit
from portal.kernel import clock
from portal.kernel.clock import day_in
from tests import factories
from tests.adapters.couriers.samples import biteship
from tests.adapters.pos.samples import shopify_order
from tests.browser import Browser
from tests.fixtures.couriers import sent
from tests.till import PURCHASES, sale

ZONE = "Asia/Jakarta"


def legs() -> list[Leg]:
    db.session.rollback()
    return list(db.session.scalars(select(Leg).order_by(Leg.id)))


def test_a_till_tells_it_with_the_sale_or_later(pos: Any) -> None:
    pos.post(sale(courier="jne", waybill=123082100003094))
    pos.post(sale(courier="jne", waybill="0123082100003094"), expect=200)
    pos.post(sale(courier="jne", waybill="123082100003094", cashier="Sari"), expect=200)
    assert [(leg.courier, leg.waybill) for leg in legs()] == [
        ("JNE", "123082100003094"), ("JNE", "0123082100003094"),
    ]  # fmt: skip
    pos.post(sale(number="N-2", waybill="X9"))
    assert legs()[-1].courier == "Kurir", "who is not named"
    pos.post(sale(number="N-3", courier="x" * 41), expect=422)
    pos.post(sale(number="N-4"))
    assert len(legs()) == 3
    assert {leg.direction for leg in legs()} == {Direction.TO_CUSTOMER}
    assert pos.get(f"{PURCHASES}?outlet=PNK&number=N-4").status_code == 200


def test_an_online_shop_tells_its_parcels(till: Any) -> None:
    it = till("shopify")
    it.send(shopify_order())
    parcel = {"id": 1, "status": "success", "tracking_company": "J&T Express", "tracking_number": "JP1"}
    gone = {"id": 2, "status": "cancelled", "tracking_company": "JNE", "tracking_number": "BATAL"}
    it.send(shopify_order(updated_at="2026-11-02T10:00:00+07:00", fulfillments=[parcel, gone]))
    assert [(leg.courier, leg.waybill) for leg in legs()] == [("J&T Express", "JP1")]


def test_the_counter_sends_it(agent: Browser) -> None:
    factories.outlet("PNK")
    factories.product(sku="LAMPU-1", serialised=False)
    line = {
        "lines-0-sku": "LAMPU-1",
        "lines-0-description": "Lampu",
        "lines-0-quantity": "1",
        "lines-0-price": "5",
    }
    agent.post("/desk/sell", do="record", outlet="PNK", courier="SiCepat", waybill="SC1", **line)
    assert [leg.waybill for leg in legs()] == ["SC1"]


def test_the_desk_gives_a_delivery_to_a_receipt(agent: Browser, technician: Browser, owner: Browser) -> None:
    code = owner.purchase.code  # type: ignore[attr-defined]
    path = f"/desk/receipts/{code}/deliveries"
    technician.post(path, courier="JNE", waybill="J1", expect=404)  # who does not see receipts
    agent.post(path, courier="", waybill="J1", expect=422)
    for _time in range(2):
        agent.post(path, courier="jne", waybill="J1")
    assert len(legs()) == 1
    agent.post(path, courier="jne", waybill="J2")
    assert len(legs()) == 2
    assert f'hx-get="{path}"' in agent.get(f"/desk/receipts/{code}").text
    page, part = agent.get(path).text, agent.get(path, htmx=True).text
    assert "J1" in part and "J2" in part and "<html" not in part
    assert "J1" in page and "<html" in page
    technician.get(path, expect=403)
    owner.post(path, courier="JNE", expect=403)


def test_the_customer_follows_it_and_paper_shows_no_person(
    owner: Browser, stranger: Browser, client: Any, courier: Any
) -> None:
    leg, code = sent(owner.purchase), owner.purchase.code  # type: ignore[attr-defined]
    courier("biteship").send(biteship("picked", updated_at=clock.now().isoformat(), note="DARI [SITI]"))
    page = owner.get(f"/purchases/{code}").text
    assert leg.waybill in page and "Picked up" in page and "not known" in page
    assert f'hx-get="/purchases/{code}/road"' in page, "it is asked again while it is under way"
    part = owner.get(f"/purchases/{code}/road", htmx=True).text
    assert "<html" not in part and leg.waybill in part
    assert owner.get(f"/purchases/{code}/road", expect=303).location == f"/purchases/{code}"
    stranger.get(f"/purchases/{code}/road", htmx=True, expect=404)
    paper = client.get(f"/q/{purchases.token_of(owner.purchase.id)}").text  # type: ignore[attr-defined]
    assert "Picked up" in paper
    assert leg.waybill not in paper and "SITI" not in paper and "Siti" not in paper


@pytest.mark.parametrize("written", [None, 3])
def test_cover_begins_on_the_day_it_arrives_unless_somebody_wrote_another(
    owner: Browser, agent: Browser, written: int | None
) -> None:
    unit: Unit = owner.unit  # type: ignore[attr-defined]
    today = day_in(ZONE, clock.now())
    if written:
        day = today - timedelta(days=written)
        agent.post(
            f"/desk/units/{unit.code}/correct", delivered_on=day, serial=unit.serial, version=unit.version
        )
    if not written:
        assert "not begun yet" in owner.get(f"/units/{unit.code}").text
    first, second = sent(owner.purchase, "A1"), sent(owner.purchase, "B2")  # type: ignore[attr-defined]
    agent.post(f"/desk/legs/{first.code}", status="delivered")
    db.session.refresh(unit)
    assert unit.delivered_on == (today - timedelta(days=written) if written else None), "one is under way"
    agent.post(f"/desk/legs/{second.code}", status="delivered")
    db.session.rollback()
    db.session.refresh(unit)
    assert unit.delivered_on == today - timedelta(days=written or 0)
    assert "not begun yet" not in owner.get(f"/units/{unit.code}").text
    page = owner.get(f"/purchases/{owner.purchase.code}").text  # type: ignore[attr-defined]
    assert "hx-get" not in page, "nothing is under way any more"


def test_a_day_that_turns_out_wrong_is_put_right(owner: Browser, agent: Browser) -> None:
    unit: Unit = owner.unit  # type: ignore[attr-defined]
    leg, now = sent(owner.purchase, at=clock.now() - timedelta(days=5)), clock.now()  # type: ignore[attr-defined]
    actions.move(agent.actor, leg, Status.DELIVERED, at=now, place="", note="", now=now)
    factories.settle()
    assert unit.delivered_on == day_in(ZONE, now)
    actions.move(agent.actor, leg, Status.DELIVERED, at=now - timedelta(days=2), place="", note="", now=now)
    factories.settle()
    db.session.refresh(unit)
    assert unit.delivered_on == day_in(ZONE, now) - timedelta(days=2)
    told = db.session.scalars(select(PurchaseLeg.delivered_on)).one()
    assert told == unit.delivered_on
    assert db.session.scalars(select(Purchase)).all()


def test_what_a_customer_sends_is_followed(
    owner: Browser, stranger: Browser, agent: Browser, claim: Any
) -> None:
    path = f"/cases/{claim.code}/sent"
    owner.post(path, courier="JNE", waybill="J1", expect=409)  # nobody asked for it
    owner.get(f"/cases/{claim.code}/label.pdf", expect=404)
    agent.post(f"/desk/cases/{claim.code}/moves", event="request_item", version=claim.version)
    assert "label.pdf" in owner.get(f"/cases/{claim.code}").text
    stranger.post(path, courier="JNE", waybill="J1", expect=404)
    owner.post(path, courier="", waybill="")
    assert legs() == []
    for _time in range(2):
        owner.post(path, courier="jne", waybill="J 1")
    [leg] = legs()
    assert (leg.direction, leg.courier) == (Direction.TO_SHOP, "JNE")
    assert "J 1" in owner.get(f"/cases/{claim.code}").text
    agent.post(f"/desk/legs/{leg.code}", status="delivered")
    db.session.refresh(claim)
    assert claim.state == "received"


def test_what_gets_its_warranty_after_the_parcel_came_begins_on_the_day_it_came(owner: Browser) -> None:
    outlet, later = factories.outlet(), factories.product(policy_id=None)
    bought = factories.purchase(outlet, [(later, 1)], buyer=owner.person)
    plain = factories.purchase(outlet, [(later, 1)], buyer=owner.person)
    leg, now = sent(bought, "L1", at=clock.now() - timedelta(days=9)), clock.now()
    actions.move(SYSTEM, leg, Status.DELIVERED, at=now - timedelta(days=4), place="", note="", now=now)
    factories.settle()
    assert not factories.units_of(bought)
    later.policy_id = factories.policy().id
    due.note([later.id])
    db.session.commit()
    for _again in range(2):
        jobs.make_missing_units()
        [unit], [other] = factories.units_of(bought), factories.units_of(plain)
        assert unit.delivered_on == max(day_in(ZONE, now - timedelta(days=4)), unit.bought_on)
        assert other.delivered_on is None
