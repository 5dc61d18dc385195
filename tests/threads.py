"""Doing the same thing at the same moment, as several requests would."""

import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask

from portal.db import db
from portal.kernel.errors import Refused


def at_once(app: Flask, times: int, work: Callable[[int], Any]) -> list[Any]:
    """What each of `times` transactions returned; a refusal is returned too, and what it counted is kept."""
    db.session.commit()
    ready = Barrier(times)

    def one(n: int) -> Any:
        with app.app_context():
            ready.wait()
            try:
                result = work(n)
            except Refused as refusal:
                result = refusal
            db.session.commit()
            return result

    with ThreadPoolExecutor(times) as pool:
        jobs = [pool.submit(contextvars.Context().run, one, n) for n in range(times)]
        return [job.result() for job in jobs]
