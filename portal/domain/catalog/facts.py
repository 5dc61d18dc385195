"""What happens to the catalog."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PoliciesChanged:
    """Another policy may apply to these products than before."""

    product_ids: tuple[int, ...]


@dataclass(frozen=True)
class GuidePublished:
    """A product's care guide has a new edition."""

    product_id: int


@dataclass(frozen=True)
class HoursChanged:
    """An outlet, or every one when None, is open at other times than before."""

    outlet_id: int | None
