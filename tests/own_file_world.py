"""The five cases, and a project of anna's that brings a list of four persons, of whom the chain knows three.

F1 and F3 have a case at the prosecution service, whose data the project may have. F2 is known to the police alone,
whose data it may not have. F9 is known to nobody. F4 has a case at the prosecution service and isn't on the list.
"""

import atexit
import hashlib
import hmac
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import access_world
import warehouse_world as world
from closed_files import key_name, open_file

from das_research.access.extract import extract
from das_research.catalog.models import Catalog
from das_research.custody.own_files import deliver_own_file
from das_research.engines import open_extract
from das_research.home import Home
from das_research.intake.delivery import Delivery
from das_research.keys.data import data_keys

TODAY = date(2026, 3, 1)
LIST = """\
nummer;naam;groep;instap;leeftijd
f1;Aaltje;A;1999-09-01;31
F2;Wopke;B;1999-09-02;32
F3;Nienke;A;1999-09-03;33
F9;Sjoukje;B;1999-09-09;39
"""
NAMES = (b"Aaltje", b"Wopke", b"Nienke", b"Sjoukje")
COLUMNS = ("person_id", "groep", "instap", "leeftijd")


def own_file(**changes: Any) -> dict[str, Any]:
    """The own file `lijst` as a grant has it."""
    variable = {"identifying": "quasi"}
    return {
        "title": {"nl": "Lijst", "en": "List"},
        "row": "iemand",
        "controller": "Instituut",
        "contact": "instituut@example.nl",
        "legal_basis": "toestemming",
        "consent": "ingestemd",
        "reidentification": "de lijst ligt elders",
        "keep_until": "2026-06-30",
        "file": {"delimiter": ";"},
        "person_keys": [["nummer"]],
        "unique": ["nummer"],
        "moment": ["instap"],
        "variables": {
            "nummer": {"title": "nummer", "type": "identifier", "identifier": "persoon", "identifying": "direct"},
            "naam": {"title": "naam", "type": "text", "take": False, "identifying": "direct"},
            "groep": {"title": "groep", "type": "code", "classification": "groepen"} | variable,
            "instap": world.DATE | variable,
            "leeftijd": {"title": "leeftijd", "type": "integer", "range": {"min": 18, "max": 99}} | variable,
        },
        "classifications": {
            "groepen": {"title": "groepen", "codes": [{"code": code, "label": f"groep {code}"} for code in "AB"]}
        },
    } | changes


def a_catalog(**changes: Any) -> Catalog:
    """The catalogue; changes replace fields of its grant `proef`. The grant `ander` has the same data and no list."""
    content = world.CATALOG | {"hash": "c" * 64}
    grants = access_world.a_catalog().grants
    shared = grants["proef"].model_dump(mode="json") | {
        "agreements": ["levering-om"],
        "permissions": [access_world.permission("om")],
        "tables": {"zaken": {"columns": ["case_id", "person_id", "moment"]}},
    }
    mine = shared | {
        "own_files": {"lijst": own_file()},
        "tables": shared["tables"] | {"lijst": {"columns": list(COLUMNS)}},
    }
    partners = access_world.a_catalog().partners
    return Catalog.model_validate(
        content
        | {
            "partners": {name: it.model_dump(mode="json") for name, it in partners.items()},
            "agreements": {
                f"levering-{partner}": agreement(partner, dataset)
                for partner, dataset in (("om", "zaken"), ("politie", "meldingen"))
            },
            "grants": {"proef": mine | changes, "ander": shared | {"id": "ander"}},
        }
    )


def agreement(partner: str, dataset: str) -> dict[str, Any]:
    """An agreement that gives its dataset beside a list of persons."""
    known = access_world.a_catalog().agreements["levering-om"].model_dump(mode="json")
    return known | {"id": f"levering-{partner}", "partner": partner, "datasets": [dataset], "own_files": [dataset]}


def bring(home: Home, text: str = LIST, catalog: Catalog | None = None, today: date = TODAY) -> Delivery:
    """Deliver a list, whose file is taken away afterwards."""
    path = home.root.parent / "lijst.csv"
    path.write_text(text, encoding="utf-8")
    try:
        return deliver_own_file(catalog or a_catalog(), home, "lijst", path, "steward", today)
    finally:
        path.unlink()


@cache
def _listed() -> Path:
    root = Path(tempfile.mkdtemp(prefix="own-file-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    bring(world.built_home(root))
    return root / "home"


@cache
def _extracted() -> Path:
    root = Path(tempfile.mkdtemp(prefix="own-file-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    home = listed_home(root)
    for project in ("proef", "ander"):
        extract(a_catalog(), home, project, "anna", TODAY)
    return home.root


def listed_home(folder: Path) -> Home:
    """The five cases, built, and the list delivered."""
    shutil.copytree(_listed(), folder / "home")
    return Home(folder / "home")


def extracted_home(folder: Path) -> Home:
    """The same, extracted; and the project without a list too."""
    shutil.copytree(_extracted(), folder / "home")
    return Home(folder / "home")


def rows_in(home: Home, table: str, project: str = "proef") -> list[dict[str, Any]]:
    """A table of the current extract."""
    engine = access_world.opened_extract(home, project)
    found = engine.table(table).to_pyarrow().to_pylist()
    engine.disconnect()
    return found


def linked(home: Home) -> dict[int, bool]:
    """Age, by which these four can be told apart, to whether the extract tells the person."""
    return {row["leeftijd"]: row["linked"] for row in rows_in(home, "lijst")}


def persons_of(home: Home, project: str = "proef", table: str = "lijst") -> set[str]:
    """The persons on the list of whom the extract tells more."""
    return {row["person_id"] for row in rows_in(home, table, project) if row["linked"]}


def pseudonym(home: Home, number: str) -> bytes:
    """Of a person's number under the first key, by Python's own library."""
    key = (home.keys / "identifier-persoon.key").read_bytes()
    return hmac.new(key, number.encode(), hashlib.sha256).hexdigest().encode()


def everything(home: Home, below: Path | None = None) -> dict[str, bytes]:
    """Every file's bytes; of each that is packed or encrypted and opens also what it holds, values as text."""
    found = {}
    for path in sorted((below or home.root).rglob("*")):
        if path.is_file():
            found[str(path.relative_to(home.root))] = path.read_bytes() + "\n".join(_values(home, path)).encode()
    return found


def where(home: Home, *sought: bytes, below: Path | None = None) -> list[str]:
    """The files that hold one of these."""
    return [name for name, content in everything(home, below).items() if any(it in content for it in sought)]


def _values(home: Home, path: Path) -> Iterator[str]:
    tables = []
    if path.suffix == ".parquet":
        sender = next((it for it in home.senders() if path.is_relative_to(it.deliveries)), home)
        name = key_name(sender, path)
        tables = [open_file(sender, path)] if name is None or data_keys(home).has(name) else []
    elif path.suffix == ".duckdb":
        engine = open_extract(path, data_keys(home).get(f"extract-{path.parent.name}"))
        tables = [engine.table(name).to_pyarrow() for name in engine.list_tables()]
        engine.disconnect()
    for row in (row for table in tables for row in table.to_pylist()):
        yield from (str(row), *map(str, row.values()))
