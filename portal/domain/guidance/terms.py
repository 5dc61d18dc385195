"""Texts as terms: words without endings, slips and synonyms, so that a question meets the answer to it."""

import re
from functools import lru_cache

from portal.domain.guidance.lexicon import PHRASES, PLAIN, ROOTS, SAME, STOP

MOST = 400  # characters of a question that are looked at from either end
_WORD = re.compile(r"[a-z]+\d*[a-z\d]*|\d+[a-z]*")
_PHRASE = re.compile(r"\b(" + "|".join(sorted(PHRASES, key=len, reverse=True)) + r")\b")
_PARTICLE = re.compile(r"(?:lah|kah|tah|pun)$")
_OWNER = re.compile(r"(?:nya|ku|mu)$")
_SUFFIXES = ("", "kan", "an", "in", "i")
_NASAL = {"meny": "s", "mem": "p", "men": "t", "meng": "k", "peny": "s", "pem": "p", "pen": "t", "peng": "k"}
_PREFIXES = (
    "memper", "diper", "keter", "meny", "meng", "mem", "men", "me", "peny", "peng", "pem", "pen", "per", "pe",
    "ber", "be", "ter", "te", "di", "ke", "se",
)  # fmt: skip
_SAME = {word: line.split()[0] for line in SAME.strip().splitlines() for word in line.split()}


def terms(text: str) -> list[str]:
    """The terms of a text in either language, in order, doubles kept."""
    plain = _PHRASE.sub(lambda found: PHRASES[found[1]], " ".join(text.lower().split()))
    return [term for word in _WORD.findall(plain) if (term := _term(word))]


def asked(question: str) -> list[str]:
    """The different terms of a question, at most twelve; of a long one, of its beginning and end."""
    text = question if len(question) <= 2 * MOST else f"{question[:MOST]} {question[-MOST:]}"
    return list(dict.fromkeys(terms(text)))[:12]


@lru_cache(maxsize=50_000)
def _term(word: str) -> str:
    """What a word is found by; "" when it tells nothing."""
    word = PLAIN.get(word, word)
    if word in STOP or (len(word) < 2 and not word.isdigit()) or len(word) > 30:
        return ""
    if word in _SAME:
        return _SAME[word]
    root = stem(word)
    return "" if root in STOP else _SAME.get(root, root)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The root of an Indonesian or English word: a known one where affixes lead to it, else without the
    endings that are surely none of the root."""
    if len(word) < 4 or word in ROOTS or not word.isalpha():
        return word
    bare = _PARTICLE.sub("", word)
    bare = _OWNER.sub("", bare) if len(bare) > 5 else bare
    known = [root for root in _cut(word) + _cut(bare) if root in ROOTS or root in _SAME]
    if known:
        return max(known, key=len)
    return _english(word) or (bare if len(bare) >= 4 else word)


def _cut(word: str) -> list[str]:
    """What may be left of a word without its suffix, and without one or two prefixes."""
    found = [
        word.removesuffix(suffix)
        for suffix in _SUFFIXES
        if word.endswith(suffix) and len(word) > len(suffix) + 2
    ]
    for _round in range(2):
        found += [rest for root in found for rest in _without_prefix(root)]
    return found


def _without_prefix(word: str) -> list[str]:
    found = []
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) >= len(prefix) + 3:
            rest = word[len(prefix) :]
            found.append(rest)
            if prefix in _NASAL:
                found.append(_NASAL[prefix] + rest)
            if prefix in ("meny", "peny"):
                found.append("ny" + rest)
    return found


def _english(word: str) -> str:
    """Without an English ending; "" when it has none."""
    for ending, put in (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 3 and not word.endswith("ss"):
            return word.removesuffix(ending) + put
    return ""
