"""Every blueprint of the portal, in one list."""

from flask import Blueprint

from portal.web.customer import receipts, signin

BLUEPRINTS: tuple[Blueprint, ...] = (signin.bp, receipts.bp)
DEMO_BLUEPRINTS: tuple[Blueprint, ...] = ()
