"""Help texts in the reader's words: kinds, what they are about, where they lead."""

from portal.domain.guidance.rules import About, ArticleKind, End
from portal.kernel.text import Message, _
from portal.web.catalog_words import SECTORS

KINDS: dict[str, Message] = {
    ArticleKind.GUIDE: _("Guide"),
    ArticleKind.ISSUE: _("Known issue"),
    ArticleKind.NOTICE: _("Notice"),
    "care": _("Care guide"),
    "tree": _("Step by step"),
}
ICONS: dict[str, str] = {
    ArticleKind.GUIDE: "book-open",
    ArticleKind.ISSUE: "alert-triangle",
    ArticleKind.NOTICE: "info",
    "care": "sparkles",
    "tree": "list",
}
ABOUT: dict[str, Message] = {
    About.EVERYTHING: _("Everything"),
    About.SECTOR: _("A sector"),
    About.CATEGORY: _("A category"),
    About.PRODUCT: _("One product"),
}
# The last page of a walk: heading, what to do, its icon and tone.
ENDINGS: dict[str, tuple[Message, Message, str, str]] = {
    End.SOLVED: (
        _("That should have done it"),
        _("Glad it works again. Nothing was sent to the shop."), "circle-check", "good",
    ),
    End.ASK: (
        _("The shop can help from here"),
        _("Send a question; what you tried goes with it, so nobody asks again."), "message-circle", "moving",
    ),
    End.CLAIM: (
        _("This needs a repair"),
        _("Start a claim; what you tried goes with it, so nobody asks again."), "wrench", "waiting",
    ),
    End.STOP: (
        _("Stop using it now"),
        _("Switch it off, pull the plug, and keep others away from it. Then tell the shop."),
        "alert-triangle", "bad",
    ),
}  # fmt: skip


def subject(product: str | None, value: str) -> Message | str:
    """What a text is about: a product, a category, a sector, or everything."""
    return product or SECTORS.get(value, value) or ABOUT[About.EVERYTHING]
