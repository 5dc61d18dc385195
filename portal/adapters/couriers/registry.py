"""Every courier and aggregator that is understood: one file and one line each."""

from portal.adapters.couriers.aftership import AfterShip
from portal.adapters.couriers.binderbyte import BinderByte
from portal.adapters.couriers.biteship import Biteship
from portal.adapters.couriers.easypost import EasyPost
from portal.adapters.couriers.kiriminaja import KiriminAja
from portal.adapters.couriers.rajaongkir import RajaOngkir
from portal.adapters.couriers.shippo import Shippo
from portal.domain.shipments.couriers import Courier

COURIERS: dict[str, Courier] = {
    one.name: one
    for one in (Biteship(), AfterShip(), EasyPost(), Shippo(), BinderByte(), RajaOngkir(), KiriminAja())
}
