"""An empty shop says what comes first, to those who can do it, until its first sale is in."""

from typing import Any

from tests import factories
from tests.browser import Browser
from tests.pages import parse, words


def told(browser: Browser, path: str = "/desk") -> dict[str, bool]:
    """The steps by their address, and whether they are done."""
    rows = parse(browser.get(path).text).findall(".//section[@aria-labelledby='first-steps']/ol/li")
    return {str(row.find(".//a").get("href")): "Done" in words(row) for row in rows}


def test_an_empty_shop_says_what_comes_first(admin: Browser, manager: Browser, agent: Browser) -> None:
    steps = told(admin)
    assert next(iter(steps)) == "/desk/catalog/outlets/new" and list(steps)[-1] == "/desk/imports"
    assert [path for path, done in steps.items() if done] == ["/desk/staff/new"]
    for path in steps:
        admin.get(path)
    assert "/desk/staff/new" not in told(manager) and len(told(manager)) == 4
    assert not told(agent) and "Nothing is waiting here" in agent.get("/desk").text
    assert not told(admin, "/desk?stage=closed")


def test_steps_are_done_one_by_one_and_gone_after_the_first_sale(
    admin: Browser, outlet: Any, product: Any, statements: Any
) -> None:
    assert told(admin)["/desk/catalog/outlets/new"] and told(admin)["/desk/catalog/policies/new"]
    with statements() as seen:
        admin.get("/desk")
    assert len(seen) <= 6
    factories.purchase(outlet, [(product, 1)])
    assert not told(admin)


def test_sales_need_an_outlet_first(manager: Browser) -> None:
    for path in ("/desk/imports", "/desk/sell"):
        assert "No outlet yet" in manager.get(path).text
    factories.outlet()
    assert "No outlet yet" not in manager.get("/desk/imports").text
