"""The desk's editor of troubleshooting trees: an outline, and one page a step; drafts, then editions."""

from typing import Any

from flask import Blueprint, request
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.domain.accounts.rules import Permission
from portal.domain.guidance import counting, queries, trees
from portal.domain.guidance.models import Tree, TreeVersion
from portal.domain.guidance.rules import ANSWERS_LIMIT, ENDS, problems, read
from portal.kernel import clock
from portal.kernel.text import _
from portal.web.access import requires
from portal.web.fields import Form
from portal.web.help_words import KINDS, subject
from portal.web.load import one_or_404
from portal.web.render import go_to, page
from portal.web.staff.help_form import TreeForm, answers, step_form, tree_form
from portal.web.staff.saving import save, version_field

bp = Blueprint("staff_help_trees", __name__, url_prefix="/desk/help/steps")

HERE = "/desk/help/steps"


class VersionForm(Form):
    version = version_field()


@bp.get("")
@requires(Permission.HELP_EDIT)
def index() -> Response:
    rows = queries.trees_written()
    counts = counting.by_subject(tree.code for tree, _edition, _product in rows)
    return page(
        "staff/help/trees.html", nav_current="help", tab="trees", rows=rows, counts=counts, kinds=KINDS,
        subject=subject,
    )  # fmt: skip


@bp.get("/new")
@requires(Permission.HELP_EDIT)
def new() -> Response:
    return _named(None, None, tree_form(None, None))


@bp.post("/new")
@requires(Permission.HELP_EDIT)
def create() -> Response:
    form = TreeForm()
    draft, status = save(form, lambda: trees.start(*_about(form)))
    if draft is None:
        return _named(None, None, form, status)
    return go_to(f"{HERE}/{draft.tree.code}/add", _("Now write the first step."))


@bp.get("/<code>")
@requires(Permission.HELP_EDIT)
def show(code: str) -> Response:
    return _outline(_load(code))


@bp.get("/<code>/name")
@requires(Permission.HELP_EDIT)
def name(code: str) -> Response:
    tree = _load(code)
    edition = trees.newest(tree)
    return _named(tree, edition, tree_form(tree, edition))


@bp.post("/<code>/name")
@requires(Permission.HELP_EDIT)
def rename(code: str) -> Response:
    tree, form = _load(code), TreeForm()
    _done, status = save(
        form, lambda: trees.rename(trees.draft_of(tree, form.version.data or 0), *_about(form))
    )
    if status != 303:
        tree = _load(code)
        return _named(tree, trees.newest(tree), form, status, conflict=[] if status == 409 else None)
    return go_to(f"{HERE}/{tree.code}", _("The draft is saved. Customers do not see it yet."))


@bp.get("/<code>/add")
@requires(Permission.HELP_EDIT)
def new_step(code: str) -> Response:
    tree = _load(code)
    edition = trees.newest(tree)
    form = step_form(read(edition.steps), None, formdata=None, version=edition.version)
    return _step(tree, edition, None, form)


@bp.post("/<code>/add")
@requires(Permission.HELP_EDIT)
def add_step(code: str) -> Response:
    return _save_step(_load(code), None)


@bp.get("/<code>/<int(max=9999):number>")
@requires(Permission.HELP_EDIT)
def step(code: str, number: int) -> Response:
    tree = _load(code)
    edition = trees.newest(tree)
    steps = read(edition.steps)
    found = steps.get(str(number))
    if found is None:
        raise NotFound
    return _step(tree, edition, found.number, step_form(steps, found, formdata=None, version=edition.version))


@bp.post("/<code>/<int(max=9999):number>")
@requires(Permission.HELP_EDIT)
def change_step(code: str, number: int) -> Response:
    tree = _load(code)
    if str(number) not in read(trees.newest(tree).steps):
        raise NotFound
    return _save_step(tree, str(number))


@bp.post("/<code>/publish")
@requires(Permission.HELP_EDIT)
def publish(code: str) -> Response:
    tree, form = _load(code), VersionForm()
    _done, status = save(
        form, lambda: trees.publish(trees.draft_of(tree, form.version.data or 0), clock.now())
    )
    if status != 303:
        return _outline(_load(code), form, status)
    return go_to(f"{HERE}/{tree.code}", _("Published. Customers find it from now on."))


@bp.post("/<code>/hide")
@requires(Permission.HELP_EDIT)
def hide(code: str) -> Response:
    tree = _load(code)
    hidden = "show" not in request.form
    trees.hide(tree, hidden)
    said = _("Taken back. Customers do not find it any more.") if hidden else _("Customers find it again.")
    return go_to(f"{HERE}/{tree.code}", said)


def _save_step(tree: Tree, number: str | None) -> Response:
    """Write a step, new when it has no number; or take it out."""
    form = step_form(read(trees.newest(tree).steps), None)

    def act() -> bool:
        draft = trees.draft_of(tree, form.version.data or 0)
        if number is not None and "remove" in request.form:
            trees.remove_step(draft, number)
            return True
        trees.save_step(
            draft, number or "", form.said_id.data or "", form.said_en.data or "", form.end.data or "",
            answers(form),
        )  # fmt: skip
        return True

    _done, status = save(form, act)
    if status != 303:
        tree = _load(tree.code)
        return _step(tree, trees.newest(tree), number, form, status)
    return go_to(f"{HERE}/{tree.code}", _("The draft is saved. Customers do not see it yet."))


def _about(form: TreeForm) -> tuple[str, str, str, str]:
    return form.about.data, form.value.data or "", form.title_id.data or "", form.title_en.data or ""


def _outline(tree: Tree, form: VersionForm | None = None, status: int = 200) -> Response:
    edition = trees.newest(tree)
    steps = read(edition.steps)
    wrong = problems(steps)
    return page(
        "staff/help/tree.html", status=status, nav_current="help", tree=tree, edition=edition, steps=steps,
        wrong=wrong, ends=ENDS, live_edition=trees.published(tree), form=form or VersionForm(formdata=None),
        subject=subject,
    )  # fmt: skip


def _named(
    tree: Tree | None, edition: TreeVersion | None, form: TreeForm, status: int = 200, conflict: Any = None
) -> Response:
    return page(
        "staff/help/tree_form.html", status=status, nav_current="help", tree=tree, edition=edition, form=form,
        suggestions=form.suggestions, conflict=conflict,
    )  # fmt: skip


def _step(tree: Tree, edition: TreeVersion, number: str | None, form: Any, status: int = 200) -> Response:
    return page(
        "staff/help/step_form.html", status=status, nav_current="help", tree=tree, edition=edition,
        number=number, form=form, answers=ANSWERS_LIMIT, conflict=[] if status == 409 else None,
    )  # fmt: skip


def _load(code: str) -> Tree:
    found: Tree = one_or_404(select(Tree).where(Tree.code == code.upper()))
    return found
