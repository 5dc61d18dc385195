"""What somebody wrote in a letter, and what they only quoted."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.adapters import quotes
from portal.adapters.mail_in import read
from tests.letters import letter

NEW = "Baik, saya tunggu.\n\nSiti"


@pytest.mark.parametrize(
    "rest",
    [
        "Pada Sen, 23 Nov 2026 pukul 10.12 Rumah Purnama <halo@purna.example> menulis:\n> Halo Kak",
        "Pada tanggal Sen, 23 Nov 2026 pukul 10.12 Rumah Purnama\n<halo@purna.example> menulis:\n> Halo",
        "On Mon, Nov 23, 2026 at 10:12 AM Purna <halo@purna.example> wrote:\n> Hello",
        "## Tulis balasan Anda di atas garis ini ##\n\nHalo Siti,",
        "> ## Write your answer above this line ##\n> Hello",
        "-----Original Message-----\nFrom: Purna",
        "-----Pesan Asli-----\nDari: Purna",
        "Dari: Purna <halo@purna.example>\nDikirim: Senin\nKepada: siti@contoh.id\n\nHalo",
        "From: Purna <halo@purna.example>\nSent: Monday\nTo: siti@contoh.id\n\nHello",
        "________________________________\nFrom: Purna",
        "-- \nSiti Rahma\nManajer",
        "Dikirim dari iPhone saya",
        "Sent from my Galaxy",
        "> dikutip saja\n> dua baris",
    ],
)
def test_what_is_quoted_or_signed_goes(rest):
    assert quotes.answer(f"{NEW}\n\n{rest}\n") == NEW
    assert quotes.answer(f"{NEW}\r\n\r\n{rest}\r\n".replace("\n", "\r\n")) == NEW


@pytest.mark.parametrize(
    "text",
    [
        "Pada hari Senin saya di rumah.\nSilakan datang.",
        "Dari pagi mesinnya mati.\nSaya sudah cabut stopkontaknya.",
        "- satu\n- dua\n--",
        "Dia menulis: tidak bisa dipakai",
    ],
)
def test_what_only_looks_like_it_stays(text):
    assert quotes.answer(text).startswith(text.split("\n")[0])
    assert quotes.answer(text).count("\n") >= text.count("\n") - 1


def test_answers_between_quotes_stay():
    assert quotes.answer("> Kapan bisa?\nBesok.\n> Di mana?\nDi rumah.") == "Besok.\nDi rumah."


def test_html_alone_becomes_text():
    html = (
        "<html><head><style>p{color:red}</style></head><body><p>Baik, saya <b>tunggu</b>.<br>Terima kasih</p>"
        "<script>alert(1)</script><div class='gmail_quote'><div>Pada Sen menulis:</div>"
        "<blockquote>Halo <p>Kak</blockquote></div></body></html>"
    )
    assert quotes.answer(quotes.plain(html)) == "Baik, saya tunggu.\nTerima kasih"
    outlook = "<div>Ya</div><div id='appendonsend'></div><hr><div>Dari: Purna</div>"
    assert quotes.plain(outlook) == "Ya"


@given(st.text(max_size=2000))
def test_no_letter_breaks_it(text):
    quotes.answer(text)
    quotes.plain(text)


def test_a_letter_made_to_be_slow_is_not():
    begun = time.perf_counter()
    for text in ("On " * 200_000, "> " * 200_000, "Pada 1 " * 100_000 + "\nmenulis", "<div>" * 200_000):
        quotes.answer(text)
        quotes.plain(text)
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00garbage",
        b"From: \xff\xff <a@b.id>\nSubject: =?utf-8?B?@@@?=\nTo: =?x?q?y?=\n\n\xe9\xe9",
        b"Content-Type: text/plain; charset=klingon\n\nhal\xf3",
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nhalo",
        b"Content-Type: multipart/mixed; boundary=\n\n" + b"--\n" * 500,
        b"Content-Transfer-Encoding: base64\n\n!!!!",
        b"Message-ID: " + b"x" * 5000 + b"\nFrom: a" + b"@" * 300 + b"\n\nhalo",
    ],
)
def test_whatever_bytes_come_something_is_read(raw):
    arrived, _files = read(raw)
    assert arrived.message_id and len(arrived.message_id) <= 255
    assert "\0" not in arrived.text


def test_charsets_and_names_are_read():
    arrived, [file] = read(letter("x@y.id", "Besok jam dua, ya é ✓", files=(("nota é.pdf", b"%PDF"),)))
    assert arrived.text == "Besok jam dua, ya é ✓" and file.name == "nota é.pdf"
    latin = b"From: a@b.id\nContent-Type: text/plain; charset=iso-8859-1\n\ncaf\xe9"
    assert read(latin)[0].text == "café"
    wrong = b"From: a@b.id\nContent-Type: text/plain; charset=utf-8\n\ncaf\xe9"
    assert read(wrong)[0].text == "café"
