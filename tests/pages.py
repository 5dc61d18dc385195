"""What every page must satisfy, checked on each one that a test fetches."""

import re
from collections import Counter
from functools import lru_cache
from xml.etree.ElementTree import Element

import tinyhtml5
from tinyhtml5 import inputstream

NAMELESS = {"hidden", "submit", "button", "image", "reset"}  # inputs that need no label


class Expressions(dict[tuple[frozenset[str], bool], re.Pattern[str]]):
    """tinyhtml5 notes its expressions where it never finds them again, and so makes one for each word."""

    def __missing__(self, key: tuple[frozenset[str], bool]) -> re.Pattern[str]:
        characters, opposite = key
        inside = "".join(f"\\x{ord(character):02x}" for character in characters)
        return self.setdefault(key, re.compile(f"[{'' if opposite else '^'}{inside}]+"))


inputstream.characters_until_regex = Expressions()


@lru_cache(maxsize=4)
def parse(html: str) -> Element:
    """The page as a browser reads it; nobody changes it."""
    tree: Element = tinyhtml5.parse(html, namespace_html_elements=False)
    return tree


def words(element: Element) -> str:
    """The text inside an element, spaces folded."""
    return " ".join("".join(element.itertext()).split())


def faults_of(html: str, *, fragment: bool = False) -> list[str]:
    """Everything that is wrong with a page, or with a fragment of one."""
    page = parse(html)
    frame = [] if fragment else _frame(page, html)
    return [*frame, *_marks(page), *_labels(page), *_forms(page)]


def check_page(html: str, where: str, *, fragment: bool = False) -> None:
    """Raise AssertionError when something is wrong with a page."""
    faults = faults_of(html, fragment=fragment)
    assert not faults, f"{where}:\n" + "\n".join(faults)


def _frame(page: Element, html: str) -> list[str]:
    faults = []
    title = page.find("head/title")
    if title is None or not words(title).split("·")[0].strip():
        faults.append("the page has no title")
    headings = [words(h) for h in page.iter("h1")]
    if len(headings) != 1 or not headings[0]:
        faults.append(f"exactly one h1 with text, not {headings}")
    if len(list(page.iter("main"))) != 1:
        faults.append("exactly one main")
    if not page.get("lang"):
        faults.append("the page does not say its language")
    if not html.lstrip().lower().startswith("<!doctype html>"):
        faults.append("no doctype")
    return faults


def _marks(page: Element) -> list[str]:
    faults = []
    ids = Counter(element.get("id") for element in page.iter() if element.get("id"))
    faults += [f"id {name!r} stands {n} times" for name, n in ids.items() if n > 1]
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "style" or "style" in element.attrib:
            faults.append(f"inline style on {element.tag}")
        if element.tag == "script" and (not element.get("src") or words(element)):
            faults.append("inline script")
        faults += [f"{name} on {element.tag}" for name in element.attrib if name.startswith(("on", "hx-on"))]
        if element.tag == "img" and element.get("alt") is None:
            faults.append(f"img {element.get('src')} without alt")
        if element.tag == "a" and element.get("href") is not None and not _named(element):
            faults.append(f"link {element.get('href')} without words")
        if element.tag == "button" and not _named(element):
            faults.append("button without words")
        for refer in ("aria-describedby", "aria-labelledby"):
            faults += [
                f"{refer} names {i!r}, which is not there"
                for i in (element.get(refer) or "").split()
                if i not in ids
            ]
    return faults


def _named(element: Element) -> bool:
    inside = any(e.get("alt") or e.get("aria-label") for e in element.iter())
    return bool(words(element) or element.get("aria-label") or element.get("title") or inside)


def _labels(page: Element) -> list[str]:
    inputs = {e.get("id") for tag in ("input", "select", "textarea") for e in page.iter(tag)}
    labels = list(page.iter("label"))
    faults = [
        f"label “{words(x)}” points to {x.get('for')!r}"
        for x in labels
        if x.get("for") and x.get("for") not in inputs
    ]
    named = {x.get("for") for x in labels} | {id(e) for x in labels for e in x.iter()}
    for tag in ("input", "select", "textarea"):
        for e in page.iter(tag):
            if e.get("type") in NAMELESS or e.get("aria-label") or e.get("aria-labelledby"):
                continue
            if e.get("id") not in named and id(e) not in named:
                faults.append(f"{tag} {e.get('name')!r} has no label")
    return faults


def _forms(page: Element) -> list[str]:
    faults = []
    for form in page.iter("form"):
        names = {e.get("name") for e in form.iter("input")}
        if (form.get("method") or "get").lower() == "post":
            if not form.get("action"):
                faults.append("a form says not where it goes")
            if "csrf_token" not in names:
                faults.append(f"form {form.get('action')} without CSRF token")
            files = any(e.get("type") == "file" for e in form.iter("input"))
            if files and form.get("enctype") != "multipart/form-data":
                faults.append(f"form {form.get('action')} sends files without multipart")
        elif "csrf_token" in names:
            faults.append(f"form {form.get('action')} would put its CSRF token into the address")
    for part in page.iter("details"):
        told = [e for e in part.iter() if e.get("hidden") is None]
        wrong = any(e.get("aria-invalid") or e.get("class") == "error" for e in told)
        if wrong and part.get("open") is None:
            faults.append(f"what is wrong is folded away below “{words(part[0])}”")
    return faults
