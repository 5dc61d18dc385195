"""Pages of a list by key: the next page starts after the last row of this one."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")
PAGE_SIZE = 25
LONGEST = 600  # of an address value


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`rows` of this page; `next` is the address value of the following page, None on the last."""

    rows: Sequence[Row]
    next: str | None


def cut(rows: Sequence[Row], key: Callable[[Row], list[Any]], size: int = PAGE_SIZE) -> Page[Row]:
    """Make a page of up to `size` rows out of the `size + 1` that were asked for."""
    if len(rows) <= size:
        return Page(rows, None)
    return Page(rows[:size], encode(key(rows[size - 1])))


def encode(key: list[Any]) -> str:
    """An address value that holds the key: texts, whole numbers and moments."""
    raw = json.dumps(key, default=datetime.isoformat, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(value: str | None, *kinds: type) -> list[Any] | None:
    """The key in an address, whose parts are of `kinds` (str, int, datetime).

    None when there is none or somebody made it up.
    """
    if not value or len(value) > LONGEST:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)))
        return [_part(part, kind) for part, kind in zip(key, kinds, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        return None


def _part(part: Any, kind: type) -> Any:
    if kind is datetime:
        moment = datetime.fromisoformat(part)
        if moment.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return moment.astimezone(UTC)
    if isinstance(part, bool) or not isinstance(part, kind):
        raise TypeError("not a part of a key")
    if isinstance(part, int) and abs(part) >= 2**63:
        raise OverflowError("no row has this number")
    if isinstance(part, str):
        if "\0" in part:
            raise ValueError("not a text")
        part.encode()  # half a surrogate pair cannot be sent to a database
    return part
