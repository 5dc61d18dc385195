"""The drawings in care guides: steps in our own hand, and the product's sign on the cover."""

import base64
import re
from functools import cache, lru_cache
from pathlib import Path

from portal.kernel.colour import mix

STATIC = Path(__file__).parents[2] / "static"
WHITE = "#ffffff"
STRONG, MIDDLE, PALE = "#1f4d46", "#a3bdb6", "#e4ece9"  # the files' colours, which the shop's own replace

# What each drawing shows, for those who cannot see it. Its name is its file under static/drawings.
SHOWS: dict[str, dict[str, str]] = {
    "id": {
        "air": "Lemari dengan pintu terbuka dan angin yang lewat",
        "brush": "Sikat menyapu debu dari sepatu",
        "carry": "Dua orang mengangkat barang bersama",
        "charge": "Ponsel yang sedang diisi dayanya",
        "coaster": "Cangkir panas di atas tatakan di meja",
        "cold": "Kulkas dengan termometer bersuhu rendah",
        "cook": "Panci bertutup yang mengepulkan uap",
        "date": "Kalender dengan satu tanggal dilingkari",
        "fasten": "Lemari dikaitkan ke dinding dengan siku",
        "hand-wash": "Pakaian dicuci dengan tangan di dalam baskom",
        "hang": "Pakaian digantung pada gantungan",
        "iron": "Setrika di atas kain",
        "keep-dry": "Payung melindungi kotak dari hujan",
        "level": "Mesin diratakan dengan memutar kakinya, waterpas di atasnya",
        "load": "Beban di atas meja, panah menunjuk ke bawah",
        "measure": "Gelas takar terisi sampai garisnya",
        "message": "Ponsel dengan balon pesan",
        "no-sun": "Kursi yang tidak boleh terkena matahari",
        "photo": "Ponsel memotret kotak yang retak",
        "plug-in": "Steker dimasukkan ke stopkontak",
        "press": "Jari menekan tombol daya",
        "rinse": "Saringan dibilas di bawah keran",
        "rotate": "Kasur diputar",
        "scan": "Ponsel memindai kode QR pada nota",
        "sealed": "Stoples ditutup rapat",
        "serial": "Kaca pembesar di atas stiker nomor seri",
        "shade": "Kain dijemur di tempat teduh",
        "tighten": "Kunci L mengencangkan baut",
        "unplug": "Steker dicabut dari stopkontak",
        "update": "Layar dengan tanda pembaruan",
        "upright": "Kotak berdiri tegak, panah ke atas",
        "vent": "Jarak antara barang dan dinding",
        "wait": "Jam dinding",
        "wipe": "Kain mengelap permukaan",
    },
    "en": {
        "air": "A wardrobe with open doors and wind blowing through",
        "brush": "A brush sweeping dust off a shoe",
        "carry": "Two people lifting something together",
        "charge": "A phone being charged",
        "coaster": "A hot cup on a coaster on a table",
        "cold": "A refrigerator with a low thermometer",
        "cook": "A pot with its lid on, steaming",
        "date": "A calendar with one date circled",
        "fasten": "A wardrobe fixed to the wall with a bracket",
        "hand-wash": "Clothes washed by hand in a basin",
        "hang": "Clothes on a hanger",
        "iron": "An iron on cloth",
        "keep-dry": "An umbrella keeping rain off a box",
        "level": "A machine made level by turning its feet, a spirit level on top",
        "load": "A weight on a table, arrows pointing down",
        "measure": "A measuring cup filled to its line",
        "message": "A phone with a speech bubble",
        "no-sun": "A chair that must stay out of the sun",
        "photo": "A phone taking a picture of a cracked box",
        "plug-in": "A plug going into a socket",
        "press": "A finger pressing the power button",
        "rinse": "A filter rinsed under a tap",
        "rotate": "A mattress being turned round",
        "scan": "A phone scanning the QR code on a receipt",
        "sealed": "A jar closed tightly",
        "serial": "A magnifying glass over the serial number sticker",
        "shade": "Cloth drying in the shade",
        "tighten": "A hex key tightening a bolt",
        "unplug": "A plug pulled out of a socket",
        "update": "A screen with the sign for an update",
        "upright": "A box standing upright, arrows pointing up",
        "vent": "The gap between a thing and the wall",
        "wait": "A clock",
        "wipe": "A cloth wiping a surface",
    },
}


@lru_cache(maxsize=256)
def picture(name: str, colour: str) -> str:
    """The data: address of a drawing in shades of `colour`. Raises KeyError for one that does not exist."""
    if name not in SHOWS["id"]:
        raise KeyError(name)
    drawing = (STATIC / "drawings" / f"{name}.svg").read_text(encoding="utf-8")
    shades = {STRONG: colour, MIDDLE: mix(colour, WHITE, 0.38), PALE: mix(colour, WHITE, 0.1)}
    for theirs, ours in shades.items():
        drawing = drawing.replace(theirs, ours)
    return address(drawing)


@lru_cache(maxsize=256)
def sign(icon: str, colour: str, width: float) -> str:
    """The data: address of one of the portal's icons, 24 units wide; a box for an unknown one."""
    shape = _icons().get(icon) or _icons()["package"]
    return address(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="{colour}" '
        f'stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round">{shape}</svg>'
    )


def address(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


@cache
def _icons() -> dict[str, str]:
    sprite = (STATIC / "icons.svg").read_text(encoding="utf-8")
    return dict(re.findall(r'<symbol id="([^"]+)"[^>]*>(.*?)</symbol>', sprite, re.DOTALL))
