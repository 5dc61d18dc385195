"""Passwords of staff."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.domain.accounts.rules import PASSWORD_LENGTH
from portal.kernel.errors import Refused
from portal.kernel.text import _

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _hasher.hash("nobody has this password")


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


def matches(stored: str | None, typed: str) -> bool:
    """Takes the same time whether or not there is a password."""
    try:
        return _hasher.verify(stored or _NOBODY, typed) and stored is not None
    except (VerificationError, InvalidHashError):
        return False
