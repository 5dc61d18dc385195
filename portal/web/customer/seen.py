"""What a phone may keep of a customer's open cases, to show it when there is no connection: nothing private.

The code (which opens nothing), the state and the due day; no name, product, contact or text. `static/app.js`
keeps it until the person signs out or another one signs in.
"""

from datetime import datetime

from portal.domain.workflows.engine import State
from portal.kernel.clock import day_in
from portal.kernel.text import _
from portal.web import words


def seen(code: str, state: State, due: datetime | None, zone: str) -> dict[str, str]:
    """One entry of a page's `data-seen`."""
    by = words.translate(_("By %(day)s", day=day_in(zone, due))) if due else ""
    return {"code": words.code(code), "state": words.translate(state.customer), "by": by}
