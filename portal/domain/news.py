"""A slice tells what happened here and calls nobody above it."""

from typing import Any

from portal.db import db


def announce(fact: Any) -> None:
    """Keep a fact (a frozen dataclass) until the transaction settles its reactions."""
    db.session.info.setdefault("facts", []).append(fact)


def take() -> list[Any]:
    """The facts announced since the last call."""
    facts: list[Any] = db.session.info.pop("facts", [])
    return facts
