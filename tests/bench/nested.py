"""How well the kind is guessed of reviews by which nothing was chosen: folds within folds over the labels by hand.

Each fifth is judged by a model that never saw it: learned from the other four, with settings, and the lead from
which a guess is shown, chosen on one of these four after learning from the other three. Only the words of the weak
labels were written by somebody who had read reviews, so what is learned without them is told beside.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from math import sqrt

from portal.domain.guidance.learning import Model, learn
from tests.bench import limits

FOLDS = 5
WANTED = 0.75  # of what is shown, right
LEADS = (2.0, 4.0, 7.0, 10.0, 15.0, 20.0)
SETTINGS = tuple(product((1, 3), (1, 2, 4), (True, False)))  # times by hand, least, pieces
UNSAID = ("question",)
Row = tuple[str, str]  # text, kind
Told = tuple[str, float, str]  # guessed, by which lead, known


@dataclass(frozen=True)
class Data:
    """Examples by fold. What is `weak` or `own` is learned from and never judged, `own` whatever the fold."""

    by_hand: list[list[Row]]
    weak: list[list[Row]]
    own: list[Row]

    def learned(self, folds: Iterable[int], times: int, least: int, pieces: bool) -> Model:
        seen = list(folds)
        weak = [row for fold in seen for row in self.weak[fold]]
        by_hand = [row for fold in seen for row in self.by_hand[fold]]
        return learn([*weak, *(by_hand + self.own) * times], least=least, pieces=pieces)


def measure(what: str, data: Data, rule: float) -> None:
    """Print how much of a hundred is guessed right, which must be as much as the rule gets; and of what is shown."""
    told = list(_judge(data))
    right = sum(guessed == known for guessed, known, _shown in told) / len(told)
    limits.check(what, 100 * right, rule, least=True)
    print(f"  {'  give or take, 19 times of 20':42}{196 * sqrt(right * (1 - right) / len(told)):9.1f}")
    shown = [guessed == known for guessed, known, is_shown in told if is_shown]
    share = 100 * sum(shown) / max(1, len(shown))
    print(f"  {'  right of a hundred that are shown':42}{share:9.1f}   ({len(shown)} are shown)")


def _judge(data: Data) -> Iterator[tuple[str, str, bool]]:
    """(guessed, known, whether it would be shown) of each review."""
    for held in range(FOLDS):
        chosen_on, *rest = [(held + step) % FOLDS for step in range(1, FOLDS)]
        tried = {
            settings: _tell(data.learned(rest, *settings), data.by_hand[chosen_on]) for settings in SETTINGS
        }
        best = max(SETTINGS, key=lambda settings: _right(tried[settings]))
        lead = _lead(tried[best])
        for guessed, by, known in _tell(data.learned([chosen_on, *rest], *best), data.by_hand[held]):
            yield guessed, known, by >= lead and guessed not in UNSAID


def _tell(model: Model, rows: list[Row]) -> list[Told]:
    return [(*model.guess(text), known) for text, known in rows]


def _right(told: list[Told]) -> float:
    return sum(guessed == known for guessed, _by, known in told) / max(1, len(told))


def _lead(told: list[Told]) -> float:
    """The smallest lead from which as much as is WANTED is right; the greatest when none is enough."""
    for lead in LEADS:
        if _right([one for one in told if one[1] >= lead and one[0] not in UNSAID]) >= WANTED:
            return lead
    return LEADS[-1]
