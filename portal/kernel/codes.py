"""Codes that people read and tokens that machines carry."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from random import Random, SystemRandom

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U
_PAIRS = [a + b for a in ALPHABET for b in ALPHABET]
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "-": "", " ": ""})
LETTER = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")  # the key of a letter; its Message-ID holds it
_system = SystemRandom()
_source: ContextVar[Random] = ContextVar("source")


def new_code(length: int = 8) -> str:
    """A random public code of `length` signs, 5 bits each."""
    return "".join(_source.get(_system).choices(ALPHABET, k=length))


def new_codes(count: int, length: int = 8) -> list[str]:
    """Many random public codes at once; `length` is even. They differ from each other."""
    draw, bits = _source.get(_system).getrandbits, 5 * length
    found: dict[str, None] = {}
    while len(found) < count:
        number = draw(bits)
        found["".join([_PAIRS[number >> shift & 1023] for shift in range(0, bits, 10)])] = None
    return list(found)


def new_seed() -> bytes:
    """128 random bits from which the token of a paper link is derived."""
    return _source.get(_system).randbytes(16)


@contextmanager
def drawn_from(source: Random) -> Iterator[None]:
    """Inside, codes and seeds come from `source`, so that the demo's are the same each time."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)


def normalise(code: str) -> str:
    """A code as typed, brought to the form it is stored in: `k7-m2o1` → `K7M201`."""
    return code.upper().translate(_MISREAD)


def new_token() -> str:
    """128 random bits for an address, a cookie or a link."""
    return secrets.token_urlsafe(16)


def digest(token: str) -> bytes:
    """What is stored in place of a token (SHA-256, 32 bytes)."""
    return hashlib.sha256(token.encode()).digest()


def derive(key: str, purpose: str, seed: bytes) -> str:
    """The 128-bit token of a paper link: the same for the same key, purpose and seed."""
    raw = hmac.digest(key.encode(), purpose.encode() + b":" + seed, "sha256")[:16]
    number = int.from_bytes(raw, "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def six_digits() -> str:
    """A sign-in code."""
    return f"{secrets.randbelow(10**6):06d}"


def same(left: str, right: str) -> bool:
    """Compare two secrets in constant time; any text is accepted."""
    return hmac.compare_digest(left.encode(), right.encode())
