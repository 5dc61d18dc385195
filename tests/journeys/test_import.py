"""A manager lets the sales of a month in from a file, and gets the rows back that are no good."""

from collections.abc import Callable

import pytest

from portal.domain.accounts.rules import Role
from portal.imports import worker
from tests import factories
from tests.journeys.portal import Portal
from tests.journeys.staff import Staff

pytestmark = pytest.mark.journey


def march(series: int) -> bytes:
    """What a till exports: 31 receipts and one of a day that does not exist."""
    rows = [f"{series}-{n};{n}/03/2024;Kopi {n % 3};25.500" for n in range(1, 33)]
    return "\r\n".join(["Laporan Maret;;;", "No Nota;Tanggal;Barang;Harga", *rows]).encode("utf-16")


@pytest.mark.parametrize("looks", [{}, {"scripts": False}, {"dark": True}], ids=["", "no scripts", "dark"])
def test_from_the_export_of_the_till_to_receipts(hire: Callable[..., Staff], portal: Portal) -> None:
    with portal.inside():
        factories.outlet()
        series = next(factories.number)
    manager = hire(Role.MANAGER).go("/desk/receipts").follow("Import sales")

    def turns(wait: str) -> None:
        """The worker does what there is to do, and the page shows it by itself, or on a reload."""
        with portal.inside():
            worker.work_on_next()
        if not manager.scripts:
            manager.go(manager.page.url)
        manager.reads(wait)

    manager.box("File of sales").set_input_files(
        {"name": "maret.csv", "mimeType": "text/csv", "buffer": march(series)}
    )
    manager.press("Upload the file").reads("We look at the file")
    turns("Which column is which?")
    manager.look()
    manager.press("Check the file").reads("We check every row")
    turns("Look it over, then start")
    manager.look()
    with manager.arrives():
        manager.page.get_by_role("button", name=manager.t("Let %(count)s receipts in", count="31")).click()
    manager.reads("The sales are coming in").go(manager.page.url).reads("The sales are coming in")
    turns("The sales are in")
    refused = manager.downloads("Download the refused rows").decode("utf-8-sig")
    assert "32/03/2024" in refused and len(refused.splitlines()) == 2
    manager.follow("See the receipts").reads("No name given")
