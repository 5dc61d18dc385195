"""What the lines of sales are: products by SKU or barcode; what nobody knows yet becomes a draft."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import or_, select

from portal.db import bulk, db, reserve
from portal.domain.catalog.models import Product
from portal.domain.purchases.rules import Sale, SaleLine

_COLUMNS = select(
    Product.id, Product.sku, Product.barcode, Product.policy_id, Product.unwarranted, Product.category,
    Product.brand,
)  # fmt: skip


class Draft:
    """A product that is met for the first time: the columns that are asked of a product."""

    policy_id: int | None = None
    unwarranted = False

    def __init__(self, line: SaleLine, sku: str, sector: str):
        self.id, self.sku, self.sector = 0, sku, sector
        self.name = line.description.strip()[:200]
        self.category = line.category.strip()[:40]
        self.brand = line.brand.strip()[:80]
        self.barcode = line.barcode if 8 <= len(line.barcode) <= 32 and line.barcode != sku else None


def key_of(line: SaleLine) -> str:
    """What a line's product is looked up by: its SKU, else its barcode; "" for fees and the like."""
    return line.sku or line.barcode


class Stock:
    """The products of many sales, asked for in one query. `of(line)` is None for a line of no product."""

    def __init__(self, sales: Iterable[Sale]):
        keys = {key_of(line) for sale in sales for line in sale.lines} - {""}
        self._found: dict[str, Any] = {}
        self._drafts: list[Draft] = []
        if keys:
            barcodes = {line.barcode for sale in sales for line in sale.lines if line.barcode}
            known = or_(Product.sku.in_(keys), Product.barcode.in_(keys | barcodes))
            rows = db.session.execute(_COLUMNS.where(known)).all()
            self._found = {row.barcode: row for row in rows if row.barcode} | {row.sku: row for row in rows}

    def of(self, line: SaleLine) -> Any:
        return self._found.get(key_of(line)) or (self._found.get(line.barcode) if line.barcode else None)

    def meet(self, sales: Sequence[tuple[Sale, str]]) -> None:
        """Make drafts of what is unknown; each sale comes with the sector of its outlet."""
        for sale, sector in sales:
            for line in sale.lines:
                key = key_of(line)
                if not key:
                    continue
                known = self.of(line)
                if known is None:
                    self._found[key] = draft = Draft(line, key, sector)
                    self._drafts.append(draft)
                    if draft.barcode:
                        self._found[draft.barcode] = draft
                elif isinstance(known, Draft) and not known.name:
                    known.name = line.description.strip()[:200]
        self._write()

    def _write(self) -> None:
        drafts, self._drafts = self._drafts, []
        for draft, new_id in zip(drafts, reserve(Product.__table__, len(drafts)), strict=True):
            draft.id = new_id
        columns = (
            "id", "sku", "name", "brand", "model", "category", "sector", "icon", "price", "serialised",
            "active", "draft", "barcode", "unwarranted", "version",
        )  # fmt: skip
        bulk(
            Product.__table__,
            columns,
            [
                (
                    d.id, d.sku, d.name or d.sku, d.brand, "", d.category, d.sector, "package", 0, False,
                    True, True, d.barcode, False, 1,
                )
                for d in drafts
            ],
        )  # fmt: skip
