"""Whose a sale is: by what the till calls the buyer, by e-mail, by phone; a doubt waits for a person.

`decide` holds the rules. `Matcher` asks the database once for many sales, makes the records that are missing
and finds those again that it has just made.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import select, update

from portal.db import among, bulk, db, reserve
from portal.domain.accounts.models import Customer, CustomerRef
from portal.kernel.codes import new_codes

_COLUMNS = select(
    Customer.id, Customer.name, Customer.phone, Customer.email, Customer.phone_verified_at,
    Customer.email_verified_at, Customer.opened_at, Customer.disabled_at, Customer.merged_into_id,
).with_for_update(read=True, key_share=True)  # fmt: skip  # a merge and a sale wait for each other
ALIKE = 0.8  # names of one person, spelled in two ways
_TITLES = "bapak bpk pak ibu bu sdr sdri tuan tn nyonya ny nona kak mas mbak h hj haji hajah dr drs ir mr ms"
TITLES = frozenset([*_TITLES.split(), "mrs"])


class Doubt(StrEnum):
    """Why a person has to look; the same names as purchases.rules.DoubtReason."""

    SEVERAL = auto()
    OTHER_NAME = auto()
    OTHER_EMAIL = auto()


@dataclass(frozen=True)
class Buyer:
    """What a till tells of a buyer; `ref` is its own name for them."""

    name: str = ""
    phone: str | None = None  # E.164
    email: str | None = None
    ref: str | None = None


@dataclass(slots=True)
class Record:
    """What is compared of a customer; `id` None until a new one is written. `kept` is the shop's alone.

    `earlier` are the names of records that were merged into it.
    """

    id: int | None
    name: str
    phone: str | None
    email: str | None
    kept: bool
    earlier: set[str] = field(default_factory=set)

    def may_be(self, name: str) -> bool:
        """Whether no name speaks against it."""
        return any(alike(name, known) for known in (self.name, *self.earlier))

    def is_named(self, name: str) -> bool:
        """Whether its name is this one, but for titles and order."""
        told = _bare(name)
        return bool(told) and any(told == _bare(known) for known in (self.name, *self.earlier))


@dataclass(frozen=True)
class Match:
    """The record, or the reason why nobody but a person can say; neither when the till knows nothing."""

    record: Record | None = None
    doubt: Doubt | None = None
    candidates: tuple[Record, ...] = ()
    new: bool = False


def decide(buyer: Buyer, by_ref: Record | None, by_email: list[Record], by_phone: list[Record]) -> Match:
    """The rules, in order. What the till calls a buyer decides, when no contact speaks against it: some
    tills call everybody by one name. Who has both contacts decides, then an e-mail; a phone does when
    neither name nor e-mail speak against it. Of several with one contact the name tells who it is.
    """
    if by_ref is not None and not _contradicts(buyer, by_ref):
        return Match(by_ref)
    both = [record for record in by_email if any(record is other for other in by_phone)]
    if len(both) == 1:
        return Match(both[0])
    found = {id(record): record for record in [*by_email, *by_phone]}
    if len(found) > 1:
        namesakes = [record for record in found.values() if record.is_named(buyer.name)]
        if len(namesakes) == 1 and not (by_email and by_phone):
            return Match(namesakes[0])
        return Match(doubt=Doubt.SEVERAL, candidates=tuple(found.values()))
    if not found:
        return Match(new=bool(buyer.phone or buyer.email or buyer.ref))
    (record,) = found.values()
    if not by_email:
        if buyer.email and record.email:
            return Match(doubt=Doubt.OTHER_EMAIL, candidates=(record,))
        if not record.may_be(buyer.name):
            return Match(doubt=Doubt.OTHER_NAME, candidates=(record,))
    return Match(record)


def _contradicts(buyer: Buyer, record: Record) -> bool:
    """Whether they have contacts of the same kind, and none of them is the same."""
    pairs = ((buyer.phone, record.phone), (buyer.email, record.email))
    same = [told == known for told, known in pairs if told and known]
    return bool(same) and not any(same)


def alike(one: str, other: str) -> bool:
    """Whether two names may be one person's: none fits all; titles, order and small slips do not count."""
    left, right = _bare(one), _bare(other)
    if not left or not right or left <= right or right <= left:
        return True
    joined = (" ".join(sorted(left)), " ".join(sorted(right)))
    return SequenceMatcher(None, *joined, autojunk=False).ratio() >= ALIKE


def _bare(name: str) -> frozenset[str]:
    words = "".join(sign if sign.isalnum() else " " for sign in name.casefold()).split()
    return frozenset(words) - TITLES


class Matcher:
    """Matches for many sales of one till, three queries in all."""

    def __init__(self, source: str, buyers: Iterable[Buyer]):
        self._source = source
        buyers = [buyer for buyer in buyers if buyer.phone or buyer.email or buyer.ref]
        self._known: dict[int, Record] = {}
        self._refs = self._by_ref({b.ref for b in buyers if b.ref})
        self._emails = self._by_contact("email", {b.email for b in buyers if b.email})
        self._phones = self._by_contact("phone", {b.phone for b in buyers if b.phone})
        self._made: list[tuple[Record, Buyer]] = []
        self._learned: dict[int, Record] = {}
        self._named: list[tuple[str, Record]] = []

    def match(self, buyer: Buyer) -> Match:
        """As `decide`; a missing record is made, one that the shop keeps learns what it did not know."""
        if not (buyer.phone or buyer.email or buyer.ref):
            return Match()
        found = decide(
            buyer,
            self._refs.get(buyer.ref or ""),
            self._emails.get(buyer.email or "", []),
            self._phones.get(buyer.phone or "", []),
        )
        if found.doubt:
            return found
        record = found.record
        if record is None:
            record = Record(None, buyer.name, None, None, kept=True)
            self._made.append((record, buyer))
        self._learn(record, buyer)
        self._name(buyer, record)
        return Match(record, new=found.new)

    def decided(self, buyer: Buyer, customer_id: int) -> Match | None:
        """A person has said who this buyer is; None when that account is closed now."""
        for record, _row in self._load(Customer.id == customer_id).values():
            self._learn(record, buyer)
            self._name(buyer, record)
            return Match(record)
        return None

    def write(self, now: datetime) -> None:
        """Write what was made and learned; afterwards every record has its id."""
        table = Customer.__table__
        for (record, _buyer), new_id in zip(self._made, reserve(table, len(self._made)), strict=True):
            record.id = new_id
        codes = new_codes(len(self._made))
        bulk(
            table,
            ("id", "code", "name", "email", "phone", "language", "created_at"),
            [
                (record.id, code, record.name[:120], record.email, record.phone, "id", now)
                for (record, _buyer), code in zip(self._made, codes, strict=True)
            ],
        )
        for record in self._learned.values():
            db.session.execute(
                update(Customer)
                .where(Customer.id == record.id)
                .values(name=record.name[:120], email=record.email, phone=record.phone)
            )
        bulk(
            CustomerRef.__table__,
            ("source", "external_id", "customer_id"),
            [(self._source, ref, record.id) for ref, record in self._named],
        )

    def _name(self, buyer: Buyer, record: Record) -> None:
        """From now on the till's own name for a buyer leads to this record."""
        if buyer.ref and buyer.ref not in self._refs:
            self._refs[buyer.ref] = record
            self._named.append((buyer.ref, record))

    def _learn(self, record: Record, buyer: Buyer) -> None:
        if not record.kept:
            return
        before = (record.name, record.email, record.phone)
        record.name = record.name or buyer.name
        if buyer.email and not record.email and not self._emails.get(buyer.email):
            record.email = buyer.email
            self._emails[buyer.email] = [record]
        if buyer.phone and not record.phone and not self._phones.get(buyer.phone):
            record.phone = buyer.phone
            self._phones[buyer.phone] = [record]
        if record.id is not None and before != (record.name, record.email, record.phone):
            self._learned[record.id] = record

    def _by_ref(self, refs: set[str]) -> dict[str, Record]:
        if not refs:
            return {}
        asked = select(CustomerRef.external_id, CustomerRef.customer_id).where(
            CustomerRef.source == self._source, among(CustomerRef.external_id, refs)
        )
        owners = dict(list(db.session.execute(asked)))
        records = self._load(among(Customer.id, set(owners.values())))
        return {ref: records[owner][0] for ref, owner in owners.items() if owner in records}

    def _by_contact(self, contact: str, values: set[str]) -> dict[str, list[Record]]:
        """The records with each of these e-mails or phones; the one that has proven it stands for all."""
        found: dict[str, dict[int, Record]] = {}
        proven: dict[str, Record] = {}
        if values:
            for record, row in self._load(among(Customer.__table__.c[contact], values)).values():
                value = getattr(row, contact)
                found.setdefault(value, {})[id(record)] = record
                if getattr(row, f"{contact}_verified_at"):
                    proven[value] = record
        return {
            value: [proven[value]] if value in proven else list(records.values())
            for value, records in found.items()
        }

    def _load(self, condition: Any) -> dict[int, tuple[Record, Any]]:
        """By the id asked for: the record that goes on for it, and its own row. Closed accounts are none."""
        rows = {row.id: row for row in db.session.execute(_COLUMNS.where(condition))}
        leads = {row.id: row.merged_into_id for row in rows.values()}
        everybody = dict(rows)
        while missing := {target for target in leads.values() if target and target not in everybody}:
            more = {row.id: row for row in db.session.execute(_COLUMNS.where(among(Customer.id, missing)))}
            everybody |= more
            leads |= {row.id: row.merged_into_id for row in more.values()}
        found = {}
        for asked, row in rows.items():
            last = asked
            while leads[last]:
                last = leads[last]
            if everybody[last].disabled_at is None:
                record = self._record(everybody[last])
                if row.name and last != asked:
                    record.earlier.add(row.name)
                found[asked] = (record, row)
        return found

    def _record(self, row: Any) -> Record:
        """One object a person, however often they are found."""
        if row.id not in self._known:
            kept = not (row.opened_at or row.phone_verified_at or row.email_verified_at)
            self._known[row.id] = Record(row.id, row.name, row.phone, row.email, kept)
        return self._known[row.id]
