"""Conversations of the demo: ready replies, a thread with a PDF, a video and notes, letters that came in."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.adapters import mail_in
from portal.adapters.attachments import content_type
from portal.adapters.filestore import FileStore
from portal.db import db
from portal.demo import files, people
from portal.domain import reactions
from portal.domain.accounts.models import Customer, Staff
from portal.domain.accounts.rules import Actor
from portal.domain.cases import actions as cases
from portal.domain.cases import whatsapp
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet
from portal.domain.files import actions as stored
from portal.domain.mailbox import actions as letters
from portal.domain.mailbox import addresses, replies
from portal.domain.workflows.vocabulary import S

DOMAIN = "balas.purnama.example"
LETTER = """From: {sender}
To: {to}
Subject: {subject}
Message-ID: <{number}@pelanggan.example>
Content-Type: text/plain; charset=utf-8

{text}
"""


def converse(outlet: Outlet, team: dict[tuple[str, str], Staff], store: FileStore, now: datetime) -> None:
    """Fill threads of an outlet that are under way. The latest words are some minutes old."""
    told = files.read("talk")
    manager, agent = people.actor(team["JKT", "manager"]), people.actor(team["JKT", "agent"])
    for reply in told["reply"]:
        owner = agent if reply.pop("own", False) else manager
        replies.save(owner, None, None, shared=owner is manager, **reply)
    waiting = _threads(outlet)
    for thread in told["thread"]:
        case = next(case for case in waiting if case.unit and case.unit.product.sku == thread["sku"])
        for line in thread["line"]:
            at = max(now - timedelta(minutes=line["ago"]), case.touched_at + timedelta(seconds=20))
            _take_turn(case, line, agent, store, at)
            reactions.settle(at)
    for n, letter in enumerate(told["letter"]):
        _arrive(n, letter, waiting[-1], now - timedelta(minutes=30 - 5 * n))


def _threads(outlet: Outlet) -> list[Case]:
    """Claims that the shop is looking at, of customers who can be written to."""
    found = (
        select(Case)
        .join(Customer, Customer.id == Case.customer_id)
        .where(
            Case.outlet_id == outlet.id, Case.state == S.UNDER_REVIEW, Case.kind == "warranty",
            Customer.email_verified_at.is_not(None), Customer.language == "id",
        )
        .order_by(Case.id)
    )  # fmt: skip
    return list(db.session.scalars(found))


def _take_turn(case: Case, line: dict[str, Any], agent: Actor, store: FileStore, at: datetime) -> None:
    customer = people.actor(case.customer)
    who = customer if line["from"] == "customer" else agent
    attached = [_attach(who, name, store, at) for name in line.get("files", ())]
    match line["from"]:
        case "whatsapp":
            whatsapp.opened(agent, case, line["text"], at)
        case "note":
            cases.say(agent, case, line["text"], at, internal=True)
        case "mail":
            cases.say(customer, case, line["text"], at, data={"by": "mail"})
        case _:
            cases.say(who, case, line["text"], at, photos=attached)


def _attach(actor: Actor, name: str, store: FileStore, at: datetime) -> str:
    data = (files.FOLDER / "talk" / name).read_bytes()
    row = stored.begin(actor, size=len(data), content_type=content_type(data), name=name, now=at)
    store.put(row.key, data)
    return row.code


def _arrive(n: int, letter: dict[str, str], case: Case, at: datetime) -> None:
    """A letter as it comes in; one without an address of its own goes to the case."""
    to = letter.get("to") or addresses.of(DOMAIN, case.code, case.id, case.customer_id)
    raw = LETTER.format(number=n, **{"sender": "", **letter, "to": to}).encode()
    arrived, _files = mail_in.read(raw)
    letters.file(arrived, letters.place(arrived, DOMAIN, at), at)
    reactions.settle(at)
