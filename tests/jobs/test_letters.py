"""Every message can be written in both languages, as e-mail and for a phone."""

import ast
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.domain import telling
from portal.domain.cases.models import CaseLink
from portal.domain.outbox.models import Channel
from portal.letters import Owed, letter
from tests.conftest import HOST

ROOT = Path(__file__).resolve().parents[2]
PAIRS = sorted(path.stem for path in (ROOT / "templates/emails").glob("[!_]*.txt"))
LATE = {
    "code": "K7QM2XAB", "title": "Tidak dingin", "promise": "first", "over": True,
    "due": "2026-11-23T09:00:00+00:00", "zone": "Asia/Jakarta",
}  # fmt: skip
VALUES: dict[str, Any] = {
    "name": "Siti <i>", "product": "Kulkas & Es", "case": "K7QM2XAB", "body": "satu\n<b>dua</b>",
    "reason": "buram", "code": "123456", "outcome": "repair", "path": "/cases/K7QM2XAB",
    "next": "Please answer the shop's question.", "kind": "Warranty claim", "by": "Budi", "other": "K7QM2XAC",
    "over": 1, "soon": 0, "rows": [LATE], "courier": "J&T <i>", "waybill": "JP1", "step": "failed",
    "trouble": "late", "amount": 1_550_001, "currency": "IDR", "due": "2031-02-03T14:05:00+00:00",
    "zone": "Asia/Jakarta", "days": 3, "collect": 7, "place": "Jl. Uji 1", "loaned": "Kipas",
    "since": "2031-02-03", "supplier": "Nusa",
}  # fmt: skip


def write(template: str, language: str = "id", channel: Channel = Channel.EMAIL, **values: Any) -> Any:
    address = "siti@contoh.id" if channel == Channel.EMAIL else "+6281234567890"
    return letter(Owed(1, "k-1", channel, address, language, template, {**VALUES, **values}))


def said_in_the_domain() -> set[str]:
    trees = [ast.parse(path.read_text()) for path in (ROOT / "portal/domain").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return {node.value for node in nodes if isinstance(node.value, str)}


def test_every_template_has_both_parts_and_is_named() -> None:
    assert sorted(path.stem for path in (ROOT / "templates/emails").glob("[!_]*.html")) == PAIRS
    assert {*telling.TO_CUSTOMER.values(), *telling.TO_SHOP.values()} <= set(PAIRS) <= said_in_the_domain()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("template", PAIRS)
def test_every_message_is_written_whole(app: Flask, template: str, language: str) -> None:
    mail, short = write(template, language), write(template, language, Channel.WHATSAPP)
    assert mail.subject and "\n" not in mail.subject and mail.to == "siti@contoh.id"
    assert f'<html lang="{language}">' in mail.html and short.html is None
    for part in (mail.text, mail.html, short.text):
        assert f"{HOST}/cases/K7QM2XAB" in part
        assert "%(" not in part and "None" not in part and "{{" not in part
    assert "<b>dua</b>" not in mail.html and "Siti &lt;i&gt;" in mail.html
    assert len(short.text) < 700 and "\n\n\n" not in mail.text + short.text


@pytest.mark.parametrize("template", PAIRS)
def test_nobody_has_to_have_a_name(app: Flask, template: str) -> None:
    assert " ," not in write(template, "en", name="").text


@pytest.mark.parametrize("channel", Channel)
def test_a_letter_says_by_when_in_the_clock_of_the_shop(app: Flask, channel: Channel) -> None:
    due = {"by": "Please do so by %(moment)s.", "due": "2031-02-03T14:05:00+00:00", "zone": "Asia/Makassar"}
    written = write("question_asked", "id", channel, **due)
    assert "toko. Mohon paling lambat Senin, 3 Februari 2031, 22.05 WITA.\n" in written.text
    assert channel != Channel.EMAIL or "Mohon paling lambat Senin, 3 Februari 2031" in written.html


def test_the_button_opens_the_case_without_an_account(app: Flask, claim: Any, owner: Any) -> None:
    link = db.session.scalars(select(CaseLink)).one()
    text = write("ready", case_link=[link.seed.hex(), link.token_hash.hex()]).text
    path = text.split(HOST)[1].split()[0]
    assert path.startswith("/c/") and "/cases/" not in text
    owner.client.get(path)


def test_deadlines_are_told_in_one_letter(app: Flask) -> None:
    soon = {**LATE, "code": "K7QM2XAC", "title": "Bocor", "promise": "done", "over": False}
    made = write("staff_clock", name="Hendra", over=11, soon=1, rows=[LATE, soon], path="/desk?sort=due")
    assert made.subject == "11 tenggat lewat, 1 hampir lewat"
    for said in (
        "K7QM-2XAB Tidak dingin: jawaban pertama, lewat sejak Senin, 23 November 2026, 16.00 WIB",
        "K7QM-2XAC Bocor: penyelesaian, paling lambat",
        "dan 10 lagi",
        "/desk?sort=due",
    ):
        assert said in made.text
    assert made.html and "Tidak dingin" in made.html
