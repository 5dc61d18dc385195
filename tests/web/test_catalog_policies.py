"""Warranty policies and care guides at the desk: drafts, previews, versions that stay."""

import re

import pytest

from portal.db import db
from portal.domain.catalog import queries
from portal.domain.catalog.models import GuideVersion, PolicyVersion
from tests.forms import errors, fields, stale

NEW = "/desk/catalog/policies/new"


@pytest.fixture
def policy(product):
    return product.policy


@pytest.fixture
def path(policy):
    return f"/desk/catalog/policies/{policy.code}/edit"


def versions(policy):
    db.session.expire_all()
    found = db.session.scalars(
        db.select(PolicyVersion).filter_by(policy_id=policy.id).order_by(PolicyVersion.number)
    )
    return list(found)


def test_a_draft_starts_from_what_is_published_and_changes_nothing_yet(manager, policy, path):
    form = fields(manager.get(path).text, path)
    manager.post(path, **{**form, "layers-0-months": "36", "do": "save"})
    old, draft = versions(policy)
    assert (old.layers[0].months, draft.layers[0].months) == (12, 36)
    assert draft.published_at is None
    assert queries.current_version(policy.id) == old.id
    assert len(draft.layers) == len(old.layers) == 3


def test_publishing_makes_the_version_that_counts_and_keeps_the_old_one(manager, policy, path):
    form = {**fields(manager.get(path).text, path), "layers-0-months": "36", "do": "publish"}
    first = manager.post(path, **form)
    assert manager.post(path, **form).headers["Location"] == first.headers["Location"]
    old, new = versions(policy)
    assert queries.current_version(policy.id) == new.id
    assert "12" in manager.get(f"/desk/catalog/policies/{policy.code}/{old.number}").text
    manager.follow(first)


def test_clauses_are_added_and_taken_away_without_a_script(manager, policy, path):
    form = fields(manager.get(path).text, path)
    more = fields(manager.post(path, expect=200, **{**form, "do": "add"}).text, path)
    assert "layers-3-months" in more
    less = fields(manager.post(path, expect=200, **{**more, "do": "remove-layers-0"}).text, path)
    assert "layers-2-months" in less and "layers-3-months" not in less
    again = fields(manager.post(path, expect=200, **{**less, "do": "remove-layers-1"}).text, path)
    manager.post(path, **{**again, "layers-1-name_id": "Motor", "do": "save"})
    assert [layer.name_id for layer in versions(policy)[-1].layers] == ["panel", "Motor"]


def test_a_preview_shows_dates_and_stores_nothing(manager, policy, path):
    form = {**fields(manager.get(path).text, path), "bought": "2024-02-29", "do": "preview"}
    for htmx in (True, False):
        assert "2025" in manager.post(path, expect=200, htmx=htmx, **form).text
    assert "2025" in manager.get(f"/desk/catalog/policies/{policy.code}?bought=2024-02-29", htmx=True).text
    assert len(versions(policy)) == 1


def test_a_clause_without_a_term_or_a_use_is_refused(manager, policy, path):
    form = fields(manager.get(path).text, path)
    for name in ("parts", "labour", "transport"):
        form.pop(f"layers-0-{name}", None)
    answer = manager.post(path, expect=422, **{**form, "layers-0-months": "0", "layers-1-months": "lama"})
    assert errors(answer.text) == {"layers-0-months", "layers-0-parts", "layers-1-months"}
    assert fields(answer.text, path)["layers-1-months"] == "lama"
    assert len(versions(policy)) == 1


def test_two_drafts_of_the_same_version(manager, admin, policy, path):
    first, second = (fields(browser.get(path).text, path) for browser in (manager, admin))
    manager.post(path, **{**first, "maker": "PT Satu"})
    answer = admin.post(path, expect=409, **{**second, "maker": "PT Dua"})
    assert stale(answer.text)
    assert "PT Satu" in answer.text
    again = fields(answer.text, path)
    admin.post(path, **again)
    assert versions(policy)[-1].maker == "PT Dua"
    assert len(versions(policy)) == 2


def test_a_new_policy(manager, policy):
    form = {
        **fields(manager.get(NEW).text, NEW),
        "name": "Baru",
        "code": policy.code,
        "layers-0-name_id": "Semua",
    }
    assert errors(manager.post(NEW, expect=422, **form).text) == {"code"}
    manager.post(NEW, **{**form, "code": "gr-baru"})
    manager.get("/desk/catalog/policies/GR-BARU/edit")


def test_only_those_who_may_change_it(agent, owner, path, policy):
    agent.get(path, expect=403)
    agent.post(path, expect=403, do="publish")
    owner.get(f"/desk/catalog/policies/{policy.code}", expect=403)
    agent.get("/desk/catalog/policies/NIHIL", expect=404)
    agent.get(f"/desk/catalog/policies/{policy.code}/99", expect=404)


def guides(product):
    db.session.expire_all()
    found = db.session.scalars(
        db.select(GuideVersion).filter_by(product_id=product.id).order_by(GuideVersion.number)
    )
    return [(guide.number, bool(guide.published_at), guide.body_id) for guide in found]


def test_a_guide_is_drafted_previewed_published_and_drafted_again(manager, product):
    path = f"/desk/catalog/products/{product.sku}/guide"
    form = fields(manager.get(path).text, path)
    typed = {**form, "body_id": "# Lap kering", "body_en": ""}
    assert "<h2" in manager.post(path, expect=200, htmx=True, **{**typed, "do": "preview"}).text
    assert guides(product) == []
    manager.post(path, **{**typed, "do": "save"})
    typed = {**fields(manager.get(path).text, path), "do": "publish"}
    assert "# Lap kering" in manager.post(path, expect=422, **typed).text  # English is missing
    manager.post(path, **{**typed, "body_en": "# Wipe dry"})
    manager.post(path, **{**fields(manager.get(path).text, path), "body_id": "# Lap basah", "do": "save"})
    assert guides(product) == [(1, True, "# Lap kering"), (2, False, "# Lap basah")]
    assert "Lap kering" in manager.get(f"{path}/1").text


def test_a_guide_is_illustrated_with_drawings_that_exist(manager, product):
    path = f"/desk/catalog/products/{product.sku}/guide"
    page = manager.get(path).text
    form = {**fields(page, path), "do": "preview"}
    assert 'drawings/unplug.svg" alt="A plug pulled out of a socket"' in page
    seen = manager.post(path, expect=200, htmx=True, **{**form, "body_id": "![Cabut](drawing:unplug)"}).text
    picture = re.search(r'<p class="strip">.*?<img src="([^"]+)" alt="Steker dicabut[^"]+">', seen)
    assert manager.get(picture[1]).mimetype == "image/svg+xml" and '"caption">Cabut<' in seen
    refused = manager.post(path, expect=422, **{**form, "do": "save", "body_en": "![](drawing:../../x)"}).text
    assert "no drawing named ../../x" in refused and "![](drawing:../../x)" in refused
    assert guides(product) == []


def test_two_writers_of_a_guide(manager, admin, product):
    path = f"/desk/catalog/products/{product.sku}/guide"
    first, second = (fields(browser.get(path).text, path) for browser in (manager, admin))
    manager.post(path, **{**first, "body_id": "Satu"})
    answer = admin.post(path, expect=409, **{**second, "body_id": "Dua"})
    assert "Satu" in answer.text
    assert fields(answer.text, path)["body_id"] == "Dua"
    assert guides(product) == [(1, False, "Satu")]
