"""Every kind of till that sends webhooks: one file and one line each."""

from portal.adapters.pos.loyverse import Loyverse
from portal.adapters.pos.shopify import Shopify
from portal.adapters.pos.square import Square
from portal.adapters.pos.woocommerce import WooCommerce
from portal.domain.intake.tills import Format

FORMATS: dict[str, Format] = {one.name: one for one in (Shopify(), WooCommerce(), Square(), Loyverse())}
