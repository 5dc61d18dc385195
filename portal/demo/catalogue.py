"""What the demo's shops sell and promise: outlets, policies, guides, symptoms, products."""

from datetime import datetime
from typing import Any

from portal.db import db
from portal.demo import files as written
from portal.domain.catalog import actions as catalog
from portal.domain.catalog.models import Outlet, Policy, Product, ReturnPolicy, Symptom
from portal.domain.catalog.rules import Layer, Provider, Start


def make(at: datetime) -> None:
    """Everything of catalog.toml, published at `at`."""
    content = written.read("catalog")
    for outlet in content["outlet"]:
        catalog.save_outlet(None, None, **outlet)
    for policy in content["policy"]:
        _policy(policy, at)
    for promise in content["return_policy"]:
        catalog.save_return_policy(None, None, **promise)
    db.session.add_all(Symptom(**symptom) for symptom in content["symptom"])
    policies = {p.code: p.id for p in db.session.query(Policy)}
    returns = {p.code: p.id for p in db.session.query(ReturnPolicy)}
    for row in content["product"]:
        fields = {
            name: value for name, value in row.items() if name not in ("policy", "return_policy", "outlet")
        }
        product = catalog.save_product(
            None,
            None,
            policy_id=policies[row["policy"]],
            return_policy_id=returns[row["return_policy"]],
            **fields,
        )
        guide = catalog.save_guide_draft(
            product, None, body_id=written.guide(row["sku"], "id"), body_en=written.guide(row["sku"], "en")
        )
        catalog.publish_guide(guide, at)


def _policy(written_policy: dict[str, Any], at: datetime) -> None:
    fields = dict(written_policy)
    layers = [
        Layer(
            **{
                "days": 0,
                **layer,
                "clause": n,
                "starts": Start(layer["starts"]),
                "provider": Provider(layer["provider"]),
            }
        )
        for n, layer in enumerate(fields.pop("layer"), 1)
    ]
    catalog.publish_policy(catalog.save_policy_draft(None, None, layers=layers, **fields), at)


def outlets() -> dict[str, Outlet]:
    return {outlet.code: outlet for outlet in db.session.query(Outlet)}


def products() -> dict[str, list[Product]]:
    """The demo's products by the outlet that sells them."""
    by_sku = {product.sku: product for product in db.session.query(Product)}
    sold: dict[str, list[Product]] = {}
    for row in written.read("catalog")["product"]:
        sold.setdefault(row["outlet"], []).append(by_sku[row["sku"]])
    return sold
