"""How often something may be tried, counted in the database so that every process and restart sees it."""

import time

from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import case, delete, select

from portal.db import db, insert
from portal.domain.accounts.models import Counter
from portal.kernel.codes import digest
from portal.kernel.errors import TooMany
from portal.kernel.text import _


class _Table(Storage):
    """The `limits` library's storage on our own table, inside the current transaction."""

    STORAGE_SCHEME = ["purna"]

    @property
    def base_exceptions(self) -> type[Exception]:
        return Exception

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = time.time()
        fresh = Counter.ends_at <= now
        statement = (
            insert(Counter)
            .values(key=key, hits=amount, ends_at=now + expiry)
            .on_conflict_do_update(
                index_elements=[Counter.key],
                set_={
                    "hits": case((fresh, amount), else_=Counter.hits + amount),
                    "ends_at": case((fresh, now + expiry), else_=Counter.ends_at),
                },
            )
            .returning(Counter.hits)
        )
        return int(db.session.execute(statement).scalar_one())

    def get(self, key: str) -> int:
        found = db.session.scalar(
            select(Counter.hits).where(Counter.key == key, Counter.ends_at > time.time())
        )
        return found or 0

    def get_expiry(self, key: str) -> float:
        return db.session.scalar(select(Counter.ends_at).where(Counter.key == key)) or time.time()

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        db.session.execute(delete(Counter))
        return None

    def clear(self, key: str) -> None:
        db.session.execute(delete(Counter).where(Counter.key == key))


_limiter = FixedWindowRateLimiter(_Table())


def hit(limit: str, *names: str) -> None:
    """Count one try of `names` ("code", "receipt", …). Raises TooMany when `limit` is used up."""
    item, names = _of(limit, names)
    if not _limiter.hit(item, *names):
        minutes = max(1, round((_limiter.get_window_stats(item, *names).reset_time - time.time()) / 60))
        raise TooMany(
            _("That was tried too often. Please wait %(minutes)s min, then try again.", minutes=minutes)
        )


def is_used_up(limit: str, *names: str) -> bool:
    """Whether `hit` would raise; only reads."""
    item, names = _of(limit, names)
    return not _limiter.test(item, *names)


def _of(limit: str, names: tuple[str, ...]) -> tuple[RateLimitItem, tuple[str, ...]]:
    """The limit, and the names in a form that fits the table's key whatever was typed."""
    return parse(limit), tuple(name if len(name) <= 40 else digest(name).hex()[:40] for name in names)


def sweep() -> None:
    """Forget windows that have ended."""
    db.session.execute(delete(Counter).where(Counter.ends_at <= time.time()))
