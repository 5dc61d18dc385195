"""What is new in a case while its page is open: asked for again and again, so it costs one query."""

from collections.abc import Callable
from typing import Any

from flask import redirect, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.domain.cases import queries as cases
from portal.domain.cases.queries import Entry
from portal.web import signin
from portal.web.render import wants_block


def answer(code: str, whole: str, show: Callable[[Any, list[Entry]], Response]) -> Response:
    """The entries after `?after=` as `show` makes a fragment of them; 204 when there are none. A browser that
    asks for it as a page is led to the `whole` one.

    X-After says where to go on, X-Version which version of the case the reader has seen then.
    """
    signin.unattended()
    found = cases.news(signin.me(), code, request.args.get("after", 0, type=int))
    if found is None:
        raise NotFound
    case, entries = found
    if not wants_block():
        return redirect(whole, 303)
    if not entries:
        return Response(status=204)
    shown = show(case, entries)
    shown.headers["X-After"], shown.headers["X-Version"] = str(entries[-1].number), str(case.version)
    return shown
