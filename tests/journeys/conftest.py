"""What journeys start from: one browser a process, one portal a module, and people with fresh windows."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from portal.domain.accounts.rules import Role
from tests.journeys.customer import Customer
from tests.journeys.portal import Portal
from tests.journeys.shop import Shop
from tests.journeys.staff import Staff
from tests.journeys.window import Window

PROGRAM = "chromium-headless-shell"  # shows the same pages as a whole Chromium for half the work
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PHONE_ON_FILE = "+6281211112222"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = shutil.which(PROGRAM)
    if program is None:
        pytest.fail(f"Chromium is missing: apt-get install {PROGRAM}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Portal]:
    served = Portal(tmp_path_factory.mktemp("portal"), empty_database)
    yield served
    served.stop()


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """`everything` before anybody looked at it: made by the first test of a process, copied for each."""
    return {"folder": tmp_path_factory.mktemp("everything")}


@pytest.fixture
def shop(portal: Portal) -> Shop:
    return Shop(portal)


@pytest.fixture
def windows() -> Iterator[list[Window]]:
    """Every window that was opened, to be looked at once more when it closes."""
    opened: list[Window] = []
    yield opened
    for window in opened:
        window.close()


@pytest.fixture
def looks() -> dict[str, Any]:
    """How people look at the portal: `lang`, `scripts`, `dark`. Override it in a test's parameters."""
    return {}


@pytest.fixture
def customer(portal: Portal, chromium: Browser, windows: list[Window], looks: dict[str, Any]) -> Customer:
    """Dewi, who gave her phone number at the till."""
    windows.append(made := Customer(portal, chromium, reached_at=PHONE_ON_FILE, **looks))
    return made


@pytest.fixture
def hire(
    portal: Portal, chromium: Browser, windows: list[Window], shop: Shop, looks: dict[str, Any]
) -> Callable[..., Staff]:
    """`hire(Role.AGENT)`: somebody at a desk, signed in."""

    def hire(role: Role, name: str = "") -> Staff:
        windows.append(made := Staff(portal, chromium, email=shop.hires(role, name), **looks))
        return made.signs_in()

    return hire


@pytest.fixture
def agent(hire: Callable[..., Staff]) -> Staff:
    return hire(Role.AGENT)


@pytest.fixture
def technician(hire: Callable[..., Staff]) -> Staff:
    return hire(Role.TECHNICIAN)
