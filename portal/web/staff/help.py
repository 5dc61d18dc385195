"""The desk's help pages: articles, known issues and notices are written, previewed and published here."""

from datetime import datetime
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from portal.domain.accounts.rules import Permission
from portal.domain.guidance import actions, counting, queries
from portal.domain.guidance.models import Article
from portal.kernel import clock
from portal.kernel.paging import cut, decode
from portal.kernel.text import _
from portal.web import words
from portal.web.access import requires
from portal.web.fields import strip
from portal.web.help_words import KINDS, subject
from portal.web.load import one_or_404
from portal.web.prose import prose
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.help_form import ArticleForm, article_form
from portal.web.staff.saving import save, stored_now
from portal.web.transaction import drop

bp = Blueprint("staff_help", __name__, url_prefix="/desk/help")

HERE = "/desk/help"


@bp.get("")
@requires(Permission.HELP_EDIT)
def articles() -> Response:
    now, typed = clock.now(), strip(request.args.get("q", ""))[:100]
    after = decode(request.args.get("after"), datetime, int)
    shown = cut(queries.written(me(), now, words=typed, after=after), lambda row: [row.changed_at, row.id])
    return page(
        "staff/help/articles.html", nav_current="help", tab="articles", found=shown, typed=typed, now=now,
        kinds=KINDS, subject=subject, counts=counting.by_subject(row.code for row in shown.rows),
    )  # fmt: skip


@bp.get("/new")
@requires(Permission.HELP_EDIT)
def new() -> Response:
    return _form(None, article_form(None, kind="guide"))


@bp.post("/new")
@requires(Permission.HELP_EDIT)
def create() -> Response:
    return _save(None)


@bp.get("/<code>")
@requires(Permission.HELP_EDIT)
def edit(code: str) -> Response:
    found = _load(code)
    return _form(found, article_form(found))


@bp.post("/<code>")
@requires(Permission.HELP_EDIT)
def change(code: str) -> Response:
    return _save(_load(code))


@bp.post("/<code>/withdraw")
@requires(Permission.HELP_EDIT)
def withdraw(code: str) -> Response:
    """Customers do not read it any more."""
    found = _load(code)
    actions.withdraw(found, clock.now())
    return go_to(f"{HERE}/{found.code}", _("Taken back. It is a draft again."))


def _save(found: Article | None) -> Response:
    form, now, do = ArticleForm(), clock.now(), request.form.get("do", "save")
    if do == "preview":
        drop()
        return _form(found, form, 200 if form.validate() else 422, block="preview")

    def act() -> Article:
        saved = actions.save_article(found, form.version.data or 0, now, **form.fields)
        if do == "publish":
            actions.publish(saved, now)
        return saved

    saved, status = save(form, act)
    if saved is None:
        kept = _load(found.code) if found is not None else None
        conflict = stored_now(form, article_form(kept, formdata=None)) if status == 409 else None
        return _form(kept, form, status, conflict=conflict)
    if saved.published_at:
        return go_to(HERE, _("Published. Customers find it from now on."))
    return go_to(f"{HERE}/{saved.code}", _("The draft is saved. Customers do not see it yet."))


def _form(
    found: Article | None, form: ArticleForm, status: int = 200, *, block: str | None = None,
    conflict: Any = None,
) -> Response:  # fmt: skip
    bodies = [
        (lang, form[f"title_{lang}"].data, prose(form[f"body_{lang}"].data or "", lang))
        for lang in words.LANGUAGES
    ]
    return page(
        "staff/help/article_form.html", block=block, status=status, nav_current="help", article=found,
        form=form, conflict=conflict, bodies=bodies, suggestions=form.suggestions,
    )  # fmt: skip


def _load(code: str) -> Article:
    found: Article = one_or_404(queries.visible_to(me(), clock.now()).where(Article.code == code.upper()))
    return found
