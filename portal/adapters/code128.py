"""Code 128, the bars that couriers' scanners read: letters, digits and signs of ASCII."""

from io import BytesIO

from PIL import Image

QUIET = 10  # modules of white on either side
START_B, STOP = 104, "2331112"
# Widths of bars and gaps by turns: six digits for each value.
_WIDTHS = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222"
    "123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321"
    "232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121"
    "313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224"
    "111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111"
    "111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113"
    "114311411113411311113141114131311141411131211412211214211232"
)


def fits(text: str) -> bool:
    """Whether it can be written in bars."""
    return bool(text) and len(text) <= 40 and text.isascii() and text.isprintable()


def png(text: str, scale: int = 4, height: int = 160) -> bytes:
    """PNG bytes, `scale` pixels a module. Raises ValueError for what cannot be written in bars."""
    if not fits(text):
        raise ValueError("not a text that Code 128 can hold")
    values = [START_B, *(ord(sign) - 32 for sign in text)]
    check = (START_B + sum(place * value for place, value in enumerate(values[1:], 1))) % 103
    widths = "".join(_WIDTHS[6 * value : 6 * value + 6] for value in (*values, check)) + STOP
    row = bytearray(b"\xff" * QUIET * scale)
    for place, width in enumerate(widths):
        row += (b"\xff" if place % 2 else b"\x00") * int(width) * scale
    row += b"\xff" * QUIET * scale
    picture = Image.frombytes("L", (len(row), 1), bytes(row)).resize((len(row), height))
    out = BytesIO()
    picture.convert("1").save(out, "PNG")
    return out.getvalue()
