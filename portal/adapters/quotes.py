"""What somebody wrote in a letter, without what they quoted and without their signature.

Reads Indonesian and English mail programs; each line is looked at once, so a letter made to be slow is not.
"""

import re
from html.parser import HTMLParser

MARK = "##"  # our own letters begin with a line between two of these: whatever follows it is quoted
_MARKED = re.compile(r"^[\s>*]*##.{3,120}##[\s*]*$")
_QUOTED = re.compile(r"^\s*>")
_WROTE = re.compile(
    r"^\s*\*?(Pada |Op |On |Tanggal |Am |Le |El )?.{0,300}\b(menulis|wrote|schreef|schrieb|escribió|a écrit)"
    r"\s?:\*?\s*$"
)
_WROTE_BEGIN = re.compile(r"^\s*(Pada|On|Tanggal)\s.{0,200}\d")
_HEADER = re.compile(
    r"^\s*[>*]*\s*(From|Dari|Sent|Dikirim|To|Kepada|Date|Tanggal|Subject|Subjek|Perihal)\s?:\*?\s"
)
_RULE = re.compile(
    r"^\s*[-_]{2,}\s*(Original Message|Pesan [Aa]sli|Forwarded message|Pesan terusan)\s*[-_]{2,}\s*$"
    r"|^_{20,}\s*$"
)
_SIGNED = re.compile(
    r"^\s*(-- ?|(Dikirim dari|Sent from|Terkirim dari|Get Outlook for|Dapatkan Outlook untuk) .{0,80})$"
)
_SKIPPED = {"style", "script", "head", "title", "blockquote", "template"}
_QUOTES = {"gmail_quote", "gmail_quote_container", "yahoo_quoted", "protonmail_quote", "moz-cite-prefix"}
_AFTER = {"appendonsend", "divRplyFwdMsg", "mail-editor-reference-message-container"}
_BLOCKS = {"p", "div", "br", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "hr"}
_VOID = {"br", "hr", "img", "meta", "link", "input", "area", "col", "wbr"}
MOST_SIGNS = 400_000


def answer(text: str) -> str:
    """The new words of an answer, in the order they stand; what is answered between quotes stays."""
    kept: list[str] = []
    lines = text[:MOST_SIGNS].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for n, line in enumerate(lines):
        if _ends(line, lines[n + 1] if n + 1 < len(lines) else ""):
            break
        if not _QUOTED.match(line):
            kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _ends(line: str, following: str) -> bool:
    """Whether nothing new comes from this line on."""
    if _MARKED.match(line) or _RULE.match(line) or _SIGNED.match(line) or _WROTE.match(line):
        return True
    if _HEADER.match(line) and _HEADER.match(following):
        return True
    # a mail program that breaks "On … <address>\nwrote:" in two
    return bool(_WROTE_BEGIN.match(line) and _WROTE.match(following))


def plain(html: str) -> str:
    """The text of an HTML letter, without what mail programs mark as quoted."""
    reader = _Reader()
    reader.feed(html[: MOST_SIGNS * 4])
    reader.close()
    text = re.sub(r"[ \t\xa0]+", " ", "".join(reader.said))
    return re.sub(r" ?\n ?", "\n", text).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._skipped: list[str] = []  # open elements, from one whose content does not count
        self._over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self._over = self._over or named.get("id") in _AFTER
        quoted = tag in _SKIPPED or bool(_QUOTES & set((named.get("class") or "").split()))
        if (self._skipped or quoted) and tag not in _VOID:
            self._skipped.append(tag)
        elif tag in _BLOCKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            if tag in self._skipped:  # whatever was left open inside ends with it
                del self._skipped[len(self._skipped) - 1 - self._skipped[::-1].index(tag) :]
        elif tag in _BLOCKS:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._skipped and not self._over:
            self.said.append(re.sub(r"\s+", " ", data))
