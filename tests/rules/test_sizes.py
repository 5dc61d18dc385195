"""Nothing grows past what one person reads at once."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIMITS = [("portal/**/*.py", 300), ("templates/**/*.html", 120), ("tests/**/*.py", 220)]


@pytest.mark.parametrize(("pattern", "most"), LIMITS)
def test_files_stay_short(pattern: str, most: int) -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in ROOT.glob(pattern)}
    long = {str(path.relative_to(ROOT)): lines for path, lines in lengths.items() if lines > most}
    assert not long


def test_nothing_else_stands_at_the_top() -> None:
    """Folders that a newcomer has to understand."""
    folders = {p.name for p in ROOT.iterdir() if p.is_dir() and not p.name.startswith(".")} - {
        "var",
        "__pycache__",
    }
    assert folders == {"portal", "templates", "static", "migrations", "tests"}
