"""What is new in a case while its page is open: asked for again and again, so it costs one query."""

from collections.abc import Callable
from typing import Any

from flask import redirect, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.domain.cases import live
from portal.domain.cases.queries import Entry
from portal.web import signin
from portal.web.render import wants_block

Show = Callable[[Any, list[Entry], live.Legs], Response]


def answer(code: str, whole: str, show: Show) -> Response:
    """The entries and the movements of parcels after `?after=` as `show` makes a fragment of them; 204 when
    there are none. A browser that asks for it as a page is led to the `whole` one.

    X-After says where to go on, X-Version which version of the case the reader has seen then.
    """
    signin.unattended()
    after = request.args.get("after", "")
    found = live.news(signin.me(), code, after)
    if found is None:
        raise NotFound
    case, entries, road = found
    if not wants_block():
        return redirect(whole, 303)
    if not entries and not road:
        return Response(status=204)
    shown = show(case, entries, road)
    shown.headers["X-After"] = live.mark(entries, road, after)
    shown.headers["X-Version"] = str(case.version)
    return shown
