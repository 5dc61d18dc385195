"""What happens on the shelf."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PartsFree:
    """An outlet has more free pieces of a part than before."""

    part_id: int
    outlet_id: int
