"""Two cases that are one: the one goes on in the other, and can be separated again.

Nothing is moved: entries, photos and shipments stay with the case that they belong to, and the thread of the
other one shows them in their order as long as the two are one.
"""

from datetime import datetime

from sqlalchemy import exists, select

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.desk.facts import CaseMerged
from portal.domain.news import announce
from portal.domain.workflows.vocabulary import E, S
from portal.kernel.errors import Refused
from portal.kernel.text import _


def merge(actor: Actor, case: Case, into: Case, now: datetime) -> None:
    """`case` goes on in `into`. Raises Refused."""
    if case.id == into.id:
        raise Refused(_("Choose another case."), "into")
    if case.customer_id != into.customer_id:
        raise Refused(
            _("They are of two customers. If it is one person, make the two records one first."), "into"
        )
    if not into.on_desk:
        raise Refused(_("Case %(code)s is finished. Open it again first.", code=into.code), "into")
    if db.session.scalar(select(exists().where(Case.merged_into_id == case.id))):
        raise Refused(
            _("Other cases go on in this one. Merge case %(code)s into this one instead.", code=into.code),
            "into",
        )
    cases.move(actor, case, E.MERGE, now, internal=True, data={"into": into.code})
    case.merged_into_id = into.id
    entry = cases.note(actor, into, "merged", now, internal=True, data={"from": case.code})
    announce(CaseMerged(case.id, into.id, entry.id))


def separate(actor: Actor, case: Case, now: datetime) -> None:
    """The case is one of its own again, in the state that it came from. Raises Refused."""
    if case.state != S.MERGED:
        raise Refused(_("This case is not merged with another one."))
    twin = select(Case.code).where(
        Case.unit_id == case.unit_id, Case.kind == case.kind, Case.kind == "warranty", Case.on_desk
    )
    other = db.session.scalar(twin) if case.unit_id else None
    if other:
        raise Refused(_("There is an open claim for this item by now: %(code)s.", code=other))
    into, case.merged_into_id = case.merged_into, None
    cases.move(actor, case, E.UNMERGE, now, internal=True)
    if into is not None:
        cases.note(actor, into, "separated", now, internal=True, data={"from": case.code})
