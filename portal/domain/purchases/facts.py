"""What happens to purchases."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PurchaseClaimed:
    """A receipt came into somebody's account; `from_id` is the record in which the shop had kept it."""

    purchase_id: int
    customer_id: int
    from_id: int | None = None
