"""The address that answers to a letter about a case go to: only we can make one, and it is of one person."""

import re
from collections.abc import Iterable

from sqlalchemy import or_, select

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.cases.models import Case
from portal.domain.links import actions as links

PURPOSE = "reply by mail"
_SHAPE = re.compile(r"reply\+([0-9a-z]{8})-([0-9a-z]{26})@(.+)", re.ASCII)


def of(domain: str, code: str, case_id: int, customer_id: int) -> str:
    """`reply+k7qm2xab-…@domain`, in small letters: some mail servers keep no others."""
    return f"reply+{code}-{links.sign(PURPOSE, _seed(case_id, customer_id))}@{domain}".lower()


def case_of(addresses: Iterable[str], domain: str) -> tuple[Case | None, str]:
    """The case that the first of our addresses is of, or None and why: no_address, forged."""
    for address in addresses:
        found = _SHAPE.fullmatch(address.strip().lower())
        if found and found[3] == domain.lower():
            return _opened(found[1].upper(), found[2].upper())
    return None, "no_address"


def _opened(code: str, token: str) -> tuple[Case | None, str]:
    """Whoever the case was of when the letter was sent may answer it: records can become one later."""
    case = db.session.scalar(select(Case).where(Case.code == code))
    if case is None:
        links.signed(PURPOSE, b"", token)  # a guess at a code takes as long as one at a token
        return None, "forged"
    people = db.session.scalars(
        select(Customer.id).where(
            or_(Customer.id == case.customer_id, Customer.merged_into_id == case.customer_id)
        )
    )
    good = [links.signed(PURPOSE, _seed(case.id, number), token) for number in people]
    return (case, "") if any(good) else (None, "forged")


def _seed(case_id: int, customer_id: int) -> bytes:
    return f"{case_id}:{customer_id}".encode()
