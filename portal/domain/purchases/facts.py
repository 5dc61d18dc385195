"""What happens to purchases."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PurchaseClaimed:
    """A receipt came into somebody's account; `from_id` is the record in which the shop had kept it."""

    purchase_id: int
    customer_id: int
    from_id: int | None = None


@dataclass(frozen=True)
class PurchaseSent:
    """A till tells by whom the goods of a receipt travel, and when they were handed over."""

    purchase_id: int
    courier: str
    waybill: str
    at: datetime
