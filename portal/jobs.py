"""The queue and what the worker does: owed messages are delivered, what nobody needs is swept away."""

import logging
import signal
import threading
from collections.abc import Callable

import structlog
from flask import Flask, current_app
from huey import Huey, RedisExpireHuey, SqliteHuey, crontab

from portal import mailroom, roads
from portal.adapters.asking import Silent
from portal.adapters.mail import Permanent, Temporary, Transport, open_transport
from portal.adapters.pos.registry import FORMATS
from portal.db import db
from portal.domain import reactions
from portal.domain.accounts import limits, secrets, sessions
from portal.domain.cases import watch
from portal.domain.catalog import holidays
from portal.domain.claims import actions as claims
from portal.domain.desk import bulk, presence
from portal.domain.estimates import actions as estimates
from portal.domain.files import actions as files
from portal.domain.guidance import tending as help_tending
from portal.domain.intake import answers, hooks, writer
from portal.domain.intake.models import Connection
from portal.domain.intake.tills import BROKEN
from portal.domain.mailbox import actions as letters
from portal.domain.outbox import actions as outbox
from portal.domain.outbox.models import Channel, OutboxMessage
from portal.domain.repairs import watching as workshop
from portal.domain.units import due
from portal.imports import worker as imports
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import _
from portal.letters import Owed, letter
from portal.settings import Settings

GIVE_UP_ROUND = 3  # failures in a row after which a channel rests until the next minute
LINES_AT_ONCE = 500  # of receipts, in one transaction of `make_missing_units`
MOST_QUESTIONS = 8  # about one order, in one go
THUMBNAIL = ".thumb"
log = structlog.get_logger("purna.jobs")


def init_app(app: Flask) -> None:
    """Open the queue of the settings and register the tasks."""
    queue = _open_queue(app.extensions["settings"].queue)

    def task(work: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            with app.app_context():
                work()

        run.__name__ = work.__name__
        return run

    app.extensions["queue"] = queue
    app.extensions["deliver"] = queue.task(name="deliver")(task(deliver_outbox))
    app.extensions["ask_tills"] = queue.task(name="ask_tills")(task(ask_tills))
    app.extensions["look_at_roads"] = queue.task(name="look_at_roads")(task(roads.look))
    queue.periodic_task(crontab(), name="deliver_each_minute")(task(deliver_outbox))
    queue.periodic_task(crontab(), name="tills_each_minute")(task(ask_tills))
    queue.periodic_task(crontab(), name="units_each_minute")(task(make_missing_units))
    queue.periodic_task(crontab(), name="clocks_each_minute")(task(watch_clocks))
    queue.periodic_task(crontab(), name="roads_each_minute")(task(roads.look))
    queue.periodic_task(crontab(), name="mailbox_each_minute")(task(mailroom.poll))
    queue.periodic_task(crontab(minute="17"), name="sweep_each_hour")(task(sweep))


def nudge(work: str = "deliver") -> None:
    """Ask the worker to look into the outbox now, or to do other work that waits; when the queue is away it
    looks within a minute anyway."""
    try:
        current_app.extensions[work]()
    except Exception as error:  # whatever ails the queue must not cost anybody a request
        log.warning("nudge", error=type(error).__name__)


def work(queue: Huey) -> None:
    """Run tasks until SIGTERM or SIGINT; the one under way is finished first."""
    logging.getLogger("huey").setLevel(logging.WARNING)
    if last := holidays.ending(clock.now().date()):
        log.warning("holidays", known_until=last, do="update the portal")
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    consumer = queue.create_consumer(workers=1, max_delay=0.5, shutdown_timeout=30)
    consumer.start()
    ended = threading.Event()
    importing = threading.Thread(target=imports.run, args=(current_app._get_current_object(), ended))  # type: ignore[attr-defined]
    importing.start()
    nudge()
    while signal.sigtimedwait(ends, 10) is None:
        consumer.check_worker_health()
    ended.set()
    consumer.stop(graceful=True)
    importing.join()


def deliver_outbox() -> int:
    """Send what is due, one message at a time, and return how many went out.

    A message is leased, rendered and sent, then marked, each step apart from the others: killed at any point,
    it is sent again under the same key when its lease ends.
    """
    ways = _transports(current_app.extensions["settings"])
    failures = dict.fromkeys(ways, 0)
    sent = 0
    while open_ways := [channel for channel in ways if failures[channel] < GIVE_UP_ROUND]:
        owed = _lease(open_ways)
        if owed is None:
            break
        error, final = _send(ways[owed.channel], owed)
        message = db.session.get_one(OutboxMessage, owed.id)
        if error is None:
            outbox.mark_sent(message, clock.now())
            sent += 1
        else:
            outbox.mark_failed(message, error, clock.now(), final=final)
            log.warning("message", key=owed.key, template=owed.template, error=error, final=final)
        failures[owed.channel] = 0 if error is None or final else failures[owed.channel] + 1
        db.session.commit()
    return sent


def make_missing_units() -> None:
    """Make the units of what was sold before its product came under a policy, a few lines at a time.

    Each step is one transaction that notes how far it came: killed at any point, it goes on from there.
    """
    while (waiting := due.first()) is not None:
        reached = writer.make_missing(waiting.product_id, waiting.after_line_id, LINES_AT_ONCE, clock.now())
        due.went_on(waiting, reached)
        reactions.settle(clock.now())
        db.session.commit()
    db.session.rollback()


def watch_clocks() -> None:
    """Look after the clocks of cases, a few at a time and each few in a transaction of its own; then do what
    was held for many cases, remind people of what the workshop waits for, and end estimates."""
    for look in (*watch.STEPS, bulk.perform_next, workshop.remind, *estimates.STEPS):
        while look(clock.now()):
            reactions.settle(clock.now())
            db.session.commit()
    db.session.rollback()


def ask_tills() -> int:
    """Ask the companies of tills for what their events left out, and return how many answers came."""
    waiting = hooks.due(clock.now())
    db.session.rollback()
    return sum(_ask_till(owed) for owed in waiting)


def sweep() -> None:
    """Forget abandoned uploads and drafts, old secrets, answers and sessions, and limits that have lapsed."""
    now = clock.now()
    store = current_app.extensions["files"]
    for file in files.abandoned(now):
        store.delete(file.key)
        store.delete(file.key + THUMBNAIL)
        db.session.delete(file)
    db.session.commit()
    store.tidy(now - files.PENDING_LIFE)
    imports.sweep(now)
    for forget in (
        limits.sweep,
        lambda: secrets.sweep(now),
        lambda: sessions.sweep(now),
        lambda: claims.discard_abandoned(now),
        lambda: answers.sweep(now),
        lambda: help_tending.tend(now),
        lambda: letters.sweep(now),
        lambda: presence.sweep(now),
    ):
        forget()
        db.session.commit()


def _ask_till(owed: hooks.Owed) -> int:
    """One question after the other until an order is complete; the database is free while one is asked."""
    connection = db.session.get_one(Connection, owed.connection_id)
    form, answers, more = FORMATS[connection.format], 0, True
    while more and answers < MOST_QUESTIONS:
        question = hooks.wanted(connection, form, owed.order)
        sealed = connection.sealed
        db.session.rollback()
        try:
            if question is None:
                told = []
            else:
                secrets = current_app.extensions["vault"].open(sealed)
                body = current_app.extensions["asker"].ask(form, secrets, question)
                told = form.hear(owed.order, question, body, clock.now())
            more = hooks.heard(connection, form, owed.order, told, clock.now())
            answers += question is not None
        except (Silent, Refused, *BROKEN) as error:
            db.session.rollback()
            log.warning("till", till=connection.code, error=str(error)[:80])
            why = _(
                "%(till)s did not answer. It is asked again; try it yourself with the button.",
                till=connection.name,
            )
            hooks.unheard(connection, form, owed.order, why, clock.now())
            more = False
        reactions.settle(clock.now())
        db.session.commit()
    return answers


def _open_queue(url: str) -> Huey:
    if url.startswith("sqlite:///"):
        # Losing a task costs a minute at most, so the queue need not wait for the disk.
        return SqliteHuey(
            "purna", filename=url.removeprefix("sqlite:///"), fsync=False, timeout=1, results=False
        )
    away = "&" if "?" in url else "?"
    limits_of_patience = f"{away}socket_connect_timeout=0.5&socket_timeout=3"
    return RedisExpireHuey("purna", url=url + limits_of_patience, blocking=False, results=False)


def _transports(settings: Settings) -> dict[Channel, Transport]:
    """Where each channel's messages go. Without WhatsApp its messages stay queued; the desk shows them."""
    ways = {Channel.EMAIL: open_transport(settings.mail)}
    if settings.whatsapp:
        ways[Channel.WHATSAPP] = open_transport(settings.whatsapp)
    return ways


def _lease(channels: list[Channel]) -> Owed | None:
    found = outbox.lease(clock.now(), channels, limit=1)
    owed = None
    if found:
        m = found[0]
        owed = Owed(m.id, m.key, Channel(m.channel), m.address, m.language, m.template, m.values)
    db.session.commit()
    return owed


def _send(way: Transport, owed: Owed) -> tuple[str | None, bool]:
    """(what went wrong, whether for good); (None, False) when it was taken."""
    try:
        way.send(letter(owed))
    except Permanent as error:
        return str(error), True
    except Temporary as error:
        return str(error), False
    except Exception as error:  # one message that cannot be rendered must not hold up the others
        log.exception("message", key=owed.key, template=owed.template)
        return type(error).__name__, False
    return None, False
