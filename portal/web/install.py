"""What makes the portal an app on a phone: its manifest, its worker, and the page without a connection.

All of it is public and the same for everybody who reads the same language; nothing here looks at the person.
"""

import json
from hashlib import sha256

from flask import Blueprint, Response, current_app, request

from portal.kernel.text import Message, _
from portal.web import assets, brand, look, words
from portal.web.access import public

bp = Blueprint("install", __name__)

SHORT = 15  # letters that stand below an icon
SHORTCUTS: dict[str, tuple[tuple[Message, str], ...]] = {
    "/home": ((_("Items"), "/units"), (_("Cases"), "/cases"), (_("Scan a receipt"), "/receipt")),
    "/desk": ((_("Desk"), "/desk"), (_("Repairs"), "/desk/work-orders"), (_("Receipts"), "/desk/receipts")),
}


@bp.get("/manifest.webmanifest")
@public(cacheable=True)
def manifest() -> Response:
    """`?lang=` is the reader's language; `?area=staff` begins at the desk."""
    words.speak(_language())
    shown = look.current()
    start = "/desk" if request.args.get("area") == "staff" else "/home"
    content = {
        "id": start,
        "name": shown.name,
        "short_name": short(shown.name),
        "lang": words.language(),
        "dir": "ltr",
        "start_url": start,
        "scope": "/",
        "display": "standalone",
        "theme_color": shown.colour,
        "background_color": brand.ON_LIGHT[0],
        "icons": [_icon(shown, name, *shape) for name, shape in look.ICONS.items()],
        "shortcuts": [
            {"name": words.translate(name), "url": path, "icons": [_icon(shown, "icon-192.png", 192)]}
            for name, path in SHORTCUTS[start]
        ],
    }
    return _fresh(json.dumps(content, ensure_ascii=False), "application/manifest+json")


@bp.get("/sw.js")
@public(cacheable=True)
def worker() -> Response:
    """The worker and what it keeps: other bytes, and so a new worker, with each new look, text or version."""
    shown, root = look.current(), assets_root()
    kept = [shown.css, root + "site.js", root + "icons.svg", root + "fonts/plus-jakarta-sans.woff2"]
    if shown.logo_url:
        kept.append(shown.logo_url)
    edition = sha256(_offline_page().encode()).hexdigest()[:12]
    script = (assets.STATIC / "sw.js").read_text()
    return _fresh(f'const EDITION = "{edition}", KEPT = {json.dumps(kept)};\n{script}', "text/javascript")


@bp.get("/offline")
@public(cacheable=True)
def offline() -> Response:
    """The page that the worker shows when there is no connection; it holds no form and no session."""
    return _fresh(_offline_page(), "text/html")


def short(name: str) -> str:
    """As many whole words as stand below an icon."""
    words_of = name.split()
    while len(words_of) > 1 and len(" ".join(words_of)) > SHORT:
        words_of.pop()
    return " ".join(words_of)[:SHORT]


def assets_root() -> str:
    root: str = current_app.jinja_env.globals["assets"].root  # type: ignore[attr-defined]
    return root


def _offline_page() -> str:
    lang = _language()
    found = current_app.extensions["pages"][lang].get_template("offline.html")
    text: str = found.render(lang=lang, shop=look.current())
    return text


def _language() -> str:
    asked = request.args.get("lang", "")
    return asked if asked in words.LANGUAGES else words.LANGUAGES[0]


def _icon(shown: look.Shown, name: str, side: int, _share: float = 0) -> dict[str, str]:
    purpose = "maskable" if "maskable" in name else "any"
    return {"src": shown.root + name, "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}


def _fresh(content: str, kind: str) -> Response:
    """An answer that a browser may keep and has to ask for again."""
    answer = Response(content, content_type=f"{kind}; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
