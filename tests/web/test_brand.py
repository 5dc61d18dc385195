"""Whatever colour a shop chooses, all that is written in it or on it can be read, on light and dark paper."""

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.kernel.colour import contrast, mix, readable
from portal.web import brand

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
HARD = (
    "#fff9c4",
    "#ffffff",
    "#000000",
    "#808080",
    "#39ff14",
    "#ffff00",
    "#00ffff",
    "#0000ff",
    "#fefffe",
    "#68676c",
)
TINTS = (0.07, 0.09, 0.12)  # how strongly a chosen card, a selected row, a present address are tinted


def pairs(colour: str) -> Iterator[tuple[str, str, str]]:
    """(what, text, ground) of all that pages set on each other with the brand in it, in both schemes."""
    day, night = brand.tokens()
    for scheme, token, shade in zip(
        ("light", "dark"), (day, {**day, **night}), brand.shades(colour), strict=True
    ):
        yield f"{scheme}: button, card head, next step", shade.ink, shade.brand
        yield f"{scheme}: button inside the next step", shade.brand, shade.ink
        yield f"{scheme}: lines of the card head", shade.ink, mix(shade.ink, shade.brand, 0.13)
        yield f"{scheme}: button under the pointer", shade.ink, mix(shade.brand, token["--ink"], 0.88)
        for ground in ("--paper", "--ground", "--sunk", "--note"):
            yield f"{scheme}: link and focus ring on {ground}", shade.brand, token[ground]
        for share in TINTS:
            tint = mix(shade.brand, token["--paper"], share)
            yield f"{scheme}: link on a tint of {share}", shade.brand, tint
            for text in ("--ink", "--ink-2", "--waiting", "--moving", "--good", "--bad", "--quiet"):
                yield f"{scheme}: {text} on a tint of {share}", token[text], tint


def hard(test):  # type: ignore[no-untyped-def]
    for colour in HARD:
        test = example(colour)(test)
    return test


@hard
@given(COLOURS)
def test_every_pair_that_pages_use_can_be_read(colour: str) -> None:
    weak = [(what, text, ground) for what, text, ground in pairs(colour) if contrast(text, ground) < 4.5]
    assert not weak


@hard
@given(COLOURS)
def test_on_white_paper_too(colour: str) -> None:
    assert contrast(readable(colour, "#ffffff", 4.5), "#ffffff") >= 4.5


@given(COLOURS)
def test_a_colour_that_can_be_read_stays_itself(colour: str) -> None:
    for shade, (ground, least) in zip(brand.shades(colour), (brand.ON_LIGHT, brand.ON_DARK), strict=True):
        assert (shade.brand == colour) == (contrast(colour, ground) >= least)


@pytest.mark.parametrize(
    ("colour", "light"), [("#fff9c4", "#686232"), ("#ff0000", "#c3100a"), ("#ffffff", "#616161")]
)
def test_a_pale_colour_keeps_its_hue(colour: str, light: str) -> None:
    assert brand.shades(colour)[0].brand == light


def test_the_samples_name_every_token_of_their_scheme() -> None:
    text = brand.samples_css("#0b5d4e")
    light, dark = text.split(".sample-dark")
    assert "--paper:#fffefb" in light and "--paper:#201e1a" in dark
    assert "--brand:#0b5d4e" in light and "--brand:#0b5d4e" not in dark
