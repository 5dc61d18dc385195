"""What a checked file comes to, in the words of its preview."""

from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from portal.domain.intake.models import Import
from portal.domain.intake.rules import Fate
from portal.domain.purchases.rules import PurchaseKind
from portal.kernel.text import Message, _
from portal.web.words import brief_day, day, money, translate

FATES: dict[Fate, tuple[Message, str]] = {
    Fate.CREATED: (_("New"), "good"),
    Fate.CHANGED: (_("Changes"), "moving"),
    Fate.SAME: (_("There already"), "quiet"),
    Fate.REFUSED: (_("Refused"), "bad"),
}
FIGURES: dict[str, Message] = {  # of receipts, and of rows: one that names no outlet of ours is of no receipt
    Fate.CREATED: _("New receipts"),
    Fate.CHANGED: _("Changed"),
    Fate.SAME: _("There already"),
    "refused_rows": _("Rows refused"),
}
KINDS: dict[PurchaseKind, Message] = {
    PurchaseKind.SALE: _("Sales"),
    PurchaseKind.CANCELLATION: _("Cancellations"),
    PurchaseKind.ADJUSTMENT: _("Adjustments"),
}


def of(job: Import) -> SimpleNamespace | None:
    """None as long as the file was not checked."""
    counts = job.counts
    if not counts:
        return None
    zone = job.outlet.timezone
    return SimpleNamespace(
        rows=counts["rows"], receipts=counts["receipts"], refused_rows=counts["refused_rows"],
        fates=[(label, counts[fate]) for fate, label in FIGURES.items()],
        created=counts["created"], changed=counts["changed"], same=counts["same"],
        kinds=[(label, counts["kinds"][kind]) for kind, label in KINDS.items() if kind in counts["kinds"]],
        sums=[(exact_sum(e, code), money(total, code)) for code, (e, total) in counts["sums"].items()],
        days=[day(_local(at, zone)) for at in counts["days"]],
        reasons=[(translate(Message(said, values)), rows) for said, values, rows in counts["reasons"]],
        notes=[(translate(Message(said)), receipts) for said, receipts in counts["notes"]],
        outlets=counts.get("outlets", []), drafts=counts["drafts"], draft_names=counts["draft_names"],
        run=counts.get("run"),
        examples=[_example(row, zone) for row in counts["examples"]],
    )  # fmt: skip


def exact_sum(exact: str, currency: str) -> str:
    """The sum of the file's rows with all the decimals they have."""
    whole, _mark, rest = f"{Decimal(exact).normalize():f}".partition(".")
    amount = f"{int(whole):,}"
    if currency == "IDR":
        amount = amount.replace(",", ".")
        return f"{amount},{rest}" if rest else amount
    return f"{amount}.{rest.ljust(2, '0')}"


def _example(row: list[Any], zone: str) -> tuple[Any, ...]:
    number, at, buyer, lines, total, currency, fate, outlet = row
    return (
        number,
        brief_day(_local(at, zone)),
        buyer,
        lines,
        money(total, currency),
        *FATES[Fate(fate)],
        outlet,
    )


def _local(at: str, zone: str) -> Any:
    return datetime.fromisoformat(at).astimezone(ZoneInfo(zone)).date()
