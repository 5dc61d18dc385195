"""What became of a demand on a supplier, and what warranty work comes to."""

from dataclasses import dataclass
from enum import StrEnum, auto

from portal.kernel.text import Message, _


class Answer(StrEnum):
    ASKED = auto()
    PAID = auto()
    REFUSED = auto()


# (name, tone of the stamp)
ANSWERS: dict[str, tuple[Message, str]] = {
    Answer.ASKED: (_("Asked for"), "waiting"),
    Answer.PAID: (_("Paid"), "good"),
    Answer.REFUSED: (_("Refused"), "bad"),
}


class By(StrEnum):
    """What costs are added up by."""

    PRODUCT = auto()
    UNIT = auto()
    SUPPLIER = auto()


BY: dict[str, Message] = {
    By.PRODUCT: _("By product"),
    By.UNIT: _("By item"),
    By.SUPPLIER: _("By supplier"),
}


@dataclass(frozen=True)
class Costs:
    """What work cost the shop, and what came back for it, in minor units of one currency."""

    parts: int = 0
    labour: int = 0
    fees: int = 0
    freight: int = 0
    billed: int = 0
    recovered: int = 0

    @property
    def spent(self) -> int:
        return self.parts + self.labour + self.fees + self.freight

    @property
    def net(self) -> int:
        """What the shop bears in the end; below zero it earned."""
        return self.spent - self.billed - self.recovered

    def __add__(self, other: "Costs") -> "Costs":
        return Costs(
            self.parts + other.parts, self.labour + other.labour, self.fees + other.fees,
            self.freight + other.freight, self.billed + other.billed, self.recovered + other.recovered,
        )  # fmt: skip
