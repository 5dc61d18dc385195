"""The shop around the portal: what it sells, the paper that it hands out, the people who work there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from portal.db import db
from portal.domain.accounts.models import Customer, Session
from portal.domain.accounts.rules import Actor, Role
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet, Product
from portal.domain.purchases import queries as purchases
from portal.domain.units.models import Unit
from portal.domain.workflows.engine import State
from portal.domain.workflows.registry import KINDS
from portal.kernel import clock
from tests import factories
from tests.journeys.portal import Portal

PASSWORD = "kalimat sandi panjang"  # of every member of staff that the factories make


@dataclass(frozen=True)
class Paper:
    """A printed receipt: `address` is what its QR code says, `unit` the code of the first thing on it."""

    code: str
    address: str
    unit: str


@dataclass(frozen=True)
class Standing:
    """How a case stands in the books."""

    name: str
    state: State
    due: datetime | None


class Shop:
    """One outlet that sells televisions."""

    def __init__(self, portal: Portal):
        self.portal = portal
        with portal.inside():
            outlet = factories.outlet()
            product = factories.product()
            self._outlet, self._product = outlet.id, product.id
            self.outlet, self.email, self.sku, self.product = (
                outlet.code,
                outlet.email,
                product.sku,
                product.name,
            )

    def prints_receipt(
        self, *, phone: str | None = None, email: str | None = None, name: str = "Dewi", again: bool = False
    ) -> Paper:
        """For one television, with the contact that the buyer gave at the till.

        The phone is a new owner's, whom nobody knows yet, unless the same one buys `again`.
        """
        with self.portal.inside():
            if phone and not again:
                freed = update(Customer).where(Customer.phone == phone)
                db.session.execute(freed.values(phone=None, phone_verified_at=None))
            outlet, product = (
                db.session.get_one(Outlet, self._outlet),
                db.session.get_one(Product, self._product),
            )
            made = factories.purchase(
                outlet, [(product, 1)], buyer_name=name, buyer_phone=phone, buyer_email=email
            )
            return Paper(made.code, f"/q/{purchases.token_of(made.id)}", factories.units_of(made)[0].code)

    def hires(self, role: Role, name: str = "") -> str:
        """The e-mail address of somebody new."""
        with self.portal.inside():
            return factories.staff(role, name).email

    def knows(self, email: str, name: str = "Siti Rahma") -> None:
        """A customer who has proven this address, and bought nothing yet."""
        with self.portal.inside():
            factories.customer(name, email)

    def receives_claims(self, email: str, number: int) -> list[str]:
        """Codes of claims that one customer sent, the newest first, as the desk shows them."""
        with self.portal.inside():
            outlet, product = (
                db.session.get_one(Outlet, self._outlet),
                db.session.get_one(Product, self._product),
            )
            buyer = factories.customer(email=email)
            actor = Actor(Role.CUSTOMER, buyer.id)
            bought = [factories.purchase(outlet, [(product, 1)], buyer=buyer) for _ in range(number)]
            sent = [factories.claim(actor, factories.units_of(one)[0]).code for one in bought]
            return sent[::-1]

    def signs_everybody_out(self) -> None:
        """Every session ends, as by time."""
        with self.portal.inside():
            db.session.execute(update(Session).values(ended_at=clock.now()))
            db.session.commit()

    def books(self, case: str) -> Standing:
        with self.portal.inside():
            found = db.session.scalars(select(Case).where(Case.code == case)).one()
            return Standing(found.state, KINDS[found.kind].states[found.state], found.due_at)

    def claims_of(self, unit: str) -> list[str]:
        """The codes of every claim that was ever written for a unit, drafts too."""
        with self.portal.inside():
            found = select(Case.code).join(Unit, Unit.id == Case.unit_id).where(Unit.code == unit)
            return list(db.session.scalars(found.order_by(Case.id)))
