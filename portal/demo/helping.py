"""The demo's help pages: thirty articles, six searches for a cause, and some weeks of their use."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.demo import files
from portal.domain.guidance import actions, counting, trees
from portal.domain.guidance.counting import Event, Source
from portal.domain.guidance.models import Article, Tree

WEEKS = 4
USED = (
    (Source.ASSISTANT, Event.ASKED, 9), (Source.ASSISTANT, Event.HELPED, 4),
    (Source.ASSISTANT, Event.WENT_ON, 2),
    (Source.SUGGESTION, Event.HELPED, 3), (Source.SUGGESTION, Event.WENT_ON, 5),
)  # fmt: skip


def write(now: datetime) -> None:
    """Write and publish all of it, the oldest first."""
    made = files.read("help/articles")["article"]
    for place, told in enumerate(made):
        _article(told, now - timedelta(days=3 * (len(made) - place)), now)
    drafted = {**made[0], "title_id": "Servis AC rutin: paket tahunan", "title_en": "Yearly AC service"}
    _article(drafted, now - timedelta(days=1), now, publish=False)
    for told in files.read("help/trees")["tree"]:
        _tree(told, now - timedelta(days=60))
    _use(now)


def _article(told: dict[str, Any], at: datetime, now: datetime, *, publish: bool = True) -> None:
    fields = {name: value for name, value in told.items() if name not in ("days", "value", "about")}
    since, until = told.get("days", (None, None))
    article = actions.save_article(
        None, None, at, about=told["about"], value=told.get("value", ""),
        starts_at=None if since is None else now + timedelta(days=since),
        ends_at=None if until is None else now + timedelta(days=until), **fields,
    )  # fmt: skip
    if publish:
        actions.publish(article, at)


def _tree(told: dict[str, Any], at: datetime) -> None:
    draft = trees.start(told["about"], told["value"], told["title_id"], told["title_en"])
    for number, said, english, end, answers in told["steps"]:
        trees.save_step(draft, number, said, english, end, [tuple(answer) for answer in answers])
    trees.publish(draft, at)


def _use(now: datetime) -> None:
    """Some weeks of use, so that the figures show something."""
    draw = files.chance("help")
    articles = list(db.session.scalars(select(Article.code).where(Article.published_at.is_not(None))))
    walked = list(db.session.scalars(select(Tree.code)))
    for day in range(7 * WEEKS):
        at = now - timedelta(days=day)
        for source, event, most in USED:
            for _once in range(draw.randint(0, most)):
                counting.count(source, event, at)
        for _once in range(draw.randint(0, 5)):
            code = draw.choice(articles)
            counting.count(Source.ARTICLE, draw.choice((Event.HELPED, Event.HELPED, Event.NOT)), at, code)
        for _once in range(draw.randint(0, 4)):
            code = draw.choice(walked)
            counting.count(Source.TREE, Event.ASKED, at, code)
            counting.count(Source.TREE, draw.choice((Event.HELPED, Event.WENT_ON)), at, code)
