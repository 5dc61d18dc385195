"""The shop's colour, made readable on light and dark paper whatever it is."""

import re
from dataclasses import dataclass
from functools import cache

from portal.kernel.colour import contrast, readable
from portal.web.assets import STATIC

# What the darkest of the light grounds and the lightest of the dark ones need, so that every pair of colours
# that a page sets on each other keeps 4.5 (tests/web/test_brand.py goes through them).
ON_LIGHT = ("#f0eee9", 5.3)
ON_DARK = ("#201e1a", 6.0)
INKS = ("#ffffff", "#161412")


@dataclass(frozen=True)
class Shade:
    """The colour as one scheme shows it, and what is written on it."""

    brand: str
    ink: str

    @property
    def declarations(self) -> str:
        return f"--brand:{self.brand};--brand-ink:{self.ink};--brand-text:{self.brand}"


def shades(colour: str) -> tuple[Shade, Shade]:
    """(on light paper, on dark paper). `colour` is #rrggbb."""
    light, dark = readable(colour, *ON_LIGHT), readable(colour, *ON_DARK)
    return Shade(light, ink_on(light)), Shade(dark, ink_on(dark))


def ink_on(colour: str) -> str:
    """White or near black, whichever is easier to read on `colour`."""
    return max(INKS, key=lambda ink: contrast(ink, colour))


def css(colour: str) -> str:
    """The custom properties of the brand for both schemes."""
    light, dark = shades(colour)
    return (
        f"@layer tokens{{:root{{{light.declarations}}}"
        f"@media(prefers-color-scheme:dark){{:root{{{dark.declarations}}}}}}}"
    )


def samples_css(colour: str) -> str:
    """`.sample-light` and `.sample-dark`: one scheme each with that colour, whatever the reader's is."""
    light, dark = shades(colour)
    day, night = (";".join(f"{name}:{value}" for name, value in scheme.items()) for scheme in tokens())
    return (
        f".sample-light{{color-scheme:light;{day};{light.declarations}}}"
        f".sample-dark{{color-scheme:dark;{day};{night};{dark.declarations}}}"
    )


@cache
def tokens() -> tuple[dict[str, str], dict[str, str]]:
    """The custom properties of 1-tokens.css: (all as in light, those that dark changes)."""
    text = re.sub(r"/\*.*?\*/", "", (STATIC / "css" / "1-tokens.css").read_text(), flags=re.DOTALL)
    light, dark = re.findall(r":root\s*{(.*?)}", text, re.DOTALL)
    return _declared(light), _declared(dark)


def _declared(block: str) -> dict[str, str]:
    return {name: value.strip() for name, value in re.findall(r"(--[\w-]+):([^;]+);", block)}
