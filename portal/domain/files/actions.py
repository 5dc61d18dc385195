"""The life of an uploaded file: pending, kept, swept."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.files.models import FileState, StoredFile
from portal.kernel.codes import new_code
from portal.kernel.errors import TooMany
from portal.kernel.text import _

DAILY_QUOTA = 60
DAILY_BYTES = 250_000_000
PENDING_LIFE = timedelta(hours=24)


def owner_of(actor: Actor) -> str:
    return f"staff:{actor.id}" if actor.is_staff else customer(actor.id)


def customer(customer_id: int | None) -> str:
    """The owner that files of a customer have."""
    return f"customer:{customer_id}"


def begin(
    actor: Actor, *, size: int, content_type: str, now: datetime, width: int = 0, height: int = 0,
    name: str = "",
) -> StoredFile:  # fmt: skip
    """A pending row for bytes about to be written under its `key`. Raises TooMany over the daily quota."""
    owner = owner_of(actor)
    today, stored = db.session.execute(
        select(func.count(), func.coalesce(func.sum(StoredFile.size), 0)).where(
            StoredFile.owner == owner, StoredFile.created_at > now - timedelta(days=1)
        )
    ).one()
    if today >= DAILY_QUOTA or stored + size > DAILY_BYTES:
        raise TooMany(_("That is enough photos for today. Please send the others tomorrow."), "photos")
    code = new_code(16)
    row = StoredFile(
        code=code, owner=owner, key=f"{code[:2].lower()}/{code.lower()}", content_type=content_type,
        size=size, width=width, height=height, name=name[:120], created_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def keep(actor: Actor, codes: Sequence[str], *, held: Sequence[str] = ()) -> list[str]:
    """Keep files of this person, each for one thing: those that are pending, and those that it has `held`.

    Returns their codes in the order given.
    """
    free = or_(StoredFile.state == FileState.PENDING, StoredFile.code.in_(held))
    mine = set(
        db.session.scalars(
            select(StoredFile.code).where(
                StoredFile.code.in_(codes), StoredFile.owner == owner_of(actor), free
            )
        )
    )
    db.session.execute(update(StoredFile).where(StoredFile.code.in_(mine)).values(state=FileState.KEPT))
    return [code for code in dict.fromkeys(codes) if code in mine]


def let_go(owner: str, codes: Collection[str]) -> None:
    """These files of one owner hang on nothing any more; the next sweep takes them."""
    mine = (StoredFile.code.in_(codes), StoredFile.owner == owner)
    db.session.execute(update(StoredFile).where(*mine).values(state=FileState.PENDING))


def forget(code: str) -> None:
    """A file whose bytes could not be stored counts for nothing."""
    db.session.execute(delete(StoredFile).where(StoredFile.code == code))


def pending_of(actor: Actor, codes: Sequence[str], *, photos_only: bool = True) -> list[str]:
    """Those of `codes` that this person uploaded and may still use, in the order given."""
    found = select(StoredFile.code).where(
        StoredFile.code.in_(codes[:40]), StoredFile.owner == owner_of(actor)
    )
    if photos_only:
        found = found.where(StoredFile.content_type.startswith("image/"))
    mine = set(db.session.scalars(found))
    return [code for code in dict.fromkeys(codes) if code in mine]


def named(codes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """{code: (content type, name)} of stored files."""
    columns = StoredFile.code, StoredFile.content_type, StoredFile.name
    rows = db.session.execute(select(*columns).where(StoredFile.code.in_(codes)))
    return {code: (content_type, name) for code, content_type, name in rows}


def abandoned(now: datetime) -> list[StoredFile]:
    """Pending files too old to be used; the caller deletes bytes and rows."""
    return list(
        db.session.scalars(
            select(StoredFile)
            .where(StoredFile.state == FileState.PENDING, StoredFile.created_at < now - PENDING_LIFE)
            .limit(500)
        )
    )
