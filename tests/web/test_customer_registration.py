"""Registering something bought elsewhere, and sending it again after a rejection."""

from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.db import db
from portal.domain.accounts.rules import Reach
from portal.domain.files.models import FileState, StoredFile
from portal.domain.units import actions as units
from portal.domain.units.models import Unit, UnitPhoto
from portal.domain.units.rules import Registration
from portal.kernel import clock
from tests import factories
from tests.browser import Browser
from tests.pages import parse

PHOTO = (Path(__file__).parents[1] / "adapters" / "images" / "hopper.webp").read_bytes()


def photo():
    return [(BytesIO(PHOTO), "nota.webp")]


@pytest.fixture
def form(outlet, product):
    """What somebody writes who does it right."""
    return {
        "product": product.sku, "outlet": outlet.code, "serial": "sn 77", "bought_on": "2025-03-04",
        "bought_at_shop": "Toko Jaya",
    }  # fmt: skip


@pytest.fixture
def rejected(stranger, agent, form):
    """A registration that the shop could not accept."""
    code = stranger.post("/units/register", **form, photos=photo()).headers["Location"].rsplit("/", 1)[1]
    unit = db.session.scalar(select(Unit).where(Unit.code == code))
    units.decide_registration(
        agent.actor, unit, approve=False, reason="Nota buram.", version=unit.version, now=clock.now()
    )
    factories.settle()
    return code


def registrations():
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Unit.registration == Registration.PENDING))


def test_the_product_is_found_without_a_script(stranger, product):
    assert product.sku in stranger.get("/units/register?q=televisi nusa").text
    assert product.sku not in stranger.get("/units/register?q=kulkas").text
    stranger.get(f"/units/register?product={product.sku}")
    stranger.get("/units/register?product=NONE", expect=404)


def test_a_registration_waits_for_the_shop_and_its_photo_is_kept(stranger, form):
    answer = stranger.post("/units/register", **form, photos=photo())
    page = stranger.follow(answer).text
    assert "SN77" in page and "/claims/new" not in page
    assert db.session.scalar(select(StoredFile.state)) == FileState.KEPT


def test_what_was_typed_stays(stranger, form):
    page = stranger.post(
        "/units/register", **{**form, "bought_on": "2999-01-01"}, photos=photo(), expect=422
    ).text
    tree = parse(page)
    assert tree.find(".//input[@name='serial']").get("value") == "sn 77"
    assert tree.find(".//input[@name='photos-kept']") is not None
    assert stranger.post("/units/register", **form, expect=422).text.count('class="error"') >= 1
    assert registrations() == 0


def test_a_serial_of_somebody_else_is_refused(stranger, owner, form):
    page = stranger.post(
        "/units/register", **{**form, "serial": owner.unit.serial}, photos=photo(), expect=422
    ).text
    assert "serial-error" in page and owner.unit.code not in page


def test_sent_twice_is_one_registration(stranger, form):
    first = stranger.post("/units/register", **form, photos=photo(), _key="one")
    second = stranger.post("/units/register", **form, photos=photo(), _key="one")
    assert first.headers["Location"] == second.headers["Location"] and registrations() == 1


def test_a_rejected_one_is_sent_again_with_everything_prefilled(stranger, rejected):
    tree = parse(stranger.get(f"/units/{rejected}/resend").text)
    assert tree.find(".//input[@name='serial']").get("value") == "SN77"
    assert tree.find(".//input[@name='bought_on']").get("value") == "2025-03-04"
    kept = tree.find(".//input[@name='photos-kept']").get("value")
    again = {"serial": "SN77", "bought_on": "2025-03-04", "photos-kept": kept}
    stranger.follow(stranger.post(f"/units/{rejected}/resend", **again))
    assert registrations() == 1
    assert db.session.scalar(select(UnitPhoto.file_code)) == kept
    stranger.post(f"/units/{rejected}/resend", **again, expect=409)


def test_who_may_not_and_how_not(owner, agent, client, rejected, form):
    path = f"/units/{rejected}/resend"
    owner.get(path, expect=404)
    owner.post(path, serial="X", bought_on="2025-01-01", expect=404)
    agent.get(path, expect=403)
    client.post(path, expect=303)
    agent.post("/units/register", **form, expect=403)


def test_paper_alone_registers_nothing(app, owner, form):
    from_paper = Browser(app, owner.person, reach=Reach(purchases=(owner.purchase.id,)))
    assert from_paper.get("/units/register", expect=303).headers["Location"] == "/account/everything"
    from_paper.post("/units/register", **form, photos=photo(), expect=422)
    assert registrations() == 0
