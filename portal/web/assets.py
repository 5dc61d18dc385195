"""The files that pages need: gathered into folders named by their content, kept for ever."""

import hashlib
import os
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

from whitenoise.compress import Compressor

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"


def build() -> Path:
    """The folder of what is the same for every shop: scripts, icons, the font.

    Customers' pages do without htmx, so it is a file of its own.

    It is made beside others of its kind in the temporary folder and renamed into place, so that several
    processes may start at once.
    """
    apart = {STATIC / "app.js", STATIC / "sw.js", *(STATIC / "css").iterdir(), *(STATIC / "vendor").iterdir()}
    files = {
        str(path.relative_to(STATIC)): path.read_bytes()
        for path in sorted(STATIC.rglob("*"))
        if path.is_file() and path not in apart
    }
    files["site.js"] = (STATIC / "app.js").read_bytes()
    files["htmx.js"] = next((STATIC / "vendor").glob("htmx-*.js")).read_bytes()
    return keep(Path(tempfile.gettempdir()) / f"purna-assets-{os.getuid()}", files)


def keep(beside: Path, files: dict[str, bytes]) -> Path:
    """Write the files (by their path) into a folder below `beside` that bears the digest of them all."""
    content = hashlib.sha256()
    for name, data in sorted(files.items()):
        content.update(name.encode() + data)
    folder = beside / content.hexdigest()[:12]
    if not folder.exists():
        _write(folder, files)
    return folder


@cache
def sheet() -> str:
    """All of static/css as one sheet, without comments; it lies one folder below the font."""
    text = "".join(path.read_text() for path in sorted((STATIC / "css").glob("*.css")))
    return re.sub(r"/\*.*?\*/|\n\s*", "", text, flags=re.DOTALL).replace('url("fonts/', 'url("../fonts/')


def _write(folder: Path, files: dict[str, bytes]) -> None:
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent))
    compressor = Compressor(quiet=True)
    for name, data in files.items():
        target = draft / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        if compressor.should_compress(name):
            for _made in compressor.compress(str(target)):
                pass
    draft.chmod(0o755)
    try:
        draft.rename(folder)
    except OSError:  # another process was faster
        shutil.rmtree(draft)
