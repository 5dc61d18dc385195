"""Uploaded files of sales: what people and the worker do with them, one conditional UPDATE a step.

The JSON columns of an import:
`guess`   {kind, encoding, delimiter, skip, header: [name], samples: [[value]] by column,
          columns: {field: index}, numbers, quantities, dates, rounded: [field],
          known: whether an earlier import was read like this, outlets: {name: id} as then};
`options` {columns, numbers, quantities, dates, outlets} as confirmed, or {delimiter, skip} to look again;
`counts`  {rows, receipts, created, changed, same, refused, refused_rows, kinds: {kind: receipts},
          sums: {currency: [exact sum of the rows, sum of the receipts in minor units]},
          reasons: [[message id, values, rows]], notes: [[message id, receipts]], drafts, draft_names: [name],
          outlets: [name that no outlet has], days: [first, last],
          examples: [[number, moment, buyer, lines, total, currency, fate, outlet]],
          run: {created, changed, same, refused}}.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, false, or_, select, update

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.intake.columns import REQUIRED, Field, missing
from portal.domain.intake.dates import DateStyle
from portal.domain.intake.lines import Plan
from portal.domain.intake.models import Import
from portal.domain.intake.numbers import NumberStyle
from portal.domain.intake.rules import AT_WORK, ENDED, KEPT, LEASE, Stage
from portal.kernel.codes import new_code
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _

REMEMBERED = 50  # earlier imports that are looked through for the same header


class Stopped(Exception):
    """The worker has to let go of the import: somebody cancelled it, or another worker has it."""


def limit_to(actor: Actor, found: Select) -> Select:
    """Add who may see which imports to a query that has Import in it."""
    return found if actor.may(Permission.SALES_IMPORT) else found.where(false())


def visible_to(actor: Actor) -> Select[Import]:
    return limit_to(actor, select(Import))


def begin(actor: Actor, *, outlet_id: int, file_name: str, file_key: str, size: int, now: datetime) -> Import:
    """An uploaded file, for the worker to look at."""
    job = Import(
        code=new_code(), outlet_id=outlet_id, file_name=file_name[-200:], file_key=file_key, size=size,
        staff_id=actor.id, created_at=now, stage=Stage.READING,
    )  # fmt: skip
    db.session.add(job)
    db.session.flush()
    return job


def look_again(job: Import, *, delimiter: str, skip: int) -> None:
    """Read the head of the file anew, with another delimiter or another row of names."""
    if not 0 <= skip < 1000 or delimiter not in (",", ";", "\t", "|"):
        raise Refused(_("Please choose a sign and a row."), "delimiter")
    _move(job, Stage.MATCHING, Stage.READING, options={"delimiter": delimiter, "skip": skip})


def confirm(job: Import, columns: Mapping[Field, int], *, numbers: str, quantities: str, dates: str) -> None:
    """Say which column is which; the worker checks the file then. Raises Refused."""
    width = len(job.guess["header"])
    if any(not 0 <= n < width for n in columns.values()):
        raise Refused(_("Not a valid choice."))
    twice = [n for n in columns.values() if list(columns.values()).count(n) > 1]
    if twice:
        name = job.guess["header"][twice[0]]
        again = [field for field, n in columns.items() if n == twice[0]][-1]
        raise Refused(_("The column “%(name)s” is chosen twice.", name=name), again.value)
    for group in missing(dict(columns)):
        raise Refused(_("Choose the column that holds this."), group[0].value)
    options = {
        "columns": {field.value: n for field, n in columns.items()},
        "numbers": NumberStyle(numbers).value,
        "quantities": NumberStyle(quantities).value,
        "dates": DateStyle(dates).value,
        "outlets": called(job),
    }
    _move(job, Stage.MATCHING, Stage.CHECKING, options=options, position=None, done=0, total=0)


def called(job: Import) -> dict[str, int]:
    """Which outlet a file means by a name that is not ours, in lower case."""
    return job.guess.get("outlets", {}) | job.options.get("outlets", {})


def call_outlets(job: Import, names: Mapping[str, int]) -> None:
    """Say which outlets are meant by names that nobody knows; the file is checked anew. Raises Refused."""
    if not names:
        raise Refused(_("Choose the outlet of at least one name."))
    together = called(job) | {name.casefold(): outlet_id for name, outlet_id in names.items()}
    options = {**job.options, "outlets": together}
    _move(
        job, Stage.CHECKED, Stage.CHECKING, options=options, counts={}, position=None, done=0, total=0
    )  # fmt: skip


def choose_again(job: Import) -> None:
    """Back from the preview to the columns."""
    _move(job, Stage.CHECKED, Stage.MATCHING, counts={})


def start(job: Import) -> None:
    """Let in what the preview showed."""
    if not (job.counts.get("created") or job.counts.get("changed")):
        raise Refused(_("Nothing in this file is new, so there is nothing to start."))
    coming = job.counts["receipts"] - job.counts["refused"]
    _move(job, Stage.CHECKED, Stage.RUNNING, position=None, done=0, total=coming)


def cancel(job: Import, now: datetime) -> None:
    """Stop: at once where a person is asked, after its present step where the worker is at it."""
    db.session.execute(
        update(Import).where(Import.id == job.id, Import.stage.in_(AT_WORK)).values(cancel=True)
    )
    for waiting in (Stage.MATCHING, Stage.CHECKED):
        _move(job, waiting, Stage.CANCELLED, ended_at=now)


def _move(job: Import, before: Stage, after: Stage, **values: Any) -> None:
    """From one stage to another, by whoever comes first; the second time is harmless."""
    db.session.execute(
        update(Import)
        .where(Import.id == job.id, Import.stage == before)
        .values(stage=after, leased_until=None, **values)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(job)


def plan_of(job: Import) -> Plan:
    """How the file is read, as it was confirmed, or as it is guessed where nobody has."""
    chosen: Mapping[str, Any] = job.options if "columns" in job.options else job.guess
    return Plan(
        {Field(name): n for name, n in chosen["columns"].items()},
        NumberStyle(chosen["numbers"]),
        NumberStyle(chosen["quantities"]),
        DateStyle(chosen["dates"]),
        frozenset(map(Field, job.guess["rounded"])),
    )


def remembered(job: Import, header: Sequence[str]) -> dict[str, Any] | None:
    """What was confirmed for the last file with these columns."""
    earlier = db.session.execute(
        select(Import.guess, Import.options)
        .where(Import.id < job.id, Import.stage.in_((Stage.DONE, Stage.CHECKED)))
        .order_by(Import.id.desc())
        .limit(REMEMBERED)
    )
    for guess, options in earlier:
        if "columns" in options and guess.get("header") == list(header):
            return dict(options)
    return None


def lease(now: datetime) -> Import | None:
    """The next import that nobody is at, held for a while; None when there is none. One UPDATE decides."""
    free = or_(Import.leased_until.is_(None), Import.leased_until < now)
    for number in db.session.scalars(
        select(Import.id).where(Import.stage.in_(AT_WORK), free).order_by(Import.id).limit(5)
    ).all():
        taken = db.session.execute(
            update(Import)
            .where(Import.id == number, Import.stage.in_(AT_WORK), free)
            .values(leased_until=now + LEASE)
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount:  # type: ignore[attr-defined]  # a CursorResult for UPDATE
            return db.session.get_one(Import, number, populate_existing=True)
    return None


def progress(job_id: int, stage: Stage, held: datetime, now: datetime, **values: Any) -> datetime:
    """Note how far the worker came and hold the import on; returns until when. Raises Stopped."""
    until = now + LEASE
    moved = db.session.execute(
        update(Import)
        .where(
            Import.id == job_id, Import.stage == stage, Import.leased_until == held, Import.cancel.is_(False)
        )
        .values(leased_until=until, **values)
        .execution_options(synchronize_session=False)
    )
    if not moved.rowcount:  # type: ignore[attr-defined]  # a CursorResult for UPDATE
        raise Stopped
    return until


def finish(job_id: int, before: Stage, after: Stage, **values: Any) -> None:
    """The worker's last word in a stage. Raises Stopped."""
    moved = db.session.execute(
        update(Import)
        .where(Import.id == job_id, Import.stage == before, Import.cancel.is_(False))
        .values(stage=after, leased_until=None, **values)
        .execution_options(synchronize_session=False)
    )
    if not moved.rowcount:  # type: ignore[attr-defined]  # a CursorResult for UPDATE
        raise Stopped


def end_cancelled(job_id: int, now: datetime) -> None:
    """What was asked to stop has stopped."""
    db.session.execute(
        update(Import)
        .where(Import.id == job_id, Import.stage.in_(AT_WORK), Import.cancel)
        .values(stage=Stage.CANCELLED, ended_at=now, leased_until=None)
        .execution_options(synchronize_session=False)
    )


def fail(job_id: int, message: Message, now: datetime) -> None:
    """The file cannot be read at all; `message` says what to do."""
    db.session.execute(
        update(Import)
        .where(Import.id == job_id, Import.stage.in_(AT_WORK))
        .values(stage=Stage.FAILED, problem=stored(message), ended_at=now, leased_until=None)
        .execution_options(synchronize_session=False)
    )


def stored(message: Message) -> list[Any]:
    """A message as JSON keeps it."""
    return [message.id, {n: v if isinstance(v, int | str) else str(v) for n, v in message.values.items()}]


def outdated(now: datetime) -> list[Import]:
    """Imports whose files have been kept long enough."""
    old = select(Import).where(
        Import.created_at < now - KEPT, or_(Import.file_key.is_not(None), Import.refused_key.is_not(None))
    )
    return list(db.session.scalars(old))


def is_required(field: Field) -> bool:
    """Whether the field, or one that can stand for it, has to be chosen."""
    return any(field in group for group in REQUIRED)


def let_go(job_id: int, held: datetime) -> None:
    """End a lease early, so that the next worker need not wait for it."""
    db.session.execute(
        update(Import)
        .where(Import.id == job_id, Import.leased_until == held)
        .values(leased_until=None)
        .execution_options(synchronize_session=False)
    )


def stage_of(job_id: int) -> Stage:
    return Stage(db.session.scalars(select(Import.stage).where(Import.id == job_id)).one())


def alive_codes() -> set[str]:
    """Codes of imports that have not ended."""
    return set(db.session.scalars(select(Import.code).where(Import.stage.not_in(ENDED))))
