"""Reading and filling the forms of a page as a browser does."""

from typing import Any
from xml.etree.ElementTree import Element

from tests.pages import parse


def fields(html: str, action: str) -> dict[str, Any]:
    """What the form that goes to `action` would send if nobody touched it, buttons and token left out."""
    form = next(f for f in parse(html).iter("form") if f.get("action") == action)
    sent: dict[str, Any] = {}
    for element in form.iter():
        name = element.get("name")
        value = _value(element) if name and name != "csrf_token" else None
        if value is not None:
            sent[name] = [*sent[name], value] if isinstance(sent.get(name), list) else value
    return sent


def errors(html: str) -> set[str]:
    """The fields that the page marks as wrong."""
    return {
        (e.get("id") or "").removesuffix("-error")
        for e in parse(html).iter("p")
        if (e.get("id") or "").endswith("-error")
    }


def stale(html: str) -> bool:
    """Whether the page says that somebody else saved meanwhile: a box without links to fields."""
    boxes = [e for e in parse(html).iter("div") if e.get("class") == "errors"]
    return any(not list(box.iter("a")) for box in boxes)


def _value(element: Element) -> str | None:
    if element.tag == "textarea":
        return "".join(element.itertext()).removeprefix("\n")
    if element.tag == "select":
        options = list(element.iter("option"))
        chosen = [o for o in options if o.get("selected") is not None] or options[:1]
        return chosen[0].get("value") if chosen else None
    if element.tag != "input" or element.get("type") in ("submit", "file"):
        return None
    if element.get("type") in ("checkbox", "radio") and element.get("checked") is None:
        return None
    return element.get("value", "")
