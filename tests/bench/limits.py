"""What was promised, held against what was measured."""

_broken: list[str] = []


def check(name: str, figure: float, limit: float, *, least: bool = False) -> None:
    """Print a figure with its limit, and remember it when it is past it. `least`: more is better."""
    kept = figure >= limit if least else figure <= limit
    print(
        f"  {name:42}{figure:9.2f}   {'at least' if least else 'at most'} {limit:g}{'' if kept else '   ← BROKEN'}"
    )
    if not kept:
        _broken.append(name)


def broken() -> list[str]:
    return _broken
