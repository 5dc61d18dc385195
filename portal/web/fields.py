"""Form fields of our own and the base of every form."""

import re
from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, ClassVar

from flask import g, request
from flask_babel import get_domain, gettext
from flask_wtf import FlaskForm
from wtforms import DateField, Field, FieldList, FormField, IntegerField, MultipleFileField, StringField
from wtforms.validators import DataRequired, Length, NumberRange, StopValidation, ValidationError
from wtforms.widgets import TextInput

from portal.domain.files import actions as files
from portal.kernel import email as emails
from portal.kernel import phone as phones
from portal.kernel.text import Message, _
from portal.web import signin
from portal.web.words import translate

_AMOUNT = re.compile(r"\d+|\d{1,3}(\.\d{3})+")
_CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])
# WTForms' own sentences that a person can meet, named so that the catalogs hold them.
FROM_WTFORMS = (
    _("Not a valid choice."),
    _("Not a valid integer value."),
    _("Not a valid date value."),
    _("Not a valid datetime value."),
)


class _Catalog:
    """WTForms' own sentences, from our catalogs."""

    def gettext(self, text: str) -> str:
        return gettext(text)

    def ngettext(self, one: str, many: str, n: int) -> str:
        """With its places: WTForms fills them."""
        said: str = get_domain().get_translations().ngettext(one, many, n)
        return said


def strip(value: Any) -> Any:
    """Text without spaces around it; anything else as it is."""
    return value.strip() if isinstance(value, str) else value


def take_out(entries: FieldList, entry_id: str) -> None:
    """Remove an entry of a list; those after it move up, as they will when the form comes back."""
    for place, entry in enumerate(entries):
        if entry.id == entry_id:
            entries.pop_entry(place)
            return


class Form(FlaskForm):
    """Every form: labels and messages in the reader's language, no control characters."""

    class Meta:
        csrf = False  # checked once for the whole application, so that it comes before access and transaction

        def get_translations(self, form: Any) -> _Catalog:
            return _Catalog()

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            if not issubclass(unbound_field.field_class, FieldList | FormField):
                options = dict(options, filters=[*unbound_field.kwargs.get("filters", ()), strip])
            field: Field = unbound_field.bind(form=form, **options)
            field.label.text = translate(field.label.text)
            return field

    def validate(self, extra_validators: Any = None) -> bool:
        good: bool = super().validate(extra_validators)
        for field in self:
            if isinstance(field.data, str) and field.data.translate(_CONTROL) != field.data:
                field.errors = [
                    *field.errors,
                    gettext("This contains characters that cannot be stored. Please write it again."),
                ]
                good = False
        return good


class Required(DataRequired):
    """Something has to be there; `message` says what in the field's own words."""

    def __init__(self, message: Message | None = None):
        super().__init__()
        self._said = message

    def __call__(self, form: Any, field: Field) -> None:
        if field.errors and any(field.raw_data or ()):  # what was typed cannot be read, which is said already
            raise StopValidation
        self.message = translate(self._said) if self._said else gettext("Please fill this in.")
        super().__call__(form, field)


class AtMost(Length):
    """No more than `max` characters."""

    def __init__(self, maximum: int):
        super().__init__(max=maximum)

    def __call__(self, form: Any, field: Field) -> None:
        self.message = gettext("Please keep it under %(count)s characters.", count=self.max)
        super().__call__(form, field)


class Digits:
    """Exactly `count` digits, spaces between them allowed; `message` asks for them."""

    field_flags: ClassVar = {"required": True}

    def __init__(self, count: int, message: Message):
        self._count, self._said = count, message

    def __call__(self, form: Any, field: Field) -> None:
        field.data = "".join((field.data or "").split())
        if not re.fullmatch(rf"[0-9]{{{self._count}}}", field.data):
            raise StopValidation(translate(self._said))


class Between(NumberRange):
    """A whole number from `least` to `most`."""

    def __init__(self, least: int, most: int):
        super().__init__(min=least, max=most)

    def __call__(self, form: Any, field: Field) -> None:
        if field.data is not None:
            self.message = gettext(
                "Write a number from %(least)s to %(most)s.", least=self.min, most=self.max
            )
            super().__call__(form, field)


class NumberField(IntegerField):
    """A whole number, empty as None; the sentence for anything else is ours."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data: int | None = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = int(valuelist[0])
            except ValueError as error:
                raise ValueError(gettext("Write a whole number.")) from error


class PhoneField(StringField):
    """A telephone number; `data` is E.164 or None."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self._typed = (valuelist[0] if valuelist else "").strip()
        self.data: str | None = None
        if self._typed:
            try:
                self.data = phones.parse(self._typed)
            except ValueError as error:
                raise ValueError(gettext("Write a phone number such as 0812-3456-7890.")) from error

    def _value(self) -> str:
        return getattr(self, "_typed", None) or (phones.show(self.data) if self.data else "")


class EmailAddressField(StringField):
    """An e-mail address; `data` is its stored form or None."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self._typed = (valuelist[0] if valuelist else "").strip()
        self.data: str | None = None
        if self._typed:
            try:
                self.data = emails.parse(self._typed)
            except ValueError as error:
                raise ValueError(gettext("Write an e-mail address such as nama@contoh.id.")) from error

    def _value(self) -> str:
        return getattr(self, "_typed", None) or self.data or ""


class MoneyField(IntegerField):
    """An amount in whole minor units, typed with or without dots: `1.500.000`.

    Dots stand before three digits each, so that nobody's 1.5 is taken for 15.
    """

    widget = TextInput()  # a number input takes no dots

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:,}".replace(",", ".")

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        typed = (valuelist[0] if valuelist else "").strip()
        self.raw_data = [typed]
        amount = typed.removeprefix("Rp").replace(" ", "")
        digits = amount.replace(".", "")
        self.data = None
        if amount:
            if not _AMOUNT.fullmatch(amount) or len(digits) > 15:
                raise ValueError(gettext("Write an amount in digits, such as 1.500.000."))
            self.data = int(digits)


class DayField(DateField):
    """A date, empty as None; the sentence for a bad one is ours."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data: date | None = None
        if not valuelist or not valuelist[0]:
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(gettext("Write a date that exists, such as 2031-02-03.")) from error
        if self.data is not None and not 1990 <= self.data.year <= 2100:
            raise ValueError(gettext("Please check the year."))


class PhotosField(MultipleFileField):
    """Photos: `data` is the codes of all that are safe with us, of this request and of those before."""

    papers = False

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        removed = set(request.form.getlist(f"{self.name}-remove"))
        kept = [code for code in request.form.getlist(f"{self.name}-kept") if code not in removed]
        mine = files.pending_of(signin.me(), kept, photos_only=not self.papers) if kept else []
        self.data = [*mine, *g.get("new_photos", [])]

    def pre_validate(self, form: Any) -> None:
        problems = g.get("photo_problems", [])
        if problems:
            raise ValidationError(translate(problems[0]))

    @property
    def kept(self) -> list[SimpleNamespace]:
        """For the template: each with .id, .url and .name."""
        return self.shown(self.data or [])

    @staticmethod
    def shown(codes: Sequence[str]) -> list[SimpleNamespace]:
        """Photos with their `url`, other files with none but their own name."""
        known = files.named(codes) if codes else {}
        found = []
        for n, code in enumerate(codes, 1):
            kind, name = known.get(code, ("", ""))
            url = f"/photos/{code}?size=thumb" if kind.startswith("image/") else None
            found.append(
                SimpleNamespace(id=code, url=url, name=name or gettext("Photo %(number)s", number=n))
            )
        return found


class FilesField(PhotosField):
    """Photos, PDFs and short videos."""

    papers = True
