"""What a customer reads of a case that only its kind has: the goods of a return, the parcel of a damage."""

from typing import Any

from portal.domain.damage import queries as damage
from portal.domain.damage.actions import DAMAGE
from portal.domain.damage.rules import PROOFS
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
    return {}
