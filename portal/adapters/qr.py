"""QR codes for paper, pages and the terminal, which a phone reads blurred, small and faint."""

from io import BytesIO

import segno

QUIET_ZONE = 4
COLUMNS = 80
MASK = 3  # any of the eight gives a good code; to try them all takes five times as long


def svg(text: str, *, scale: int = 4, dark: str = "#000", title: str | None = None) -> str:
    """An <svg> to put into HTML: a viewBox and no width, so that the page decides its size."""
    code = _code(text).svg_inline(
        scale=scale, border=QUIET_ZONE, dark=dark, light="#fff", title=title, omitsize=True
    )
    return code.replace("<svg ", '<svg role="img" ' if title else '<svg aria-hidden="true" ', 1)


def svg_file(text: str) -> str:
    """An SVG that stands alone, as a file."""
    return svg(text).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def png(text: str, scale: int = 8, *, quick: bool = False) -> bytes:
    """PNG bytes, `scale` pixels a module. `quick` for hundreds at once."""
    out = BytesIO()
    _code(text, MASK if quick else None).save(out, kind="png", scale=scale, border=QUIET_ZONE)
    return out.getvalue()


def terminal(text: str) -> str:
    """Half blocks, light on dark as terminals are. Raises ValueError when wider than 80 columns."""
    rows = [list(row) for row in _code(text).matrix_iter(border=QUIET_ZONE)]
    if len(rows) > COLUMNS:
        raise ValueError("this text is too long for a QR code in a terminal")
    if len(rows) % 2:
        rows.append([1] * len(rows))  # a dark line below the code, which shows as nothing
    blocks = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
    return "\n".join(
        "".join(blocks[bool(above), bool(below)] for above, below in zip(*pair, strict=True))
        for pair in zip(rows[::2], rows[1::2], strict=True)
    )


def rows(text: str) -> list[bytearray]:
    """The modules row by row, 1 for a dark one, with the quiet zone; quick."""
    return [bytearray(row) for row in _code(text, MASK).matrix_iter(border=QUIET_ZONE)]


def _code(text: str, mask: int | None = None) -> segno.QRCode:
    """Error level M, or a higher one where it makes the code no larger."""
    return segno.make_qr(text, error="m", boost_error=True, mask=mask)
