"""Imports every model, so that migrations see all tables."""

from portal.domain.accounts import models as accounts
from portal.domain.cases import models as cases
from portal.domain.catalog import models as catalog
from portal.domain.claims import models as claims
from portal.domain.costs import models as costs
from portal.domain.damage import models as damage
from portal.domain.estimates import models as estimates
from portal.domain.files import models as files
from portal.domain.guidance import models as guidance
from portal.domain.intake import models as intake
from portal.domain.outbox import models as outbox
from portal.domain.parts import models as parts
from portal.domain.purchases import models as purchases
from portal.domain.repairs import models as repairs
from portal.domain.requests import models as requests
from portal.domain.returns import models as returns
from portal.domain.shipments import models as shipments
from portal.domain.shop import models as shop
from portal.domain.suppliers import models as suppliers
from portal.domain.units import models as units

MODULES = (
    outbox,
    accounts,
    shop,
    catalog,
    suppliers,
    purchases,
    units,
    files,
    intake,
    shipments,
    cases,
    claims,
    requests,
    returns,
    damage,
    parts,
    repairs,
    estimates,
    costs,
    guidance,
)
