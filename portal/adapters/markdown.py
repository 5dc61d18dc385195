"""Staff's Markdown to HTML that is safe to print: no raw HTML, no odd links, no pictures but our drawings."""

import re
from collections.abc import Callable, MutableMapping, Sequence
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

ALLOWED_LINK = re.compile(r"(?:https?://|mailto:|tel:|drawing:)", re.IGNORECASE)
DRAWING = "drawing:"
NOT_IN_AN_ID = re.compile(r"[\W_]+")


Draw = Callable[[str], tuple[str, str]]  # name -> (address, what it shows); KeyError for an unknown name


def none(name: str) -> tuple[str, str]:
    """Draws nothing."""
    raise KeyError(name)


def to_html(source: str, draw: Draw = none) -> str:
    """CommonMark with tables. Headings carry the ids that `headings` returns.

    `![caption](drawing:unplug)` shows what `draw` gives for "unplug" above its caption; a paragraph of
    drawings alone has the class "strip". Any other image is shown as its words.
    """
    return _markdown.render(source, {"draw": draw})


def drawings(source: str) -> list[str]:
    """The names of the drawings that the text asks for."""
    return [
        name
        for block in _markdown.parse(source)
        for token in block.children or []
        if (name := _drawing(token))
    ]


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
                if str(token.attrGet("href")).lower().startswith(DRAWING):  # a drawing is no address
                    token.attrSet("href", "#")


def _mark_strips(state: StateCore) -> None:
    """Give a paragraph that holds nothing but drawings a class of its own."""
    for opening, inside in pairwise(state.tokens):
        children = inside.children or []
        if (
            opening.type == "paragraph_open"
            and any(map(_drawing, children))
            and all(_drawing(token) or not token.content.strip() for token in children)
        ):
            opening.attrSet("class", "strip")


def _drawing(token: Token) -> str:
    """The name of the drawing that an image is, "" for anything else."""
    source = str(token.attrGet("src") or "")
    return source.removeprefix(DRAWING) if token.type == "image" and source.startswith(DRAWING) else ""


def _image(
    _self: object, tokens: Sequence[Token], index: int, _options: object, env: MutableMapping[str, Any]
) -> str:
    words = escapeHtml(tokens[index].content)
    try:
        address, shows = env["draw"](_drawing(tokens[index]))
    except KeyError:
        return words
    caption = f'<span class="caption">{words}</span>' if words else ""
    return f'<span class="drawing"><img src="{address}" alt="{escapeHtml(shows)}">{caption}</span>'


def _build() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.validateLink = lambda url: bool(ALLOWED_LINK.match(url))  # type: ignore[method-assign]
    markdown.core.ruler.push("name_headings", _name_headings)
    markdown.core.ruler.push("mark_links", _mark_links)
    markdown.core.ruler.push("mark_strips", _mark_strips)
    markdown.add_render_rule("image", _image)
    return markdown


_markdown = _build()
