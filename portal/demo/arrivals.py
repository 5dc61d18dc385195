"""What came in from other tills: goods that nobody completed yet, a doubtful buyer, rules for policies."""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.catalog.models import Outlet, Policy, PolicyRule
from portal.domain.catalog.rules import Scope
from portal.domain.intake import writer
from portal.domain.purchases.rules import Sale, SaleLine
from portal.kernel.codes import new_code

MIXER = SaleLine(
    "Mixer tangan 5 kecepatan", 1, Decimal(279_000), "MX-505", category="Mixer", brand="Putarina"
)
IRON = SaleLine("Setrika uap ringan", 1, Decimal(215_000), "ST-120", category="Setrika", brand="Licina")
CABLE = SaleLine("Kabel rol 5 meter", 2, Decimal(64_000), "KR-5M", category="Aksesori")


def come(outlet: Outlet, regular: Customer, now: datetime) -> None:
    """Three sales from a file; the last gives the phone of a regular customer, who is recorded twice."""
    small = db.session.scalars(select(Policy.id).where(Policy.code == "GD-KECIL")).one()
    rules = ((Scope.CATEGORY, "setrika", small), (Scope.CATEGORY, "aksesori", None))
    db.session.add_all(
        PolicyRule(scope=scope, value=value, policy_id=policy_id) for scope, value, policy_id in rules
    )
    again = Customer(code=new_code(), name=f"Ibu {regular.name}", phone=regular.phone, created_at=now)
    db.session.add(again)
    db.session.flush()
    bought = now - timedelta(days=2)
    told = (
        Sale(outlet.code, "MJ-10412", bought, (MIXER, CABLE), "Yohana Simbolon", "+6281200114477"),
        Sale(outlet.code, "MJ-10413", bought, (IRON,), "Pak Slamet", "+6281200115588"),
        Sale(outlet.code, "MJ-10414", bought, (IRON, CABLE), "Bambang Wijaya", regular.phone),
    )
    assert all(brought.problem is None for brought in writer.bring(told, now, source="file"))
