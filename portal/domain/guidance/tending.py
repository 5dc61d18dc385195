"""What the worker does each hour: forget talks, and file care guides that were there before the index."""

from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.catalog.models import GuideVersion, Product
from portal.domain.guidance import actions, talks
from portal.domain.guidance.models import HelpPassage

AT_ONCE = 200  # guides


def tend(now: datetime) -> None:
    talks.sweep(now)
    filed = select(HelpPassage.id).where(
        HelpPassage.source == "guide", HelpPassage.source_id == Product.id
    )  # fmt: skip
    written = select(GuideVersion.id).where(
        GuideVersion.product_id == Product.id, GuideVersion.published_at.is_not(None)
    )  # fmt: skip
    waiting = select(Product).where(written.exists(), ~filed.exists()).limit(AT_ONCE)
    for product in db.session.scalars(waiting).all():
        actions.file_guide(product)
