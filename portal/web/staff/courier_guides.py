"""How each courier or aggregator is connected, step by step, in words for who sits before its settings."""

from dataclasses import dataclass

from portal.adapters.couriers.registry import COURIERS
from portal.domain.shipments.rules import EventState
from portal.kernel.text import Message, _


@dataclass(frozen=True)
class Guide:
    """`ours`: we make the key and it is pasted there; else it shows one, and it is pasted here.

    `token`: what it is asked with; a courier that is asked has no webhook.
    """

    label: str
    about: Message
    steps: tuple[Message, ...]
    ours: bool = False
    token: Message | None = None
    topics: tuple[str, ...] = ()


_KEY = _("API key")
_ASKED = _("Under way parcels are asked about by themselves: often at first, less when nothing moves.")
_OWN: dict[str, Guide] = {
    "biteship": Guide(
        "Biteship",
        _("Indonesian couriers in one account; Biteship tells each movement."),
        (
            _("In the Biteship dashboard open Settings, Integration, Webhook."),
            _("Paste the address below. Name the signature, such as “X-Toko”; its value is the key."),
            _("Choose the events below and save. Biteship tries the address at once."),
        ),
        ours=True,
        topics=("order.status", "order.waybill_id", "order.price"),
    ),
    "aftership": Guide(
        "AfterShip",
        _("Couriers of the whole world; AfterShip tells each movement."),
        (
            _("In AfterShip Tracking open Settings, Notifications, Webhooks, and press “Add webhook URL”."),
            _("Paste the address below and choose all tracking updates."),
            _("Under “Webhook secret” copy the secret into the field below."),
        ),
        topics=("tracking_update", "edd_revise"),
    ),
    "easypost": Guide(
        "EasyPost",
        _("Couriers of the whole world; EasyPost tells each movement."),
        (
            _("In the EasyPost dashboard open Webhooks and press “Add webhook”."),
            _("Paste the address below and, as webhook secret, the key below."),
        ),
        ours=True,
        topics=("tracker.created", "tracker.updated"),
    ),
    "shippo": Guide(
        "Shippo",
        _("Couriers of the whole world; Shippo tells each movement."),
        (
            _("Ask Shippo's support to sign your webhooks. Copy the key that they give you below."),
            _("In Shippo open Settings, API, and add a webhook for the event below with the address below."),
        ),
        topics=("track_updated",),
    ),
    "binderbyte": Guide(
        "BinderByte",
        _("Nearly all Indonesian couriers; we ask it how parcels stand."),
        (_("On binderbyte.com open your profile and copy the API key into the field below."), _ASKED),
        token=_KEY,
    ),
    "rajaongkir": Guide(
        "RajaOngkir",
        _("Indonesian couriers by Komerce; we ask it how parcels stand."),
        (_("At collaborator.komerce.id open API Key and copy that for “Shipping Cost” below."), _ASKED),
        token=_KEY,
    ),
    "kiriminaja": Guide(
        "KiriminAja",
        _("Parcels that you send with KiriminAja; we ask it how they stand."),
        (
            _("Ask KiriminAja for an API key and copy it into the field below."),
            _("As waybill number write the order number that KiriminAja gives the parcel."),
            _ASKED,
        ),
        token=_KEY,
    ),
}  # fmt: skip
_ANY = (_("Add a webhook with the address below, and copy the key that it shows into the field below."),)
GUIDES = {
    name: _OWN.get(name) or Guide(courier.label, _("Tells each movement."), _ANY)
    for name, courier in COURIERS.items()
}

STATES: dict[str, tuple[str, Message]] = {
    EventState.APPLIED: ("good", _("On its parcel")),
    EventState.KEPT: ("quiet", _("Kept")),
    EventState.WAITING: ("waiting", _("Number not known here")),
    EventState.FAILED: ("bad", _("Not understood")),
}
