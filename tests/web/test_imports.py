"""Sales from a file, as a manager meets it: upload, columns, preview, start, refused rows."""

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.domain.catalog.models import Outlet
from portal.domain.intake import imports
from portal.domain.intake.models import Import
from portal.domain.intake.rules import Stage
from portal.domain.purchases.models import Purchase
from portal.imports import worker
from tests import factories
from tests.browser import Browser
from tests.forms import fields

SALES = (
    b"No Nota;Tanggal;Barang;Harga\n1;01/03/2024;Kopi;25.500\n2;02/03/2024;Teh;5.000\n"
    b"3;02/03/0202;Teh;5.000\n"
)


@pytest.fixture
def job(manager: Browser, outlet: Outlet) -> Import:
    return factories.uploaded(manager.actor, outlet)


def upload(browser: Browser, data: bytes = SALES, **form: object) -> Import:
    """Send a file and let the worker look at it."""
    outlet = db.session.scalars(select(Outlet.id)).first() or factories.outlet().id
    form = {"outlet_id": outlet, "file": (BytesIO(data), "maret.csv"), **form}
    browser.post("/desk/imports", **form)
    worker.work_on_next()
    return latest()


def confirm(browser: Browser, path: str) -> None:
    """Take the columns as they are guessed, and let the worker check the file."""
    browser.post(f"{path}/columns", **fields(browser.get(path).text, f"{path}/columns"))
    worker.work_on_next()


def latest() -> Import:
    db.session.rollback()
    newest = select(Import).order_by(Import.id.desc()).execution_options(populate_existing=True)
    found = db.session.scalars(newest).first()
    assert found is not None
    return found


def test_from_the_upload_to_the_receipts(manager: Browser, outlet: Outlet) -> None:
    path = f"/desk/imports/{upload(manager).code}"
    page = manager.get(path).text
    assert "“25.500” is read as 25,500" in page and "No Nota: 1, 2" in page
    manager.post(f"{path}/columns", **fields(page, f"{path}/columns"))
    assert "We check every row" in manager.get(path).text
    worker.work_on_next()
    page = manager.get(path).text
    assert "Let 2 receipts in" in page and "1 row is refused" in page and "2 products are new" in page
    assert not db.session.scalars(select(Purchase)).all()
    manager.post(f"{path}/start", **fields(page, f"{path}/start"))
    worker.work_on_next()
    assert "The sales are in" in manager.get(path).text
    assert sorted(db.session.scalars(select(Purchase.number))) == ["1", "2"]
    refused = manager.get(f"{path}/refused")
    assert refused.headers["Content-Disposition"].startswith("attachment") and "0202" in refused.data.decode(
        "utf-8-sig"
    )
    again = upload(manager, SALES)
    page = manager.get(f"/desk/imports/{again.code}").text
    assert "You confirmed these" in page


def test_the_progress_is_a_block_that_asks_again_until_it_is_over(manager: Browser, job: Import) -> None:
    path = f"/desk/imports/{job.code}"
    assert "every 2s" not in manager.get(path).text
    imports.confirm(job, imports.plan_of(job).columns, numbers="comma", quantities="comma", dates="dmy")
    block = manager.get(path, htmx=True).text
    assert block.strip().startswith("<div") and "every 2s" in block and "<noscript>" in block


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"number": ""}, "Choose the column that holds this"),
        ({"date": "0"}, "is chosen twice"),
        ({"price": "77"}, "This choice is not available"),
        ({"numbers": "roman"}, "This choice is not available"),
    ],
)
def test_columns_that_cannot_be_are_sent_back(
    manager: Browser, job: Import, change: dict[str, str], said: str
) -> None:
    path = f"/desk/imports/{job.code}"
    form = {**fields(manager.get(path).text, f"{path}/columns"), **change}
    assert said in manager.post(f"{path}/columns", expect=422, **form).text
    assert latest().stage == Stage.MATCHING


def test_the_wrong_delimiter_is_corrected_by_a_person(manager: Browser) -> None:
    job = upload(manager)
    path = f"/desk/imports/{job.code}"
    for sign, width in (("comma", 1), ("semicolon", 4)):
        manager.post(f"{path}/look", **{"look-delimiter": sign, "look-row": "1"})
        worker.work_on_next()
        assert len(latest().guess["header"]) == width
    manager.post(f"{path}/look", expect=422, **{"look-delimiter": "dot", "look-row": "99"})


def test_a_file_of_nothing_new_says_so(manager: Browser) -> None:
    for _turn in range(2):
        path = f"/desk/imports/{upload(manager, SALES[:-27]).code}"
        manager.post(f"{path}/columns", **fields(manager.get(path).text, f"{path}/columns"))
        worker.work_on_next()
        page = manager.get(path).text
        if "Let " in page:
            manager.post(f"{path}/start")
            worker.work_on_next()
    assert "every receipt is there already" in page
    assert "nothing to start" in manager.post(f"{path}/start", expect=409).text
    manager.post(f"{path}/again")
    assert latest().stage == Stage.MATCHING


def test_names_of_outlets_are_asked_for_once(manager: Browser, outlet: Outlet) -> None:
    other = factories.outlet(name="Purnama Bandung")
    sales = b"Outlet;No Nota;Tanggal;Barang;Harga\nCabang BDG;1;01/02/2024;Kopi;5000\n"
    path = f"/desk/imports/{upload(manager, sales).code}"
    confirm(manager, path)
    page = manager.get(path).text
    assert "Which outlets are these?" in page and "Cabang BDG" in page
    assert "<dt>Rows refused</dt><dd>1</dd>" in page and "1 row is refused" in page
    manager.post(f"{path}/outlets", expect=409, **{"outlet-0": "999"})
    manager.post(f"{path}/outlets", **{"outlet-0": other.id})
    worker.work_on_next()
    assert "Which outlets" not in manager.get(path).text
    manager.post(f"{path}/start")
    worker.work_on_next()
    assert db.session.scalars(select(Purchase.outlet_id)).all() == [other.id]
    again = f"/desk/imports/{upload(manager, sales.replace(b';1;', b';2;')).code}"
    confirm(manager, again)
    assert latest().counts["refused"] == 0 and not latest().counts["outlets"]


def test_cancelling_twice_is_harmless(manager: Browser, job: Import) -> None:
    for _turn in range(2):
        manager.post(f"/desk/imports/{job.code}/cancel")
    assert latest().stage == Stage.CANCELLED
    assert "Nothing of it came in" in manager.get(f"/desk/imports/{job.code}").text
    for step in ("columns", "look", "start", "again"):
        manager.post(f"/desk/imports/{job.code}/{step}")
    assert latest().stage == Stage.CANCELLED


def test_a_form_that_is_sent_twice_is_one_import(app: Flask, manager: Browser) -> None:
    for _turn in range(2):
        upload(manager, _key="once")
    assert len(db.session.scalars(select(Import)).all()) == 1


def test_no_file_and_a_file_that_is_too_large(manager: Browser, agent: Browser, outlet: Outlet) -> None:
    assert "Choose a file" in manager.post("/desk/imports", expect=422, outlet_id=outlet.id).text
    body = {"data": b"", "content_type": "multipart/form-data; boundary=x"}
    declared = {**body, "environ_overrides": {"CONTENT_LENGTH": str(2 << 30)}}
    for browser in (manager, agent):
        answer = browser._open("POST", "/desk/imports", 413, False, {}, **declared)
        assert "A file of sales can have up to 200 MB" in answer.text


def test_a_file_that_came_with_a_wrong_form_is_not_kept(manager: Browser) -> None:
    manager.post("/desk/imports", expect=422, file=(BytesIO(SALES), "a.csv"), outlet_id=999)
    folder = Path(manager.app.extensions["settings"].files)
    assert not [path for path in folder.rglob("imports/*") if path.is_file()]


def test_only_those_who_may_import(
    app: Flask, agent: Browser, stranger: Browser, client: Browser, manager: Browser, job: Import
) -> None:
    path = f"/desk/imports/{job.code}"
    for page in ("/desk/imports", path, f"{path}/refused"):
        agent.get(page, expect=403)
        stranger.get(page, expect=403)
        assert "/staff/sign-in" in client.get(page, expect=303).headers["Location"]
    for step in ("columns", "look", "start", "again", "cancel"):
        agent.post(f"{path}/{step}", expect=403)
        manager.get(f"{path}/{step}", expect=405)
        manager.post(f"/desk/imports/ZZZZZZZZ/{step}", expect=404)
    manager.get(f"{path}/refused", expect=404)
    agent.post("/desk/imports", expect=403, outlet_id=1, file=(BytesIO(SALES), "a.csv"))
    assert "Import sales" in manager.get("/desk/receipts").text
    assert "Import sales" not in agent.get("/desk/receipts").text
