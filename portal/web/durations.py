"""Spans of service time as people write and read them: `4 jam`, `2 hari kerja`, `1 jam 30 menit`."""

import re

from flask_babel import ngettext

from portal.kernel.errors import Refused
from portal.kernel.text import _

HOUR, DAY, WORKDAY = 60, 24 * 60, 8 * 60  # minutes
SHORTEST, LONGEST = 5, 366 * DAY
_PART = re.compile(r"(\d{1,5}(?:[.,]\d{1,2})?)\s*([a-z]*)(?:\s+(?:kerja|layanan))?")
_UNITS = {
    "": "hour", "jam": "hour", "j": "hour", "h": "hour", "hour": "hour", "hours": "hour",
    "menit": "minute", "mnt": "minute", "m": "minute", "min": "minute", "minute": "minute",
    "minutes": "minute", "hari": "day", "hr": "day", "d": "day", "day": "day", "days": "day",
}  # fmt: skip


def parse(typed: str, *, always: bool) -> int:
    """Minutes. A number alone is hours; a day is eight hours of service, or 24 of a clock that never stands
    still. Raises Refused."""
    text = re.sub(r"\b(working|business|service)\b", "", typed.strip().lower())
    size = {"minute": 1, "hour": HOUR, "day": DAY if always else WORKDAY}
    total, end = 0.0, 0
    for part in _PART.finditer(text):
        if text[end : part.start()].strip(" ,+&") or part[2] not in _UNITS:
            raise _unclear()
        total += float(part[1].replace(",", ".")) * size[_UNITS[part[2]]]
        end = part.end()
    if not end or text[end:].strip():
        raise _unclear()
    if not SHORTEST <= round(total) <= LONGEST:
        raise Refused(_("Choose between 5 minutes and a year."))
    return round(total)


def say(minutes: int, *, always: bool, most: int = 3) -> str:
    """In the reader's language, in at most so many parts: `2 hari kerja 3 jam`."""
    size = DAY if always else WORKDAY
    days, rest = divmod(minutes, size)
    hours, rest = divmod(rest, HOUR)
    said = []
    if days:
        said.append(
            ngettext("%(num)d day", "%(num)d days", days)
            if always
            else ngettext("%(num)d working day", "%(num)d working days", days)
        )
    if hours:
        said.append(ngettext("%(num)d hour", "%(num)d hours", hours))
    if rest or not said:
        said.append(ngettext("%(num)d minute", "%(num)d minutes", rest))
    return " ".join(said[:most])


def _unclear() -> Refused:
    return Refused(_("Write it as “4 hours”, “30 minutes” or “2 working days”."))
