"""A chain of five cases and four persons, small enough to follow by hand; delivered through the real gate 1.

case   police report and person   case number   court
one    P1, F1                     Z1            judged
two    P1, F2                     -             -           left at the police
three  P2, F3                     Z2            -           left at the prosecution service
four   P3, F1                     -             -           not arrived yet; its offence code is unknown
five   -                          Z3 (F4)       pending     came to the prosecution service by itself
"""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from closed_files import open_file

from das_research.catalog.models import Catalog
from das_research.home import Home
from das_research.intake.delivery import Delivery
from das_research.intake.gate import deliver
from das_research.warehouse.build import build
from das_research.warehouse.snapshot import Snapshot

FILES = {
    "meldingen": """\
pv,persoon,geslacht,delict,datum,afloop
P1,F1,M,10,2020-01-05,insturen
P1,F2,V,10,2020-01-06,sepot
P2,F3,M,20,2020-02-01,insturen
P3,F1,,99,2020-03-01,insturen
""",
    "zaken": """\
zaak,pv,persoon,geslacht,feit,instroom,beslissing,besluit
Z1,P1,F1,man,310,2020-02-10,DV,2020-04-01
Z2,P2,F3,man,287,2020-03-10,SEP,2020-03-20
Z3,,F4,vrouw,310,2020-05-01,,
""",
    "uitspraken": """\
zaak,binnen,uitspraak,datum
Z1,2020-05-01,schuldig,2020-06-01
Z3,2020-07-01,,
""",
    "verblijven": """\
zaak,begin,einde
Z1,2020-06-02,2020-08-01
""",
}

CASES = {"one": ("meldingen", 1), "two": ("meldingen", 2), "three": ("meldingen", 3), "four": ("meldingen", 4)}
CASES |= {"five": ("zaken", 3)}


def _text(text: str) -> dict[str, str]:
    return {"nl": text, "en": text}


def _identifier(domain: str) -> dict[str, Any]:
    return {"title": domain, "type": "identifier", "identifier": domain, "identifying": "direct"}


def _code(classification: str, **more: Any) -> dict[str, Any]:
    return {"title": classification, "type": "code", "classification": classification, **more}


DATE = {"title": "datum", "type": "date", "formats": ["%Y-%m-%d"]}


def _dataset(name: str, partner: str, **fields: Any) -> dict[str, Any]:
    return {"id": name, "title": name, "partner": partner, "row": "een rij", **fields}


def _classification(name: str, codes: list[str], **partners: dict[str, str]) -> dict[str, Any]:
    found = [{"id": partner, "version": f"{partner}-1", "codes": codes} for partner, codes in partners.items()]
    return {
        "id": name,
        "title": name,
        "version": "1",
        "codes": [{"code": code, "label": code} for code in codes],
        "correspondences": found,
    }


CATALOG: dict[str, Any] = {
    "id": "hand",
    "title": "Keten met de hand",
    "host": "gastheer",
    "contact": "das@example.nl",
    "licence": "CC BY 4.0",
    "chain": {
        "unit": "verdachten in zaken",
        "identifiers": [
            {"id": "zaak", "title": "zaak", "synthetic": "^Z[0-9]+$"},
            {"id": "pv", "title": "proces-verbaal", "synthetic": "^P[0-9]+$"},
            {"id": "persoon", "title": "persoon", "synthetic": "^F[0-9]+$"},
        ],
        "events": [
            {"id": name, "title": name}
            for name in (
                "registratie",
                "afloop",
                "instroom",
                "beslissing",
                "binnenkomst",
                "uitspraak",
                "begin",
                "einde",
            )
        ],
        "stages": [
            {
                "id": "opsporing",
                "title": "Opsporing",
                "theme": "opsporing",
                "dataset": "meldingen",
                "enter": "registratie",
                "leave": [{"event": "afloop", "outcomes": ["sepot"]}],
            },
            {
                "id": "vervolging",
                "title": "Vervolging",
                "theme": "vervolging",
                "dataset": "zaken",
                "enter": "instroom",
                "leave": [{"event": "beslissing", "outcomes": ["sepot"]}],
            },
            {
                "id": "berechting",
                "title": "Berechting",
                "theme": "berechting",
                "dataset": "uitspraken",
                "enter": "binnenkomst",
                "leave": [{"event": "uitspraak"}, {"event": "einde"}],
            },
        ],
        "case_attributes": {"delict": {"title": "delict", "sources": ["zaken.feit", "meldingen.delict"]}},
        "person_attributes": {"geslacht": {"title": "geslacht", "sources": ["meldingen.geslacht", "zaken.geslacht"]}},
    },
    "datasets": {
        "meldingen": _dataset(
            "meldingen",
            "politie",
            case_keys=[["pv", "persoon"]],
            person_keys=[["persoon"]],
            moment=["datum"],
            variables={
                "pv": _identifier("pv"),
                "persoon": _identifier("persoon"),
                "geslacht": _code("geslachten"),
                "delict": _code("delicten"),
                "datum": DATE,
                "afloop": _code("aflopen"),
            },
            events=[
                {"event": "registratie", "moment": ["datum"]},
                {
                    "event": "afloop",
                    "moment": ["datum"],
                    "outcome": "afloop",
                    "when": [{"column": "afloop", "operator": "is", "values": ["sepot"]}],
                },
            ],
        ),
        "zaken": _dataset(
            "zaken",
            "om",
            case_keys=[["zaak"], ["persoon", "pv"]],
            person_keys=[["persoon"]],
            moment=["instroom"],
            variables={
                "zaak": _identifier("zaak"),
                "pv": _identifier("pv"),
                "persoon": _identifier("persoon"),
                "geslacht": _code("geslachten"),
                "feit": _code("delicten"),
                "instroom": DATE,
                "beslissing": _code("aflopen"),
                "besluit": DATE,
            },
            events=[
                {"event": "instroom", "moment": ["instroom"]},
                {"event": "beslissing", "moment": ["besluit"], "outcome": "beslissing"},
            ],
        ),
        "uitspraken": _dataset(
            "uitspraken",
            "rechtspraak",
            case_keys=[["zaak"]],
            moment=["binnen"],
            variables={"zaak": _identifier("zaak"), "binnen": DATE, "uitspraak": _code("aflopen"), "datum": DATE},
            events=[
                {"event": "binnenkomst", "moment": ["binnen"]},
                {"event": "uitspraak", "moment": ["datum"], "outcome": "uitspraak"},
            ],
        ),
        "verblijven": _dataset(
            "verblijven",
            "dji",
            case_keys=[["zaak"]],
            moment=["begin"],
            variables={"zaak": _identifier("zaak"), "begin": DATE, "einde": DATE},
            events=[{"event": "begin", "moment": ["begin"]}, {"event": "einde", "moment": ["einde", "begin"]}],
        ),
    },
    "classifications": {
        "geslachten": _classification(
            "geslachten", ["man", "vrouw"], politie={"M": "man", "V": "vrouw"}, om={"man": "man", "vrouw": "vrouw"}
        ),
        "delicten": _classification(
            "delicten",
            ["vermogen", "geweld"],
            politie={"10": "vermogen", "20": "geweld"},
            om={"310": "vermogen", "287": "geweld"},
        ),
        "aflopen": _classification(
            "aflopen",
            ["insturen", "sepot", "dagvaarding", "schuldig"],
            politie={"insturen": "insturen", "sepot": "sepot"},
            om={"DV": "dagvaarding", "SEP": "sepot"},
            rechtspraak={"schuldig": "schuldig"},
        ),
    },
}


def catalog(**changes: Any) -> Catalog:
    """The catalogue of the chain; changes replace fields of its chain."""
    content = CATALOG | {"chain": CATALOG["chain"] | changes}
    return Catalog.model_validate(content | {"hash": "c" * 64})


def deliver_text(home: Home, dataset: str, text: str, of: Catalog | None = None) -> Delivery:
    """Deliver a file of this content."""
    path = home.root.parent / f"{dataset}.csv"
    path.write_text(text, encoding="utf-8")
    return deliver(of or catalog(), home, dataset, path, "steward")


@cache
def _delivered(leave_out: tuple[str, ...]) -> Path:
    root = Path(tempfile.mkdtemp(prefix="five-cases-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    for dataset, text in FILES.items():
        if dataset not in leave_out:
            deliver_text(new_home(root), dataset, text)
    return new_home(root).root


@cache
def _built() -> Path:
    root = Path(tempfile.mkdtemp(prefix="five-cases-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    build(catalog(), delivered_home(root))
    return new_home(root).root


def delivered_home(folder: Path, *leave_out: str) -> Home:
    """A home to which the five cases were delivered, but for the datasets left out."""
    shutil.copytree(_delivered(leave_out), new_home(folder).root)
    return new_home(folder)


def built_home(folder: Path) -> Home:
    """The same after one build."""
    shutil.copytree(_built(), new_home(folder).root)
    return new_home(folder)


def read_table(home: Home, snapshot: Snapshot, name: str) -> list[dict[str, Any]]:
    """The rows of one table of a snapshot."""
    return open_file(home, home.snapshots / snapshot.id / f"{name}.parquet").to_pylist()


def case_names(home: Home, snapshot: Snapshot) -> dict[int, str]:
    """Surrogate to the name of the case in the table on top of this file."""
    rows = {(name, row["row"]): row["case_id"] for name in FILES for row in read_table(home, snapshot, name)}
    return {rows[place]: name for name, place in CASES.items()}


def new_home(folder: Path) -> Home:
    return Home(folder / "home")
