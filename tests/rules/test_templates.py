"""Every template compiles, and none does what the pages' policy forbids."""

import re
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).resolve().parents[2] / "templates"
TEMPLATES = {
    str(path.relative_to(ROOT)): path.read_text() for path in sorted(ROOT.rglob("*.*")) if path.is_file()
}
PAGES = {name: text for name, text in TEMPLATES.items() if not name.startswith(("emails/", "documents/"))}


def test_every_template_compiles(app: Flask) -> None:
    for name in TEMPLATES:
        if not name.startswith(
            "documents/"
        ):  # these have an environment of their own, tested with the adapter
            app.jinja_env.get_template(name)


def test_pages_hold_no_inline_style_or_script() -> None:
    forbidden = re.compile(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|hx-on|js:")
    assert not {name: found for name, text in PAGES.items() if (found := forbidden.findall(text))}


def test_addresses_are_fixed() -> None:
    """`url_for` costs more than the rest of a row."""
    assert not [name for name, text in PAGES.items() if "url_for" in text]


def test_nothing_is_marked_safe_by_a_page() -> None:
    """Markup is made where it is cleaned, never in a template."""
    assert not [name for name, text in TEMPLATES.items() if re.search(r"\|\s*safe\b|autoescape", text)]


def test_forms_carry_the_token_and_the_key() -> None:
    plain = re.compile(r"<form\b[^>]*method=\"post\"", re.IGNORECASE)
    assert not [n for n, text in PAGES.items() if plain.search(text) and "csrf_token" not in text]
