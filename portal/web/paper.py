"""Finding what a link on paper or in a message leads to."""

from typing import TypeVar

from flask import request
from sqlalchemy.sql.base import ExecutableOption
from werkzeug.exceptions import Gone, NotFound

from portal.domain.accounts import limits
from portal.domain.accounts.rules import MISSES_AN_ADDRESS
from portal.domain.links import actions as links
from portal.domain.links.models import PaperLink
from portal.web.transaction import apart

Link = TypeVar("Link", bound=PaperLink)


def link_or_404(kind: type[Link], token: str, *options: ExecutableOption) -> Link:
    """The link with this token; 404 for none (misses are limited, hits never), 410 for one replaced since."""
    link = links.find(kind, token, *options)
    if link is None:
        apart(lambda: limits.hit(MISSES_AN_ADDRESS, "miss", request.remote_addr or ""))
        raise NotFound
    if link.revoked_at is not None:
        raise Gone
    return link
