"""What kinds of suppliers there are."""

from enum import StrEnum, auto

from portal.kernel.text import Message, _


class SupplierKind(StrEnum):
    MAKER = auto()
    DISTRIBUTOR = auto()
    WORKSHOP = auto()
    PARTS = auto()


KINDS: dict[str, Message] = {
    SupplierKind.MAKER: _("Maker"),
    SupplierKind.DISTRIBUTOR: _("Distributor"),
    SupplierKind.WORKSHOP: _("Workshop or service centre"),
    SupplierKind.PARTS: _("Parts dealer"),
}
