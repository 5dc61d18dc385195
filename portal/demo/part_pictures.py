"""Drawn pictures of spare parts on a plain ground, as a catalogue shows them; the same each time."""
# ruff: noqa: E501  # a table of shapes is read one thing a line

from io import BytesIO
from math import cos, pi, sin

from PIL import Image, ImageDraw, ImageFilter

SIDE, SCALE = 640, 2  # drawn larger and made small, so that edges are smooth
INK, DARK, MID, PALE, METAL = (38, 40, 44), (74, 78, 86), (128, 134, 143), (208, 212, 218), (168, 173, 181)
Colour = tuple[int, int, int]
# (kind, left, top, right, bottom, colour, width) in hundredths; width 0 fills.
TABLE: dict[str, list[tuple[str, float, float, float, float, Colour, float]]] = {
    "ring": [("round", 22, 16, 78, 84, MID, 5), ("round", 25, 19, 75, 81, PALE, 1.2)],
    "can": [("round", 30, 30, 70, 80, DARK, 0), ("oval", 30, 22, 70, 40, MID, 0), ("rect", 24, 76, 76, 81, INK, 0),
            ("rect", 46, 10, 50, 28, (184, 115, 51), 0), ("rect", 56, 14, 60, 28, (184, 115, 51), 0)],
    "knob": [("oval", 24, 24, 76, 76, PALE, 0), ("oval", 34, 34, 66, 66, METAL, 0), ("rect", 48, 24, 52, 44, INK, 0)],
    "remote": [("round", 38, 10, 62, 90, INK, 0), *[
        ("oval", 42 + 6 * x, 34 + 8 * y, 46 + 6 * x, 38 + 8 * y, PALE, 0) for x in range(3) for y in range(5)
    ], ("oval", 46, 16, 54, 24, (196, 60, 52), 0)],
    "mesh": [("round", 18, 26, 82, 74, PALE, 0), *[("rect", 20 + 5 * n, 28, 20.7 + 5 * n, 72, MID, 0) for n in range(13)],
             *[("rect", 19, 30 + 5 * n, 81, 30.7 + 5 * n, MID, 0) for n in range(9)], ("round", 18, 26, 82, 74, DARK, 2)],
    "screen": [("round", 10, 22, 90, 74, INK, 0), ("rect", 13, 25, 87, 70, (52, 66, 92), 0), ("rect", 40, 74, 60, 79, DARK, 0)],
    "board": [("round", 16, 28, 84, 72, (38, 106, 84), 0), ("rect", 24, 36, 40, 52, INK, 0), ("oval", 50, 36, 60, 46, METAL, 0),
              ("oval", 64, 36, 74, 46, METAL, 0), *[("rect", 24 + 7 * n, 58, 28 + 7 * n, 66, PALE, 0) for n in range(8)]],
    "pot": [("round", 26, 26, 74, 82, METAL, 0), ("oval", 26, 18, 74, 36, PALE, 0), ("oval", 31, 21, 69, 33, DARK, 0)],
    "coil": [*[("oval", 22 + 8 * n, 34, 34 + 8 * n, 70, METAL, 2) for n in range(6)], ("rect", 22, 72, 80, 80, DARK, 0)],
    "phone": [("round", 34, 12, 66, 88, INK, 0), ("round", 36, 15, 64, 84, (58, 84, 122), 0), ("oval", 48, 16, 52, 19, INK, 0)],
    "box": [("round", 24, 32, 76, 72, DARK, 0), ("rect", 30, 40, 70, 50, PALE, 0), ("rect", 60, 26, 70, 32, METAL, 0)],
    "hinge": [("rect", 18, 36, 47, 64, METAL, 0), ("rect", 53, 36, 82, 64, METAL, 0), ("round", 46, 30, 54, 70, DARK, 0),
              *[("oval", x, y, x + 5, y + 5, INK, 0) for x in (24, 36, 59, 71) for y in (40, 55)]],
    "leg": [("round", 30, 16, 42, 84, (136, 88, 52), 0), ("round", 58, 16, 70, 84, (136, 88, 52), 0), ("rect", 27, 14, 73, 24, INK, 0)],
    "cloth": [("round", 22, 22, 78, 78, (190, 166, 132), 0), ("round", 26, 26, 74, 74, (208, 186, 154), 0)],
    "rail": [("rect", 12, 34, 88, 44, METAL, 0), ("rect", 12, 56, 88, 66, METAL, 0), *[
        ("oval", 20 + 14 * n, y, 24 + 14 * n, y + 4, INK, 0) for n in range(5) for y in (37, 59)
    ]],
    "wheel": [("oval", 26, 34, 74, 82, INK, 0), ("oval", 40, 48, 60, 68, MID, 0), ("rect", 46, 12, 54, 40, METAL, 0)],
    "zip": [("rect", 40, 8, 60, 92, INK, 0), *[("rect", 46 + 4 * (n % 2), 12 + 2.6 * n, 50 + 4 * (n % 2), 13.6 + 2.6 * n, METAL, 0) for n in range(30)],
            ("round", 45, 30, 55, 44, (196, 160, 74), 0)],
    "buckle": [("round", 24, 28, 76, 72, (190, 150, 66), 5), ("rect", 48, 28, 52, 72, (190, 150, 66), 0)],
    "sole": [("round", 36, 10, 64, 90, (112, 78, 50), 0), ("rect", 36, 62, 64, 65, INK, 0)],
    "button": [*[("oval", 20 + 22 * x, 28 + 24 * y, 38 + 22 * x, 46 + 24 * y, (150, 100, 60), 0) for x in range(3) for y in range(2)],
               *[("oval", 27 + 22 * x + d, 36 + 24 * y, 29 + 22 * x + d, 38 + 24 * y, INK, 0) for x in range(3) for y in range(2) for d in (-1, 3)]],
}  # fmt: skip


def picture(shape: str) -> bytes:
    """JPEG bytes."""
    side = SIDE * SCALE
    image = Image.new("RGB", (side, side), (246, 245, 242))
    shadow = Image.new("L", (side, side))
    ImageDraw.Draw(shadow).ellipse([side * n / 100 for n in (20, 80, 80, 92)], fill=70)
    image.paste((90, 86, 80), (0, 0), shadow.filter(ImageFilter.BoxBlur(side // 24)))
    pen = ImageDraw.Draw(image)
    if shape == "fan":
        _blades(pen, side)
    for kind, *box, colour, width in TABLE.get(shape, ()):
        _draw(pen, kind, [side * n / 100 for n in box], colour, int(side * width / 100))
    out = BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(out, "JPEG", quality=88)
    return out.getvalue()


def _draw(pen: ImageDraw.ImageDraw, kind: str, box: list[float], colour: Colour, width: int) -> None:
    look = {"outline": colour, "width": width} if width else {"fill": colour}
    if kind == "oval":
        pen.ellipse(box, **look)
    else:
        pen.rounded_rectangle(box, SIDE * SCALE / (16 if kind == "round" else 120), **look)


def _blades(pen: ImageDraw.ImageDraw, side: int) -> None:
    middle, long = side / 2, side * 0.26
    for n in range(3):
        at = 2 * pi * n / 3 - pi / 2
        x, y, r = middle + cos(at) * long * 0.75, middle + sin(at) * long * 0.75, long * 0.62
        pen.ellipse((x - r, y - r, x + r, y + r), PALE, MID, SCALE * 3)
    pen.ellipse((middle - 60, middle - 60, middle + 60, middle + 60), DARK)
