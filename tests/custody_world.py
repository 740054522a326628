"""The five cases once more, of partners whose files hold names: some for linkage alone, and a remark that is taken.

The prosecution service delivers three rows. F3 is the person of the second; the third, of case Z9, names nobody, and a
row of a hearing of the same partner shows that Z9 is a case of F3 too.
"""

import atexit
import copy
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import warehouse_world as world

from das_research.catalog.models import PURPOSES, Agreement, Catalog
from das_research.home import Home
from das_research.intake.gate import deliver
from das_research.warehouse.build import build

ZAKEN = """\
zaak,pv,persoon,geslacht,feit,instroom,beslissing,besluit,naam,opmerking
Z1,P1,F1,man,310,2020-02-10,DV,2020-04-01,Aaltje,BLIJFT
Z2,P2,F3,man,287,1987-03-10,SEP,1987-03-20,Wopke,GEHEIMZAKE
Z9,,,man,287,1987-06-11,,,Wopke,OOKVANHEM
,,F3,man,287,1987-07-12,,,Wopke,TERZIJDE
"""
ZITTINGEN = """\
zaak,persoon,dag
Z1,F1,2020-03-01
Z9,F3,1987-08-13
"""
GONE = (b"Wopke", b"GEHEIMZAKE", b"OOKVANHEM", b"TERZIJDE")


@cache
def catalog() -> Catalog:
    """The catalogue: `zaken` with a name and a remark, and the dataset `zittingen` of the same partner."""
    content: dict[str, Any] = copy.deepcopy(world.CATALOG)
    zaken = content["datasets"]["zaken"]
    zaken["case_keys"] = [["zaak"], ["persoon", "pv"]]
    zaken["variables"] |= {
        "naam": {"title": "naam", "type": "text", "take": False, "for_linkage": True, "identifying": "direct"},
        "opmerking": {"title": "opmerking", "type": "text"},
    }
    identifier = {"type": "identifier", "identifying": "direct"}
    content["datasets"]["zittingen"] = {
        "id": "zittingen",
        "title": "zittingen",
        "partner": "om",
        "row": "een zitting",
        "case_keys": [["zaak"]],
        "person_keys": [["persoon"]],
        "moment": ["dag"],
        "variables": {
            "zaak": identifier | {"title": "zaak", "identifier": "zaak"},
            "persoon": identifier | {"title": "persoon", "identifier": "persoon"},
            "dag": world.DATE,
        },
        "events": [],
    }
    return Catalog.model_validate(content | {"hash": "c" * 64})


def put(home: Home, dataset: str, text: str, account: str = "steward") -> str:
    """Deliver a file, which is taken away afterwards; the result is the delivery's id."""
    path = home.root.parent / f"{dataset}.csv"
    path.write_text(text, encoding="utf-8")
    delivery = deliver(catalog(), home, dataset, path, account)
    path.unlink()
    return delivery.id


@cache
def _built() -> Path:
    root = Path(tempfile.mkdtemp(prefix="custody-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    home = Home(root / "home")
    for dataset, text in (world.FILES | {"zaken": ZAKEN, "zittingen": ZITTINGEN}).items():
        put(home, dataset, text)
    build(catalog(), home)
    # another file of the same rows, whose vault stands still
    put(home, "zaken", ZAKEN + "Z3,,F4,vrouw,310,2020-05-01,,,Nienke,BLIJFT\n")
    return home.root


def custody_home(folder: Path) -> Home:
    """A home with deliveries, a snapshot, and a delivery that came after it."""
    shutil.copytree(_built(), folder / "home")
    return Home(folder / "home")


def removal_list(folder: Path, *identifiers: str) -> Path:
    """A partner's list."""
    path = folder / "lijst.txt"
    path.write_text("\n".join(identifiers) + "\n", encoding="utf-8")
    return path


@cache
def agreed(**changes: Any) -> Catalog:
    """The same catalogue with one agreement over every dataset: to 2040, five years, 90 days of quarantine."""
    text = {"nl": "tekst", "en": "text"}
    agreement = Agreement.model_validate(
        {
            "id": "levering",
            "title": text,
            "partner": "om",
            "datasets": sorted(catalog().datasets),
            "uses": {purpose: {"allowed": "no", "article": "art. 1"} for purpose in PURPOSES},
            "legal_basis": text,
            "subjects": [],
            "recipients": ["cbs", "wodc"],
            "retention_years": 5,
            "quarantine_days": 90,
            "begin": "2020-01-01",
            "end": "2040-12-31",
        }
        | changes
    )
    return catalog().model_copy(update={"agreements": {"levering": agreement}})
