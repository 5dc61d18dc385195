"""Drawn photos for the demo: a thing on a floor, its damage, the camera's date; the same each time."""
# ruff: noqa: E501  # a table of shapes is read one thing a line

from datetime import date
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from portal.demo import files

WIDTH, HEIGHT, EDGE = 880, 660, 32
FONT = ImageFont.load_default(28)
Box = tuple[float, float, float, float]

# Parts of a thing in shares of its own box: (shape, left, top, right, bottom, shade), shade −1 dark … 1 light.
SHAPES: dict[str, list[tuple[str, float, float, float, float, float]]] = {
    "tall": [("round", 0.2, 0, 0.8, 1, 0), ("round", 0.22, 0.02, 0.78, 0.36, 0.2), ("round", 0.22, 0.38, 0.78, 0.97, 0.1),
             ("round", 0.7, 0.14, 0.73, 0.3, -0.6), ("round", 0.7, 0.44, 0.73, 0.66, -0.6)],
    "drum": [("round", 0.15, 0, 0.85, 1, 0.3), ("round", 0.2, 0.03, 0.8, 0.14, -0.2), ("oval", 0.28, 0.25, 0.72, 0.8, -0.5),
             ("oval", 0.33, 0.31, 0.67, 0.74, -0.8)],
    "screen": [("round", 0, 0.1, 1, 0.8, -0.7), ("rect", 0.02, 0.14, 0.98, 0.76, -0.4), ("rect", 0.4, 0.8, 0.6, 0.92, -0.6)],
    "seat": [("round", 0, 0.2, 1, 0.85, -0.1), ("round", 0.08, 0.1, 0.5, 0.55, 0.2), ("round", 0.5, 0.1, 0.92, 0.55, 0.2),
             ("round", 0.08, 0.5, 0.92, 0.72, 0.35), ("rect", 0.06, 0.85, 0.12, 0.97, -0.7), ("rect", 0.88, 0.85, 0.94, 0.97, -0.7)],
    "cloth": [("round", 0.25, 0.1, 0.75, 1, 0.1), ("round", 0.1, 0.12, 0.35, 0.6, 0), ("round", 0.65, 0.12, 0.9, 0.6, 0),
              ("oval", 0.42, 0.04, 0.58, 0.2, -0.5), ("rect", 0.495, 0.2, 0.505, 1, -0.4)],
    "small": [("round", 0.3, 0.25, 0.7, 1, 0.1), ("round", 0.34, 0.1, 0.66, 0.28, -0.4), ("rect", 0.36, 0.45, 0.64, 0.7, 0.5)],
    "round": [("oval", 0.1, 0.3, 0.9, 1, -0.3), ("oval", 0.1, 0.2, 0.9, 0.85, 0.2), ("oval", 0.2, 0.27, 0.8, 0.75, 0.4)],
    "paper": [("rect", 0.25, 0, 0.75, 1, 0.95), *[("rect", 0.3, y / 12, 0.3 + (y * 7 % 5 + 3) / 20, y / 12 + 0.02, -0.6) for y in range(1, 11)]],
}  # fmt: skip
LOOKS = {
    "Televisi": "screen", "Laptop": "screen", "Ponsel": "small", "Kulkas": "tall", "Lemari": "tall", "Mesin cuci": "drum",
    "AC": "screen", "Pemanas air": "drum", "Sofa": "seat", "Kursi": "seat", "Kasur": "seat", "Dipan": "seat",
    "Meja makan": "seat", "Gaun": "cloth", "Kemeja batik": "cloth", "Jaket": "cloth", "Kebaya": "cloth",
    "Selendang": "cloth", "Kue": "round", "Kue kering": "round", "receipt": "paper",
}  # fmt: skip


def photo(of: str, name: str, day: date) -> bytes:
    """JPEG bytes. `of` is a product's category or "receipt"; `name` makes it another picture."""
    draw = files.chance(f"photo {of} {name}")
    hue = draw.randrange(256)
    image = _room(draw, hue)
    size = draw.uniform(0.5, 0.62) * WIDTH
    left, top = draw.uniform(0.12, 0.3) * WIDTH, draw.uniform(0.1, 0.2) * HEIGHT
    box = (left, top, left + size, top + size * 0.95)
    shadow = Image.new("L", (int(size) + 120, 160))
    ImageDraw.Draw(shadow).ellipse((60, 50, size + 60, 110), fill=150)
    image.paste((20, 18, 16), (int(left) - 60, int(box[3]) - 80), shadow.filter(ImageFilter.BoxBlur(16)))
    pen = ImageDraw.Draw(image)
    for kind, *part, shade in SHAPES[LOOKS.get(of, "small")]:
        _shape(pen, kind, _within(box, part), _colour((hue + 128) % 256, shade))
    if of != "receipt":
        _damage(draw, pen, box)
    image = image.rotate(draw.uniform(-3, 3))
    image = image.crop((EDGE, EDGE, WIDTH - EDGE, HEIGHT - EDGE))
    stamp = f"{day:%d.%m.%Y}  {draw.randint(8, 20):02}:{draw.randint(0, 59):02}"
    ImageDraw.Draw(image).text((image.width - 290, image.height - 48), stamp, (255, 170, 60), FONT)
    out = BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


def _room(draw: Random, hue: int) -> Image.Image:
    """A wall above a floor, lit from one side."""
    image = Image.linear_gradient("L").rotate(draw.choice((90, 270))).resize((WIDTH, HEIGHT))
    wall = Image.merge(
        "HSV",
        (
            Image.new("L", image.size, hue),
            Image.new("L", image.size, 28),
            image.point(lambda v: 150 + v // 4),
        ),
    )
    room = wall.convert("RGB")
    horizon = int(HEIGHT * draw.uniform(0.62, 0.72))
    pen = ImageDraw.Draw(room)
    tile = _colour(draw.randrange(20, 40), 0.25)
    pen.rectangle((0, horizon, WIDTH, HEIGHT), tile)
    for n in range(-6, 20):
        pen.line(
            (WIDTH / 2 + (n - 7) * 90, horizon, WIDTH / 2 + (n - 7) * 260, HEIGHT),
            tuple(c - 14 for c in tile),
            3,
        )
    return room


def _damage(draw: Random, pen: ImageDraw.ImageDraw, box: Box) -> None:
    """A crack or a stain, and now and then a finger's circle round it."""
    x, y = draw.uniform(box[0] + 120, box[2] - 160), draw.uniform(box[1] + 120, box[3] - 120)
    if draw.random() < 0.55:
        points = [(x, y)]
        for _n in range(7):
            points.append((points[-1][0] + draw.uniform(6, 22), points[-1][1] + draw.uniform(-16, 20)))
        pen.line(points, (28, 22, 20), 4, joint="curve")
    else:
        for _n in range(9):
            dx, dy, r = draw.uniform(-34, 34), draw.uniform(-24, 24), draw.uniform(8, 26)
            pen.ellipse((x + dx - r, y + dy - r, x + dx + r, y + dy + r), (96, 66, 40))
    if draw.random() < 0.4:
        pen.ellipse((x - 70, y - 60, x + 110, y + 80), outline=(214, 40, 40), width=6)


def _within(box: Box, part: list[float]) -> Box:
    wide, high = box[2] - box[0], box[3] - box[1]
    return box[0] + part[0] * wide, box[1] + part[1] * high, box[0] + part[2] * wide, box[1] + part[3] * high


def _shape(pen: ImageDraw.ImageDraw, kind: str, box: Box, colour: tuple[int, int, int]) -> None:
    if kind == "oval":
        pen.ellipse(box, colour)
    else:
        pen.rounded_rectangle(box, 18 if kind == "round" else 2, colour)


def _colour(hue: int, shade: float) -> tuple[int, int, int]:
    value = int(150 + shade * 95)
    return Image.new("HSV", (1, 1), (hue, 60 if shade < 0.9 else 6, value)).convert("RGB").getpixel((0, 0))  # type: ignore[return-value]
