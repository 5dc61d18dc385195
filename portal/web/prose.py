"""Staff's Markdown on a page: headings below the page's own, drawings of the house."""

import re

from flask import current_app
from markupsafe import Markup

from portal.adapters import drawings, markdown

_HEADING = re.compile(r"<(/?)h([1-5])")


def prose(body: str, lang: str) -> Markup:
    """A text as safe HTML; ids of headings carry the language, so that both can stand on one page."""
    html = _HEADING.sub(
        lambda found: f"<{found[1]}h{int(found[2]) + 1}", markdown.to_html(body, _pen(lang))
    ).replace(' id="h-', f' id="h-{lang}-')
    return Markup(html)  # noqa: S704  # nosec B704: to_html lets no raw HTML through


def _pen(lang: str) -> markdown.Draw:
    root: str = current_app.jinja_env.globals["assets"].root  # type: ignore[attr-defined]
    return lambda name: (f"{root}drawings/{name}.svg", drawings.SHOWS[lang][name])
