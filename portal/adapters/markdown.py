"""Staff's Markdown to HTML that is safe to print: no raw HTML, no images, no odd links."""

import re
from collections.abc import Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

ALLOWED_LINK = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
NOT_IN_AN_ID = re.compile(r"[\W_]+")


def to_html(source: str) -> str:
    """CommonMark with tables. Headings carry the ids that `headings` returns."""
    return _markdown.render(source)


def headings(source: str) -> list[tuple[int, str, str]]:
    """(level, text, id) of each heading, in order; the text is plain, not escaped."""
    tokens = _markdown.parse(source)
    return [
        (int(opening.tag[1:]), _plain(inside), str(opening.attrGet("id")))
        for opening, inside in pairwise(tokens)
        if opening.type == "heading_open"
    ]


def _plain(inline: Token) -> str:
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else child.content for child in inline.children or []
    ).strip()


def _name_headings(state: StateCore) -> None:
    """Give each heading an id of its own: "h-" keeps it apart from the ids of the page around it."""
    taken: set[str] = set()
    for opening, inside in pairwise(state.tokens):
        if opening.type != "heading_open":
            continue
        base = name = f"h-{NOT_IN_AN_ID.sub('-', _plain(inside).lower()).strip('-') or 'bagian'}"
        number = 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name)
        opening.attrSet("id", name)


def _mark_links(state: StateCore) -> None:
    for block in state.tokens:
        for token in block.children or []:
            if token.type == "link_open":
                token.attrSet("rel", "noopener")


def _alternative(_self: object, tokens: Sequence[Token], index: int, *_: object) -> str:
    """An image is shown as its words."""
    return escapeHtml(tokens[index].content)


def _build() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.validateLink = lambda url: bool(ALLOWED_LINK.match(url))  # type: ignore[method-assign]
    markdown.core.ruler.push("name_headings", _name_headings)
    markdown.core.ruler.push("mark_links", _mark_links)
    markdown.add_render_rule("image", _alternative)
    return markdown


_markdown = _build()
