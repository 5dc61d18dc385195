"""The shop's own targets, and the days on which it keeps other hours."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.domain.cases import targets
from portal.domain.cases.models import ClockChange
from portal.domain.catalog import holidays
from portal.domain.catalog.models import Holiday, Outlet
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.web import durations
from portal.web.words import speak
from tests import factories, forms
from tests.browser import Browser
from tests.pages import parse, words

TARGETS, HOLIDAYS = "/desk/targets", "/desk/holidays"


def filled(browser: Browser, path: str = TARGETS, action: str = "", **typed: str) -> dict[str, str]:
    """What the form of a page sends, with something typed into it."""
    return {**forms.fields(browser.get(path).text, action or path), **typed}


NORMAL = f"{TARGETS}?priority=normal"


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("4 jam", 240), ("4", 240), ("30 menit", 30), ("2 hari kerja", 960), ("1 jam 30 menit", 90),
        ("1,5 jam", 90), ("2 working days", 960), ("1 day 2 hours", 600), ("90m", 90),
    ],
)  # fmt: skip
def test_spans_are_read_as_people_write_them(typed: str, minutes: int) -> None:
    assert durations.parse(typed, always=False) == minutes


@pytest.mark.parametrize(
    "typed", ["", "sebentar", "2 bulan", "0", "1 menit", "-4 jam", "4 jam lagi ya", "99999 hari"]
)
def test_what_is_no_span_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        durations.parse(typed, always=False)


@pytest.mark.parametrize("minutes", [5, 60, 90, 480, 960, 1000, 4320])
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("always", [True, False])
def test_a_span_is_read_as_it_is_said(app: Flask, minutes: int, language: str, always: bool) -> None:
    with app.test_request_context():
        speak(language)
        assert durations.parse(durations.say(minutes, always=always), always=always) == minutes


def test_a_day_of_a_clock_that_never_stands_still_has_24_hours() -> None:
    assert durations.parse("3 hari", always=True) == 3 * 24 * 60


def test_the_page_says_what_results_for_each_priority(manager: Browser) -> None:
    manager.post(NORMAL, **filled(manager, action=NORMAL, warranty_first="4 hours"))
    page = parse(manager.get(TARGETS).text)
    told = {
        words(row[0]): [words(cell).split(" / ") for cell in row.findall("td")]
        for row in page.findall(".//tbody/tr")
    }
    assert [cell[0] for cell in told["Warranty claim"]] == ["1", "2", "4", "8"]
    assert [cell[2] for cell in told["Data-rights request day and night"]] == ["18", "36", "72", "72"]
    factors = words(page.find(".//thead"))
    assert "× 0.25" in factors and "× 2" in factors


def test_the_last_known_year_is_told_before_it_begins(
    manager: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = max(row["day"].year for row in holidays.national())
    assert [holidays.ending(date(last - ago, 12, 31)) for ago in (2, 1, 0)] == [None, last, last]
    told = f"known until the end of {last}"
    assert told not in manager.get(HOLIDAYS).text
    monkeypatch.setattr(holidays, "ending", lambda _today: last)
    assert told in manager.get(HOLIDAYS).text


def test_a_target_that_is_set_counts_and_other_priorities_follow(manager: Browser) -> None:
    assert 'placeholder="1 working day"' in manager.get(TARGETS).text
    manager.post(NORMAL, **filled(manager, action=NORMAL, warranty_first="4 hours"))
    assert targets.stored()["warranty", "normal"] == (240, None, None)
    assert 'placeholder="2 hours"' in manager.get(f"{TARGETS}?priority=high").text
    assert [change.kind for change in db.session.scalars(select(ClockChange))] == ["warranty"]
    manager.post(NORMAL, **filled(manager, action=NORMAL))
    assert targets.stored()["warranty", "normal"] == (240, None, None), "saved as it was"
    manager.post(NORMAL, **filled(manager, action=NORMAL, warranty_first=""))
    assert targets.stored()["warranty", "normal"] == (None, None, None)


def test_what_cannot_be_read_is_said_beside_it_and_kept(manager: Browser) -> None:
    typed = filled(manager, action=NORMAL, warranty_first="soon", part_done="2 hours")
    answer = manager.post(NORMAL, expect=422, **typed)
    assert 'value="soon"' in answer.text and 'value="2 hours"' in answer.text
    assert forms.errors(answer.text) == {"warranty_first"}
    assert targets.stored() == {}


def test_the_second_of_two_sees_both(manager: Browser) -> None:
    mine = filled(manager, action=NORMAL, warranty_first="3 hours")
    targets.save("normal", {"warranty": (60, None, None)})
    factories.settle()
    answer = manager.post(NORMAL, expect=409, **mine)
    assert forms.stale(answer.text) and "1 hour" in answer.text and 'value="3 hours"' in answer.text
    assert targets.stored()["warranty", "normal"][0] == 60
    manager.post(NORMAL, **forms.fields(answer.text, NORMAL))
    assert targets.stored()["warranty", "normal"][0] == 180


def test_holidays_are_seeded_once_and_what_was_changed_stays(manager: Browser) -> None:
    today = date(2026, 11, 22)
    assert holidays.seed(today) > 40
    assert holidays.seed(today) == 0
    eid = db.session.scalars(select(Holiday).where(Holiday.day == date(2027, 3, 10))).one()
    assert eid.estimate and eid.hours == ""
    assert db.session.scalars(select(Holiday).where(Holiday.day == date(2026, 12, 24))).one().hours == "usual"
    factories.settle()
    where = f"{HOLIDAYS}/{eid.id}"
    twin = manager.post(where, expect=422, **filled(manager, where, day="2027-03-09"))
    assert forms.errors(twin.text) == {"day"}, "joint leave is there already"
    manager.post(where, **filled(manager, where, day="2027-03-14"))
    db.session.expire_all()
    assert (eid.day, eid.estimate) == (date(2027, 3, 14), False)
    assert holidays.seed(today) == 0
    manager.post(f"{where}/remove", expect=409)
    assert db.session.get(Holiday, eid.id), "it can be made usual instead"


def test_a_day_of_one_outlet_counts_there_and_before_the_shops(manager: Browser, outlet: Outlet) -> None:
    usual, third, new = factories.outlet(), factories.outlet(), f"{HOLIDAYS}/new"
    christmas = {"day": "2026-12-25", "name": "Natal"}
    manager.post(new, **filled(manager, new, **christmas))
    manager.post(
        new, **filled(manager, new, **christmas, place=str(outlet.id), how="other", hours="09:00-12:00")
    )
    manager.post(new, **filled(manager, new, **christmas, place=str(usual.id), how="usual"))
    manager.post(new, expect=422, **filled(manager, new, **christmas))
    assert [holidays.others(place) for place in (outlet, usual, third)] == [
        "2026-12-25=09:00-12:00", None, "2026-12-25=",
    ]  # fmt: skip
    text = manager.get(f"{HOLIDAYS}?year=2026").text
    assert text.count("Natal") == 3 and "09:00–12:00" in text
    row = db.session.scalars(select(Holiday).where(Holiday.outlet_id == outlet.id)).one()
    manager.post(f"{HOLIDAYS}/{row.id}/remove")
    assert holidays.others(outlet) == "2026-12-25="


def test_other_hours_that_are_no_hours_are_refused(manager: Browser) -> None:
    new = f"{HOLIDAYS}/new"
    typed = filled(manager, new, day="2026-12-25", name="Natal", how="other", hours="morning")
    assert 'value="morning"' in manager.post(new, expect=422, **typed).text
    manager.post(new, expect=422, **{**typed, "hours": ""})
    manager.post(new, expect=422, **{**typed, "day": "", "hours": "09:00-12:00"})


def test_the_second_to_change_a_day_sees_both(manager: Browser) -> None:
    day = holidays.save(None, None, day=date(2026, 12, 31), outlet_id=None, name="Tutup buku", hours="")
    factories.settle()
    where = f"{HOLIDAYS}/{day.id}"
    mine = filled(manager, where, name="Stok opname")
    holidays.save(day, day.version, day=day.day, outlet_id=None, name="Malam tahun baru", hours="")
    factories.settle()
    answer = manager.post(where, expect=409, **mine)
    assert "Malam tahun baru" in answer.text and 'value="Stok opname"' in answer.text


def test_a_closed_day_shows_where_hours_are_shown(manager: Browser, outlet: Outlet) -> None:
    today = clock.day_in(outlet.timezone, clock.now())
    outlet.hours = dict.fromkeys(outlet.hours, "00:00-24:00") | {"sun": "00:00-24:00"}
    factories.settle()
    assert "Open now" in manager.get("/desk/catalog/outlets").text
    holidays.save(None, None, day=today, outlet_id=None, name="Stok opname", hours="")
    factories.settle()
    assert "Closed now" in manager.get("/desk/catalog/outlets").text


def test_agents_leave_hours_and_targets_to_managers(agent: Browser, manager: Browser) -> None:
    for path in (TARGETS, HOLIDAYS):
        agent.get(path, expect=403)
    manager.get(f"{HOLIDAYS}/99999", expect=404)
