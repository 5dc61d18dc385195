"""Every blueprint of the portal, in one list."""

from flask import Blueprint

from portal.web.customer import receipts, signin
from portal.web.staff import cases, desk, registrations, repairs, shipments
from portal.web.staff import catalog as staff_catalog
from portal.web.staff import catalog_guides, catalog_outlets, catalog_policies, catalog_policy_edit, catalog_returns

BLUEPRINTS: tuple[Blueprint, ...] = (signin.bp, receipts.bp, staff_catalog.bp, catalog_guides.bp, catalog_outlets.bp, catalog_policies.bp, catalog_policy_edit.bp, catalog_returns.bp, desk.bp, cases.bp, registrations.bp, repairs.bp, shipments.bp)
DEMO_BLUEPRINTS: tuple[Blueprint, ...] = ()
