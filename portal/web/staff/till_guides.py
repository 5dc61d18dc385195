"""How each kind of till is connected, step by step, in words for who sits before its settings."""

from dataclasses import dataclass

from portal.adapters.pos.registry import FORMATS
from portal.domain.intake.rules import HookState
from portal.kernel.text import Message, _


@dataclass(frozen=True)
class Guide:
    """`ours`: we make the key and it is pasted there; else the till shows one, and it is pasted here.

    `hidden`: the key is part of the address. `token`: what the till's company is asked with, and why;
    `site`: that is asked at the shop's own address.
    """

    label: str
    about: Message
    ours: bool
    steps: tuple[Message, ...]
    topics: tuple[str, ...]
    hidden: bool = False
    token: Message | None = None
    why: Message | None = None
    needed: bool = False
    site: bool = False


_OWN: dict[str, Guide] = {
    "shopify": Guide(
        "Shopify",
        _("Online shop and Shopify POS."),
        False,
        (
            _("In Shopify open Settings, then Notifications, then Webhooks."),
            _(
                "Press “Create webhook” once for each event below. Format: JSON. URL: the address below."
                " Version: the newest that is not marked as unstable."
            ),
            _(
                "Under the list Shopify shows the key that it signs with. Copy it into the field below."
            ),
            _("Beside a webhook choose “Send test notification”. A moment later it stands below."),
        ),
        (
            "Order creation", "Order payment", "Order update", "Order edit", "Order fulfillment",
            "Order cancellation", "Order deletion", "Refund create",
        ),
    ),
    "woocommerce": Guide(
        "WooCommerce",
        _("Shop on a WordPress site of your own."),
        True,
        (
            _("In WordPress open WooCommerce, Settings, Advanced, Webhooks, and press “Add webhook”."),
            _(
                "Status: Active. Topic: the first one below. Delivery URL: the address below."
                " Secret: the key below. API version: WP REST API v3. Save."
            ),
            _("Do the same for the other topics, with the same address and key."),
        ),
        ("Order created", "Order updated", "Order deleted"),
        token=_("Key to ask with: consumer key, a colon, consumer secret"),
        why=_(
            "WooCommerce does not tell which pieces a partial refund is of. With a key that may read"
            " (Settings, Advanced, REST API, “Add key”) we ask for it."
        ),
        site=True,
    ),
    "square": Guide(
        "Square",
        _("Square POS and Square Online."),
        False,
        (
            _(
                "On developer.squareup.com open your application (or make one), then Webhooks, Subscriptions,"
                " and switch to Production."
            ),
            _("Press “Add subscription”, paste the address below and tick the events below. Save."),
            _("Open the subscription, show the “Signature key” and copy it into the field below."),
            _("Under Credentials copy the production “Access token” into the field below."),
        ),
        (
            "order.created", "order.updated", "order.fulfillment.updated", "payment.created",
            "payment.updated", "refund.created", "refund.updated",
        ),
        token=_("Access token"),
        why=_("Square sends only the number of an order. With the token we ask what was sold, and to whom."),
        needed=True,
    ),
    "loyverse": Guide(
        "Loyverse",
        _("Loyverse POS on phones and tablets."),
        True,
        (
            _("Open the Loyverse Back Office in a browser and look for Webhooks among its integrations."),
            _(
                "Add a webhook for the event below and paste the address."
                " The key is part of it: show it to nobody."
            ),
            _("Under Settings, Access tokens, make a token and copy it into the field below."),
            _("Sell something small. A moment later it stands below."),
        ),
        ("receipts.update",),
        hidden=True,
        token=_("Access token"),
        why=_(
            "Loyverse does not send the customer's name and phone number. With the token we ask for them;"
            " without it receipts come in without a customer."
        ),
    ),
}  # fmt: skip

_ANY = (
    _("At the till add a webhook for sales, changes and refunds, with the address below."),
    _("Where it asks for a secret, paste the key below. A moment after the next sale it stands below."),
)
GUIDES = {
    name: _OWN.get(name) or Guide(name.capitalize(), _("Sends each sale by itself."), True, _ANY, ())
    for name in FORMATS
}

STATES: dict[str, tuple[str, Message]] = {
    HookState.APPLIED: ("good", _("Recorded")),
    HookState.KEPT: ("quiet", _("Kept")),
    HookState.WAITING: ("waiting", _("Being asked")),
    HookState.FAILED: ("bad", _("Not recorded")),
}
