"""Who may import whom, and who commits: the rules of ARCHITECTURE.md, read from the source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "portal").rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text()) for name, path in SOURCES.items()}

# Low to high; a tier imports itself and lower ones.
TIERS = (
    ("portal.kernel", "portal.settings"), ("portal.db",), ("portal.domain",), ("portal.adapters",),
    ("portal.web", "portal.jobs", "portal.letters", "portal.imports", "portal.mailroom", "portal.roads",
     "portal.cli", "portal.demo"),
)  # fmt: skip
LADDER = (
    "news", "links", "outbox", "accounts", "shop", "catalog", "suppliers", "purchases", "units", "files",
    "intake", "shipments", "workflows", "cases", "claims", "requests", "returns", "damage", "parts",
    "repairs", "estimates", "costs", "guidance", "mailbox", "desk", "telling", "reactions", "registry",
)  # fmt: skip
AREAS = ("portal.web.customer", "portal.web.staff", "portal.web.api")
COMMITS = (
    "portal.web.transaction", "portal.web.uploads", "portal.jobs", "portal.imports", "portal.mailroom",
    "portal.roads", "portal.cli", "portal.demo",
)  # fmt: skip
WEB_LIBRARIES = (
    "flask",
    "flask_babel",
    "flask_login",
    "flask_wtf",
    "flask_migrate",
    "werkzeug",
    "wtforms",
)


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def imported(name: str) -> Iterator[str]:
    """The modules that a module imports, ours as full names of modules."""
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            base = node.module or ""
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if inner in SOURCES else base


def tier(name: str) -> int:
    return next(n for n, packages in enumerate(TIERS) if within(name, *packages))


def rung(name: str) -> int | None:
    return LADDER.index(name.split(".")[2]) if name.startswith("portal.domain.") else None


OURS = [name for name in SOURCES if name not in ("portal", "portal.domain")]
EDGES = [(a, b) for a in OURS for b in imported(a) if within(b, "portal") and b in OURS]


def test_tiers_import_downward() -> None:
    assert not [(a, b) for a, b in EDGES if tier(b) > tier(a)]


def test_the_kernel_imports_nothing_of_ours() -> None:
    assert not [(a, b) for a, b in EDGES if within(a, "portal.kernel") and not within(b, "portal.kernel")]


def test_slices_import_lower_rungs() -> None:
    wrong = []
    for a, b in EDGES:
        here, there = rung(a), rung(b)
        if here is not None and there is not None and there > here:
            wrong.append((a, b))
    assert not wrong


def test_every_slice_is_on_the_ladder() -> None:
    found = {name.split(".")[2] for name in OURS if name.startswith("portal.domain.")}
    assert found == set(LADDER)


def test_rules_and_facts_know_no_database() -> None:
    pure = [
        n
        for n in OURS
        if within(n, "portal.domain") and n.endswith((".rules", ".facts", ".coverage", ".engine"))
    ]
    assert not [(a, b) for a in pure for b in imported(a) if within(b, "portal.db", "sqlalchemy")]


def test_no_web_library_below_the_web() -> None:
    below = [name for name in OURS if tier(name) < len(TIERS) - 1]
    assert not [(a, b) for a in below for b in imported(a) if within(b, *WEB_LIBRARIES)]


def test_the_areas_of_the_web_do_not_know_each_other() -> None:
    def area(name: str) -> str | None:
        return next((a for a in AREAS if within(name, a)), None)

    assert not [(a, b) for a, b in EDGES if area(a) and area(b) and area(a) != area(b)]


def test_models_do_not_look_up() -> None:
    """`back_populates` only joins what lies in one module."""
    crossing = []
    for name in OURS:
        tree = TREES[name]
        classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.AnnAssign)
                and node.value is not None
                and "back_populates" in ast.dump(node.value)
            ):
                named = {n.id for n in ast.walk(node.annotation) if isinstance(n, ast.Name)}
                named |= {str(n.value) for n in ast.walk(node.annotation) if isinstance(n, ast.Constant)}
                if not named & classes:
                    crossing.append((name, ast.unparse(node.target)))
    assert not crossing


@pytest.mark.parametrize("name", SOURCES)
def test_no_import_inside_a_function(name: str) -> None:
    functions = [
        n for n in ast.walk(TREES[name]) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    ]
    inside = [
        ast.unparse(n) for f in functions for n in ast.walk(f) if isinstance(n, ast.Import | ast.ImportFrom)
    ]
    assert not inside


def test_no_module_is_in_an_import_cycle() -> None:
    after: dict[str, set[str]] = {name: {b for a, b in EDGES if a == name} for name in OURS}
    while free := {name for name, needs in after.items() if not needs & after.keys()}:
        for name in free:
            del after[name]
    assert not after


def test_few_may_commit() -> None:
    def commits(name: str) -> bool:
        calls = [n.func for n in ast.walk(TREES[name]) if isinstance(n, ast.Call)]
        return any(isinstance(call, ast.Attribute) and call.attr == "commit" for call in calls)

    assert not [name for name in SOURCES if commits(name) and not within(name, *COMMITS)]


def test_package_files_are_empty() -> None:
    assert not [name for name, path in SOURCES.items() if path.name == "__init__.py" and path.read_text()]


@pytest.mark.parametrize("name", [n for n, path in SOURCES.items() if path.name != "__init__.py"])
def test_a_module_says_first_what_it_is_for(name: str) -> None:
    said = ast.get_docstring(TREES[name])
    assert said and said.splitlines()[0].rstrip().endswith((".", ":", "?")), f"{name}: {said}"
