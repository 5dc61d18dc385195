"""What happens to the catalog."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PoliciesChanged:
    """Another policy may apply to these products than before."""

    product_ids: tuple[int, ...]
