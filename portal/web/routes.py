"""Every blueprint of the portal, in one list."""

from flask import Blueprint

from portal.web import (
    demo,
    documents,
    install,
    labels_for_parcels,
    letters_to_couriers,
    machines,
    photos,
    styleguide,
    work_papers,
)
from portal.web.api import couriers as api_couriers
from portal.web.api import describe as api_describe
from portal.web.api import guide as api_guide
from portal.web.api import hooks as api_hooks
from portal.web.api import purchases as api_purchases
from portal.web.api import receipts as api_receipts
from portal.web.customer import (
    about,
    account,
    ask,
    assistant,
    claims,
    genuine,
    help,
    help_steps,
    home,
    links,
    part_order,
    purchases,
    receipt_code,
    receipts,
    returns,
    signin,
    suggestions,
    units,
)
from portal.web.customer import case_news as customer_case_news
from portal.web.customer import case_parcel as customer_case_parcel
from portal.web.customer import cases as customer_cases
from portal.web.customer import estimates as customer_estimates
from portal.web.customer import parts as customer_parts
from portal.web.customer import registrations as customer_registrations
from portal.web.staff import account as staff_account
from portal.web.staff import ask as staff_ask
from portal.web.staff import (
    beside,
    case_clock,
    cases,
    catalog_applied,
    catalog_drafts,
    catalog_guides,
    catalog_outlets,
    catalog_policies,
    catalog_policy_edit,
    catalog_returns,
    catalog_rules,
    catalog_services,
    costs,
    courier_rules,
    courier_settings,
    couriers,
    credits,
    customers,
    damage,
    deliveries,
    desk,
    desk_bulk,
    desk_lists,
    desk_rules,
    doubts,
    estimates,
    help_figures,
    help_trees,
    holidays,
    letters,
    mentions,
    part_marks,
    part_orders,
    part_shelf,
    part_supply,
    parts,
    people,
    receipts_paper,
    registrations,
    repairs,
    return_lines,
    sell,
    shipments,
    shop,
    stickers,
    suppliers,
    talk,
    targets,
    till_settings,
    tills,
    tokens,
)
from portal.web.staff import catalog as staff_catalog
from portal.web.staff import help as staff_help
from portal.web.staff import imports as staff_imports
from portal.web.staff import receipts as staff_receipts
from portal.web.staff import repair_away as work_away
from portal.web.staff import repair_handing as work_handing
from portal.web.staff import repair_intake as work_intake
from portal.web.staff import repair_lines as work_lines
from portal.web.staff import repair_settings as work_settings
from portal.web.staff import replies as staff_replies
from portal.web.staff import requests as staff_requests
from portal.web.staff import returns as staff_returns
from portal.web.staff import units as staff_units

CUSTOMER: tuple[Blueprint, ...] = (
    signin.bp, receipts.bp, receipt_code.bp, home.bp, purchases.bp, units.bp, customer_registrations.bp,
    claims.bp, ask.bp, returns.bp, customer_cases.bp, customer_case_news.bp, customer_case_parcel.bp,
    customer_estimates.bp, links.bp, account.bp, about.bp,
    work_papers.bp,
    photos.bp, documents.bp, letters_to_couriers.bp, help.bp, help_steps.bp, assistant.bp, suggestions.bp,
    part_order.bp, customer_parts.bp, genuine.bp,
)  # fmt: skip
STAFF: tuple[Blueprint, ...] = (
    staff_requests.bp, staff_returns.bp, return_lines.bp, credits.bp, damage.bp, courier_rules.bp,
    staff_ask.bp, desk.bp, desk_lists.bp,
    desk_bulk.bp, desk_rules.bp, beside.bp, cases.bp, talk.bp, staff_replies.bp, mentions.bp, letters.bp,
    work_settings.bp, work_intake.bp, work_lines.bp, work_away.bp, work_handing.bp,
    registrations.bp, repairs.bp, estimates.bp, costs.bp, shipments.bp, couriers.bp, courier_settings.bp,
    labels_for_parcels.bp, deliveries.bp, staff_receipts.bp, receipts_paper.bp, sell.bp, stickers.bp,
    staff_catalog.bp, catalog_guides.bp, catalog_policies.bp, catalog_policy_edit.bp, catalog_returns.bp,
    catalog_outlets.bp, catalog_rules.bp, catalog_services.bp, catalog_applied.bp, catalog_drafts.bp,
    staff_help.bp, help_trees.bp, help_figures.bp, staff_imports.bp, customers.bp, doubts.bp, staff_units.bp,
    people.bp, staff_account.bp, shop.bp, tokens.bp, tills.bp, till_settings.bp, case_clock.bp, targets.bp,
    holidays.bp, suppliers.bp, parts.bp, part_shelf.bp, part_marks.bp, part_supply.bp, part_orders.bp,
)  # fmt: skip
PROGRAMS: tuple[Blueprint, ...] = (
    api_guide.bp, api_describe.bp, api_purchases.bp, api_receipts.bp, api_hooks.bp, api_couriers.bp,
)  # fmt: skip
BLUEPRINTS = (machines.bp, install.bp, *PROGRAMS, *CUSTOMER, *STAFF)
DEMO_BLUEPRINTS: tuple[Blueprint, ...] = (demo.bp,)
DEVELOPMENT_BLUEPRINTS: tuple[Blueprint, ...] = (styleguide.bp,)
