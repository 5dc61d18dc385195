"""Help pages for tests: an article, and a search for a cause of four steps."""

from typing import Any

from portal.db import db
from portal.domain.guidance import actions, trees
from portal.domain.guidance.models import Article, Tree
from portal.kernel import clock

STEPS = (
    ("1", "Apakah lampu menyala?", "Is the lamp on?", "", [("Ya", "Yes", "2"), ("Tidak", "No", "claim")]),
    ("2", "Tekan tombol.", "Press the button.", "", [("Ya", "On", "solved"), ("Tetap", "Still", "ask")]),
    ("3", "Cabut stekernya.", "Pull the plug.", "stop", []),
)  # fmt: skip
ASKED = [("Ya", "Yes", "2"), ("Tidak", "No", "claim"), ("Bau hangus", "It smells burnt", "3")]


def article(publish: bool = True, **fields: Any) -> Article:
    told: dict[str, Any] = {
        "kind": "guide", "about": "everything", "value": "", "title_id": "Membersihkan saringan",
        "title_en": "Cleaning the filter", "body_id": "Bilas saringan dengan air, lalu keringkan.",
        "body_en": "Rinse the filter with water, then dry it.", **fields,
    }  # fmt: skip
    made = actions.save_article(None, None, clock.now(), **told)
    if publish:
        actions.publish(made, clock.now())
    db.session.commit()
    return made


def tree(publish: bool = True, about: str = "everything", value: str = "") -> Tree:
    draft = trees.start(about, value, "TV tidak menyala", "The TV does not turn on")
    for number, said, english, end, answers in STEPS:
        trees.save_step(draft, number, said, english, end, answers)
    trees.save_step(draft, "1", STEPS[0][1], STEPS[0][2], "", ASKED)
    if publish:
        trees.publish(draft, clock.now())
    db.session.commit()
    return draft.tree
