"""XLSX files: weighed before they are opened, then turned into CSV by a process of their own."""

import os
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

from portal.kernel.errors import Refused
from portal.kernel.text import _

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 600 * 1024 * 1024  # of what is packed in it
MOST_ENTRIES = 2_000
SECONDS = 300
BROKEN = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip
INHERITED = ("PATH", "LANG", "TMPDIR")  # no secret among them


def damaged() -> Refused:
    """What a file is refused with that ends too early or was changed on its way."""
    return Refused(_("The file is damaged and cannot be read to its end. Export it again."))


def convert(path: Path, scratch: Path) -> Path:
    """The CSV that a process of its own made of an XLSX; made once. Raises Refused."""
    target = scratch / "sheet.csv"
    if target.exists():
        return target
    _weigh(path)
    half = scratch / "sheet.half"
    try:
        done = subprocess.run(  # noqa: S603  # ours
            [sys.executable, "-m", "portal.adapters.sheet_worker", path, half],
            cwd=ROOT, env={name: os.environ[name] for name in INHERITED if name in os.environ},
            stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise _too_large() from error
    if done.returncode == 3:
        raise Refused(_("There is no sheet with rows in this file."))
    if done.returncode:
        raise (
            _too_large()
            if done.returncode != 4
            else Refused(
                _("This XLSX file cannot be read. Open it in a spreadsheet, save it as CSV and upload that.")
            )
        )
    half.rename(target)
    return target


def _too_large() -> Refused:
    return Refused(_("This XLSX file is too large to be opened. Save it as CSV and upload that."))


def _weigh(path: Path) -> None:
    """An XLSX is a ZIP, which may claim and hold anything; it is unpacked once to count. Raises Refused."""
    try:
        with zipfile.ZipFile(path) as book:
            entries = book.infolist()
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST:
                raise _too_large()
            left = LARGEST
            for entry in entries:
                with book.open(entry) as part:
                    while chunk := part.read(1 << 20):
                        left -= len(chunk)
                        if left < 0:
                            raise _too_large()
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise damaged() from error
