"""The house itself: data go one way, so a room imports only rooms above it; a chain is known by its catalogue alone."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import das_research

PACKAGE = Path(das_research.__file__).parent
ROOMS = (
    *("errors", "home", "catalog", "conditions", "counting", "style", "presentation", "result", "handover", "keys"),
    *("audit_facts", "audit_head", "audit", "processing_log", "changes", "engines", "hashing", "sensitivity"),
    "tabulation",
    *("synthetic", "intake", "linkage", "warehouse", "disclosure", "access", "custody", "chain", "figures"),
    *("monitors", "publish", "oversight"),
    *("commands", "cli"),
)
PUBLISH_MAY_IMPORT = (
    *("errors", "home", "catalog", "style", "presentation", "result", "handover", "audit_facts", "audit", "publish"),
)
WITH_MICRODATA = (
    "keys",
    "changes",
    "engines",
    "synthetic",
    "intake",
    "linkage",
    "warehouse",
    "access",
    "custody",
    "chain",
    "figures",
    "monitors",
)
OPENS_NO_DATA = ("das_research.keys.files", "das_research.keys.sealing")  # the key that seals the audit log
READER_OF_RELEASES = "das_research.disclosure.releases"
FOREIGN_WORDS = ("cook", "chicago", "illinois")


def modules() -> dict[str, Path]:
    """Dotted name of every module of the package to its file."""
    names = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return names


def room_of(module: str) -> str:
    """The room a module stands in; the package itself, its public surface, is none."""
    return module.partition(".")[2].partition(".")[0]


def imports_of(source: str, module: str, known: set[str]) -> Iterator[str]:
    """The modules of the package that a source imports, in functions too; `from room import module` is that module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            # the bare package is no room: it is there already, and gives its own folder
            yield from (alias.name for alias in node.names if alias.name in known and "." in alias.name)
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports by dots; write the whole name"
            if node.module in known:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
                yield from (name if name in known else node.module for name in names)


@cache
def edges() -> tuple[tuple[str, str], ...]:
    """Every import between modules of the package."""
    known = modules()
    return tuple(
        (module, imported)
        for module, path in known.items()
        for imported in imports_of(path.read_text(encoding="utf-8"), module, set(known))
    )


def circle_in(graph: dict[str, set[str]]) -> list[str] | None:
    """Some circle of imports; None when there is none."""
    done: set[str] = set()

    def visit(module: str, path: list[str]) -> list[str] | None:
        if module in path:
            return [*path[path.index(module) :], module]
        if module in done:
            return None
        circles = (visit(imported, [*path, module]) for imported in sorted(graph.get(module, ())))
        found = next((circle for circle in circles if circle), None)
        done.add(module)
        return found

    return next((circle for circle in (visit(module, []) for module in sorted(graph)) if circle), None)


def test_every_module_stands_in_a_room():
    strangers = [module for module in modules() if room_of(module) and room_of(module) not in ROOMS]
    assert strangers == []


def test_every_room_stands_and_is_drawn_for_contributors():
    assert {room_of(module) for module in modules()} == {*ROOMS, ""}
    text = (PACKAGE.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    drawing = text.partition("## The house")[2].split("```")[1].strip()
    drawn = [re.split(r"\s{2,}", line)[0].replace("/", "").split(", ") for line in drawing.splitlines()]
    assert [room for rooms in drawn for room in rooms] == list(ROOMS)


def test_a_room_imports_only_rooms_above_it():
    upward = [
        f"{module} imports {imported}"
        for module, imported in edges()
        if room_of(module) and (not room_of(imported) or ROOMS.index(room_of(imported)) > ROOMS.index(room_of(module)))
    ]
    assert upward == []


def test_the_publication_zone_imports_what_is_released_only():
    reached = [
        f"{module} imports {imported}"
        for module, imported in edges()
        if room_of(module) == "publish"
        and room_of(imported) not in PUBLISH_MAY_IMPORT
        and imported != READER_OF_RELEASES
    ]
    assert reached == []


def test_the_publication_zone_reaches_no_microdata_by_a_detour():
    reached = {module for module in modules() if room_of(module) == "publish"}
    while more := {imported for module, imported in edges() if module in reached} - reached:
        reached |= more
    assert sorted(it for it in reached if room_of(it) in WITH_MICRODATA and it not in OPENS_NO_DATA) == []


def test_there_is_no_circle_of_imports():
    graph: dict[str, set[str]] = {}
    for module, imported in edges():
        if module != imported:
            graph.setdefault(module, set()).add(imported)
    assert circle_in(graph) is None


def test_no_file_knows_a_chain_of_another_country():
    found = [
        f"{path.relative_to(PACKAGE)} says '{word}'"
        for path in sorted(PACKAGE.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
        for word in FOREIGN_WORDS
        if word in path.name.casefold() or word.encode() in path.read_bytes().lower()
    ]
    assert found == []


@pytest.mark.parametrize(
    ("graph", "circle"),
    [
        ({"a": {"b"}, "b": {"c"}}, None),
        ({"a": {"b"}, "b": {"c"}, "c": {"b"}}, ["b", "c", "b"]),
        ({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}}, None),
    ],
)
def test_a_circle_is_found(graph, circle):
    assert circle_in(graph) == circle


def test_imports_are_found_wherever_they_stand():
    source = """
import das_research
import das_research.b
def function():
    from das_research import c
    from das_research.d import thing
"""
    known = {"das_research", "das_research.b", "das_research.c", "das_research.d"}
    assert sorted(imports_of(source, "das_research.a", known)) == ["das_research.b", "das_research.c", "das_research.d"]
