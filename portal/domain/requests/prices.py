"""Keeping the price list of services."""

from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.domain.requests.answers import OTHER
from portal.domain.requests.models import Service
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _


def save_service(service: Service | None, version: int, **fields: Any) -> Service:
    """Make or change a line; who asked before keeps the price that was shown. Raises Refused, Stale."""
    if service is not None and version != service.version:
        raise Stale
    code = fields["code"]
    same = select(Service.id).where(Service.code == code, Service.id != (service.id if service else None))
    if code.lower() == OTHER or db.session.scalar(same):
        raise Refused(_("This code is taken. Choose another one."), "code")
    if service is None:
        service = Service(**fields)
        db.session.add(service)
    for column, value in fields.items():
        setattr(service, column, value)
    db.session.flush()
    return service
