"""What the kinds of the catalog are called, and how a clause of a policy reads."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext

from portal.domain.catalog.rules import Layer, Provider, Replacement, Scope, Sector, Start, WarrantyKind
from portal.domain.units.coverage import Standing, Terms, coverage
from portal.kernel.text import Message, _
from portal.web.words import language, translate

SECTORS: dict[str, Message] = {
    Sector.ELECTRONICS: _("Electronics"),
    Sector.FURNITURE: _("Furniture"),
    Sector.FASHION: _("Fashion"),
    Sector.FOOD: _("Food and drink"),
    Sector.LOGISTICS: _("Delivery"),
    Sector.GENERAL: _("General"),
}
SCOPES: dict[Scope, Message] = {
    Scope.CATEGORY: _("Category"),
    Scope.BRAND: _("Brand"),
    Scope.OUTLET: _("Outlet"),
}
KINDS: dict[str, Message] = {
    WarrantyKind.RESMI: _("Official warranty of the maker"),
    WarrantyKind.DISTRIBUTOR: _("Distributor's warranty"),
    WarrantyKind.TOKO: _("Shop warranty"),
    WarrantyKind.INTERNASIONAL: _("International warranty"),
}
STARTS: dict[str, Message] = {
    Start.PURCHASE: _("the day of purchase"),
    Start.DELIVERY: _("the day of delivery"),
    Start.INSTALLATION: _("the day of installation"),
}
PROVIDERS: dict[str, Message] = {
    Provider.MAKER: _("Maker"),
    Provider.DISTRIBUTOR: _("Distributor"),
    Provider.SHOP: _("Shop"),
    Provider.EXTENDED: _("Extended warranty"),
}
REPLACEMENTS: dict[str, Message] = {
    Replacement.CONTINUES: _("It continues what was left"),
    Replacement.RESTARTS: _("It begins a new term"),
}
ASPECTS: dict[str, Message] = {"parts": _("Spare parts"), "labour": _("Labour"), "transport": _("Transport")}
WEEKDAYS: dict[str, Message] = {
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
}
STANDINGS: dict[str, tuple[Message, str]] = {
    Standing.COVERED: (_("Covered"), "good"),
    Standing.EXPIRED: (_("Ended"), "quiet"),
    Standing.NOT_STARTED: (_("Not started"), "waiting"),
    Standing.VOID: (_("Void"), "bad"),
    Standing.PENDING: (_("Not confirmed"), "waiting"),
}


def choices(labels: Mapping[str, Message]) -> dict[str, str]:
    """Options of a select or of radio buttons: value and label."""
    return {str(value): translate(label) for value, label in labels.items()}


def term(layer: Layer) -> str:
    """`12 months from the day of purchase`."""
    parts = []
    if layer.months:
        parts.append(ngettext("%(num)s month", "%(num)s months", layer.months))
    if layer.days:
        parts.append(ngettext("%(num)s day", "%(num)s days", layer.days))
    return gettext("%(term)s from %(start)s", term=" ".join(parts), start=translate(STARTS[layer.starts]))


def clauses(terms: Terms, on: date) -> list[dict[str, Any]]:
    """The clauses of a policy as a customer reads them, with how each stands on a day."""
    return [
        {
            "clause": standing.layer.clause,
            "name": standing.layer.say("name", language()),
            "what": ", ".join(
                translate(label) for key, label in ASPECTS.items() if getattr(standing.layer, key)
            ),
            "term": term(standing.layer),
            "provider": translate(PROVIDERS[standing.layer.provider]),
            "exclusions": standing.layer.say("exclusions", language()),
            "how": standing.layer.say("how", language()),
            "since": standing.since,
            "until": standing.until,
            "standing": standing.standing,
            "stamp": STANDINGS[standing.standing],
        }
        for standing in coverage(terms, "", on).layers
    ]
