"""What was answered to a request with an idempotency key, so that its twin gets the same answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from portal.db import db
from portal.domain.intake.models import ApiAnswer
from portal.kernel.errors import Refused
from portal.kernel.text import _

KEPT = timedelta(hours=24)
LONGEST_KEY = 128
LOCKED = "55P03"  # PostgreSQL's word for a lock that was not given in time


class UnderWay(Refused):
    """The first request with this key has not been answered yet, and its twin has waited long enough."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: str


def claim(token_id: int, key: str, body_hash: bytes, now: datetime) -> Answer | None:
    """Take a key for this request; the first answer when it was taken before.

    The row is of the request's own transaction: a twin waits for its end, a request that fails leaves none.
    Raises Refused when the key came with another body, UnderWay when the wait for the first was too long.
    """
    mine = (ApiAnswer.token_id == token_id, ApiAnswer.key == key)
    db.session.execute(delete(ApiAnswer).where(*mine, ApiAnswer.created_at <= now - KEPT))
    try:
        with db.session.begin_nested():
            db.session.execute(
                insert(ApiAnswer).values(token_id=token_id, key=key, body_hash=body_hash, created_at=now)
            )
    except IntegrityError:
        pass
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != LOCKED:
            raise
        raise UnderWay(
            _("The first request with this Idempotency-Key is still under way. Send it again in a moment.")
        ) from error
    else:
        return None
    first = db.session.execute(
        select(ApiAnswer.body_hash, ApiAnswer.status, ApiAnswer.body).where(*mine)
    ).one()
    if first.body_hash != body_hash:
        raise Refused(
            _("This Idempotency-Key came with another body before. Use a new key for a new request.")
        )
    return Answer(first.status, first.body)


def settle(token_id: int, key: str, answer: Answer) -> None:
    """Keep what is answered."""
    db.session.execute(
        update(ApiAnswer)
        .where(ApiAnswer.token_id == token_id, ApiAnswer.key == key)
        .values(status=answer.status, body=answer.body)
    )


def sweep(now: datetime) -> None:
    """Forget answers that are a day old."""
    db.session.execute(delete(ApiAnswer).where(ApiAnswer.created_at <= now - KEPT))
