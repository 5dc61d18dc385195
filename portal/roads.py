"""The worker's part in parcels: what came too early is taken up, the silent are asked, the late are seen."""

import structlog
from flask import current_app

from portal.adapters.asking import TOO_OFTEN, Silent
from portal.adapters.couriers.base import SLUGS
from portal.adapters.couriers.binderbyte import UNKNOWN
from portal.adapters.couriers.registry import COURIERS
from portal.adapters.vault import Secrets
from portal.db import db
from portal.domain import reactions
from portal.domain.shipments import asking, events, watch
from portal.domain.shipments.couriers import BROKEN, Told
from portal.domain.shipments.models import CourierAccount, Leg
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import _

ASKED = [name for name, courier in COURIERS.items() if courier.host]
log = structlog.get_logger("purna.roads")


def look() -> int:
    """Everything that is due now, a few parcels in each transaction; returns how many couriers answered."""
    for step in (lambda now: events.adopt(COURIERS, now), watch.ring):
        while step(clock.now()):
            reactions.settle(clock.now())
            db.session.commit()
    db.session.rollback()
    for account in asking.accounts(ASKED):
        asking.begin(account, SLUGS, clock.now())
    db.session.commit()
    due = asking.due(clock.now())
    db.session.rollback()
    return sum(_ask(owed) for owed in due)


def _ask(owed: asking.Owed) -> bool:
    """One question; the database is free while it is asked."""
    account = db.session.get_one(CourierAccount, owed.account_id)
    courier, sealed = COURIERS[account.format], account.sealed
    if account.rests_until and account.rests_until > clock.now():
        return False
    db.session.rollback()
    why, told = UNKNOWN, None
    try:
        secrets = current_app.extensions["vault"].open(sealed)
        told = _answer(courier, secrets, owed)
    except (Silent, Refused, *BROKEN) as error:
        db.session.rollback()
        log.warning("courier", account=account.code, error=str(error)[:80])
        why = _("%(courier)s did not answer. It is asked again by itself.", courier=account.name)
        if isinstance(error, Silent) and error.status == TOO_OFTEN:
            asking.rest(account, clock.now())
    now = clock.now()
    if told is None:
        asking.unheard(owed.leg_id, why, now)
    else:
        events.receive(account, COURIERS, [told], now)
        events.settle(db.session.get_one(Leg, owed.leg_id), COURIERS, now)
        asking.heard(owed.leg_id, now)
    reactions.settle(now)
    db.session.commit()
    return told is not None


def _answer(courier: events.Courier, secrets: Secrets, owed: asking.Owed) -> Told | None:
    """What was answered about the parcel that was asked about; None when its number is not known."""
    question = courier.question(owed.courier, owed.waybill, secrets.token)
    if question is None:
        return None
    body = current_app.extensions["asker"].ask(courier, secrets, question)
    [told] = courier.read({}, body, clock.now())
    if told.note is not None and told.note != UNKNOWN:
        raise Refused(told.note)
    if told.note is not None:
        return None
    return Told(told.id, told.topic, told.ref, owed.waybill, told.at, told.body)
