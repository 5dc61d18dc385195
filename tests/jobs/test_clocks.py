"""The worker looks after clocks: seeded holidays, alarms, and promises reckoned anew."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select, update

from portal import jobs
from portal.db import db
from portal.domain.cases import watch
from portal.domain.cases.models import Case, CaseAlarm, ClockChange
from portal.domain.catalog.models import Holiday
from portal.kernel import clock


def test_a_minute_of_the_worker_seeds_rings_and_reckons_and_the_next_one_has_nothing_to_do(
    app: Flask, claim: Case
) -> None:
    jobs.watch_clocks()
    seeded = db.session.scalar(select(func.count()).select_from(Holiday))
    assert seeded and seeded > 40
    db.session.execute(
        update(Case).values(respond_by=clock.now() - timedelta(minutes=3), alarm_at=clock.now())
    )
    watch.note(kind="question")
    db.session.commit()
    jobs.watch_clocks()
    alarms = list(db.session.scalars(select(CaseAlarm)))
    assert [(alarm.promise, alarm.over) for alarm in alarms] == [("first", True)]
    assert db.session.scalar(select(ClockChange.id)) is None
    jobs.watch_clocks()
    assert db.session.scalar(select(func.count()).select_from(CaseAlarm)) == 1
    assert db.session.scalar(select(func.count()).select_from(Holiday)) == seeded
