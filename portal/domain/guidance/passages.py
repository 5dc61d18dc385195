"""Markdown in passages: what is found, quoted and linked to."""

import re
from dataclasses import dataclass

from portal.domain.guidance.terms import terms

LONGEST = 900  # characters of a passage; a longer section is cut between paragraphs
QUOTE = 220  # characters of a quotation
_MARKS = re.compile(
    r"!\[([^\]]*)\]\([^)]*\)|\[([^\]]*)\]\([^)]*\)|[*_`>|#]+|^\s*[-+]\s+|^\s*\d+[.)]\s+|-{3,}"
)
_SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n+")


@dataclass(frozen=True)
class Passage:
    """A section of a text: its heading ("" before the first) and its words without marks."""

    heading: str
    body: str


def cut(source: str) -> list[Passage]:
    """The passages of a Markdown text, in order."""
    found: list[Passage] = []
    heading = ""
    lines: list[str] = []
    for line in [*source.splitlines(), "#"]:
        if line.startswith("#"):
            found += [Passage(heading, body) for body in _portions("\n".join(lines))]
            heading, lines = plain(line), []
        else:
            lines.append(line)
    return found


def _portions(section: str) -> list[str]:
    found: list[str] = []
    for paragraph in re.split(r"\n\s*\n", section):
        words = plain(paragraph)
        if words and found and len(found[-1]) + len(words) < LONGEST:
            found[-1] += "\n" + words
        elif words:
            found.append(words)
    return found


def plain(markdown: str) -> str:
    """The words alone, a line each of a list."""
    lines = [
        _MARKS.sub(lambda found: found[1] or found[2] or "", line).strip() for line in markdown.splitlines()
    ]
    return "\n".join(line for line in lines if line)


def quote(body: str, wanted: set[str], most: int = QUOTE) -> str:
    """The sentences of a passage that answer best, as they stand there: from the best one on."""
    sentences = [part.strip() for part in _SENTENCE.split(body) if part.strip()]
    if not sentences:
        return ""
    hits = [len(wanted & set(terms(sentence))) for sentence in sentences]
    begin = max(range(len(sentences)), key=lambda n: (hits[n] + 0.5 * sum(hits[n + 1 : n + 3]), -n))
    found = sentences[begin]
    for sentence in sentences[begin + 1 :]:
        if len(found) + len(sentence) >= most:
            break
        found += " " + sentence
    return found if len(found) <= most else found[: most - 1].rsplit(" ", 1)[0] + "…"
