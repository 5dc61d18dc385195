"""What the formats share: signatures, exact numbers, moments, contacts, lines."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.domain.intake.tills import ANSWER, Ask, Told
from portal.domain.purchases.rules import SaleLine
from portal.kernel import email as emails
from portal.kernel import phone as phones
from portal.kernel.errors import Refused
from portal.kernel.text import _

SHIPPING, TAX, TIP, FEE = "Ongkos kirim", "Pajak", "Tip", "Biaya"
DISCOUNT, ROUNDING = "Potongan", "Pembulatan"
NOUGHT = Decimal(0)
SERIAL = re.compile(r"_?(serial|serial ?(no|number|nr)\.?|no(mor)?\.? (seri|imei)|imei|s/?n)", re.IGNORECASE)


class Plain:
    """What a format is when it says nothing else: it never pings, and there is nothing to ask."""

    host = ""

    def ping(self, headers: Mapping[str, str], body: bytes) -> bool:
        return False

    def hear(self, order: str, ask: Ask, body: bytes, now: datetime) -> list[Told]:
        return [answered(order, ask, body, now)]

    def credentials(self, token: str) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {token}"}


def load(body: bytes) -> Any:
    """JSON with exact numbers. Raises Refused for anything else."""
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:  # bytes that are no UTF-8 are a ValueError, too
        raise Refused(_("The body is not JSON.")) from error


def dump(value: Any) -> str:
    """JSON again; decimals become text, so that they stay exact."""
    return json.dumps(value, default=str)


def record(body: bytes) -> dict[str, Any]:
    """A JSON object. Raises Refused for anything else."""
    value = load(body)
    if not isinstance(value, dict):
        raise Refused(_("The body is not a JSON object."))
    return value


def signed(keys: Iterable[str], message: bytes, signature: str | None, algorithm: str = "sha256") -> bool:
    """Whether `signature` is the base64 of the HMAC of `message` under one of `keys`; in constant time."""
    given = (signature or "").encode()
    made = [base64.b64encode(hmac.digest(key.encode(), message, algorithm)) for key in keys if key]
    return any([hmac.compare_digest(given, one) for one in made])  # noqa: C419  # every key is tried


def fingerprint(*parts: object) -> str:
    """An id for an event that has none of its own."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:40]


def answered(order: str, ask: Ask, body: bytes, now: datetime) -> Told:
    """An answer as one more event of its order."""
    return Told(f"{order}:{ask.key}", ANSWER + ask.key, order, now, dump(record(body)))


def answers(events: Sequence[Told], key: str) -> Iterator[dict[str, Any]]:
    """The bodies of the answers whose key begins with `key`, oldest first."""
    for event in events:
        if event.topic.startswith(ANSWER + key):
            yield record(event.body.encode())


def amount(value: Any) -> Decimal:
    """An exact number; None and "" are nought. Raises ValueError for what is none."""
    if value is None or value == "":
        return NOUGHT
    if isinstance(value, bool):
        raise TypeError("a truth value is no number")
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > 15:
        raise ValueError("not a number that money can be")
    return number


def moment(value: str) -> datetime:
    """An ISO 8601 moment with its offset; one without is UTC."""
    at = datetime.fromisoformat(value)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def words(value: Any, most: int) -> str:
    """Text on one line without control characters, at most `most` long."""
    clean = "".join(sign if sign.isprintable() else " " for sign in str(value or ""))
    return " ".join(clean.split())[:most].strip()


def ident(value: Any, prefix: str = "") -> str | None:
    """An id as text, exact; None for nothing or nought. Raises ValueError for what no id can be."""
    if value in (None, "", 0, "0"):
        return None
    said = prefix + str(value)
    if len(said) > 80 or not said.isprintable():
        raise ValueError("not an id")
    return said


def phone(*candidates: Any) -> str | None:
    """The first that is a telephone number, as E.164."""
    return _first(phones.parse, candidates)


def email(*candidates: Any) -> str | None:
    """The first that is an e-mail address."""
    return _first(emails.parse, candidates)


def name(*candidates: tuple[Any, Any]) -> str:
    """The first pair of first and last name that says anything."""
    return next(
        (said for first, last in candidates if (said := words(f"{first or ''} {last or ''}", 120))), ""
    )


def serials(pairs: Iterable[tuple[Any, Any]], quantity: Decimal) -> tuple[str, ...]:
    """Serial numbers among a line's extra fields, no more than there are pieces."""
    said = (value for key, value in pairs if SERIAL.fullmatch(str(key).strip()) and isinstance(value, str))
    found = dict.fromkeys(words(one, 60) for value in said for one in re.split(r"[,;\n]", value))
    return tuple(serial for serial in found if serial)[: max(0, int(quantity))]


def goods(
    description: Any, quantity: Decimal, price: Decimal, *, discount: Decimal = NOUGHT,
    returned: Decimal = NOUGHT, **fields: Any,
) -> SaleLine:  # fmt: skip
    """A line of goods. A part of a piece, such as 0.35 kg, is one piece at its whole price."""
    said = words(description, 180) or FEE
    if quantity != quantity.to_integral_value():
        shown = f"{quantity.normalize():f}".replace(".", ",")
        said, price, returned = f"{said} × {shown}", price * quantity, Decimal(returned >= quantity)
        quantity = Decimal(1)
    back = min(int(returned), int(quantity))
    return SaleLine(said, int(quantity), _plain(price), discount=_plain(discount), returned=back, **fields)


def charges(*said: tuple[Any, Decimal]) -> list[SaleLine]:
    """Lines of money without goods; what is nought is left out."""
    return [SaleLine(words(text, 180) or FEE, 1, _plain(cost)) for text, cost in said if cost]


def balanced(lines: Sequence[SaleLine], total: Decimal, discount: Decimal = NOUGHT) -> tuple[SaleLine, ...]:
    """The lines, and what is missing to `total`: a discount when the till speaks of one, else rounding."""
    missing = total - sum((line.unit_price * line.quantity - line.discount for line in lines), NOUGHT)
    shared = sum((line.discount for line in lines), NOUGHT)
    kind = DISCOUNT if missing < 0 and discount > shared else ROUNDING
    return (*lines, *charges((kind, missing)))


def each(total: Decimal, quantity: Decimal) -> Decimal:
    """The price of one piece; to the cent when it cannot be exact, the rest goes into the rounding line."""
    price = total / quantity
    return price if price * quantity == total else price.quantize(Decimal("0.01"), ROUND_HALF_UP)


def basic(token: str) -> dict[str, str]:
    """The header of a token that is a name and a password, "name:password"."""
    return {"Authorization": "Basic " + base64.b64encode(token.encode()).decode()}


def _plain(number: Decimal) -> Decimal:
    """Without an exponent and needless noughts, so that the same price is always written the same."""
    whole = number == number.to_integral_value()
    return number.quantize(Decimal(1)) if whole else number.normalize()


def _first(parse: Any, candidates: Iterable[Any]) -> str | None:
    for candidate in candidates:
        if isinstance(candidate, str) and candidate.strip():
            try:
                found: str = parse(candidate)
            except ValueError:
                continue
            return found
    return None


def _no_number(said: str) -> Any:
    raise ValueError(said)
