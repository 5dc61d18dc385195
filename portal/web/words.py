"""Words, dates and money in the reader's language."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, g, request, session
from flask_babel import Babel, refresh
from flask_login import current_user
from jinja2 import Environment

from portal.domain.catalog.rules import in_city
from portal.kernel import phone
from portal.kernel.money import MINOR_DIGITS, Money
from portal.kernel.text import Message, _

FOLDER = Path(__file__).resolve().parents[1] / "translations"
LANGUAGES = ("id", "en")
LOCALES = {"id": "id_ID", "en": "en_GB"}
ZONE_NAMES = {
    "Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT",
}  # fmt: skip


@dataclass(frozen=True)
class Brief:
    """A day that a Message says shortly: `3 Feb 2031`."""

    day: date


_NEAR = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}


def init_app(app: Flask) -> None:
    app.config.update(BABEL_DEFAULT_LOCALE="id", BABEL_TRANSLATION_DIRECTORIES="translations")
    Babel(app, locale_selector=language)
    app.jinja_env.globals["_"] = gettext
    app.jinja_env.filters.update(
        t=translate,
        money=money,
        number=number,
        day=day,
        weekday=weekday,
        moment=moment,
        clock=clock,
        due=due,
        short_day=short_day,
        brief_day=brief_day,
        phone=show_phone,
        wa_link=phone.wa_link,
        hours=hours,
        initials=initials,
        code=code,
        size=size,
        in_city=in_city,
    )


def environments(app: Flask) -> dict[str, Environment]:
    """One template environment a language, each with its own catalog: a sentence costs one look-up."""
    found: dict[str, Environment] = {}
    for lang in LANGUAGES:
        env = found[lang] = app.jinja_env.overlay()
        env.globals = app.jinja_env.globals | {"_": _say(lang), "ngettext": _say_many(lang)}
    return found


@lru_cache
def catalog(lang: str) -> NullTranslations:
    """The sentences of a language."""
    return Translations.load(FOLDER, [lang])


def gettext(message: str, **values: Any) -> str:
    """A sentence in the reader's language."""
    return _say(language())(message, **values)


@lru_cache
def _say(lang: str) -> Callable[..., str]:
    look_up = catalog(lang).gettext

    def say(message: str, **values: Any) -> str:
        text: str = look_up(message)
        return text % values if values else text

    return say


def _say_many(lang: str) -> Callable[..., str]:
    look_up = catalog(lang).ngettext

    def say(one: str, many: str, num: int, **values: Any) -> str:
        text: str = look_up(one, many, num)
        return text % {"num": num, **values}

    return say


def language() -> str:
    """What this person chose, else Indonesian."""
    lang: str | None = g.get("language")
    if lang is None:
        chosen = session.get("lang") or (
            current_user.actor.language if current_user.is_authenticated else None
        )
        lang = g.language = chosen if chosen in LANGUAGES else "id"
    return lang


def speak(lang: str) -> None:
    """Answer this request in `lang`, whatever the person chose: a document is asked for in a language."""
    g.language = lang
    refresh()


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Inside, dates and money are said in `lang`: what is written to somebody else than the reader."""
    before = language()
    g.language = lang
    try:
        yield
    finally:
        g.language = before


def translate(message: Message | str | None) -> str:
    """The sentence of a Message with its values in the reader's language; plain text stays as it is."""
    if not isinstance(message, Message):
        return message or ""
    if not message.values:
        return gettext(message.id)
    return gettext(message.id, **{name: _value(value) for name, value in message.values.items()})


def _value(value: Any) -> Any:
    if isinstance(value, Message):
        return translate(value)
    if isinstance(value, Money):
        return money(value.amount, value.currency)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Brief):
        return brief_day(value.day)
    return value


def money(amount: int, currency: str = "IDR") -> str:
    """`Rp1.500.000`."""
    return _money(amount, currency, language())


def number(value: int) -> str:
    """`1.469.307`."""
    return f"{value:,}".replace(",", "." if language() == "id" else ",")


def decimal(value: float) -> str:
    """`0,25`, `8`, with at most two digits after the comma."""
    return format_decimal(value, "#,##0.##", LOCALES[language()])


def day(value: date | None) -> str:
    """`3 Februari 2031`."""
    return "" if value is None else _day(value, language(), "d MMMM y")


def weekday(value: date) -> str:
    """`Senin`."""
    return _day(value, language(), "EEEE")


def brief_day(value: date | datetime, zone: str = "Asia/Jakarta") -> str:
    """`3 Feb 2031`, where a full date would take a second line."""
    if isinstance(value, datetime):
        value = value.astimezone(_zone(zone)).date()
    return _day(value, language(), "d MMM y")


def short_day(value: date | datetime | None, zone: str = "Asia/Jakarta") -> str:
    """`3 Feb`, for dense lists where the full date stands on the page behind."""
    if isinstance(value, datetime):
        value = value.astimezone(_zone(zone)).date()
    return "" if value is None else _day(value, language(), "d MMM")


def moment(value: datetime | None, zone: str = "Asia/Jakarta") -> str:
    """`Senin, 3 Februari 2031, 21.05 WIB`."""
    return "" if value is None else _moment(value, zone, "EEEE, d MMMM y")


def brief_moment(value: datetime, zone: str = "Asia/Jakarta") -> str:
    """`3 Feb 2031, 21.05 WIB`, for paper that is narrow."""
    return _moment(value, zone, "d MMM y")


def clock(value: datetime, zone: str = "Asia/Jakarta") -> str:
    """`3 Feb, 21.05 WIB`, for timelines and queues."""
    return _moment(value, zone, "d MMM")


def _moment(value: datetime, zone: str, pattern: str) -> str:
    local, lang = value.astimezone(_zone(zone)), language()
    clock_said = _clock(local.hour, local.minute, lang)
    return f"{_day(local.date(), lang, pattern)}, {clock_said} {_zone_name(local, zone)}"


def due(value: datetime, now: datetime, zone: str = "Asia/Jakarta") -> str:
    """`hari ini 17.00`, `besok 09.00`, `Kamis 09.00`, `3 Feb 17.00`: by when, as colleagues say it."""
    local, lang = value.astimezone(_zone(zone)), language()
    ahead = (local.date() - _date(now, zone)).days
    if ahead in _NEAR:
        said = _say(lang)(_NEAR[ahead].id)
    else:
        said = _day(local.date(), lang, "EEEE" if 0 < ahead < 7 else "d MMM")
    return f"{said} {_clock(local.hour, local.minute, lang)}"


@lru_cache(maxsize=64)
def _date(at: datetime, zone: str) -> date:
    return at.astimezone(_zone(zone)).date()


@lru_cache(maxsize=512)
def initials(name: str) -> str:
    """`RP` of Rizky Pratama."""
    return "".join(word[0] for word in name.split()[:2]).upper()


def hours(spans: str) -> str:
    """Opening hours as people read them: `09:00-12:00,13:00-17:00` → `09.00–12.00, 13.00–17.00`."""
    shown = spans.replace("-", "–").replace(",", ", ")
    return shown.replace(":", ".") if language() == "id" else shown


def show_phone(e164: str | None) -> str:
    return phone.show(e164) if e164 else ""


def code(value: str) -> str:
    """Codes in groups of four: `K7QM-2XAB`."""
    return "-".join(value[i : i + 4] for i in range(0, len(value), 4)) if len(value) == 8 else value


def size(count: int) -> str:
    """Bytes as `640 kB` or `3,2 MB`."""
    if count < 1_000_000:
        return f"{max(count // 1000, 1)} kB"
    shown = f"{count / 1_000_000:.1f} MB"
    return shown.replace(".", ",") if language() == "id" else shown


def _zone_name(local: datetime, zone: str) -> str:
    return ZONE_NAMES.get(zone) or local.tzname() or zone


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=8192)
def _day(value: date, lang: str, pattern: str) -> str:
    return format_date(value, pattern, LOCALES[lang])


@lru_cache(maxsize=4096)
def _clock(hour: int, minute: int, lang: str) -> str:
    return format_time(time(hour, minute), "HH.mm" if lang == "id" else "HH:mm", locale=LOCALES[lang])


@lru_cache(maxsize=8192)
def _money(amount: int, currency: str, lang: str) -> str:
    digits = MINOR_DIGITS.get(currency, 2)
    pattern = "¤#,##0" + ("." + "0" * digits if digits else "")
    return format_currency(
        amount / 10**digits,
        currency,
        pattern,
        locale=LOCALES["id" if currency == "IDR" else lang],
        currency_digits=False,
    )


def chosen_on_post() -> None:
    """Keep the language that the switch sent."""
    if request.form.get("lang") in LANGUAGES:
        session["lang"] = request.form["lang"]
