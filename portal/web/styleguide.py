"""The style guide: every component with all its states on one page, for development and the demo."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, current_app, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)

from portal.kernel.text import Message
from portal.web.access import public
from portal.web.fields import Form, MoneyField, PhoneField, PhotosField, Required
from portal.web.render import page

bp = Blueprint("styleguide", __name__)

TONES = ("waiting", "moving", "good", "bad", "quiet")
INKS = ("ink", "ink-2", "brand-text", "good", "bad", "waiting", "moving")
PAPERS = ("ground", "paper", "sunk", "note", "copy-pink", "copy-yellow", "line", "edge", "brand")


def said(text: str) -> Message:
    """A sample that is shown as it stands."""
    return Message(text, {})


class Sample(Form):
    """One field of every kind."""

    name = StringField(said("Nama lengkap"), [Required()], description="Seperti di nota.")
    email = EmailField(said("Alamat email"))
    phone = PhoneField(said("Nomor telepon"))
    price = MoneyField(said("Harga"))
    day = DateField(said("Tanggal pembelian"))
    password = PasswordField(said("Kata sandi"))
    outlet = SelectField(
        said("Cabang"),
        choices=[SelectChoice("jkt", "Rumah Purnama Elektronik"), SelectChoice("bdg", "Bandung")],
    )
    story = TextAreaField(said("Apa yang terjadi?"))
    symptom = RadioField(
        said("Apa masalahnya?"),
        choices=[SelectChoice("off", "Tidak mau menyala"), SelectChoice("lines", "Garis pada layar")],
    )
    agree = BooleanField(said("Kabari saya lewat email"))
    digits = StringField(said("Empat angka terakhir"))
    photos = PhotosField(said("Foto"))


@bp.get("/styleguide")
@public()
def show() -> Response:
    """`?dir=rtl` turns the page around."""
    assets: Any = current_app.jinja_env.globals["assets"]
    wrong = Sample(
        MultiDict({"x-price": "seribu", "x-phone": "12", "x-outlet": "jkt"}),
        prefix="x-",
    )
    wrong.validate()
    wrong.photos.errors = ["liburan.pdf bukan foto yang dapat dibaca. Kirim JPEG, PNG, WebP, atau HEIC."]
    filled = Sample(
        MultiDict(
            {
                "f-name": "Siti Nurhaliza", "f-phone": "0812-3456-7890", "f-price": "1.500.000",
                "f-symptom": "lines", "f-story": "Ada garis hijau di sebelah kanan.", "f-agree": "y",
            }
        ),
        prefix="f-",
    )  # fmt: skip
    return page(
        "styleguide/show.html",
        area="public",
        live=True,
        direction="rtl" if request.args.get("dir") == "rtl" else "ltr",
        form=Sample(formdata=None),
        wrong=wrong,
        filled=filled,
        tones=TONES,
        inks=INKS,
        papers=PAPERS,
        at=datetime(2031, 2, 3, 14, 5, tzinfo=UTC),
        picture=SimpleNamespace(
            url=f"{assets.root}mark.svg",
            href="#pictures",
            name="Foto 1",
            id="SAMPLE",
        ),
    )
