"""What tills entrust to us, sealed: a copy of the database opens nothing."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from portal.kernel.errors import Refused
from portal.kernel.text import _


@dataclass(frozen=True)
class Secrets:
    """Of one till: the keys it signs with, newest first, two while they change; how it is asked."""

    keys: tuple[str, ...] = ()
    token: str = ""
    site: str = ""  # the host to ask, where each shop has its own


class Vault:
    """Seals with the newest of the portal's secret keys and opens with any of them."""

    def __init__(self, secret_keys: Sequence[str]):
        self._lock = MultiFernet([Fernet(_derived(key)) for key in secret_keys])

    def seal(self, secrets: Secrets) -> bytes:
        return self._lock.encrypt(json.dumps(asdict(secrets)).encode())

    def open(self, sealed: bytes) -> Secrets:
        """Raises Refused when it was sealed with a key that the portal no longer has."""
        try:
            held = json.loads(self._lock.decrypt(sealed))
        except InvalidToken as error:
            raise Refused(
                _("The keys of this till cannot be opened any more. Enter them again."), "secret"
            ) from error
        return Secrets(tuple(held["keys"]), held["token"], held["site"])


def _derived(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"purna vault:" + key.encode()).digest())
