"""The desk's connected couriers: which there are, what they sent, and trying again."""

import json
from typing import Any

from flask import Blueprint, current_app, request
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import StringField

from portal.adapters.couriers.registry import COURIERS
from portal.adapters.vault import Secrets
from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.shipments import accounts, events
from portal.domain.shipments.models import CourierAccount, CourierEvent, Leg
from portal.kernel import clock
from portal.kernel.codes import normalise
from portal.kernel.errors import Refused
from portal.kernel.paging import cut, decode
from portal.kernel.text import Message, _
from portal.web.access import requires
from portal.web.fields import AtMost, Form
from portal.web.load import one_or_404, row_or_404
from portal.web.printed import public_address
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.courier_guides import GUIDES, STATES

bp = Blueprint("staff_couriers", __name__, url_prefix="/desk/couriers")


class SecretsForm(Form):
    """What the courier shows; an empty field keeps what is there."""

    secret = StringField(_("Key that it shows"), [AtMost(200)])
    token = StringField(_("API key"), [AtMost(300)])


@bp.get("")
@requires(Permission.TILL_CONNECT)
def couriers() -> Response:
    rows = db.session.execute(accounts.overview(me())).all()
    return page("staff/couriers/list.html", nav_current="legs", rows=rows, guides=GUIDES)


@bp.get("/<code>")
@requires(Permission.TILL_CONNECT)
def account(code: str) -> Response:
    return show(load(code), SecretsForm(formdata=None))


@bp.get("/<code>/events/<int:number>")
@requires(Permission.TILL_CONNECT)
def event(code: str, number: int) -> Response:
    found = load(code)
    row, leg = _event(found, number)
    return page(
        "staff/couriers/event.html", nav_current="legs", account=found, guide=GUIDES[found.format], event=row,
        leg=leg, state=STATES[row.state], problem=_problem(row.problem), body=_shown(row.body),
    )  # fmt: skip


@bp.post("/<code>/events/<int:number>/again")
@requires(Permission.TILL_CONNECT)
def again(code: str, number: int) -> Response:
    """Fold its parcel anew, as after a number was corrected."""
    found = load(code)
    row, leg = _event(found, number)
    now = clock.now()
    if leg is not None:
        events.settle(leg, COURIERS, now)
    else:
        events.adopt(COURIERS, now)
    db.session.refresh(row)
    tone, state = STATES[row.state]
    return go_to(_path(found) + f"/events/{row.id}", state, "bad" if tone == "bad" else "good")


def show(found: CourierAccount, form: SecretsForm, status: int = 200) -> Response:
    """A courier with how it is connected and what it sent."""
    after = decode(request.args.get("after"), int)
    listed = accounts.events(me(), found, after[0] if after else None)
    sent = cut(db.session.execute(listed).all(), lambda row: [row.id])
    return page(
        "staff/couriers/account.html", status=status, nav_current="legs", account=found,
        guide=GUIDES[found.format], form=form, secrets=secrets_of(found), address=address_of(found),
        events=sent, states=STATES, after=after,
        problems={row.id: _problem(row.problem) for row in sent.rows},
    )  # fmt: skip


def load(code: str) -> CourierAccount:
    """The connection with this code, or 404."""
    found: CourierAccount = one_or_404(
        accounts.visible_to(me()).where(CourierAccount.code == normalise(code))
    )
    return found


def secrets_of(found: CourierAccount) -> Secrets:
    """What the courier has entrusted; nothing when it can no longer be opened."""
    if found.ended_at is not None:
        return Secrets()
    try:
        opened: Secrets = current_app.extensions["vault"].open(found.sealed)
    except Refused:
        return Secrets()
    return opened


def address_of(found: CourierAccount) -> str:
    return public_address(f"/hooks/couriers/{found.code}")


def _problem(kept: list[Any] | None) -> Message | None:
    return Message(kept[0], kept[1]) if kept else None


def _event(found: CourierAccount, number: int) -> Any:
    """(the event, its leg or None)."""
    return row_or_404(
        select(CourierEvent, Leg)
        .outerjoin(Leg, Leg.id == CourierEvent.leg_id)
        .where(CourierEvent.account_id == found.id, CourierEvent.id == number)
    )


def _shown(body: str) -> str:
    """A body with its lines set apart."""
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return body


def _path(found: CourierAccount) -> str:
    return f"/desk/couriers/{found.code}"
