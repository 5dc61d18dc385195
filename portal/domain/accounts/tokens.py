"""Tokens that let machines in: made, recognised, revoked; several live at once, so one can follow another."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, false, select, update

from portal.db import db
from portal.domain.accounts.models import ApiToken, Staff
from portal.domain.accounts.rules import SCOPES, TOKEN_SEEN_EVERY, Actor, Permission, Role
from portal.kernel.codes import digest, new_code
from portal.kernel.errors import Refused
from portal.kernel.text import _

START = "purna_"  # so that a scanner for leaked secrets knows one


@dataclass(frozen=True)
class Caller:
    """The machine behind a request. `stale`: its last use was noted long enough ago to be noted again."""

    token_id: int
    code: str
    actor: Actor
    stale: bool


def visible_to(actor: Actor) -> Select[ApiToken]:
    found = select(ApiToken)
    return found if actor.may(Permission.TILL_CONNECT) else found.where(false())


def listed(actor: Actor) -> Select:
    """Rows for the list: those that still open something first, then the newest."""
    columns = (
        ApiToken.code, ApiToken.name, ApiToken.prefix, ApiToken.scopes, ApiToken.created_at,
        ApiToken.last_used_at, ApiToken.revoked_at, Staff.name.label("maker"),
    )  # fmt: skip
    return (
        visible_to(actor)
        .outerjoin(Staff, Staff.id == ApiToken.staff_id)
        .with_only_columns(*columns)
        .order_by(ApiToken.revoked_at.is_not(None), ApiToken.id.desc())
    )


def make(actor: Actor, name: str, scopes: Iterable[str], now: datetime) -> tuple[ApiToken, str]:
    """A new token and its text, which is stored nowhere. Raises Refused without a scope."""
    wanted = [scope for scope in SCOPES if scope in set(scopes)]
    if not wanted:
        raise Refused(_("Choose what the token may do."), "scopes")
    code = new_code()
    text = f"{START}{code}{secrets.token_hex(20)}"
    made = ApiToken(
        code=code, name=name, prefix=START + code, token_hash=digest(text), scopes=wanted, created_at=now,
        staff_id=actor.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made, text


def revoke(token: ApiToken, now: datetime) -> None:
    """Its next request is refused."""
    token.revoked_at = token.revoked_at or now


def recognise(text: str, now: datetime) -> Caller | None:
    """Whose token this is; None when it is unknown or revoked. One query."""
    row = db.session.execute(
        select(ApiToken.id, ApiToken.code, ApiToken.name, ApiToken.scopes, ApiToken.last_used_at).where(
            ApiToken.token_hash == digest(text), ApiToken.revoked_at.is_(None)
        )
    ).first()
    if row is None:
        return None
    scopes = frozenset(SCOPES[scope] for scope in row.scopes if scope in SCOPES)
    actor = Actor(Role.SYSTEM, name=row.name, language="en", scopes=scopes)
    stale = row.last_used_at is None or now - row.last_used_at >= TOKEN_SEEN_EVERY
    return Caller(row.id, row.code, actor, stale)


def used(token_id: int, now: datetime) -> None:
    db.session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now))
