"""Every setting, read from the environment once; a bad value stops the start with a clear message."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

DEVELOPMENT_KEY = "only-for-development-and-demo"


class BadSetting(SystemExit):
    """Raised at start-up; its text names the variable and what to write there."""


@dataclass(frozen=True)
class Settings:
    """What an operator may choose. The environment variable is `PURNA_` and the field's name in capitals."""

    database: str = "sqlite:///var/purna.db"
    queue: str = "sqlite:///var/queue.db"  # or redis://…
    files: str = "var/files"  # or s3://bucket/prefix?endpoint=…
    scratch: str = "var/scratch"  # a folder of this machine; what lies in it can be lost
    mail: str = "folder:var/mail"  # or smtp://user:password@host:587
    mail_from: str = "Purna <halo@purna.example>"
    mail_in: str = ""  # the domain of addresses that answers go to; "" = letters are not answered by e-mail
    imap: str = ""  # imaps://user:password@host/INBOX where they arrive; "" = a mail server pipes them in
    whatsapp: str = ""  # "folder:…" shows messages to phones on the demo's outbox page; "" = by hand
    public_url: str = "http://127.0.0.1:8000"
    allowed_hosts: tuple[str, ...] = ()  # beside the host of public_url
    proxies: int = 0  # how many reverse proxies stand in front; their X-Forwarded-* is believed
    secret_keys: tuple[str, ...] = (DEVELOPMENT_KEY,)  # newest first; older ones still open what they signed
    demo: bool = False
    production: bool = False

    @property
    def secure(self) -> bool:
        """Whether people reach the portal by https, so that the cookie may say so."""
        return self.public_url.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset({urlsplit(self.public_url).netloc, *self.allowed_hosts})

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Settings":
        """Read `PURNA_*`. Raises BadSetting for a value that cannot be meant."""
        values: dict[str, object] = {}
        for name, default in _DEFAULTS.items():
            raw = env.get("PURNA_" + name.upper())
            if raw is not None:
                values[name] = _convert(name, raw, default)
        settings = cls(**values)  # type: ignore[arg-type]  # each was converted to its default's type
        settings._check()
        return settings

    def _check(self) -> None:
        url = urlsplit(self.public_url)
        if url.scheme not in ("http", "https") or not url.netloc or url.path not in ("", "/"):
            raise BadSetting(
                f"PURNA_PUBLIC_URL: an address such as https://garansi.toko.id, not {self.public_url!r}."
            )
        if not self.database.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")):
            raise BadSetting(
                "PURNA_DATABASE: write sqlite:///path/file.db or postgresql://user:password@host/name."
            )
        if not self.queue.startswith(("sqlite:", "redis:", "rediss:", "unix:")):
            raise BadSetting("PURNA_QUEUE: write sqlite:///path/to/file.db or redis://host:6379/0.")
        if self.mail_in and not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", self.mail_in):
            raise BadSetting("PURNA_MAIL_IN: a domain such as balas.toko.id, in small letters.")
        if self.imap and not self.imap.startswith(("imaps://", "imap://")):
            raise BadSetting("PURNA_IMAP: write imaps://user:password@host/INBOX.")
        if not self.secret_keys:
            raise BadSetting("PURNA_SECRET_KEYS: write at least one key.")
        if self.production:
            if DEVELOPMENT_KEY in self.secret_keys or any(len(key) < 32 for key in self.secret_keys):
                raise BadSetting(
                    "PURNA_SECRET_KEYS: set at least 32 random characters: "
                    "python3 -c 'import secrets; print(secrets.token_hex(32))'"
                )
            if not self.secure:
                raise BadSetting("PURNA_PUBLIC_URL: in production the address begins with https://.")
            if self.mail.startswith("folder:"):
                raise BadSetting("PURNA_MAIL: in production write smtp://user:password@host:587 or alike.")
            if self.imap.startswith("imap://"):
                raise BadSetting("PURNA_IMAP: in production write imaps://, so that the password is safe.")
            if self.demo:
                raise BadSetting("PURNA_DEMO and PURNA_PRODUCTION exclude each other.")

    def folders(self) -> list[Path]:
        """Local folders that must exist before the portal starts."""
        places = [self.database.removeprefix("sqlite:///"), self.queue.removeprefix("sqlite:///")]
        return [Path(place).parent for place in places if "://" not in place]


_DEFAULTS = {name: spec.default for name, spec in Settings.__dataclass_fields__.items()}


def _convert(name: str, raw: str, default: object) -> object:
    if isinstance(default, bool):
        if raw.lower() not in ("0", "1", "true", "false", "yes", "no", ""):
            raise BadSetting(f"PURNA_{name.upper()}: write 1 or 0, not {raw!r}.")
        return raw.lower() in ("1", "true", "yes")
    if isinstance(default, int):
        if not raw.isdecimal():
            raise BadSetting(f"PURNA_{name.upper()}: write a whole number, not {raw!r}.")
        return int(raw)
    if isinstance(default, tuple):
        return tuple(part.strip() for part in raw.split(",") if part.strip())
    return raw
