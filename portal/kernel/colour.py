"""Colours as #rrggbb: how well two can be told apart, and the nearest shade that can be read on a ground."""

import re
from functools import lru_cache

STRONGEST = 1.6  # how much a colour may gain in strength while it is made lighter


def is_colour(text: str) -> bool:
    return re.fullmatch(r"#[0-9a-fA-F]{6}", text) is not None


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two colours, 1 to 21."""
    first, second = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


@lru_cache(maxsize=256)
def readable(colour: str, ground: str, least: float) -> str:
    """The colour itself, or its nearest lighter or darker shade whose contrast with `ground` is `least`.

    Its hue stays, and its strength as far as a screen can show it: pale yellow becomes olive and not grey, a
    dark green a clear mint.
    """
    if contrast(colour, ground) >= least:
        return colour.lower()
    lightness, a, b = _to_oklab(colour)

    def shade(other: float) -> str:
        strength = min(max(other / lightness, 1.0), STRONGEST) if lightness else 1.0
        return _shade(other, a * strength, b * strength)

    end = 0.0 if contrast("#000000", ground) > contrast("#ffffff", ground) else 1.0
    near, far = lightness, end  # `near` cannot be read, `far` can
    for _step in range(12):
        middle = (near + far) / 2
        if contrast(shade(middle), ground) >= least:
            far = middle
        else:
            near = middle
    return shade(far)


def mix(one: str, other: str, share: float) -> str:
    """`share` (0 to 1) of the first colour, the rest of the other, as CSS mixes them in sRGB."""
    parts = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (a * share + b * (1 - share))):02x}" for a, b in parts)


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _linear(colour: str) -> tuple[float, float, float]:
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)
    )
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _to_oklab(colour: str) -> tuple[float, float, float]:
    """Lightness (0 to 1) and the two axes of colour of OKLab, in which equal steps look equal."""
    red, green, blue = _linear(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _shade(lightness: float, a: float, b: float) -> str:
    """The colour of that lightness, as strong as (a, b) or as strong as a screen can show it."""
    shares = (step / 20 for step in range(20, 0, -1))
    strength = next((s for s in shares if _fits(_from_oklab(lightness, a * s, b * s))), 0.0)
    channels = (min(max(c, 0.0), 1.0) for c in _from_oklab(lightness, a * strength, b * strength))
    shown = (12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in channels)
    return "#" + "".join(f"{round(255 * c):02x}" for c in shown)


def _fits(channels: tuple[float, float, float]) -> bool:
    return all(-0.001 <= c <= 1.001 for c in channels)


def _from_oklab(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
