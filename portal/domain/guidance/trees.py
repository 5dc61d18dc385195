"""Writing troubleshooting trees step by step, and publishing them edition by edition."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.guidance import index
from portal.domain.guidance.actions import reach
from portal.domain.guidance.models import Tree, TreeVersion
from portal.domain.guidance.rules import (
    ANSWERS_LIMIT,
    STEPS_LIMIT,
    Answer,
    Step,
    problems,
    read,
    say,
    write,
)
from portal.kernel.codes import new_code
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _

NEW = "new"  # an answer that leads to a step which is made with it


def start(about: str, value: str, title_id: str, title_en: str) -> TreeVersion:
    """A new tree with its first draft and no step. Raises Refused."""
    tree = Tree(code=new_code(), **reach(about, value))
    draft = TreeVersion(tree=tree, number=1, title_id=title_id, title_en=title_en, steps=[])
    db.session.add_all([tree, draft])
    db.session.flush()
    return draft


def newest(tree: Tree) -> TreeVersion:
    found = db.session.scalars(
        select(TreeVersion).where(TreeVersion.tree_id == tree.id).order_by(TreeVersion.number.desc()).limit(1)
    )
    return found.one()


def draft_of(tree: Tree, version: int | None = None) -> TreeVersion:
    """The draft, made from the published edition when there is none. Raises Stale when `version`, the one
    that was shown, is not the newest any more."""
    latest = newest(tree)
    if version is not None and version != latest.version:
        raise Stale
    if latest.published_at is None:
        return latest
    draft = TreeVersion(
        tree=tree, number=latest.number + 1, title_id=latest.title_id, title_en=latest.title_en,
        steps=latest.steps,
    )  # fmt: skip
    db.session.add(draft)
    db.session.flush()
    return draft


def rename(draft: TreeVersion, about: str, value: str, title_id: str, title_en: str) -> None:
    """Change what a tree is called and about. Raises Refused."""
    for name, given in reach(about, value).items():
        setattr(draft.tree, name, given)
    draft.title_id, draft.title_en = title_id, title_en
    db.session.flush()


def save_step(
    draft: TreeVersion, number: str, id: str, en: str, end: str, answers: Sequence[tuple[str, str, str]]
) -> str:
    """Write a step and the empty steps that its answers make; returns its number. Raises Refused."""
    steps = read(draft.steps)
    number = number or _free(steps)
    kept = []
    steps[number] = Step(number, id, en, (), end)
    for words, english, to in answers if not end else ():
        if to == NEW:
            to = _free(steps)
            steps[to] = Step(to, "", "")
        kept.append(Answer(words, english, to))
    if len(kept) > ANSWERS_LIMIT or len(steps) > STEPS_LIMIT:
        raise Refused(
            _(
                "A search has at most %(steps)s steps of %(answers)s answers.",
                steps=STEPS_LIMIT,
                answers=ANSWERS_LIMIT,
            )
        )
    steps[number] = replace(steps[number], answers=tuple(kept))
    draft.steps = write(steps)
    db.session.flush()
    return number


def remove_step(draft: TreeVersion, number: str) -> None:
    """Take a step out; answers that led to it are named as problems until they lead elsewhere."""
    steps = read(draft.steps)
    steps.pop(number, None)
    draft.steps = write(steps)
    db.session.flush()


def publish(draft: TreeVersion, now: datetime) -> None:
    """Let customers walk it. Raises Refused while something is wrong with it."""
    if draft.published_at:
        return
    if problems(read(draft.steps)):
        raise Refused(_("Some steps are not ready yet. What is missing stands beside each of them."))
    draft.published_at, draft.tree.hidden = now, False
    db.session.flush()
    file_tree(draft.tree)


def hide(tree: Tree, hidden: bool) -> None:
    """Take a tree from customers, or give it back."""
    tree.hidden = hidden
    db.session.flush()
    file_tree(tree)


def file_tree(tree: Tree) -> None:
    """Bring the index to the published edition."""
    shown = None if tree.hidden else published(tree)
    texts = {}
    if shown is not None:
        steps = read(shown.steps).values()
        texts = {
            language: [("", "\n".join(say(step, language) for step in steps))] for language in ("id", "en")
        }
    latest = shown or newest(tree)
    index.put(
        "tree", tree.id, texts, kind="tree", path=f"/help/steps/{tree.code}", title_id=latest.title_id,
        title_en=latest.title_en, about=tree.about, value=tree.value, product_id=tree.product_id,
    )  # fmt: skip


def published(tree: Tree) -> TreeVersion | None:
    """The edition that customers walk; None before the first one."""
    return db.session.scalar(
        select(TreeVersion)
        .where(TreeVersion.tree_id == tree.id, TreeVersion.published_at.is_not(None))
        .order_by(TreeVersion.number.desc())
        .limit(1)
    )


def _free(steps: dict[str, Step]) -> str:
    return str(max((int(number) for number in steps), default=0) + 1)
