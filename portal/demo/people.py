"""The demo's staff and two hundred customers. All invented; their numbers lie in a range that nobody has."""

from datetime import datetime
from random import Random

from portal.db import db
from portal.demo import files
from portal.domain.accounts import actions as accounts
from portal.domain.accounts.models import Customer, Staff
from portal.domain.accounts.rules import Actor, Role
from portal.kernel.codes import new_code

HOMES = {"JKT": 76, "MKS": 34, "BDG": 48, "DJJ": 42}  # customers by the outlet they live near
PROVEN = {"JKT": 30, "MKS": 16, "BDG": 18, "DJJ": 16}  # of these have shown that a contact is theirs
FIRST = ("Dewi Lestari", "dewi@pelanggan.example")  # the customer as whom `make demo` invites to sign in


def hire(at: datetime) -> dict[tuple[str, str], Staff]:
    """The staff, by outlet and role."""
    team = {}
    for row in files.read("people")["staff"]:
        team[row["outlet"], row["role"]] = accounts.save_staff(
            None, name=row["name"], email=row["email"], role=Role(row["role"]), password=files.PASSWORD,
            disabled=False, now=at,
        )  # fmt: skip
    return team


def invite(at: datetime) -> dict[str, list[Customer]]:
    """The customers by home outlet, those with a proven contact first; one in eight reads English."""
    draw, names = files.chance("people"), files.read("people")
    digits = draw.sample(range(1000, 9999), sum(HOMES.values()))
    homes: dict[str, list[Customer]] = {}
    for outlet, count in HOMES.items():
        for n in range(count):
            name = _name(draw, names)
            phone = f"+628120000{digits.pop()}"
            customer = Customer(
                code=new_code(), name=name, phone=phone, created_at=at,
                language="en" if n % 8 == 7 and n < PROVEN[outlet] else "id",
            )  # fmt: skip
            if n < PROVEN[outlet]:
                by_phone_alone = n % 6 == 4
                if not by_phone_alone:
                    customer.email = f"{name.lower().replace(' ', '.')}{phone[-2:]}@pelanggan.example"
                    customer.email_verified_at = at
                customer.phone_verified_at = at if by_phone_alone or draw.random() < 0.4 else None
            homes.setdefault(outlet, []).append(customer)
    homes["JKT"][0].name, homes["JKT"][0].email = FIRST
    db.session.add_all(customer for home in homes.values() for customer in home)
    db.session.flush()
    return homes


def actor(person: Customer | Staff) -> Actor:
    role = Role(person.role) if isinstance(person, Staff) else Role.CUSTOMER
    return Actor(role, person.id, person.name, person.language)


def _name(draw: Random, names: dict[str, list[str]]) -> str:
    if draw.random() < 0.08:
        return draw.choice(names["single_names"])
    first = draw.choice(names["first_names_f"] if draw.random() < 0.55 else names["first_names_m"])
    return f"{first} {draw.choice(names['last_names'])}"
