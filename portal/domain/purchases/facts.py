"""What happens to purchases."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PurchaseClaimed:
    """A receipt came into somebody's account."""

    purchase_id: int
    customer_id: int
