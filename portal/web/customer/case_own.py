"""What a customer reads of a case that only its kind has: goods of a return, a parcel, spare parts."""

from typing import Any

from portal.domain.damage import queries as damage
from portal.domain.damage.actions import DAMAGE
from portal.domain.damage.rules import PROOFS
from portal.domain.parts import orders, showing
from portal.domain.parts.rules import LINES, PAID, PAYING, WAYS
from portal.domain.returns import queries as returns
from portal.domain.returns.actions import RETURN
from portal.domain.returns.rules import REASONS, WISHES
from portal.kernel import clock


def own(row: Any) -> dict[str, Any]:
    """For the template; `row` is the case's. One query at most."""
    if row.kind == RETURN:
        return {"goods": returns.lines(row.id), "reasons": REASONS, "wishes": WISHES}
    if row.kind == DAMAGE:
        return {"damage": damage.parcel(row.id, clock.now()), "proofs": PROOFS}
    if row.kind == orders.PART or row.part:
        parts = showing.of_case(row.id)
        said = {"states": LINES, "paying": PAYING, "paid": PAID, "ways": WAYS}
        return {"parts": parts, "part_words": {**said, "total": orders.total(*parts) if parts[0] else 0}}
    return {}
