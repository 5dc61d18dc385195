"""The desk's connected tills: which there are, what they sent, and trying again."""

import json
from typing import Any

from flask import Blueprint, current_app, request
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import StringField

from portal import jobs
from portal.adapters.pos.registry import FORMATS
from portal.adapters.vault import Secrets
from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.intake import connecting, hooks
from portal.domain.intake.models import Connection, HookEvent
from portal.domain.purchases import queries as purchases
from portal.domain.purchases.models import Purchase
from portal.kernel import clock
from portal.kernel.codes import normalise
from portal.kernel.errors import Refused
from portal.kernel.paging import cut, decode
from portal.kernel.text import Message, _
from portal.web.access import requires
from portal.web.fields import AtMost, Form
from portal.web.load import one_or_404
from portal.web.printed import public_address
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.till_guides import GUIDES, STATES

bp = Blueprint("staff_tills", __name__, url_prefix="/desk/tills")


class SecretsForm(Form):
    """What the till shows; an empty field keeps what is there."""

    secret = StringField(_("Key that the till shows"), [AtMost(200)])
    token = StringField(_("Access token"), [AtMost(300)])
    site = StringField(_("Address of the shop"), [AtMost(120)])


@bp.get("")
@requires(Permission.TILL_CONNECT)
def tills() -> Response:
    rows = db.session.execute(connecting.overview(me())).all()
    return page("staff/tills/list.html", nav_current="receipts", rows=rows, guides=GUIDES)


@bp.get("/<code>")
@requires(Permission.TILL_CONNECT)
def till(code: str) -> Response:
    return show(load(code), SecretsForm(formdata=None))


@bp.get("/<code>/events/<int:number>")
@requires(Permission.TILL_CONNECT)
def event(code: str, number: int) -> Response:
    found = load(code)
    row = _event(found, number)
    source = f"{found.format}:{found.code}"
    told = select(Purchase.code, Purchase.number).where(
        Purchase.source == source, Purchase.external_id == row.order_key
    )
    receipt = db.session.execute(purchases.limit_to(me(), told)).first()
    return page(
        "staff/tills/event.html", nav_current="receipts", till=found, guide=GUIDES[found.format], event=row,
        state=STATES[row.state], problem=problem(row.problem), body=_shown(row.body), receipt=receipt,
    )  # fmt: skip


@bp.post("/<code>/events/<int:number>/again")
@requires(Permission.TILL_CONNECT)
def again(code: str, number: int) -> Response:
    found = load(code)
    row = _event(found, number)
    asks = bool(secrets_of(found).token)
    if row.order_key and hooks.settle(found, FORMATS[found.format], row.order_key, clock.now(), asks=asks):
        jobs.nudge("ask_tills")
    db.session.refresh(row)
    tone, state = STATES[row.state]
    return go_to(f"/desk/tills/{found.code}/events/{row.id}", state, "bad" if tone == "bad" else "good")


def show(found: Connection, form: SecretsForm, status: int = 200) -> Response:
    """A till with how it is connected and what it sent."""
    after = decode(request.args.get("after"), int)
    listed = connecting.events(me(), found, after[0] if after else None)
    events = cut(db.session.execute(listed).all(), lambda row: [row.id])
    secrets = secrets_of(found)
    return page(
        "staff/tills/till.html", status=status, nav_current="receipts", till=found,
        guide=GUIDES[found.format], form=form, secrets=secrets, address=address_of(found, secrets),
        events=events, states=STATES, after=after,
        problems={row.id: problem(row.problem) for row in events.rows},
    )  # fmt: skip


def load(code: str) -> Connection:
    """The connection with this code, or 404."""
    found: Connection = one_or_404(connecting.visible_to(me()).where(Connection.code == normalise(code)))
    return found


def secrets_of(found: Connection) -> Secrets:
    """What the till has entrusted; nothing when it can no longer be opened."""
    if found.ended_at is not None:
        return Secrets()
    try:
        opened: Secrets = current_app.extensions["vault"].open(found.sealed)
    except Refused:
        return Secrets()
    return opened


def address_of(found: Connection, secrets: Secrets) -> str:
    """What is pasted at the till; where it signs nothing, with the key."""
    key = f"?key={secrets.keys[0]}" if GUIDES[found.format].hidden and secrets.keys else ""
    return public_address(f"/hooks/{found.code}") + key


def problem(kept: list[Any] | None) -> Message | None:
    return Message(kept[0], kept[1]) if kept else None


def _event(found: Connection, number: int) -> HookEvent:
    row: HookEvent = one_or_404(
        select(HookEvent).where(HookEvent.connection_id == found.id, HookEvent.id == number)
    )
    return row


def _shown(body: str) -> str:
    """A body with its lines set apart."""
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body
