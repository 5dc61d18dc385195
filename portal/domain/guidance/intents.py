"""What a question asks for, where the answer stands in the customer's own records and in no text."""

from collections.abc import Iterable, Mapping
from enum import StrEnum, auto

from portal.domain.guidance.lexicon import MINE, STATUS, UNTIL
from portal.domain.guidance.terms import terms

_WARRANTY = frozenset({"garansi", "kartugaransi"})
_CASES = frozenset({"klaim", "kasus", "case", "servis", "refund", "kembali"})


class Intent(StrEnum):
    COVER = auto()  # until when is it covered
    CASES = auto()  # what becomes of my case
    TEXT = auto()


def intent(question: str) -> Intent:
    """`Sampai kapan garansi kulkas saya?` asks for the cover, `Sudah sampai mana klaim saya?` for cases."""
    words = set(question.lower().replace("?", " ").replace(",", " ").split())
    words |= {word[:-3] for word in words if word.endswith("nya")}
    found = set(terms(question))
    covered = "tanggung" in found or "covered" in words
    if (found & _WARRANTY and words & (UNTIL | MINE)) or (covered and words & UNTIL):
        return Intent.COVER
    if found & _CASES and words & STATUS and words & MINE:
        return Intent.CASES
    return Intent.TEXT


def named(question: str, things: Mapping[int, Iterable[str]]) -> list[int]:
    """Which of these things the question names, by the words of each; those that share most, [] for none."""
    wanted = set(terms(question)) - {"garansi", "klaim", "servis"}
    shared = {number: len(wanted & set(terms(" ".join(words)))) for number, words in things.items()}
    most = max(shared.values(), default=0)
    return [number for number, count in shared.items() if count == most] if most else []
