"""The bytes for thermal printers: they fit the paper, its code is read, nobody's text is a command."""

from dataclasses import replace

import pytest
import zxingcpp
from escpos.printer import Dummy
from PIL import Image

from portal.adapters import escpos
from portal.adapters.printed_receipts import Paper

from .roll import printed
from .samples import HARD_RECEIPT, RECEIPT

ROLLS = [(Paper.NARROW, 32, 384), (Paper.WIDE, 48, 576)]
FULL = replace(
    RECEIPT,
    mark="Dibatalkan 21 November 2026",
    lines=[replace(RECEIPT.lines[0], discount="-Rp150.000", returned="Dikembalikan: 1 dari 1")],
)


@pytest.mark.parametrize(("paper", "columns", "dots"), ROLLS)
@pytest.mark.parametrize("values", [FULL, HARD_RECEIPT], ids=["full", "hard"])
def test_everything_fits_on_the_paper(values, paper, columns, dots):
    roll = printed(escpos.receipt(values, paper))
    assert all(len(text) * wide <= columns for text, wide in roll.lines)
    assert all(picture.width <= dots for picture in roll.pictures)
    assert roll.cuts == 1 and not roll.lines[-1][0]


@pytest.mark.parametrize(("paper", "columns", "_dots"), ROLLS)
def test_it_says_all_that_the_receipt_says_and_amounts_stand_at_the_edge(paper, columns, _dots):
    roll = printed(escpos.receipt(FULL, paper))
    text = " ".join(roll.text.split())
    (line,) = FULL.lines
    for said in (
        FULL.look.name, FULL.outlet_name, FULL.outlet_address, FULL.outlet_phone, FULL.number, FULL.bought_at,
        FULL.cashier, FULL.mark, line.description, line.returned, line.discount, *line.covers,
        FULL.look.receipt_greeting, FULL.code, FULL.look.receipt_terms,
    ):  # fmt: skip
        assert said in text
    for amount in (line.amount, FULL.total):
        assert any(len(said) == columns and said.endswith(" " + amount) for said, _wide in roll.lines)


@pytest.mark.parametrize("address", ["https://a.id/q/7K2M", RECEIPT.qr_url, "https://a.id/" + "q" * 150])
@pytest.mark.parametrize(("paper", "_columns", "dots"), ROLLS)
def test_its_code_leads_where_it_should(address, paper, _columns, dots):
    for data in (escpos.qr(address, paper), escpos.receipt(replace(FULL, qr_url=address), paper)):
        code = printed(data).pictures[-1]
        assert code.width <= dots
        assert [found.text for found in zxingcpp.read_barcodes(code)] == [address]


def test_pictures_go_as_the_library_sends_them():
    """Its printer class is too slow to start and to send, so it says here what is right."""
    printer, code = Dummy(), printed(escpos.qr(RECEIPT.qr_url, Paper.WIDE)).pictures[0]
    printer.set(align="center")
    printer.image(code)
    printer.text("\n")
    printer.set(align="left")
    sent = escpos.qr(RECEIPT.qr_url, Paper.WIDE)
    picture = sent[sent.index(b"\x1dv0") : -4]
    assert picture in printer.output


def test_the_logo_is_drawn_once_for_all_receipts():
    escpos._logo.cache_clear()
    with_logo, without = (
        printed(escpos.receipt(replace(FULL, look=look), Paper.NARROW)).pictures
        for look in (FULL.look, replace(FULL.look, logo=None))
    )
    escpos.receipt(FULL, Paper.WIDE)
    assert len(with_logo) == len(without) + 1 and escpos._logo.cache_info().misses == 1
    logo = with_logo[0]
    assert logo.width <= 256 and logo.height <= 128 and Image.Image.getextrema(logo) == (0, 255)


@pytest.mark.parametrize(("typed", "said"), [
    ("Café “Kopi” – 2 × 3 • Rp1.000", 'Cafe "Kopi" - 2 x 3 * Rp1.000'), ("ukuran½…", "ukuran1/2..."),
    ("茶 😀 Батик", "?  ?????"), ("a\x1b@\x1dV\0b\u202e", "a@Vb"), ("Rp\u00a01.000", "Rp 1.000"),
])  # fmt: skip
def test_any_text_becomes_what_every_printer_has(typed, said):
    assert escpos.plain(typed) == said


def test_a_command_typed_into_a_name_does_nothing():
    typed = replace(FULL, cashier="\x1bp\0Rina", lines=[replace(FULL.lines[0], description="\x1dVKopi")])
    roll = printed(escpos.receipt(typed, Paper.NARROW))
    assert roll.cuts == 1 and "pRina" in roll.text and "VKopi" in roll.text
