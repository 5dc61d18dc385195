"""Every page for everybody: by finger, by keyboard, enlarged, in the dark, by screen reader."""

import pytest
from playwright.sync_api import Browser

from tests.fixtures.cast import agent
from tests.journeys.everything import Everything, everything
from tests.journeys.window import DESKTOP, PHONE, Window

__all__ = ["agent", "everything"]  # the agent of the route tests
pytestmark = pytest.mark.journey
ZOOMED = (320, 256)  # 1280 × 1024 at 400 %
EVERYBODY = ("visitor", "customer", "stranger", "technician", "agent", "manager", "admin")
ENOUGH = ("visitor", "customer", "agent", "admin")  # between them they see every kind of page


@pytest.mark.parametrize(
    ("size", "dark", "people"),
    [(PHONE, False, EVERYBODY), (ZOOMED, False, ENOUGH), (DESKTOP, True, ENOUGH)],
    ids=["phone", "zoomed", "desktop, dark"],
)
def test_every_page(
    everything: Everything, chromium: Browser, size: tuple[int, int], dark: bool, people: tuple[str, ...]
) -> None:
    wrong: list[str] = []
    shown: set[str] = set()
    for who in people:
        window = everything.opens(
            who, Window(everything.portal, chromium, size=size, dark=dark, axe=size != ZOOMED)
        )
        titles: dict[str, str] = {}
        for path, main in everything.pages[who]:
            if titles and main in shown:
                continue  # to somebody else, whose page was the same
            shown.add(main)
            try:
                window.go(path)
                if size != DESKTOP:  # where a finger is at work
                    window.touches()
            except AssertionError as found:
                wrong.append(f"{who} {path}: {found}")
                window.faults.clear()
            title = window.page.title()
            if "?" not in path and (other := titles.setdefault(title, path)) != path:
                wrong.append(f"{who}: {other} and {path} are both called {title}")
        window.close()
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong)
