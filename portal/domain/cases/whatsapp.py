"""Messages that staff send by their own WhatsApp: opened as a draft, sent when they say so."""

from collections.abc import Collection
from datetime import datetime

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case, CaseEvent
from portal.kernel.errors import Refused
from portal.kernel.text import _

EVENT = "whatsapp"


def opened(actor: Actor, case: Case, body: str, now: datetime, *, files: Collection[str] = ()) -> CaseEvent:
    """A draft for staff to send; the customer sees nothing of it yet. Raises Refused."""
    cases.check_body(body)
    if not case.customer.phone:
        raise Refused(_("There is no phone number of this customer. Send it as a message instead."), "body")
    if files:
        raise Refused(_("Files do not go along by WhatsApp. Send them as a message here."), "photos")
    return cases.note(actor, case, EVENT, now, body=body, internal=True, data={"phone": case.customer.phone})


def sent(actor: Actor, case: Case, number: int, now: datetime) -> CaseEvent:
    """The draft was sent: now it is a message, of which no other letter has to tell. Raises Refused."""
    draft = _open_draft(case, number)
    message = cases.say(actor, case, draft.body, now, data={"by": EVENT}, told=True)
    draft.data = {**(draft.data or {}), "sent": message.id}
    return message


def dropped(case: Case, number: int) -> None:
    """The draft was never sent. Raises Refused."""
    draft = _open_draft(case, number)
    draft.data = {**(draft.data or {}), "dropped": True}


def _open_draft(case: Case, number: int) -> CaseEvent:
    draft = db.session.get(CaseEvent, number)
    if draft is None or draft.case_id != case.id or draft.event != EVENT:
        raise Refused(_("There is no such draft on this case."))
    if (draft.data or {}).keys() & {"sent", "dropped"}:
        raise Refused(_("This draft was settled already. Reload the page to see how it stands."))
    return draft
