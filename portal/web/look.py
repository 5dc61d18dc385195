"""How the shop looks on every page, without a query for it.

Each process holds the shop's row and the files made for it, and asks for the row again when it is five
seconds old. The process in which it was saved forgets it at once; another one shows the former look until
then, and an address that it does not know yet makes it ask, too (machines.py).
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from time import monotonic

from flask import Flask, after_this_request, current_app
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response
from whitenoise import WhiteNoise

from portal.adapters import logos
from portal.db import db
from portal.domain.shop import queries
from portal.domain.shop.rules import Look
from portal.web import assets, brand
from portal.web.transaction import reading

HELD = 5.0  # seconds
ICONS = {"icon-192.png": (192, 0.86), "icon-512.png": (512, 0.86), "icon-maskable.png": (512, 0.62)}
FILES = frozenset({"site.css", "favicon.svg", "logo.webp", *ICONS})
LIGHT_PAPER, DARK_PAPER = ("#fffefb", 1.4), ("#201e1a", 2.4)  # and the contrast a logo needs on it


@dataclass(frozen=True)
class Shown:
    """What templates call `shop`."""

    look: Look
    root: str  # the address of the files made for this look

    @property
    def name(self) -> str:
        return self.look.name

    @property
    def css(self) -> str:
        return self.root + "site.css"

    @property
    def icon(self) -> str:
        """A logo that serves as the icon is fetched once for both."""
        return self.root + ("logo.webp" if self.logo_is_mark else "favicon.svg")

    @property
    def logo_url(self) -> str | None:
        return self.root + "logo.webp" if self.look.logo else None

    @cached_property
    def logo_class(self) -> str:
        """Whether the logo needs a chip of the other paper below it in one scheme."""
        logo = self.look.logo or b""
        if logo and logos.melts_into(logo, *DARK_PAPER):
            return "logo on-light"
        return "logo on-dark" if logo and logos.melts_into(logo, *LIGHT_PAPER) else "logo"

    @cached_property
    def logo_is_mark(self) -> bool:
        """A logo about as wide as high: it serves as the icon."""
        return bool(self.look.logo) and logos.is_square(self.look.logo or b"")

    @cached_property
    def logo_is_name(self) -> bool:
        """A wide logo says the name itself; beside any other the name is written."""
        return bool(self.look.logo) and logos.is_wide(self.look.logo or b"")

    @property
    def colour(self) -> str:
        """The brand colour on light paper."""
        return brand.shades(self.look.colour)[0].brand


class Wardrobe:
    """The look that this process shows now."""

    def __init__(self, static: WhiteNoise, folder: Path, root: str) -> None:
        self._static, self._folder, self._root = static, folder, root
        self._lock = Lock()
        self._fresh_until = 0.0
        self._shown: Shown | None = None

    def shown(self) -> Shown:
        if monotonic() < self._fresh_until and self._shown is not None:
            return self._shown
        if self._lock.acquire(blocking=self._shown is None):
            try:
                self._renew()
            finally:
                self._lock.release()
        assert self._shown is not None
        return self._shown

    def forget(self) -> None:
        self._fresh_until = 0.0

    def _renew(self) -> None:
        """A database that is away or has no such table yet changes nothing."""
        self._fresh_until = monotonic() + HELD  # before the row is read, so that `forget` is not lost
        look = self._shown.look if self._shown else Look()
        try:
            with reading(), db.engine.connect() as connection:
                look = queries.look(connection)
        except SQLAlchemyError:
            current_app.logger.warning("the shop's look could not be read")
        if self._shown is None or look != self._shown.look:
            folder = assets.keep(self._folder.parent, _files(look))
            root = f"{self._root}{folder.name}/"
            self._static.add_files(folder, root)
            self._shown = Shown(look, root)


def init_app(app: Flask, static: WhiteNoise, folder: Path, root: str) -> None:
    app.extensions["look"] = Wardrobe(static, folder, root)


def current() -> Shown:
    """The look to show in this request."""
    return _wardrobe().shown()


def forget() -> None:
    """Ask for the row again at the next page; after this request when it is one that saves."""
    _wardrobe().forget()


def forget_after_this_request() -> None:
    """The view has changed the look: once the transaction is committed, the next page shows it."""

    @after_this_request
    def _committed(answer: Response) -> Response:
        forget()
        return answer


def _wardrobe() -> Wardrobe:
    found: Wardrobe = current_app.extensions["look"]
    return found


def _files(look: Look) -> dict[str, bytes]:
    """All that is made for a look: the style sheet, the icons, the logo as pages show it."""
    light = brand.shades(look.colour)[0]
    found = {"site.css": (assets.sheet() + brand.css(look.colour)).encode()}
    if look.logo:
        found["logo.webp"] = logos.shown(look.logo)
    if look.logo and logos.is_square(look.logo):
        ground = DARK_PAPER if logos.melts_into(look.logo, *LIGHT_PAPER) else LIGHT_PAPER
        found |= {name: logos.icon(look.logo, ground[0], *shape) for name, shape in ICONS.items()}
    else:
        found |= {name: logos.mark(light.brand, light.ink, *shape) for name, shape in ICONS.items()}
        mark = (assets.STATIC / "favicon.svg").read_text()
        found["favicon.svg"] = mark.replace("#0b5d4e", light.brand).replace("#fff", light.ink).encode()
    return found
