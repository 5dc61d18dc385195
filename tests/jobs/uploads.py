"""Uploads as a manager sends them, brought through the worker by hand."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.intake import imports
from portal.domain.intake.models import Import
from portal.domain.intake.rules import Stage
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.imports import worker
from portal.kernel import clock
from tests import factories
from tests.browser import Browser

Send = Callable[..., Import]


def sender(app: Flask) -> Send:
    """`send(data, currency)`: an upload that was looked at, checked and, with `start`, let in."""
    manager = Browser(app, factories.staff(Role.MANAGER))
    outlets: dict[str, int] = {}

    def send(data: bytes, currency: str = "IDR", *, start: bool = True, **chosen: str) -> Import:
        if currency not in outlets:
            outlets[currency] = factories.outlet(currency=currency, timezone="Europe/London").id
        key = f"imports/{hash(data) & 0xFFFFFF:x}"
        app.extensions["files"].put(key, data)
        job = imports.begin(
            manager.actor, outlet_id=outlets[currency], file_name="a.csv", file_key=key, size=len(data),
            now=clock.now(),
        )  # fmt: skip
        job = work(job)
        if job.stage == Stage.MATCHING:
            plan = imports.plan_of(job)
            styles = {"numbers": plan.numbers, "quantities": plan.quantities, "dates": plan.dates, **chosen}
            imports.confirm(job, plan.columns, **styles)
            job = work(job)
        if start and job.stage == Stage.CHECKED:
            imports.start(job)
            job = work(job)
        return job

    return send


def work(job: Import) -> Import:
    """Let the worker take one step; the import as it is then."""
    number = job.id
    db.session.commit()
    worker.work_on_next()
    return db.session.get_one(Import, number, populate_existing=True)


def kept() -> tuple[int, int, int]:
    """(receipts, lines, their sum) of everything."""
    db.session.rollback()
    found: Any = db.session.execute(select(func.count(Purchase.id), func.sum(Purchase.total))).one()
    lines = db.session.scalar(select(func.count(PurchaseLine.id)))
    db.session.rollback()
    return found[0], lines or 0, found[1] or 0
