"""The journeys' eye for what not everybody can read: it sees faults, in new places too."""

import pytest
from playwright.sync_api import Browser

from tests.journeys.axe import faults_of

pytestmark = pytest.mark.journey
PAGE = "<!doctype html><html lang=id><title>Uji</title><main><h1>Uji</h1><p>Jelas</p>%s</main></html>"


def test_a_fault_is_seen_once_in_each_kind_of_place(chromium: Browser) -> None:
    page = chromium.new_page()
    told = []
    for more in (
        "",
        "<p>Jelas juga</p>",
        "<p style='color:#ccc' class=pale>Pucat</p>",
        "<p style='color:#ccc' class=pale>Pucat lagi</p>",
        "<div style='background:#333'><p>Jelas, tetapi di atas gelap</p></div>",
        "<input class=input>",
    ):
        page.set_content(PAGE % more)
        told.append([fault.split(": ")[1] for fault in faults_of(page, "these tests")])
    page.close()
    assert told == [[], [], ["color-contrast"], [], ["color-contrast"], ["label"]]
