"""The log: who looked at whose data; never the secret of an address."""

import logging

import pytest
from sqlalchemy.exc import IntegrityError
from structlog.testing import CapturingLogger

from portal.db import db
from portal.domain.purchases import queries as purchases
from portal.web import guard
from tests import factories


@pytest.fixture
def settings() -> dict[str, object]:
    return {"demo": False}


def test_the_log_says_who_saw_what_and_holds_no_token(agent, claim, client, purchase, monkeypatch):
    assert logging.getLogger("purna").isEnabledFor(logging.INFO)
    token = purchases.token_of(purchase.id)
    monkeypatch.setattr(guard, "log", log := CapturingLogger())
    agent.get(f"/desk/cases/{claim.code}")
    client.get(f"/q/{token}")
    client.get(f"/q/{token}/nothing", expect=404)
    seen = log.calls[0].kwargs
    assert (seen["who"], seen["about"]) == (f"staff:{agent.person.id}", claim.code)
    assert token not in str(log.calls)


def test_the_log_quotes_no_row(both, monkeypatch):
    monkeypatch.setattr(guard, "log", log := CapturingLogger())
    factories.customer(email="dewi@pelanggan.example")
    other = factories.customer()
    other.email = "dewi@pelanggan.example"
    with pytest.raises(IntegrityError) as twin:
        db.session.commit()
    with both.test_request_context():
        guard._twin(twin.value)
    assert "customers" in str(log.calls)
    assert "dewi@" not in str(log.calls)
