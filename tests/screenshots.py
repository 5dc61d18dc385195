"""`make screenshots`: the pictures of the README, taken of the demo in a real browser."""

import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import BrowserContext, Page

from portal.demo import run
from tests import contact_sheet
from tests.bench.visits import Demo, chromium

PICTURES = run.ROOT / ".github" / "pictures"
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 800}}
SCALE = 2  # pixels of the picture to one of the page
TABLE = "#e6e2d9"


def shot(page: Page) -> Image.Image:
    page.wait_for_load_state("networkidle")
    return Image.open(BytesIO(page.screenshot())).convert("RGB")


def row(pictures: list[Image.Image], width: int) -> Image.Image:
    """Pictures beside each other on a table, together `width` pixels wide."""
    gap = pictures[0].width // 10
    whole = sum(p.width + gap for p in pictures) + gap
    table = Image.new("RGB", (whole, max(p.height for p in pictures) + 2 * gap), TABLE)
    left = gap
    for picture in pictures:
        table.paste(picture, (left, gap))
        left += picture.width + gap
    return table.resize((width, table.height * width // whole), Image.Resampling.LANCZOS)


def save(name: str, picture: Image.Image) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    picture.save(PICTURES / f"{name}.webp", quality=80, method=6)
    size = (PICTURES / f"{name}.webp").stat().st_size // 1000
    print(f"{(PICTURES / name).relative_to(run.ROOT)}.webp: {picture.width} × {picture.height}, {size} KB")


def customer(demo: Demo, context: BrowserContext, paper: str) -> list[Image.Image]:
    """Paper, home, item, photos of a claim."""
    stranger = context.browser.new_context(locale="id-ID", device_scale_factor=SCALE, **PHONE)  # type: ignore[union-attr, arg-type]
    page = stranger.new_page()
    page.goto(paper)
    pictures = [shot(page)]
    page = context.new_page()
    page.goto(f"{demo.url}/home")
    pictures.append(shot(page))
    draft = page.locator(
        "main a[href*='/claims/new'], main a[href^='/cases/'], main a[href^='/units/']"
    ).first
    draft.click()
    page.wait_for_load_state()
    unit = page.url.removeprefix(demo.url).split("/claims/")[0]
    for path in (unit, f"{unit}/claims/new/photos"):
        page.goto(f"{demo.url}{path}")
        pictures.append(shot(page))
    return pictures


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        demo = Demo(Path(folder))
        try:
            looks = {"device_scale_factor": SCALE}
            paper = demo.flask("receipt-link", "PRNA2026")
            owner = demo.signed_in(browser, "dewi@pelanggan.example", **PHONE, **looks)
            save("customer", row(customer(demo, owner, paper), 1600))
            for scheme in ("light", "dark"):
                agent = demo.signed_in(browser, "rizky@purnama.example", **DESK, **looks, color_scheme=scheme)
                page = agent.new_page()
                page.goto(f"{demo.url}/desk?stage=review")
                page.locator("[data-row] a", has_text="Ada suara, tidak ada gambar").first.click()
                page.locator(".lane [data-row]").first.wait_for()
                save(f"case-{scheme}", shot(page).resize((1600, 1000), Image.Resampling.LANCZOS))
        finally:
            demo.server.stop()
    save("documents", contact_sheet.sheet([contact_sheet.rows()[2]]))


if __name__ == "__main__":
    main()
