"""The sample of real receipts: its totals are the file's, and twice is once."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.db import db
from portal.demo import online_retail
from portal.demo.seed import is_empty
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.domain.units.models import Unit
from portal.kernel import clock
from tests.browser import Browser


def counts() -> list[int | None]:
    tables = (Purchase, PurchaseLine, Unit)
    return [db.session.scalar(select(func.count()).select_from(table)) for table in tables]


@pytest.mark.slow
def test_the_sample_is_loaded_once_and_exactly(app: Flask, client: Browser) -> None:
    rows = online_retail.read_rows()
    pence = int(sum(Decimal(row["UnitPrice"]) * int(row["Quantity"]) for row in rows) * 100)
    invoices = {row["InvoiceNo"] for row in rows}
    first = online_retail.load(clock.now())
    assert first.lines == len(rows) and first.receipts == len(invoices)
    assert first.in_file == first.in_portal == pence == db.session.scalar(select(func.sum(Purchase.total)))
    assert first.kinds["cancellation"] == len([number for number in invoices if number[0] == "C"])
    before = counts()
    second = online_retail.load(clock.now())
    assert second.receipts == 0 and second.known == first.receipts and second.in_portal == first.in_portal
    assert counts() == before
    assert is_empty()  # the demo's own shops may still be added
    paper = client.get(f"/q/{first.token}").text
    assert "£" in paper and "£0.00" not in paper
    _a_receipt_keeps_its_hour_and_its_customer()


def _a_receipt_keeps_its_hour_and_its_customer() -> None:
    purchase = db.session.scalars(select(Purchase).where(Purchase.number == "536578")).one()
    assert purchase.bought_at == datetime(2010, 12, 1, 16, 15, tzinfo=ZoneInfo("Europe/London"))
    assert purchase.currency == "GBP" and purchase.customer and purchase.customer.name == "Customer 17690"
    assert purchase.lines[0].description == "HOT WATER BOTTLE BABUSHKA"
    units = list(db.session.scalars(select(Unit).where(Unit.purchase_id == purchase.id)))
    assert units and {unit.holder_id for unit in units} == {purchase.customer_id}
