"""A naive Bayes over stems and pieces of words, small enough to be read from a file."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.domain.guidance.terms import MOST, terms

PIECE = 4  # letters
SMOOTHING = 0.3
_WORD = re.compile(r"[a-z0-9]+")


def features(text: str, *, pieces: bool = True) -> set[str]:
    """The stems of a text, marked with ~, and its pieces of PIECE letters."""
    text = text[: 2 * MOST].lower()
    found = {"~" + term for term in terms(text)}
    if pieces:
        row = f" {' '.join(_WORD.findall(text))} "
        found |= {row[n : n + PIECE] for n in range(len(row) - PIECE + 1)}
    return found


@dataclass(frozen=True)
class Model:
    """Counts by label: of examples, of features in all, and of each feature."""

    labels: tuple[str, ...]
    examples: tuple[int, ...]
    totals: tuple[int, ...]
    counts: Mapping[str, tuple[int, ...]]
    pieces: bool = True

    def guess(self, text: str) -> tuple[str, float]:
        """(label, by how much it is likelier than the next one, as a logarithm)."""
        known = [self.counts[found] for found in features(text, pieces=self.pieces) if found in self.counts]
        size, whole = len(self.counts), sum(self.examples)
        scores = [
            math.log(self.examples[n] / whole)
            + sum(math.log((count[n] + SMOOTHING) / (self.totals[n] + SMOOTHING * size)) for count in known)
            for n in range(len(self.labels))
        ]
        order = sorted(range(len(scores)), key=lambda n: -scores[n])
        return self.labels[order[0]], (scores[order[0]] - scores[order[1]]) if known else 0.0


def learn(examples: Iterable[tuple[str, str]], *, least: int = 1, pieces: bool = True) -> Model:
    """A model of (text, label) pairs; features that stand in fewer than `least` of them are left out."""
    seen: Counter[str] = Counter()
    by_label: dict[str, Counter[str]] = {}
    number: Counter[str] = Counter()
    for text, label in examples:
        found = features(text, pieces=pieces)
        seen.update(found)
        by_label.setdefault(label, Counter()).update(found)
        number[label] += 1
    labels = tuple(sorted(by_label))
    kept = sorted(feature for feature, count in seen.items() if count >= least)
    counts = {feature: tuple(by_label[label][feature] for label in labels) for feature in kept}
    totals = tuple(sum(count[n] for count in counts.values()) for n in range(len(labels)))
    return Model(labels, tuple(number[label] for label in labels), totals, counts, pieces)


def dump(model: Model) -> str:
    """A model as JSON, a feature's counts written as one text."""
    stored: dict[str, Any] = {
        "labels": model.labels, "examples": model.examples, "totals": model.totals, "pieces": model.pieces,
        "counts": {feature: " ".join(map(str, count)) for feature, count in model.counts.items()},
    }  # fmt: skip
    return json.dumps(stored, ensure_ascii=False, indent=0)


def load(path: Path) -> Model:
    stored = json.loads(path.read_text(encoding="utf-8"))
    counts = {feature: tuple(map(int, count.split())) for feature, count in stored["counts"].items()}
    return Model(
        tuple(stored["labels"]), tuple(stored["examples"]), tuple(stored["totals"]), counts, stored["pieces"]
    )
