"""The demo's own files: what its author wrote, read once."""

import tomllib
from pathlib import Path
from random import Random
from typing import Any

FOLDER = Path(__file__).parent / "data"
PASSWORD = "kopi-lapis-pandan"  # noqa: S105  # nosec B105  # printed by `make demo`, for everybody who tries it


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text())


def guide(sku: str, language: str) -> str:
    return (FOLDER / "guides" / f"{sku}.{language}.md").read_text()


def chance(part: str) -> Random:
    """A source of its own for each part of the demo: what one draws does not shift what another gets."""
    return Random(f"2026 {part}")  # noqa: S311  # nosec B311  # the same demo each time is the point
