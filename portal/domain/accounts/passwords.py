"""Passwords of staff. Hashing takes long on purpose: do it before a transaction holds the database."""

from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.domain.accounts.rules import PASSWORD_LENGTH
from portal.kernel.errors import Refused
from portal.kernel.text import _

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _hasher.hash("nobody has this password")


@dataclass(frozen=True)
class Compared:
    """Whether what was typed is the password that is `stored`; void as soon as another one is stored."""

    stored: str | None
    right: bool

    def opens(self, stored: str | None) -> bool:
        return self.right and self.stored == stored


def hashed(password: str) -> str:
    """Raises Refused when it is too short to be safe."""
    if len(password) < PASSWORD_LENGTH:
        raise Refused(
            _(
                "Choose at least %(count)s characters; a short sentence is easy to remember.",
                count=PASSWORD_LENGTH,
            ),
            "password",
        )
    return _hasher.hash(password)


def compare(stored: str | None, typed: str) -> Compared:
    """Takes the same time whether or not there is a password."""
    try:
        return Compared(stored, _hasher.verify(stored or _NOBODY, typed) and stored is not None)
    except (VerificationError, InvalidHashError):
        return Compared(stored, False)
