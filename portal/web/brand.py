"""The shop's colour, made readable on light and dark paper whatever it is."""


def css(colour: str) -> str:
    """The custom properties of the brand for both schemes. `colour` is #rrggbb."""
    light = _readable(colour, "#f0eee9", 5.2)
    dark = _readable(colour, "#201e1a", 5.5)
    return (
        f"@layer tokens{{:root{{--brand:{light};--brand-ink:{_ink(light)};--brand-text:{light}}}"
        f"@media(prefers-color-scheme:dark){{:root{{--brand:{dark};--brand-ink:{_ink(dark)};--brand-text:{dark}}}}}}}"
    )


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two colours, 1 to 21."""
    first, second = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _ink(colour: str) -> str:
    return max(("#ffffff", "#161412"), key=lambda ink: contrast(ink, colour))


def _readable(colour: str, paper: str, least: float) -> str:
    """The colour itself, or the nearest mix with black or white that reads on `paper`."""
    towards = 0 if _luminance(paper) > 0.5 else 255
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    for step in range(21):
        mixed = "#" + "".join(f"{round(p + (towards - p) * step / 20):02x}" for p in parts)
        if contrast(mixed, paper) >= least:
            return mixed
    return "#000000" if towards == 0 else "#ffffff"
