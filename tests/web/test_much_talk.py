"""A case about which far too much was said: its pages cost what any case's cost."""

from io import BytesIO

import pytest

from portal.domain import news
from portal.domain.cases import actions as cases
from portal.domain.cases.queries import TIMELINE
from portal.domain.desk import tags
from portal.kernel import clock
from tests import factories
from tests.adapters.papers import PDF
from tests.pages import parse


@pytest.fixture
def much(owner, agent, claim):
    """The claim with 200 messages, 30 files on its newest ones, and as many tags as it holds."""
    for n in range(200):
        cases.say((owner, agent)[n % 2].actor, claim, f"Pesan {n}", clock.now())
    news.take()  # of these nobody has to be told
    for n in range(tags.MOST):
        tags.add(claim, f"tag nomor {n}")
    factories.settle()
    for n in range(3):
        files = [(BytesIO(PDF), f"nota-{n}-{k}.pdf") for k in range(10)]
        owner.post(f"/cases/{claim.code}/messages", body=f"Berkas {n}", photos=files)
    return claim


def test_both_sides_in_six_statements(much, owner, agent, statements):
    for browser, path in ((owner, f"/cases/{much.code}"), (agent, f"/desk/cases/{much.code}")):
        with statements() as seen:
            page = browser.get(path).text
        thread = next(e for e in parse(page).iter("ol") if e.get("data-live"))
        entries = [e for e in thread.iter("li") if (e.get("class") or "").startswith("entry ")]
        assert len(seen) <= 6 and len(entries) == TIMELINE
        assert "Pesan 199" in page and "Pesan 20<" not in page and page.count("nota-2-") == 10
        assert "?before=" in page and len(page) < 150_000
    with statements() as seen:
        beside = agent.get(f"{path}/beside").text
    assert len(seen) <= 6 and f"tag nomor {tags.MOST - 1}" in beside
