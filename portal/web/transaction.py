"""One request, one transaction: the reactions settle, then one commit; or all is rolled back.

A form that was sent twice returns its first answer: its one-time key is a row of the same transaction.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from flask import g, make_response, redirect, request
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from portal import jobs
from portal.db import db, writing
from portal.domain import news, reactions
from portal.domain.accounts import sessions
from portal.domain.accounts.models import FormKey
from portal.domain.outbox import actions as outbox
from portal.kernel import clock
from portal.kernel.errors import Refused, Stale
from portal.web import signin, uploads

TRIES = 3  # of a program's request
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@contextmanager
def reading() -> Iterator[None]:
    """Queries inside do not take the write lock."""
    token = writing.set(False)
    try:
        yield
    finally:
        writing.reset(token)


def run(
    view: Callable[..., Any],
    values: dict[str, Any],
    *,
    photos: bool,
    papers: bool = False,
    before: Callable[[], None] | None = None,
    program: bool = False,
    reads: bool = False,
) -> Any:
    """Call a view in the transaction its method asks for, after what has to be done before it begins.

    What a `program` sends is no form, so no one-time key is looked for in it; and nobody sits there to press
    the button again: when two write the same at once, the one that came too late is called anew; on SQLite so
    is one that waited in vain for its turn.
    """
    try:
        if reads or request.method in SAFE:
            with reading():
                answer = view(**values)
            db.session.rollback()
            _note_seen()
            return answer
        db.session.rollback()  # ends the read that recognised the person
        if photos or papers:
            earlier = _sent_before()
            if earlier is not None:
                return redirect(earlier, 303)
            uploads.take_in(papers=papers)
        if before is not None:
            with reading():
                before()
            db.session.rollback()
        return _write_again(view, values) if program else _write(view, values, _form_key())
    except BaseException:
        db.session.rollback()
        news.take()
        raise


def _write_again(view: Callable[..., Any], values: dict[str, Any]) -> Any:
    for _try in range(TRIES - 1):
        try:
            return _write(view, values, None)
        except (IntegrityError, OperationalError) as error:
            if isinstance(error, OperationalError) and not _is_busy(error):
                raise
            db.session.rollback()
            news.take()
    return _write(view, values, None)


def _is_busy(error: OperationalError) -> bool:
    """Whether another writer kept SQLite's lock longer than one waits for it."""
    return getattr(error.orig, "sqlite_errorname", "") == "SQLITE_BUSY"


def keep() -> None:
    """Commit although the answer is an error: a wrong try counts."""
    g.keep = True


def drop() -> None:
    """This answer only shows a form again (a preview, one more line): change nothing."""
    g.drop = True


def apart(note: Callable[[], None]) -> None:
    """Write something down although the request only reads: a miss counts. What `note` raises goes on up."""
    db.session.rollback()
    token = writing.set(True)
    try:
        note()
    finally:
        db.session.commit()
        writing.reset(token)


def _write(view: Callable[..., Any], values: dict[str, Any], key: tuple[str, str] | None) -> Any:
    now = clock.now()
    if key is not None:
        earlier = _claim(key, now)
        if earlier is not None:
            return redirect(earlier, 303)
    g.keep = g.drop = False
    try:
        answer = make_response(view(**values))
        if g.drop or (answer.status_code >= 400 and not g.keep):
            db.session.rollback()
            news.take()
            return answer
        if key is not None:
            _settle_key(key, answer)
        reactions.settle(clock.now())  # what follows stands after what it follows from
        owed = outbox.take_owed()
        db.session.commit()
    except Refused:
        if g.keep:
            db.session.commit()
        raise
    except StaleDataError as error:
        raise Stale from error
    if owed:
        jobs.nudge()
    return answer


def _form_key() -> tuple[str, str] | None:
    """(who, key mixed with the body): the same form with other words in it is another form."""
    key = request.form.get("_key")
    if not key:
        return None
    body = sorted((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token")
    files = sorted((name, file.filename or "") for name, file in request.files.items(multi=True))
    return signin.visitor(), sha256(repr((request.path, body, files)).encode()).hexdigest()


def _sent_before() -> str | None:
    """Where the first answer to this form led; its photos are safe and need not be stored again."""
    key = _form_key()
    if key is None:
        return None
    with reading():
        location = _location(key)
    db.session.rollback()
    return location


def _location(key: tuple[str, str]) -> str | None:
    return db.session.scalar(select(FormKey.location).where(FormKey.actor == key[0], FormKey.key == key[1]))


def _claim(key: tuple[str, str], now: Any) -> str | None:
    """Take the key for this request; the location of the first answer when it was taken before."""
    try:
        with db.session.begin_nested():
            db.session.execute(insert(FormKey).values(actor=key[0], key=key[1], created_at=now))
    except IntegrityError:
        return _location(key) or request.path
    return None


def _settle_key(key: tuple[str, str], answer: Response) -> None:
    """Note where the answer led; an answer that says no leaves the key for another try."""
    mine = (FormKey.actor == key[0], FormKey.key == key[1])
    if answer.status_code >= 400:
        db.session.execute(delete(FormKey).where(*mine))
    else:
        db.session.execute(update(FormKey).where(*mine).values(location=answer.headers.get("Location")))


def _note_seen() -> None:
    """Every few minutes a session's "last seen" is renewed, after the page was made and apart from it."""
    session_id = g.pop("renew_session", None)
    if session_id is None:
        return
    try:
        sessions.seen(session_id, clock.now())
        db.session.commit()
    except OperationalError:  # a busy database must not cost anybody a page
        db.session.rollback()
