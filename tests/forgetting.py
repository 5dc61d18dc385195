"""What a process keeps from one test to the next, and how it forgets: the one place for it."""

import logging
import sys
from functools import _lru_cache_wrapper, cache
from typing import Any

import structlog
from flask import Flask

from portal.domain.links import actions as links
from portal.settings import Settings
from portal.web import look

# Modules whose caches follow from their arguments and from the source alone, and are dear to fill again.
PURE = (
    "portal.adapters.", "portal.domain.guidance.", "portal.domain.workflows.calendar", "portal.kernel.",
    "portal.web.assets", "portal.web.brand", "portal.web.words",
)  # fmt: skip
Log = type(structlog.get_logger())


def forget(settings: Settings) -> None:
    """As a process that has just begun with these settings: every other cache is empty, whatever it holds."""
    for held in _held(len(sys.modules)):
        if isinstance(held, Log):
            vars(held).pop("bind", None)  # it writes to what was standard output when it first spoke
        else:
            held.cache_clear()
    links.configure(settings.secret_keys)
    logging.getLogger("purna").setLevel(logging.WARNING if settings.demo else logging.INFO)


@cache
def _held(_loaded: int) -> list[Any]:
    """The logs and caches of the portal's modules, looked for again when more modules are loaded."""
    mine = [m for name, m in sys.modules.items() if name.startswith("portal.") and not name.startswith(PURE)]
    return [
        held
        for module in mine
        for held in vars(module).values()
        if isinstance(held, (Log, _lru_cache_wrapper))
    ]


class Memory:
    """What a portal holds besides its database and files, as it stood when this was made."""

    def __init__(self, app: Flask):
        look.forget()
        look.current()
        look.forget()
        self._app = app
        static, wardrobe = app.extensions["static"], app.extensions["look"]
        held = (app.config, app.extensions, static.files, vars(wardrobe), *_globals(app))
        self._held = [(live, dict(live)) for live in held]

    def comes_back(self) -> None:
        """Whatever tests changed or added since is undone."""
        for live, before in self._held:
            live.clear()
            live.update(before)
        self._app.testing = True


def _globals(app: Flask) -> list[dict[str, Any]]:
    """What templates read, in each language."""
    return [env.globals for env in (app.jinja_env, *app.extensions["pages"].values())]
