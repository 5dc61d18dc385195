"""What documents cost: a card's first render, the memory of a worker, receipts for a thermal printer.

Naive: a page of its own with its style sheets and font inside, `HTML(string).write_pdf` with a new font
configuration each time. Ours: what the worker process does, here in the same process, by turns.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from portal.adapters import escpos, pdf, pdf_worker
from portal.adapters.documents import warranty_card_html
from portal.adapters.printed_receipts import Paper
from portal.adapters.stationery import css
from tests.adapters.samples import CARD, RECEIPT
from tests.bench.limits import check

ROUNDS = 15
EARLY, LATE, STEP = 40, 240, 20  # documents after which the worker's memory is read
RECEIPTS = 400
SHEETS = (css("base"), css("warranty_card"))


def measure() -> None:
    """Hold each figure against its limit."""
    check("first render of a card, × naive WeasyPrint", _first_render(), 0.65)
    check("receipts with QR as ESC/POS, a second", _receipts(), 200, least=True)
    check(f"most memory to {LATE} documents, × at {EARLY}", _memory(), 1.10)


def _card(number: int) -> str:
    """The HTML of a card that was never made before."""
    return warranty_card_html(
        replace(CARD, registration_number=f"K{number:09}", check_url=f"{CARD.check_url}/{number}")
    )


def _request(html: str) -> pdf.Request:
    return {
        "html": html,
        "stylesheets": SHEETS,
        "title": None,
        "language": None,
        "roll": False,
    }


def _first_render() -> float:
    pdf_worker._stylesheet(pdf_worker.font_faces())  # as the worker does when it starts
    style = f"<style>{pdf_worker.font_faces()}{''.join(SHEETS)}</style></head>"

    def ours(html: str) -> None:
        pdf_worker.make(_request(html))

    def naive(html: str) -> None:
        page = HTML(string=html.replace("</head>", style))
        page.write_pdf(font_config=FontConfiguration(), pdf_variant="pdf/ua-1")

    ways: tuple[Callable[[str], None], ...] = (ours, naive)
    spent: tuple[list[float], ...] = ([], [])
    for number in range(ROUNDS + 1):
        for way, times in zip(ways, spent, strict=True):
            html = _card(number)
            before = time.process_time()
            way(html)
            times.append(time.process_time() - before)
    first, second = (statistics.median(times[1:]) for times in spent)
    return first / second


def _receipts() -> float:
    """Receipts of twelve lines, each with a code that was never drawn before; on one core."""
    line = replace(RECEIPT.lines[0], discount="-Rp150.000")
    receipts = [
        replace(RECEIPT, lines=[line] * 12, qr_url=f"https://garansi.tokosinar.example/q/{number:026}")
        for number in range(RECEIPTS)
    ]
    escpos.receipt(RECEIPT, Paper.WIDE)  # the logo is drawn once a process
    before = time.process_time()
    for receipt in receipts:
        escpos.receipt(receipt, Paper.WIDE)
    return RECEIPTS / (time.process_time() - before)


def _memory() -> float:
    pool = pdf.Pool()
    try:
        sizes = []
        for number in range(1, LATE + 1):
            pool.run(_request(_card(number)), 60)
            if number >= EARLY and number % STEP == 0:
                worker = pool.places.get()
                pool.places.put(worker)
                assert worker
                sizes.append(_resident(worker.process.pid))
        return max(sizes) / sizes[0]
    finally:
        pool.close()


def _resident(pid: int) -> int:
    """Kilobytes of memory in use."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])
