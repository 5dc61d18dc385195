"""`make contact-sheet`: every document of the demo side by side, in colour and as grey printers print it."""

import os
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageOps
from sqlalchemy import func, select

from portal.db import db
from portal.demo import run
from portal.domain.accounts.models import Staff
from portal.domain.accounts.rules import Role
from portal.domain.catalog.models import Product
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.domain.units.models import Unit
from portal.settings import Settings
from portal.web.app import create_app
from tests.browser import Browser

SHEET = run.ROOT / "var" / "contact-sheet.png"
DOTS = 60  # an inch
TABLE, INK = "#e6e2d9", "#26221d"
EDGE, GAP = 60, 26
GUIDES = (("WM-8T", "id"), ("SF-3L", "en"), ("BT-PJ", "id"), ("CK-20", "en"))
CARDS = (("FR-2P240", "id"), ("AC-09K", "en"), ("SH-KL", "id"))


def addresses() -> list[list[str]]:
    """The rows of the sheet: the addresses of the documents in each."""
    longest = db.session.execute(
        select(Purchase.code)
        .join(PurchaseLine, PurchaseLine.purchase_id == Purchase.id)
        .join(Unit, Unit.line_id == PurchaseLine.id)
        .group_by(Purchase.id)
        .order_by(func.count().desc(), Purchase.bought_at.desc())
    ).scalar()
    cards = [f"/desk/units/{db.session.scalar(_newest_unit(sku))}/card.{lang}.pdf" for sku, lang in CARDS]
    receipts = [f"/desk/receipts/{longest}/receipt.pdf?paper={paper}" for paper in ("a4", "80", "58")]
    guides = [[f"/guides/{sku}/1.{lang}.pdf"] for sku, lang in GUIDES]
    return [*guides[:2], cards + receipts, *guides[2:]]


def _newest_unit(sku: str) -> object:
    return (
        select(Unit.code)
        .join(Product, Product.id == Unit.product_id)
        .where(Product.sku == sku, Unit.registration == "valid")
        .order_by(Unit.bought_on.desc(), Unit.id)
        .limit(1)
    )


def pages(browser: Browser, path: str) -> list[Image.Image]:
    """The pages of a document as a member of staff gets it."""
    if path.startswith("/guides/"):
        path = browser.get(path, expect=302).location
    answer = browser.get(path)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["pdftoppm", "-r", str(DOTS * 2), "-png", "-", f"{folder}/p"], input=answer.data, check=True
        )
        found = [Image.open(file).convert("RGB") for file in sorted(Path(folder).glob("p*"))]
    return [page.reduce(2) for page in found]


def sheet(rows: list[list[Image.Image]]) -> Image.Image:
    """All pages on a table, each with its shadow."""
    width = max(sum(page.width + GAP for page in row) for row in rows) + 2 * EDGE
    heights = [max(page.height for page in row) + GAP for row in rows]
    table = Image.new("RGB", (width, sum(heights) + 2 * EDGE), TABLE)
    shadow = Image.new("L", table.size)
    top = EDGE
    placed = []
    for row, height in zip(rows, heights, strict=True):
        left = EDGE
        for page in row:
            placed.append((page, left, top))
            left += page.width + GAP
        top += height
    for page, left, top in placed:
        ImageDraw.Draw(shadow).rectangle(
            (left + 2, top + 5, left + page.width, top + page.height + 5), fill=95
        )
    table.paste(INK, (0, 0), shadow.filter(ImageFilter.GaussianBlur(6)))
    for page, left, top in placed:
        table.paste(page, (left, top))
    return table


def rows() -> list[list[Image.Image]]:
    """The pages of the demo's documents: booklets, and between them cards and receipts."""
    os.environ.update(run.environment(os.environ))
    app = create_app(Settings.from_env())
    with app.app_context():
        manager = db.session.scalars(select(Staff).where(Staff.role == Role.MANAGER)).first()
        browser = Browser(app, manager, lang="id")
        return [[page for path in row for page in pages(browser, path)] for row in addresses()]


def main() -> None:
    colour = sheet(rows())
    grey = ImageOps.grayscale(colour).convert("RGB")
    both = Image.new("RGB", (colour.width, 2 * colour.height))
    both.paste(colour, (0, 0))
    both.paste(grey, (0, colour.height))
    SHEET.parent.mkdir(exist_ok=True)
    both.save(SHEET, optimize=True)
    print(f"{SHEET.relative_to(run.ROOT)}: {both.width} × {both.height}")


if __name__ == "__main__":
    main()
