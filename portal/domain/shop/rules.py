"""What a shop may say of itself, and what stands there before it has said anything."""

from dataclasses import dataclass

NAME_LENGTH = 80
GREETING_LENGTH = 200
TERMS_LENGTH = 600
LOGO_BYTES = 64 * 1024


@dataclass(frozen=True)
class Look:
    """Name, colour (#rrggbb), logo (PNG) and the texts on receipts; version 0 means that nobody chose yet."""

    name: str = "Purna"
    colour: str = "#0b5d4e"
    logo: bytes | None = None
    receipt_greeting: str = ""
    receipt_terms: str = ""
    version: int = 0
