"""Loading is authorising: a row that the person may see, or 404."""

from typing import Any

from sqlalchemy import Select
from werkzeug.exceptions import NotFound

from portal.db import db


def one_or_404(found: Select[Any]) -> Any:
    """The first entity of a `visible_to(actor)` query. A foreign row answers exactly as a missing one."""
    row = db.session.scalar(found)
    if row is None:
        raise NotFound
    return row


def row_or_404(found: Select[*tuple[Any, ...]]) -> Any:
    """The first row of a `limit_to(actor, …)` query over several columns."""
    row = db.session.execute(found).first()
    if row is None:
        raise NotFound
    return row
