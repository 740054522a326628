"""A small world for the tests of gate 2: a catalogue, a snapshot of a few rows, and markers that no extract may hold.

Partner OM delivers ``zaken``, the police ``zaken-extra`` (whose name starts like the other's) and the court
``vonnissen``. The grant ``proef`` rests on the agreement with OM alone; ``ander`` on those with OM and the police.
"""

import atexit
import base64
import hashlib
import hmac
import json
import shutil
import tempfile
from collections.abc import Collection
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from closed_files import write_closed
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC
from ibis.backends.duckdb import Backend

from das_research.access.extract import extract
from das_research.catalog.models import PURPOSES, Catalog
from das_research.engines import open_extract
from das_research.home import Home

TODAY = date(2026, 3, 1)
SNAPSHOT = "snap-0123456789ab"
FROM_OM = "zaken-0123456789ab"
FROM_POLICE = "zaken-extra-0123456789ab"
FROM_COURT = "vonnissen-0123456789ab"

# What stands in the snapshot and may stand in no extract of the grant `proef`:
NOT_GRANTED = "MERKTEKEN-KOLOM"  # a column that the grant does not name
DIRECT = "MERKTEKEN-NAAM"  # a direct identifier, though the grant names it
OUTSIDE_RULE = 987654321987  # in a row that the grant's condition leaves out
OTHER_DATASET = "MERKTEKEN-POLITIE"  # in a dataset of no agreement of the grant, though the grant names it
OTHER_EVENT = "MERKTEKEN-GEBEURTENIS"  # an outcome told by that dataset
OTHER_ATTRIBUTE = "MERKTEKEN-HERKOMST"  # an attribute that comes from it

# A file that the granted tables come to, as (surrogates, values); pseudonyms are put in by the tests:
ZAKEN = [
    (1, "diefstal", 150, date(2023, 6, 1)),
    (2, "geweld", 200, date(2024, 1, 1)),
    (3, "diefstal", 100, date(2024, 2, 1)),
]
EVENTS = [
    (1, 1, "ingestroomd", date(2023, 1, 1)),
    (2, 1, "ingestroomd", date(2024, 1, 1)),
    (3, 2, "ingestroomd", date(2024, 2, 1)),
    (5, None, "ingestroomd", date(2024, 3, 1)),
]
CASES = [(1, 1, "diefstal"), (2, 1, "geweld"), (3, 2, "diefstal"), (5, None, "verkeer")]
PERSONS = [(1, 1980), (2, 1990)]


def a_catalog(**changes: dict[str, Any]) -> Catalog:
    """The catalogue; ``changes`` replace fields of its grant ``proef``."""
    grant = {
        "id": "proef",
        "title": {"nl": "Proef", "en": "Trial"},
        "purpose": "wetenschappelijk onderzoek",
        "legal_basis": "art. 1",
        "agreements": ["levering-om"],
        "permissions": [permission("om")],
        "people": [
            {"account": "anna", "organisation": "WODC"},
            {"account": "bram", "organisation": "CBS", "begin": "2026-02-01", "end": "2026-03-10"},
        ],
        "tables": {
            "persons": {"columns": ["person_id", "geboortejaar", "bijnaam"]},
            "cases": {"columns": ["case_id", "person_id", "delict", "herkomst"]},
            "events": {"columns": ["case_id", "person_id", "event", "moment"]},
            "zaken": {
                "columns": ["case_id", "delict", "bedrag", "moment", "naam"],
                "rows": [{"column": "bedrag", "operator": "at_least", "values": [100]}],
            },
            "zaken-extra": {"columns": ["case_id", "opmerking"]},
        },
        "outputs": ["een tabel"],
        "begin": "2026-01-01",
        "end": "2026-12-31",
        "approvers": [{"name": "Carla", "role": "functionaris gegevensbescherming", "date": "2025-12-01"}],
    }
    other = grant | {
        "id": "ander",
        "title": {"nl": "Ander", "en": "Other"},
        "agreements": ["levering-om", "levering-politie"],
        "permissions": [permission("om"), permission("politie")],
        "people": [{"account": "dirk", "organisation": "CBS"}],
        "tables": {"cases": {"columns": ["case_id", "person_id", "delict"]}},
    }
    return Catalog.model_validate(
        {
            "id": "keten",
            "title": "Keten",
            "host": "DAS",
            "contact": "das@example.org",
            "licence": "CC0-1.0",
            "chain": _chain(),
            "partners": {
                partner: {"id": partner, "title": title, "role": "levert", "contact": f"{partner}@example.org"}
                for partner, title in (
                    *(("om", "OM"), ("politie", "Politie"), ("rechtspraak", "Rechtspraak")),
                    *(("cbs", "CBS"), ("das", "DAS"), ("wodc", "WODC")),
                )
            },
            "agreements": {
                f"levering-{partner}": _agreement(partner, dataset)
                for partner, dataset in (("om", "zaken"), ("politie", "zaken-extra"), ("rechtspraak", "vonnissen"))
            },
            "datasets": _datasets(),
            "grants": {"proef": grant | changes, "ander": other},
            "hash": "c" * 64,
        }
    )


def permission(partner: str, *datasets: str, **more: str) -> dict[str, Any]:
    """A partner's permission for a project, for all its datasets or for some."""
    letter = {"reference": f"BRIEF-{partner}", "date": "2025-12-01", "role": "bestuur"}
    return {"partner": partner, "datasets": list(datasets)} | letter | more


def write_snapshot(home: Home, snapshot: str = SNAPSHOT, bedrag: int = 150, *, differ: bool = False) -> None:
    """Lay the snapshot in the warehouse, as a build leaves it.

    The three links of persons agree, unless they differ: then every case of person 1 has a strict person of its own,
    and persons 1 and 2 are one by the loose link.
    """
    if home.root.exists():
        _write_snapshot(home, snapshot, bedrag, differ)
    else:
        shutil.copytree(_laid(snapshot, bedrag, differ), home.root)


@cache
def _laid(snapshot: str, bedrag: int, differ: bool) -> Path:
    root = Path(tempfile.mkdtemp(prefix="snapshot-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    _write_snapshot(Home(root / "das"), snapshot, bedrag, differ)
    return root / "das"


def _write_snapshot(home: Home, snapshot: str, bedrag: int, differ: bool) -> None:
    folder = home.snapshots / snapshot
    folder.mkdir(parents=True)
    for name, table in _tables(bedrag).items():
        write_closed(home, folder / f"{name}.parquet", _by_every_link(name, table, differ))
    document = {
        "id": snapshot,
        "deliveries": [FROM_OM, FROM_POLICE, FROM_COURT],
        "catalog_hash": "c" * 64,
        "register": "r" * 64,
        "code_version": "v",
        "synthetic": True,
        "observed_until": "2024-12-31",
        "tables": {name: table.num_rows for name, table in _tables(bedrag).items()},
        "linkage": {"vonnissen": 0.5},
        "linkage_counts": {"vonnissen": {"cases": 40, "known": 20}},
        "conflicts": 0,
    }
    (folder / "snapshot.json").write_text(json.dumps(document))
    (home.snapshots / "current").write_text(snapshot)


@cache
def _extracted(projects: tuple[str, ...]) -> Path:
    root = Path(tempfile.mkdtemp(prefix="extracted-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    home = Home(root / "das")
    write_snapshot(home)
    for project in projects:
        extract(a_catalog(), home, project, {"proef": "anna", "ander": "dirk"}[project], TODAY)
    return home.root


def extracted_home(folder: Path, *projects: str) -> Home:
    """A home with the snapshot, and the extracts that the grants of these projects give."""
    shutil.copytree(_extracted(projects), folder / "das")
    return Home(folder / "das")


def files(home: Home) -> dict[str, bytes]:
    """Every file of a home folder with its bytes."""
    return {str(path.relative_to(home.root)): path.read_bytes() for path in home.root.rglob("*") if path.is_file()}


def but_the_log(home: Home) -> dict[str, bytes]:
    """The same without what belongs to the audit log, which tells of refusals and openings too."""
    return {name: content for name, content in files(home).items() if not Path(name).name.startswith("audit.")}


def extract_file(home: Home, project: str = "proef") -> Path:
    """The database of the current extract."""
    extracts = home.project(project) / "extracts"
    return extracts / (extracts / "current").read_text() / "extract.duckdb"


def opened_file(home: Home, project: str = "proef") -> duckdb.DuckDBPyConnection:
    """A connection of one's own to that database, as whoever has the project's key can make it."""
    path, key = extract_file(home, project), base64.b64encode(own_key_file(home, project).read_bytes()).decode()
    connection = duckdb.connect()
    connection.execute(f"attach '{path}' as extract (read_only, encryption_key '{key}')")
    connection.execute("use extract")
    return connection


def opened_extract(home: Home, project: str = "proef") -> Backend:
    """That database as `open_project` opens it."""
    return open_extract(extract_file(home, project), own_key_file(home, project).read_bytes())


def own_key_file(home: Home, project: str = "proef") -> Path:
    """The project's own key of its current extract."""
    return home.project(project) / "keys" / f"{extract_file(home, project).parent.name}.key"


def plain_bytes(home: Home, project: str = "proef") -> bytes:
    """The bytes of a copy of that database that is not encrypted: a value of it can be found there."""
    with tempfile.TemporaryDirectory() as folder, opened_file(home, project) as connection:
        path = Path(folder) / "plain.duckdb"
        connection.execute(f"attach '{path}' as plain (storage_version 'v1.5.0')")
        connection.execute("copy from database extract to plain")
        connection.execute("detach plain")
        return path.read_bytes()


def project_key(home: Home, project: str = "proef", begin: str = "2026-01-01") -> bytes:
    """The key of a project's pseudonyms, from the steward's master key by HKDF (RFC 5869) in Python's own words."""
    secret = (home.steward_keys / "master.key").read_bytes()
    extracted = hmac.new(bytes(32), secret, hashlib.sha256).digest()
    info = f"das-research project pseudonyms\0{project}\0{begin}".encode()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()


def pseudonym_under(key: bytes, kind: str, surrogate: int) -> str:
    """AES-CMAC of kind and surrogate by the library's own words for it, one by one; the first 16 digits."""
    code = CMAC(AES(key))
    code.update(kind.encode().ljust(8, b"\0") + surrogate.to_bytes(8, signed=True))
    return code.finalize().hex()[:16]


def uses(*, yes: Collection[str] = (), when: Collection[str] = ()) -> dict[str, Any]:
    """What an agreement says of every purpose: allowed, allowed if, or else not allowed."""
    answers = {purpose: "yes" if purpose in yes else "if" if purpose in when else "no" for purpose in PURPOSES}
    condition = {"condition": "de voorwaarde"}
    return {
        purpose: {"allowed": answer, "article": "art. 1"} | (condition if answer == "if" else {})
        for purpose, answer in answers.items()
    }


def _agreement(partner: str, dataset: str) -> dict[str, Any]:
    return {
        "id": f"levering-{partner}",
        "title": f"Levering {partner}",
        "partner": partner,
        "datasets": [dataset],
        "uses": uses(yes=("wetenschappelijk onderzoek", "statistiek")),
        "legal_basis": "art. 1",
        "subjects": ["verdachten"],
        "recipients": ["cbs", "das", "om", "rechtspraak", "wodc"],
        "retention_years": 10,
        "begin": "2025-01-01",
        "end": "2027-12-31",
    }


def _variable(kind: str, **more: Any) -> dict[str, Any]:
    return {"title": kind, "type": kind, **more}


def _datasets() -> dict[str, Any]:
    identifier = _variable("identifier", identifier="skn", identifying="direct")
    own = {
        "zaken": {
            "delict": _variable("code"),
            "bedrag": _variable("integer", identifying="sensitive"),
            "geboortejaar": _variable("integer", identifying="quasi"),
            "naam": _variable("text", identifying="direct"),
            "notitie": _variable("text"),
        },
        "zaken-extra": {"opmerking": _variable("text")},
        "vonnissen": {"uitspraak": _variable("text")},
    }
    return {
        dataset: {
            "id": dataset,
            "title": dataset.capitalize(),
            "partner": partner,
            "row": "een zaak",
            "case_keys": [["nummer"]],
            "moment": ["datum"],
            "variables": {"nummer": identifier, "datum": _variable("date"), **own[dataset]},
            "events": [],
        }
        for dataset, partner in (("zaken", "om"), ("zaken-extra", "politie"), ("vonnissen", "rechtspraak"))
    }


def _chain() -> dict[str, Any]:
    return {
        "unit": {"nl": "zaken", "en": "cases"},
        "identifiers": [{"id": "skn", "title": "SKN"}],
        "events": [{"id": "ingestroomd", "title": "in"}, {"id": "gezien", "title": "gezien"}],
        "stages": [
            {
                "id": "vervolging",
                "title": "Vervolging",
                "theme": "vervolging",
                "dataset": "zaken",
                "enter": "ingestroomd",
            }
        ],
        "case_attributes": {
            "delict": {"title": "Delict", "sources": ["zaken.delict"]},
            "herkomst": {"title": "Herkomst", "sources": ["zaken.notitie", "zaken-extra.opmerking"]},
        },
        "person_attributes": {
            "geboortejaar": {"title": "Geboortejaar", "sources": ["zaken.geboortejaar"]},
            "bijnaam": {"title": "Bijnaam", "sources": ["zaken.naam"]},
        },
    }


def _tables(bedrag: int) -> dict[str, pa.Table]:
    ids = {"case_id": pa.int64(), "person_id": pa.int64()}
    start = {"row": pa.int64(), "delivery": pa.string(), **ids, "moment": pa.date32()}
    marks = {"marks": pa.list_(pa.string())}
    code = {"delict": pa.string(), "delict_bron": pa.string(), "delict_versie": pa.string()}
    own = {**code, "bedrag": pa.int64(), "geboortejaar": pa.int64(), "naam": pa.string(), "notitie": pa.string()}
    day = {"datum": pa.date32()}
    early, first, second = date(2023, 1, 1), date(2023, 6, 1), date(2024, 1, 1)
    third, last = date(2024, 2, 1), date(2024, 3, 1)

    def zaak(row: int, case: int, person: int | None, moment: date, delict: str, amount: int | None) -> tuple:
        codes = (delict, NOT_GRANTED, "1")
        return (
            row,
            FROM_OM,
            case,
            person,
            moment,
            moment,
            *codes,
            amount,
            1980,
            DIRECT,
            NOT_GRANTED,
            ["before:bedrag"],
        )

    return {
        "persons": _table(
            {"person_id": pa.int64(), "geboortejaar": pa.int64(), "bijnaam": pa.string()},
            [(1, 1980, DIRECT), (2, 1990, DIRECT), (3, 2000, DIRECT), (4, 2001, DIRECT)],
        ),
        "cases": _table(
            {**ids, "delict": pa.string(), "herkomst": pa.string()},
            [
                (1, 1, "diefstal", OTHER_ATTRIBUTE),
                (2, 1, "geweld", None),
                (3, 2, "diefstal", None),
                (4, 3, None, OTHER_ATTRIBUTE),  # known to the police alone
                (5, None, "verkeer", None),
                (6, 4, None, None),  # known to the court alone
            ],
        ),
        "events": _table(
            {
                **ids,
                **dict.fromkeys(("stage", "event", "outcome"), pa.string()),
                "moment": pa.date32(),
                "delivery": pa.string(),
            },
            [
                (1, 1, "vervolging", "ingestroomd", None, early, FROM_OM),
                (2, 1, "vervolging", "ingestroomd", None, second, FROM_OM),
                (3, 2, "vervolging", "ingestroomd", None, third, FROM_OM),
                (5, None, "vervolging", "ingestroomd", None, last, FROM_OM),
                (1, 1, "opsporing", OTHER_EVENT, OTHER_EVENT, early, FROM_POLICE),
                (4, 3, "opsporing", OTHER_EVENT, OTHER_EVENT, early, FROM_POLICE),
                (6, 4, "berechting", OTHER_EVENT, OTHER_EVENT, last, FROM_COURT),
            ],
        ),
        "zaken": _table(
            {**start, **day, **own, **marks},
            [
                zaak(1, 1, 1, early, "diefstal", 50),
                zaak(2, 1, 1, first, "diefstal", bedrag),
                zaak(3, 2, 1, second, "geweld", 200),
                zaak(4, 3, 2, third, "diefstal", 100),
                zaak(5, 5, None, last, "verkeer", None),
                zaak(6, 1, 1, first, "diefstal", -OUTSIDE_RULE),
            ],
        ),
        "zaken-extra": _table(
            {**start, **day, "opmerking": pa.string(), **marks},
            [
                (1, FROM_POLICE, 1, 1, early, early, OTHER_DATASET, []),
                (2, FROM_POLICE, 4, 3, early, early, OTHER_DATASET, []),
            ],
        ),
        "vonnissen": _table(
            {**start, **day, "uitspraak": pa.string(), **marks}, [(1, FROM_COURT, 6, 4, last, last, OTHER_DATASET, [])]
        ),
        "deliveries": _table(
            {
                **dict.fromkeys(("dataset", "stage"), pa.string()),
                **dict.fromkeys(("delivered", "accepted", "quarantined"), pa.int64()),
                **dict.fromkeys(("units_delivered", "units_accepted", "units_lost"), pa.int64()),
            },
            [("zaken", "vervolging", 7, 6, 1, 5, 4, 1)],
        ),
        "delivery_rules": _table(
            {
                **dict.fromkeys(("dataset", "stage", "rule", "effect"), pa.string()),
                **dict.fromkeys(("rows", "units"), pa.int64()),
            },
            [("zaken", "vervolging", "no-key:nummer", "quarantined", 1, 1)],
        ),
    }


def _by_every_link(name: str, table: pa.Table, differ: bool) -> pa.Table:
    if "person_id" not in table.column_names:
        return table
    rows = []
    for row in table.to_pylist():
        person = row["person_id"]
        keys = {"person_id_strict": person, "person_id_loose": person}
        if differ and name == "persons":
            keys = {
                "person_id_strict": person if person > 1 else None,
                "person_id_loose": person if person > 2 else None,
            }
        elif differ and person:
            keys["person_id_strict"] = 100 + row["case_id"] if person == 1 else person
            keys["person_id_loose"] = 1 if person == 2 else person
        rows.append(row | keys)
    if differ and name == "persons":
        nobody = dict.fromkeys(("person_id", "person_id_strict", "person_id_loose"))
        year = {"geboortejaar": 1980, "bijnaam": DIRECT}
        rows += [nobody | {"person_id_strict": key} | year for key in (101, 102)]
        rows.append(nobody | {"person_id_loose": 1} | year)
    more = [pa.field(key, pa.int64()) for key in ("person_id_strict", "person_id_loose")]
    return pa.Table.from_pylist(rows, schema=pa.schema([*table.schema, *more]))


def _table(types: dict[str, pa.DataType], rows: list[tuple]) -> pa.Table:
    schema = pa.schema(list(types.items()))
    return pa.Table.from_pylist([dict(zip(types, row, strict=True)) for row in rows], schema=schema)
