"""The style guide, photographed in every light; what holds there holds wherever its parts stand."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import ARGUMENTS
from tests.journeys.portal import Portal
from tests.journeys.window import DESKTOP, PHONE, Window

pytestmark = pytest.mark.journey
PICTURES = Path(__file__).parents[2] / "var" / "pictures"
ZOOMED, LOW = (320, 256), (320, 640)  # 1280 × 1024 at 400 %; the narrowest phone
LOOKS: dict[str, dict[str, Any]] = {
    "phone": {"size": PHONE},
    "phone-dark": {"size": PHONE, "dark": True},
    "desktop": {"size": DESKTOP},
    "desktop-dark": {"size": DESKTOP, "dark": True},
    "narrow": {"size": LOW},
    "zoomed": {"size": ZOOMED},
}


@pytest.mark.parametrize("way", ["ltr", "rtl"])
@pytest.mark.parametrize("look", LOOKS)
def test_the_style_guide(portal: Portal, chromium: Browser, look: str, way: str) -> None:
    window = Window(portal, chromium, **LOOKS[look])
    window.go(f"/styleguide?dir={way}")
    window.touches()
    photograph(window, f"styleguide-{look}-{way}")
    window.close()


def test_letters_twice_as_large(portal: Portal, chromium: Browser) -> None:
    large = chromium.browser_type.launch(
        executable_path=shutil.which("chromium"), args=[*ARGUMENTS, "--blink-settings=defaultFontSize=32"]
    )
    window = Window(portal, large, size=PHONE)
    window.go("/styleguide")
    assert window.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    photograph(window, "styleguide-large")
    window.close()
    large.close()


def test_on_paper(portal: Portal, chromium: Browser) -> None:
    window = Window(portal, chromium, size=DESKTOP)
    window.go("/styleguide").page.emulate_media(media="print")
    photograph(window, "styleguide-print")
    assert not window.page.locator(".top").is_visible() or not window.page.locator(".nav").is_visible()
    window.close()


def photograph(window: Window, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    window.page.screenshot(path=PICTURES / f"{name}.png", full_page=True, timeout=30_000)
