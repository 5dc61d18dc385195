"""What the lines of sales are: products by SKU or barcode; what nobody knows yet becomes a draft."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_, select

from portal.db import among, bulk, db, reserve
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


class Stock:
    """The products of many sales, asked for in one query: by SKU, else by barcode.

    A line that has neither is a fee or the like and has no product.
    """

    def __init__(self, sales: Iterable[Sale]):
        keys = {line.sku or line.barcode for sale in sales for line in sale.lines} - {""}
        self._found: dict[str, Any] = {}
        self._drafts: list[Draft] = []
        if keys:
            barcodes = {line.barcode for sale in sales for line in sale.lines if line.barcode}
            known = or_(among(Product.sku, keys), among(Product.barcode, keys | barcodes))
            rows = db.session.execute(_COLUMNS.where(known)).all()
            self._found = {row.barcode: row for row in rows if row.barcode} | {row.sku: row for row in rows}

    def of(self, line: SaleLine) -> Any:
        """None for what nobody knows yet, or what is no product."""
        return self._found.get(line.sku or line.barcode) or self._found.get(line.barcode)

    def meet(self, sale: Sale, sector: str) -> list[Any]:
        """The product of each line; what is unknown becomes a draft, of the sector of the outlet."""
        return [self._known_or_draft(line, sector) for line in sale.lines]

    def write(self) -> None:
        """Write the drafts; afterwards every product has its id."""
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

    def _known_or_draft(self, line: SaleLine, sector: str) -> Any:
        key = line.sku or line.barcode
        if not key:
            return None
        known = self._found.get(key) or self._found.get(line.barcode)
        if known is None:
            known = self._found[key] = Draft(line, key, sector)
            self._drafts.append(known)
            if known.barcode:
                self._found[known.barcode] = known
        elif known.__class__ is Draft and not known.name:
            known.name = line.description.strip()[:200]
        return known
