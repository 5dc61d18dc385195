"""Pages of a list by key: the next page starts after the last row of this one."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")
PAGE_SIZE = 25


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
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def decode(value: str | None, length: int) -> list[Any] | None:
    """The key in an address, or None when there is none or somebody made it up."""
    if not value:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)))
    except (ValueError, binascii.Error):
        return None
    good = isinstance(key, list) and len(key) == length and all(isinstance(part, str | int) for part in key)
    return key if good else None
