"""The API's own description: OpenAPI 3.1 that says what really happens, and the page beside it."""

import json
import re

import pytest
from jsonschema import Draft202012Validator, ValidationError
from openapi_spec_validator import OpenAPIV31SpecValidator

from portal.web.api import shapes
from tests.pages import parse
from tests.till import PURCHASES, line, sale


@pytest.fixture
def document(client):
    answer = client.get("/api/v1/openapi.json")
    assert "Set-Cookie" not in answer.headers and answer.mimetype == "application/json"
    return answer.json


def valid(document, name, value):
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    Draft202012Validator(schema).validate(value)


def test_it_is_openapi(document):
    assert document["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(document).validate()


def test_it_names_every_address_and_method(app, document):
    known = {
        (re.sub(r"<any[^>]*>", form, re.sub(r"<(\w+)>", r"{\1}", rule.rule)), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/purchases")
        for form in (("svg", "png", "escpos") if "<any" in rule.rule else ("",))
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    told = {(path, m) for path, item in document["paths"].items() for m in item if m != "parameters"}
    assert known == told


def test_its_examples_fit_and_are_taken(document, pos):
    [example] = document["components"]["schemas"]["SaleBody"]["examples"]
    valid(document, "SaleBody", example)
    valid(document, "Receipt", pos.post(example).json)
    for model in ("SaleBody", "Line"):
        for name, field in document["components"]["schemas"][model]["properties"].items():
            for value in field.get("examples", ()):
                valid(document, f"{model}/properties/{name}", value)


def test_what_is_answered_is_as_described(document, pos):
    told = pos.post(sale(lines=[line(), line(sku=7, unit_price=12.5)]), f"{PURCHASES}?qr=svg,png,escpos").json
    valid(document, "Receipt", told)
    valid(document, "Kept", pos.get(f"{PURCHASES}/{told['code']}?qr=png").json)
    batch = {"purchases": [sale(), sale(outlet="ABC"), {"number": 5}]}
    valid(document, "Results", pos.post(batch, expect=200).json)
    valid(document, "Problem", pos.post(sale(outlet="ABC"), expect=422).json)
    valid(document, "Problem", pos.get(f"{PURCHASES}/ZZZZZZZZ", expect=404).json)


@pytest.mark.parametrize("wrong", [{"lines": []}, {"x": 1}, {"number": ""}, {"lines": [line(quantity="2")]}])
def test_what_is_refused_does_not_fit(document, wrong):
    with pytest.raises(ValidationError):
        valid(document, "SaleBody", sale(**wrong))


def test_the_page_shows_every_field_and_problem_in_both_languages(client, outlet):
    english = client.get("/api").text
    client.post("/language", lang="id")
    indonesian = client.get("/api").text
    for text in (english, indonesian):
        names = {e.text for dt in parse(text).iter("dt") for e in dt.iter("b")}
        assert {*shapes.SaleBody.model_fields, *shapes.Line.model_fields, "401", "422", "503"} <= names
        assert "Shopify · WooCommerce · Square · Loyverse" in text
    assert "What the receipt says." in english and "Yang tertulis di nota." in indonesian
    assert 'id="problem-422"' in english


def test_the_first_request_on_the_page_works_as_it_stands(client, outlet, pos):
    page = parse(client.get("/api").text)
    first = next(
        c.text for c in page.iter("code") if c.text and c.text.startswith("curl") and "-d '" in c.text
    )
    address = re.search(r'curl "([^"]+)"', first)[1].removeprefix("http://127.0.0.1:8000")
    body = first.partition("-d '")[2].rstrip("'")
    answer = pos.post(body, address)
    assert answer.json["status"] == "created" and "svg" in answer.json["qr"]
    assert json.loads(body)["outlet"] in {"PNK", outlet.code}


def test_customers_are_not_led_there(client, owner):
    for page in ("/", "/help", "/privacy", "/sign-in"):
        assert 'href="/api' not in client.get(page).text
    assert 'href="/api' not in owner.get("/home").text
