"""The first look at an uploaded file: how it is written, its columns, and a guess at what they hold."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from sqlalchemy import select

from portal.adapters import tables
from portal.db import db
from portal.domain.catalog.models import Outlet
from portal.domain.intake import columns, dates, imports, numbers, values
from portal.domain.intake.columns import Field
from portal.domain.intake.rules import Stage
from portal.imports.hold import Hold
from portal.kernel.errors import Refused
from portal.kernel.text import _

SAMPLE = 5_000  # rows that the styles of numbers and dates are told from
SHOWN = 5  # values of a column that a person sees
MONEY = (Field.PRICE, Field.AMOUNT, Field.DISCOUNT, Field.REFUND)
IDS = (Field.NUMBER, Field.SKU, Field.BARCODE, Field.SERIAL, Field.CUSTOMER_REF)


def read_head(hold: Hold) -> None:
    """READING → MATCHING. Raises Refused when it is no table at all."""
    table = hold.look()
    head = list(islice(tables.rows(table), columns.TITLE_ROWS + SAMPLE))
    skip = hold.job.options.get("skip", columns.find_header(head[: columns.TITLE_ROWS]))
    if skip is None or skip >= len(head):
        raise Refused(
            _("No row names the columns. The first row of the file has to say what each column holds.")
        )
    if skip + 1 == len(head):
        raise Refused(_("There are names of columns, but no row of sales below them."))
    header = [name.strip()[:60] for name in head[skip]]
    sample = head[skip + 1 :]
    spelling = table.spelling
    guess = {
        "kind": spelling.kind, "encoding": spelling.encoding, "delimiter": spelling.delimiter, "skip": skip,
        "header": header, "samples": [_shown(sample, n) for n in range(len(header))],
    }  # fmt: skip
    guess |= _guess(hold, header, sample)
    imports.finish(hold.job.id, Stage.READING, Stage.MATCHING, guess=guess)


def _guess(hold: Hold, header: list[str], sample: Sequence[list[str]]) -> dict[str, Any]:
    found = columns.guess(header, sample)
    outlets = db.session.execute(select(Outlet.code, Outlet.name)).all()
    known = {name.casefold() for outlet in outlets for name in outlet}
    if (
        Field.OUTLET in found
        and len(outlets) == 1
        and not known & {typed.strip().casefold() for typed in _column(sample, found[Field.OUTLET])}
    ):
        del found[Field.OUTLET]  # whatever it says, the one outlet is meant
    currency = db.session.scalar(select(Outlet.currency).where(Outlet.id == hold.job.outlet_id)) or "IDR"
    prices = [typed for field in MONEY if field in found for typed in _column(sample, found[field])]
    guess: dict[str, Any] = {
        "columns": {field.value: n for field, n in found.items()},
        "numbers": numbers.detect(prices, currency),
        "quantities": numbers.detect(_column(sample, found.get(Field.QUANTITY)), currency),
        "dates": dates.detect(_column(sample, found.get(Field.DATE))),
        "known": False,
    }
    earlier = imports.remembered(hold.job, header)
    if earlier is not None:
        guess |= {"columns": earlier["columns"], "outlets": earlier.get("outlets", {}), "known": True}
    guess["rounded"] = [
        field
        for field in IDS
        if field in guess["columns"] and values.lost_digits(_column(sample, guess["columns"][field]))
    ]
    return guess


def _column(sample: Sequence[list[str]], place: int | None) -> list[str]:
    return [] if place is None else [row[place] for row in sample if len(row) > place and row[place]]


def _shown(sample: Sequence[list[str]], place: int) -> list[str]:
    """The first different values of a column, shortened."""
    return list(dict.fromkeys(typed.strip()[:40] for typed in _column(sample, place)))[:SHOWN]
