"""A project whose three links of persons differ: rows of a register, through a real snapshot, extract and opening.

A row is (case, strict person, kind, amount, year). Which strict persons are one by the standard link, and which
standard ones by the loose link, is given as two mappings; a person without a case is nobody.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import access_world
import pyarrow as pa
from closed_files import open_file, write_closed

from das_research.access.extract import extract
from das_research.access.opening import open_project
from das_research.access.project import Project
from das_research.catalog.models import Catalog, Classification, Code, Disclosure, Figure
from das_research.home import Home

Row = tuple[int, int, str, int, int]
KEYS = {"strict": "person_id_strict", "standard": "person_id", "loose": "person_id_loose"}


def figure(id: str, **fields: object) -> Figure:
    """A key figure over `zaken`."""
    texts = dict.fromkeys(("title", "definition", "unit", "phrase", "source"), id)
    known = {"id": id, "version": "1", "theme": "vervolging", "numerator": "persoon", "monitor": "kerncijfers", **texts}
    return Figure.model_validate(known | fields)


FIGURES = {
    "personen": figure(
        "personen", by=["delict"], count={"table": "zaken", "what": "persons", "moment": "moment"}, numerator="persoon"
    ),
    "aantal-zaken": figure("aantal-zaken", count={"table": "zaken", "what": "rows", "moment": "moment"}),
}
FIGURES |= {
    id: Figure.model_validate({"id": id, "title": id, "version": "1", "definition": id, "unit": "zaken"})
    for id in ("stroom", "conversie", "doorlooptijd", "leveringen")
}


def catalog(minimum: int = 10) -> Catalog:
    """The small catalogue of gate 2, with key figures, and a grant that gives the persons of `zaken`."""
    given = {
        "persons": {"columns": ["person_id", "geboortejaar"]},
        "cases": {"columns": ["case_id", "person_id", "delict"]},
        "events": {"columns": ["case_id", "person_id", "event", "outcome", "moment"]},
        "zaken": {"columns": ["case_id", "person_id", "delict", "bedrag", "moment"]},
    }
    made = access_world.a_catalog(tables=given)
    kinds = Classification(
        id="delicten", title="delicten", version="1", codes=tuple(Code(code=it, label=it) for it in ("wv", "gw"))
    )
    return made.model_copy(
        update={
            "figures": FIGURES,
            "classifications": {"delicten": kinds},
            "disclosure": Disclosure(minimum=minimum),
        }
    )


def keys_of(strict: int, standard: Mapping[int, int], loose: Mapping[int, int]) -> dict[str, int]:
    """The three keys of a strict person."""
    return {
        "person_id": standard[strict],
        "person_id_strict": strict,
        "person_id_loose": loose[standard[strict]],
    }


@contextmanager
def opened(
    folder: Path, rows: Sequence[Row], standard: Mapping[int, int], loose: Mapping[int, int], minimum: int = 10
) -> Iterator[Project]:
    """The project, as anna opens it."""
    home = Home(folder / "das")
    access_world.write_snapshot(home)
    [snapshot] = [path.parent for path in home.snapshots.glob("*/snapshot.json")]
    _write(home, snapshot, rows, standard, loose)
    of = catalog(minimum)
    extract(of, home, "proef", "anna", access_world.TODAY)
    with open_project("proef", home=home, catalog=of, account="anna", today=access_world.TODAY) as project:
        yield project


def _write(
    home: Home, snapshot: Path, rows: Sequence[Row], standard: Mapping[int, int], loose: Mapping[int, int]
) -> None:
    told = [
        {"row": place, "case_id": case, "delict": kind, "bedrag": amount, "moment": date(year, 5, 1)}
        | keys_of(strict, standard, loose)
        for place, (case, strict, kind, amount, year) in enumerate(rows, start=1)
    ]
    first = {row["case_id"]: row for row in reversed(told)}
    events = [row | {"event": "ingestroomd", "stage": "vervolging"} for row in told]
    groups: dict[tuple[int, ...], dict[str, int]] = {}
    for key in KEYS.values():
        for person in {row[key] for row in told}:
            members = tuple(row["row"] for row in told if row[key] == person)
            groups.setdefault(members, {"geboortejaar": 1980})[key] = person
    for name, found in {
        "zaken": told,
        "cases": list(first.values()),
        "events": events,
        "persons": list(groups.values()),
    }.items():
        path = snapshot / f"{name}.parquet"
        schema = open_file(home, path).schema
        start = {"delivery": access_world.FROM_OM} if "delivery" in schema.names else {}
        full = [{column: (start | row).get(column) for column in schema.names} for row in found]
        write_closed(home, path, pa.Table.from_pylist(full, schema=schema))
