"""The process that makes PDFs: reads requests on stdin, answers on stdout, reaches no network and no file.

A request is a length (4 bytes, big-endian) and JSON: {"html", "stylesheets", "title", "language",
"roll", "seconds"}. An answer is a length and a PDF, or a length of 0 and a length and what went wrong.
Only adapters/pdf.py starts it, and nothing else imports it: WeasyPrint takes a third of a second to load.
"""

import base64
import json
import os
import resource
import signal
import struct
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

FONTS = Path(__file__).parent / "fonts"
WEIGHTS = (400, 600, 800)  # a file each: to cut a weight out of the variable font takes half of a render
MEMORY = 2 << 30  # bytes of address space; a document that wants more fails alone
IMAGES_KEPT = 30  # drawings and logos come again, QR codes never
NOWHERE = "closed:///"  # what a relative address is relative to: none is read
END = "end"  # the id of the empty last element of a document for a paper roll

_fonts = FontConfiguration()
_images: dict[str, Any] = {}
_closed = URLFetcher(allowed_protocols=["data"])


@lru_cache(maxsize=32)
def _stylesheet(text: str) -> CSS:
    return CSS(string=text, font_config=_fonts, url_fetcher=_closed)


def font_faces() -> str:
    """The CSS that brings our font."""
    return "".join(map(_font_face, WEIGHTS))


def _font_face(weight: int) -> str:
    data = base64.b64encode((FONTS / f"plus-jakarta-sans-{weight}.woff2").read_bytes()).decode()
    source = f"src:url(data:font/woff2;base64,{data})"
    return f"@font-face{{font-family:'Plus Jakarta Sans';font-weight:{weight};{source}}}"


def make(request: dict[str, Any]) -> bytes:
    """PDF/UA-1 bytes; the same request gives the same bytes."""
    if len(_images) > IMAGES_KEPT:
        _images.clear()
    document = HTML(string=request["html"], base_url=NOWHERE, url_fetcher=_closed).render(
        font_config=_fonts,
        stylesheets=[_stylesheet(text) for text in request["stylesheets"]],
        cache=_images,
        pdf_tags=True,
    )
    if request["roll"]:
        last = document.pages[-1]
        last.height = last.anchors[END][1]
    document.metadata.title = request["title"] or document.metadata.title
    document.metadata.lang = request["language"] or document.metadata.lang
    pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return pdf


def _serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the other side hangs up."""
    while head := requests.read(4):
        request = json.loads(requests.read(struct.unpack(">I", head)[0]))
        signal.alarm(request["seconds"])  # ends this process, also when nobody is left to do it
        try:
            frames = [make(request)]
        except Exception as error:
            frames = [b"", f"{type(error).__name__}: {error}".encode()]
        signal.alarm(0)
        for frame in frames:
            answers.write(struct.pack(">I", len(frame)) + frame)
        answers.flush()


def main() -> None:
    os.environ["SOURCE_DATE_EPOCH"] = "0"  # or embedded fonts carry the time of day
    os.nice(10)  # web pages first
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    _stylesheet(font_faces())
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not mix with the answers
    _serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
