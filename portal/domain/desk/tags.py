"""Tags: words that staff mark cases with; they are no activity and leave no entry on the timeline."""

from sqlalchemy import and_, delete, select

from portal.db import db
from portal.domain.cases.models import Case, CaseTag, Tag
from portal.domain.desk.facts import CaseTagged
from portal.domain.news import announce
from portal.kernel.errors import Refused
from portal.kernel.text import _

LONGEST = 40
MOST = 12  # on one case
PROPOSED = 200


def of_case(case_id: int) -> tuple[list[str], list[str]]:
    """The names of a case's tags, and of others that it could have, by name. One query."""
    mine = and_(CaseTag.tag_id == Tag.id, CaseTag.case_id == case_id)
    found = select(Tag.name, CaseTag.case_id.is_not(None)).outerjoin(CaseTag, mine)
    rows = db.session.execute(found.order_by(CaseTag.case_id.is_(None), Tag.name).limit(PROPOSED)).all()
    return [name for name, on in rows if on], [name for name, on in rows if not on]


def known(name: str) -> Tag:
    """The tag of this name, made when there is none. Raises Refused."""
    name = plain(name)
    tag = db.session.scalar(select(Tag).where(Tag.name == name))
    if tag is None:
        tag = Tag(name=name)
        db.session.add(tag)
        db.session.flush()
    return tag


def plain(name: str) -> str:
    """The name as it is stored: lower case, one space between words. Raises Refused."""
    name = " ".join(name.replace("#", " ").split()).lower()
    if not name:
        raise Refused(_("Write a tag."), "tag")
    if len(name) > LONGEST:
        raise Refused(_("Please keep it under %(count)s characters.", count=LONGEST), "tag")
    return name


def add(case: Case, name: str) -> bool:
    """Mark a case; whether it was not marked so before. Raises Refused."""
    tag = known(name)
    if db.session.get(CaseTag, (case.id, tag.id)) is not None:
        return False
    if len(of_case(case.id)[0]) >= MOST:
        raise Refused(_("A case holds at most %(count)s tags. Remove one first.", count=MOST), "tag")
    db.session.add(CaseTag(case_id=case.id, tag_id=tag.id))
    db.session.flush()
    announce(CaseTagged(case.id, tag.id))
    return True


def remove(case: Case, name: str) -> bool:
    """Take a mark off; whether it was there."""
    tag_id = select(Tag.id).where(Tag.name == name.strip().lower()).scalar_subquery()
    gone = delete(CaseTag).where(CaseTag.case_id == case.id, CaseTag.tag_id == tag_id)
    return bool(db.session.execute(gone.returning(CaseTag.tag_id)).all())
