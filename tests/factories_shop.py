"""The shop of the tests: its outlet, its policies, its televisions."""

from itertools import count
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.domain.catalog import actions as catalog
from portal.domain.catalog.models import Outlet, Policy, Product, Symptom
from portal.domain.catalog.rules import DAYS, Layer, Provider, Replacement, Sector, Start, WarrantyKind
from portal.kernel import clock

number = count(1)


def outlet(code: str = "", zone: str = "Asia/Jakarta", **fields: Any) -> Outlet:
    n = next(number)
    values: dict[str, Any] = {
        "code": code or f"T{n}", "name": f"Toko Uji {n}", "sector": Sector.ELECTRONICS, "city": "Jakarta",
        "timezone": zone, "currency": "IDR", "address": "Jl. Uji 1", "postal_code": "10110",
        "phone": "+62215550100", "email": "toko@contoh.id",
        "hours": dict.fromkeys(DAYS[:6], "09:00-12:00,13:00-17:00"),
    }  # fmt: skip
    made = catalog.save_outlet(None, None, **{**values, **fields})
    db.session.commit()
    return made


def layer(
    component: str = "", *, months: int = 12, days: int = 0, covers: str = "parts labour", **fields: Any
) -> Layer:
    """A clause; `covers` names parts, labour, transport."""
    values: dict[str, Any] = {"starts": Start.PURCHASE, "provider": Provider.MAKER, **fields}
    return Layer(
        1, component, component or "Seluruh produk", component or "Whole product",
        "parts" in covers, "labour" in covers, "transport" in covers, months, days, **values,
    )  # fmt: skip


TELEVISION = [
    layer(),
    layer("panel", months=24, covers="parts"),
    layer(months=3, covers="transport", starts=Start.DELIVERY, provider=Provider.SHOP),
]


def policy(layers: list[Layer] | None = None, replacement: Replacement = Replacement.CONTINUES) -> Policy:
    """A policy with one published version."""
    n = next(number)
    draft = catalog.save_policy_draft(
        None, None, code=f"G-{n}", name=f"Garansi {n}", layers=layers or TELEVISION, kind=WarrantyKind.RESMI,
        replacement=replacement, terms_id="Kartu garansi ini berlaku.", terms_en="This card is valid.",
    )  # fmt: skip
    catalog.publish_policy(draft, clock.now())
    return draft.policy


def product(*, guarded_by: Policy | None = None, **fields: Any) -> Product:
    """A television with a policy and symptoms, unless told otherwise."""
    n = next(number)
    values: dict[str, Any] = {
        "sku": f"TV-{n}", "name": "Televisi 43 inci", "brand": "Nusa", "model": "NS-43", "category": "tv",
        "sector": Sector.ELECTRONICS, "icon": "tv", "price": 4_299_000, "serialised": True,
        "policy_id": (guarded_by or policy()).id,
    }  # fmt: skip
    if db.session.scalar(select(Symptom.id).limit(1)) is None:
        for code, component in (("tv_no_power", ""), ("tv_lines", "panel"), ("other_electronics", "")):
            category = "" if code.startswith("other") else "tv"
            db.session.add(
                Symptom(
                    code=code,
                    sector=Sector.ELECTRONICS,
                    category=category,
                    component=component,
                    name_id=code,
                    name_en=code,
                )
            )
    made = catalog.save_product(None, None, **{**values, **fields})
    db.session.commit()
    return made
