"""A small dataset for tests of gate 1: one of every kind of variable, and files of it."""

import csv
import gzip
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from closed_files import open_file

from das_research.catalog.models import Catalog
from das_research.home import Home

COLUMNS = {
    "nummer": "ZAAKNR",
    "persoon": "PERSOON_NR",
    "dossier": "DOSSIER",
    "volgnummer": "volgnummer",
    "instroom": "INSTROOM_DT",
    "beslisdatum": "beslisdatum",
    "feit": "feit",
    "bedrag": "bedrag",
    "leeftijd": "leeftijd",
    "recidivist": "recidivist",
    "toelichting": "toelichting",
    "naam": "naam",
}
GOOD = {
    "nummer": "99-12345678",
    "persoon": "f 000000001",
    "dossier": "",
    "volgnummer": "1",
    "instroom": "2023-01-05",
    "beslisdatum": "14-03-2023 09:30",
    "feit": "D",
    "bedrag": "12,50",
    "leeftijd": "34",
    "recidivist": "ja",
    "toelichting": "stil",
    "naam": "Jansen",
}


def text(both: str) -> dict[str, str]:
    return {"nl": both, "en": both}


def variables() -> dict[str, dict[str, Any]]:
    dates = {"type": "date", "formats": ("%Y-%m-%d", "%d-%m-%Y %H:%M")}
    kinds: dict[str, dict[str, Any]] = {
        "nummer": {"type": "identifier", "identifier": "zaak"},
        "persoon": {"type": "identifier", "identifier": "persoon"},
        "dossier": {"type": "identifier", "identifier": "dossier"},
        "volgnummer": {"type": "integer"},
        "instroom": dates | {"range": {"min": "2010-01-01", "max": "2024-12-31"}},
        "beslisdatum": dates | {"not_before": "instroom"},
        "feit": {"type": "code", "classification": "feiten"},
        "bedrag": {"type": "decimal", "range": {"min": 0}},
        "leeftijd": {"type": "integer", "range": {"min": 10, "max": 110}},
        "recidivist": {"type": "boolean"},
        "toelichting": {"type": "text"},
        "naam": {"type": "text", "take": False, "identifying": "direct"},
    }
    return {name: {"title": text(name), "column": COLUMNS[name]} | kind for name, kind in kinds.items()}


def catalog(file: Mapping[str, Any] | None = None, **dataset: Any) -> Catalog:
    """The catalogue; `file` changes the layout, the others fields of the dataset `zaken`."""
    zaken = {
        "id": "zaken",
        "title": text("zaken"),
        "partner": "om",
        "row": text("een feit"),
        "file": {"delimiter": ";", "decimal": ",", "missing": ("", "NULL")} | dict(file or {}),
        "case_keys": [["nummer"], ["persoon", "dossier"]],
        "unique": ["nummer", "volgnummer"],
        "moment": ["instroom", "beslisdatum"],
        "variables": variables(),
        "events": [{"event": "instroom", "moment": ["instroom"]}],
    } | dataset
    feiten = {
        "id": "feiten",
        "title": text("feiten"),
        "version": "1",
        "codes": [
            {"code": "diefstal", "label": text("diefstal")},
            {"code": "geweld", "label": text("geweld")},
            {"code": "heling", "label": text("heling"), "valid_to": "2020-12-31"},
        ],
        "correspondences": [{"id": "om", "version": "1", "codes": {"D": "diefstal", "G": "geweld", "H": "heling"}}],
    }
    return Catalog.model_validate(
        {
            "id": "klein",
            "title": text("klein"),
            "host": text("gastheer"),
            "contact": "das@example.nl",
            "licence": "CC BY 4.0",
            "chain": {
                "unit": text("zaken"),
                "identifiers": [
                    {"id": "zaak", "title": text("zaak"), "synthetic": "^99[0-9]{8}$"},
                    {"id": "persoon", "title": text("persoon"), "synthetic": "^F[0-9]{9}$"},
                    {"id": "dossier", "title": text("dossier"), "keep": "0-9"},
                ],
                "events": [{"id": "instroom", "title": text("instroom")}],
                "stages": [
                    {"id": "om", "title": text("om"), "theme": "vervolging", "dataset": "zaken", "enter": "instroom"}
                ],
                "case_attributes": {},
            },
            "datasets": {"zaken": zaken},
            "classifications": {"feiten": feiten},
        }
    )


def rows(*changes: Mapping[str, str]) -> list[dict[str, str]]:
    """Good rows with their own number each, changed as told."""
    return [GOOD | {"volgnummer": str(place)} | dict(change) for place, change in enumerate(changes, 1)]


def table(rows: Iterable[Mapping[str, str]], delimiter: str = ";") -> str:
    lines = [list(COLUMNS.values()), *([row[name] for name in COLUMNS] for row in rows)]
    out: list[str] = []
    writer = csv.writer(_Lines(out), delimiter=delimiter, lineterminator="\n")
    writer.writerows(lines)
    return "".join(out)


def write(path: Path, rows: Iterable[Mapping[str, str]], encoding: str = "utf-8") -> Path:
    """A file of the dataset; gzipped when its name says so."""
    content = table(rows).encode(encoding)
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
    return path


def stored(home: Home, delivery: str, name: str = "accepted") -> list[dict[str, Any]]:
    return open_file(home, home.deliveries / delivery / f"{name}.parquet").to_pylist()


def listing(root: Path) -> dict[str, str]:
    """Every folder and file under a root, with permissions and content."""
    found = {}
    for path in sorted(root.rglob("*")) if root.exists() else []:
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        found[str(path.relative_to(root))] = f"{path.stat().st_mode:o} {content}"
    return found


class _Lines:
    def __init__(self, out: list[str]) -> None:
        self.write = out.append
