"""What a thermal printer makes of the bytes it gets: lines of text and pictures."""

from dataclasses import dataclass, field

from PIL import Image, ImageOps

WITH_ONE_SIGN = {b"\x1b!": "mode", b"\x1bE": "bold", b"\x1ba": "align", b"\x1dV": "cut"}


@dataclass
class Roll:
    """`lines` are (text, columns that a sign takes); `cuts` says how often the paper was cut."""

    lines: list[tuple[str, int]] = field(default_factory=list)
    pictures: list[Image.Image] = field(default_factory=list)
    cuts: int = 0

    @property
    def text(self) -> str:
        return "\n".join(text for text, _wide in self.lines)


def printed(data: bytes) -> Roll:
    """Raises ValueError for a command that cheap printers lack, and for a sign that is not ASCII."""
    roll, at, line, wide = Roll(), 0, "", 1
    while at < len(data):
        command = data[at : at + 2]
        if command in WITH_ONE_SIGN:
            if command == b"\x1b!":
                wide = 2 if data[at + 2] & 0x20 else 1
            roll.cuts += command == b"\x1dV"
            at += 3
        elif command == b"\x1b@":
            at += 2
        elif data[at : at + 4] == b"\x1dv0\0":
            width, height = (int.from_bytes(data[n : n + 2], "little") for n in (at + 4, at + 6))
            dots = data[at + 8 : at + 8 + width * height]
            roll.pictures.append(
                ImageOps.invert(Image.frombytes("1", (width * 8, height), dots).convert("L"))
            )
            at += 8 + width * height
        elif data[at : at + 1] == b"\n":
            roll.lines.append((line, wide))
            line, at = "", at + 1
        elif 32 <= data[at] < 127:
            line, at = line + chr(data[at]), at + 1
        else:
            raise ValueError(f"no printer takes {data[at : at + 4]!r}")
    return roll
