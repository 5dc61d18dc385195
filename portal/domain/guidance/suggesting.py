"""Which kind of case a text sounds like, and which sector it is about: a hint, never a decision.

The parameters were learned from reviews of the PRDECT-ID data set (data/LICENSE.txt) and from sentences of
our own; `python -m tests.bench.suggest` writes them anew, `make bench ARGS=suggest` says how good they are.
"""

from functools import lru_cache
from pathlib import Path

from portal.domain.guidance.learning import Model, load
from portal.domain.guidance.terms import terms

DATA = Path(__file__).parent / "data"
FEWEST = 3  # terms that a text needs
UNSAID = ("other", "question")  # a person answers these anyway
CLEAR = {"kinds": 10.0, "sectors": 4.0}  # how much likelier than the next label


def kind_of(text: str) -> str:
    """The kind of case that a text clearly sounds like; "" when it is not clear."""
    return _clear("kinds", text)


def sector_of(text: str) -> str:
    """The sector that a text clearly is about; "" when it is not clear."""
    return _clear("sectors", text)


def _clear(name: str, text: str) -> str:
    if len(set(terms(text[:1000]))) < FEWEST:
        return ""
    label, lead = _model(name).guess(text)
    return label if lead >= CLEAR[name] and label not in UNSAID else ""


@lru_cache
def _model(name: str) -> Model:
    return load(DATA / f"{name}.json")
