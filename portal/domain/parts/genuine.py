"""Codes printed on packages, by which whoever holds one learns whether the part is genuine."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain.accounts import limits
from portal.domain.accounts.rules import MISSES_AN_ADDRESS
from portal.domain.links import actions as links
from portal.domain.parts.models import Part, PartMark
from portal.domain.parts.rules import BATCH_MOST
from portal.kernel.codes import new_code, new_codes, normalise
from portal.kernel.errors import Refused
from portal.kernel.text import _

SIGNS = 12
PURPOSE = "PartCheck"


def make(part: Part, batch: str, pieces: int, each: bool, now: datetime) -> str:
    """Codes for so many packages: `each` has its own, else one stands on all. Returns the code of the sheet.

    Raises Refused.
    """
    if not 1 <= pieces <= BATCH_MOST:
        raise Refused(_("Write a number from %(least)s to %(most)s.", least=1, most=BATCH_MOST), "pieces")
    sheet = new_code()
    db.session.add_all(
        PartMark(
            code=code, part_id=part.id, sheet=sheet, batch=batch.strip()[:40], made_at=now,
            pieces=1 if each else pieces,
        )
        for code in new_codes(pieces if each else 1, SIGNS)
    )  # fmt: skip
    db.session.flush()
    return sheet


def sheets(part_id: int, limit: int = 12) -> list[Any]:
    """(sheet, batch, day, labels, checks) of what was made for a part, newest first."""
    marks = (
        select(PartMark.sheet, PartMark.batch, PartMark.made_at, PartMark.pieces, PartMark.checks)
        .where(PartMark.part_id == part_id)
        .order_by(PartMark.id.desc())
        .limit(limit * BATCH_MOST)
    )
    found: dict[str, list[Any]] = {}
    for sheet, batch, made_at, pieces, checks in db.session.execute(marks):
        row = found.setdefault(sheet, [sheet, batch, made_at, 0, 0])
        row[3] += pieces
        row[4] += checks
    return list(found.values())[:limit]


def part_of(sheet: str) -> Any:
    """A scalar subquery: the part that a sheet was made for."""
    return select(PartMark.part_id).where(PartMark.sheet == sheet).limit(1).scalar_subquery()


def labels(sheet: str) -> list[str]:
    """The codes of a sheet, as often as each is printed."""
    rows = select(PartMark.code, PartMark.pieces).where(PartMark.sheet == sheet).order_by(PartMark.id)
    return [code for code, pieces in db.session.execute(rows) for _n in range(pieces)]


def check(typed: str, address: str, now: datetime) -> PartMark | None:
    """Count a check of a code; None for an unknown one, of which only so many may be tried from an address.

    Raises TooMany. Nothing is kept about who asks.
    """
    code = normalise(typed)[: SIGNS + 1]
    counted = db.session.execute(
        update(PartMark)
        .where(PartMark.code == code)
        .values(checks=PartMark.checks + 1, first_checked_at=_first(now)),
        execution_options={"synchronize_session": False},
    )
    if not counted.rowcount:  # type: ignore[attr-defined]  # an UPDATE has one
        limits.hit(MISSES_AN_ADDRESS, "genuine", address)
        return None
    return db.session.scalar(select(PartMark).where(PartMark.code == code).options(joinedload(PartMark.part)))


def proof(mark: PartMark) -> str:
    """What only we can make: that the newest check of this code was its so-manieth."""
    said = f"{mark.code}-{mark.checks}"
    return f"{said}-{links.sign(PURPOSE, said.encode())}"


def proven(token: str) -> tuple[PartMark, int] | None:
    """(the code, which check of it this was); None for a token that somebody made up."""
    said, _dash, signature = token.rpartition("-")
    code, _dash, number = said.partition("-")
    if not number.isdecimal() or not links.signed(PURPOSE, said.encode(), signature):
        return None
    mark = db.session.scalar(select(PartMark).where(PartMark.code == code).options(joinedload(PartMark.part)))
    return (mark, int(number)) if mark is not None else None


def _first(now: datetime) -> Any:
    return db.func.coalesce(PartMark.first_checked_at, now)
