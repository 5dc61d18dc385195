"""Making, reprinting and finding the links that stand on paper."""

from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.sql.base import ExecutableOption

from portal.db import db
from portal.domain.links.models import PaperLink
from portal.kernel.codes import derive, digest, new_seed, same

Link = TypeVar("Link", bound=PaperLink)
_keys: tuple[str, ...] = ()


def configure(keys: tuple[str, ...]) -> None:
    """Set the secret keys, newest first. Called once at start-up."""
    global _keys
    _keys = keys


def issue(kind: type[Link], now: datetime, **target: Any) -> Link:
    """Add a new link to what `target` names."""
    link = kind(**columns(kind), created_at=now, **target)  # type: ignore[call-arg]  # columns of the mixin
    db.session.add(link)
    return link


def columns(kind: type[PaperLink]) -> dict[str, Any]:
    """The seed of a new link and the digest of its token, as columns."""
    seed = new_seed()
    return {"seed": seed, "token_hash": digest(derive(_keys[0], kind.__name__, seed))}


def token(kind: type[PaperLink], seed: bytes, token_hash: bytes) -> str:
    """The token of a stored link. Raises LookupError when the key that made it is no longer known."""
    for key in _keys:
        candidate = derive(key, kind.__name__, seed)
        if digest(candidate) == token_hash:
            return candidate
    raise LookupError(f"no key opens this {kind.__name__}")


def sign(purpose: str, seed: bytes) -> str:
    """What only we can make of `seed`, 26 signs."""
    return derive(_keys[0], purpose, seed)


def signed(purpose: str, seed: bytes, token: str) -> bool:
    """Whether `token` was made by `sign` with a key that is known; compared in constant time."""
    return max(same(derive(key, purpose, seed), token) for key in _keys)


def find(kind: type[Link], typed: str, *options: ExecutableOption) -> Link | None:
    """The link with this token, revoked or not; `options` say what is loaded with it."""
    return db.session.scalar(select(kind).where(kind.token_hash == digest(typed.upper())).options(*options))
