"""The counter sale against hurry and mischief: one sticker for two, too many lines, amounts below nothing."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.purchases import stickers
from portal.domain.purchases.models import Purchase, ReceiptLink
from portal.domain.units.models import Unit
from portal.kernel import clock
from tests import factories
from tests.browser import Browser
from tests.forms import errors
from tests.threads import at_once
from tests.web.test_sell import line, sell


def counted() -> int:
    return db.session.scalar(select(func.count()).select_from(Purchase)) or 0


def test_one_sticker_for_two_sales_at_the_same_moment(both: Flask) -> None:
    both.testing = False
    outlet = factories.outlet()
    [sheet] = stickers.make(1, 24, clock.now())
    code = stickers.on_sheets([sheet])[sheet][0][0]
    browsers = [Browser(both, factories.staff(Role.AGENT)) for _n in range(4)]
    db.session.commit()
    form = {"do": "record", "outlet": outlet.code, "sticker": code, **line()}

    def record(n: int) -> int:
        path, host = "/desk/sell", browsers[n]._host()
        data = {**form, "csrf_token": browsers[n].csrf()}
        return browsers[n].client.post(path, base_url=host, data=data).status_code

    answers = sorted(at_once(both, 4, record))
    assert answers[0] == 303 and set(answers[1:]) <= {409, 422}
    db.session.expire_all()
    assert counted() == 1


def test_one_serial_number_for_two_sales_at_the_same_moment(both: Flask) -> None:
    both.testing = False
    outlet, tv = factories.outlet(), factories.product()
    browsers = [Browser(both, factories.staff(Role.AGENT)) for _n in range(4)]
    form = {"do": "record", "outlet": outlet.code, **line(tv, serialised="1", serial="SN1")}

    def record(n: int) -> int:
        path, host = "/desk/sell", browsers[n]._host()
        data = {**form, "csrf_token": browsers[n].csrf()}
        return browsers[n].client.post(path, base_url=host, data=data).status_code

    answers = sorted(at_once(both, 4, record))
    assert answers[0] == 303 and set(answers[1:]) <= {409, 422}
    db.session.expire_all()
    assert (counted(), db.session.scalar(select(func.count()).select_from(Unit))) == (1, 1)


def test_two_hundred_sales_without_a_number_get_each_their_own(both: Flask) -> None:
    both.testing = False
    outlet = factories.outlet()
    browsers = [Browser(both, factories.staff(Role.AGENT)) for _n in range(6)]
    form = {"do": "record", "outlet": outlet.code, **line()}

    def record(n: int) -> list[int]:
        host = browsers[n]._host()
        data = {**form, "csrf_token": browsers[n].csrf()}
        return [
            browsers[n].client.post("/desk/sell", base_url=host, data=data).status_code for _m in range(4)
        ]

    assert {status for some in at_once(both, 6, record) for status in some} == {303}
    assert counted() == 24


def test_a_revoked_sticker_sells_nothing(agent, outlet):
    [sheet] = stickers.make(1, 24, clock.now())
    code = stickers.on_sheets([sheet])[sheet][0][0]
    db.session.execute(ReceiptLink.__table__.update().values(revoked_at=clock.now()))
    db.session.commit()
    assert errors(sell(agent, outlet, expect=422, sticker=code, **line()).text)
    assert counted() == 0


def test_more_lines_than_a_sale_has_are_told_not_cut_off(agent, outlet):
    many = {}
    for n in range(31):
        many |= line(n=n)
    page = sell(agent, outlet, expect=422, **many)
    assert "A receipt holds 30 items" in page.text and counted() == 0
    thirty = {name: value for name, value in many.items() if not name.startswith("lines-30-")}
    page = agent.post("/desk/sell", expect=200, do="free", outlet=outlet.code, **thirty)
    assert "A receipt holds 30 items" in page.text and "lines-30-" not in page.text


@pytest.mark.parametrize(
    "wrong", [{"quantity": "-1"}, {"quantity": "0"}, {"price": "-5"}, {"price": "1e9"}, {"price": "NaN"},
              {"quantity": "9" * 30}, {"price": "9" * 40}, {"description": ""}, {"quantity": "1,5"}],
)  # fmt: skip
def test_amounts_that_cannot_be(agent, outlet, wrong):
    sell(agent, outlet, expect=422, **line(**wrong))
    assert counted() == 0
