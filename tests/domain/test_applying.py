"""Which policy applies: the order of the questions, the rules, what was sold before, barcodes, drafts."""

from types import SimpleNamespace

import pytest

from portal import jobs
from portal.db import db
from portal.domain.catalog import actions as catalog
from portal.domain.catalog import queries, ruling
from portal.domain.catalog.applying import applied, covered_somewhere, load_rules
from portal.domain.catalog.models import PolicyRule, Product
from portal.domain.catalog.rules import Scope, clean_barcode, in_city
from portal.domain.units.models import Unit, UnitsDue
from portal.kernel import clock
from portal.kernel.errors import Refused, Stale
from tests import factories

CATEGORY, BRAND, OUTLET = (Scope.CATEGORY, "kulkas"), (Scope.BRAND, "nusa"), (Scope.OUTLET, "jkt")


def sold(**fields):
    values = {"policy_id": None, "unwarranted": False, "category": " Kulkas", "brand": "NUSA", **fields}
    return SimpleNamespace(**values)


@pytest.mark.parametrize(
    ("product", "rules", "policy", "by"),
    [
        (sold(policy_id=1), {CATEGORY: 2}, 1, None),
        (sold(unwarranted=True), {CATEGORY: 2}, None, None),
        (sold(), {CATEGORY: 2, BRAND: 3, OUTLET: 4}, 2, Scope.CATEGORY),
        (sold(), {CATEGORY: None, BRAND: 3}, None, Scope.CATEGORY),
        (sold(), {BRAND: 3, OUTLET: 4}, 3, Scope.BRAND),
        (sold(category="", brand=""), {CATEGORY: 2, BRAND: 3, OUTLET: 4}, 4, Scope.OUTLET),
        (sold(), {OUTLET: None}, None, Scope.OUTLET),
    ],
)
def test_the_first_answer_counts(product, rules, policy, by):
    answer = applied(product, "JKT", rules)
    assert (answer.policy_id, answer.scope, answer.said) == (policy, by, True)


def test_when_nothing_answers_there_is_no_warranty():
    assert not applied(sold(), "SBY", {OUTLET: 4}).said
    assert not applied(sold(), "", {OUTLET: 4, (Scope.OUTLET, ""): 5}).said


def bare(**fields):
    made = factories.product(**{"category": "Kulkas", **fields})
    made.policy_id = None
    db.session.commit()
    return made


@pytest.mark.parametrize(
    "rules", [{CATEGORY: 1}, {CATEGORY: None, BRAND: 1}, {BRAND: 1}, {OUTLET: 1}, {OUTLET: None}, {}]
)
def test_the_condition_in_sql_says_the_same(app, rules):
    made = [bare(), bare(category="Kipas", brand=""), bare(brand="")]
    found = set(db.session.scalars(db.select(Product.id).where(covered_somewhere(rules))))
    assert found == {p.id for p in made if any(applied(p, o, rules).policy_id for o in ("jkt", "sby"))}


def test_a_rule_is_one_for_each_name_and_knows_its_editors(app):
    policy = factories.policy()
    rule = ruling.save_rule(None, None, scope=Scope.BRAND, value="  NUSA ", policy_id=policy.id)
    assert load_rules() == {(Scope.BRAND, "nusa"): policy.id}
    with pytest.raises(Refused):
        ruling.save_rule(None, None, scope=Scope.BRAND, value="nusa", policy_id=None)
    ruling.save_rule(rule, rule.version, scope=Scope.BRAND, value="nusa", policy_id=None)
    with pytest.raises(Stale):
        ruling.save_rule(rule, 1, scope=Scope.BRAND, value="nusa", policy_id=policy.id)
    with pytest.raises(Stale):
        ruling.remove_rule(rule, 1)
    ruling.remove_rule(rule, 2)
    assert load_rules() == {}


def test_a_rule_follows_its_outlet(outlet):
    ruling.save_rule(None, None, scope=Scope.OUTLET, value=outlet.code, policy_id=None)
    columns = ("name", "sector", "city", "timezone", "currency", "hours")
    catalog.save_outlet(outlet, None, **{c: getattr(outlet, c) for c in columns}, code="BARU")
    assert db.session.scalar(db.select(PolicyRule.value)) == "baru"


def test_what_was_sold_before_gets_its_units_from_the_day_of_sale(outlet, monkeypatch):
    monkeypatch.setattr(jobs, "LINES_AT_ONCE", 2)
    product, other = bare(), bare(category="Kipas")
    made = [factories.purchase(outlet, [(product, 1), (other, 1)]) for _n in range(5)]
    assert not db.session.scalar(db.select(Unit.id))
    ruling.save_rule(None, None, scope=Scope.CATEGORY, value="kulkas", policy_id=factories.policy().id)
    factories.settle()
    assert list(db.session.scalars(db.select(UnitsDue.product_id))) == [product.id]
    monkeypatch.setattr(jobs.due, "went_on", killed_after(2, jobs.due.went_on))
    with pytest.raises(KeyboardInterrupt):
        jobs.make_missing_units()
    db.session.rollback()
    monkeypatch.undo()
    assert 0 < len(db.session.scalars(db.select(Unit.id)).all()) < 5
    for _again in range(2):
        jobs.make_missing_units()
        units = [factories.units_of(purchase) for purchase in made]
        assert [[u.product_id for u in some] for some in units] == [[product.id]] * 5
        assert units[0][0].bought_on == made[0].bought_at.date()
    assert not db.session.scalar(db.select(UnitsDue.product_id))


def killed_after(times, work):
    def step(*arguments):
        nonlocal times
        times -= 1
        if times < 0:
            raise KeyboardInterrupt
        work(*arguments)

    return step


def test_only_another_answer_looks_through_old_sales(outlet):
    product = bare()
    factories.purchase(outlet, [(product, 1)])
    columns = ("sku", "name", "category", "brand", "sector")
    now = {c: getattr(product, c) for c in columns}
    catalog.save_product(product, None, **{**now, "name": "Nama lain", "category": "kulkas"})
    factories.settle()
    assert not db.session.scalar(db.select(UnitsDue.product_id))
    catalog.save_product(product, None, **{**now, "category": "Kipas"})
    factories.settle()
    assert db.session.scalar(db.select(UnitsDue.product_id)) == product.id


@pytest.mark.parametrize("code", ["8991002101630", "036000291452", "96385074", "INT-0042", "12345", ""])
def test_barcodes_that_are_taken(code):
    assert clean_barcode(f" {code} ") == (code or None)


@pytest.mark.parametrize(
    "code", ["8991002101631", "036000291453", "96385075", "ab", "x" * 33, "kode\x7f", "ſ123"]
)
def test_barcodes_that_are_refused(code):
    with pytest.raises(Refused):
        clean_barcode(code)


def test_many_drafts_are_completed_at_once_and_others_left(app):
    drafts = [bare(category="", draft=True) for _n in range(3)]
    done = bare(category="Kipas")
    assert catalog.complete_drafts([*drafts[:2], done], category="Kulkas", brand="Nusa") == 2
    assert [p.category for p in (*drafts, done)] == ["Kulkas", "Kulkas", "", "Kipas"]
    assert [p.draft for p in drafts] == [False, False, True]


def test_the_first_published_version_covers_what_was_sold_before(outlet):
    draft = catalog.save_policy_draft(
        None, None, code="G-BARU", name="Baru", layers=[factories.layer()], kind="toko", terms_id="x"
    )
    product = bare()
    product.policy_id = draft.policy_id
    factories.purchase(outlet, [(product, 1)])
    catalog.publish_policy(draft, clock.now())
    factories.settle()
    jobs.make_missing_units()
    assert db.session.scalar(db.select(Unit.policy_version_id)) == draft.id
    assert queries.policies_now()[draft.policy_id].version_id == draft.id


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("Jl. Braga 8", "Jl. Braga 8, Bandung"),
        ("Jl. Braga 8, Bandung", "Jl. Braga 8, Bandung"),
        ("Jl. Bandung 8", "Jl. Bandung 8, Bandung"),
        ("", "Bandung"),
    ],
)
def test_an_address_names_its_city_once(address, told):
    assert in_city(address, "Bandung") == told
