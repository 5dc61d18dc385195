"""The files that pages need: gathered once into a folder named by their content, kept for ever."""

import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path

from whitenoise.compress import Compressor

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"


def build(brand_css: str) -> tuple[Path, str]:
    """(folder, name): the static files with one style sheet and one script in place of their parts.

    The folder is made beside others of its kind in the temporary folder and renamed into place, so that
    several processes may start at once.
    """
    sheets = "".join(path.read_text() for path in sorted((STATIC / "css").glob("*.css")))
    sheet = re.sub(r"/\*.*?\*/|\n\s*", "", sheets, flags=re.DOTALL) + brand_css
    scripts = [*sorted((STATIC / "vendor").glob("htmx-*.js")), STATIC / "app.js"]
    script = "\n".join(path.read_text() for path in scripts)
    bundled = {*scripts, *(STATIC / "css").iterdir(), *(STATIC / "vendor").iterdir()}
    others = sorted(path for path in STATIC.rglob("*") if path.is_file() and path not in bundled)
    content = hashlib.sha256(sheet.encode() + script.encode())
    for path in others:
        content.update(path.read_bytes())
    name = content.hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"purna-assets-{os.getuid()}" / name
    if not folder.exists():
        _write(folder, sheet, script, others)
    return folder, name


def _write(folder: Path, sheet: str, script: str, others: list[Path]) -> None:
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent))
    (draft / "site.css").write_text(sheet)
    (draft / "site.js").write_text(script)
    for path in others:
        target = draft / path.relative_to(STATIC)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    compressor = Compressor(quiet=True)
    for path in [p for p in draft.rglob("*") if p.is_file() and compressor.should_compress(p.name)]:
        for _made in compressor.compress(str(path)):
            pass
    draft.chmod(0o755)
    try:
        draft.rename(folder)
    except OSError:  # another process was faster
        shutil.rmtree(draft)
