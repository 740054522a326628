"""The five cases with rules across tables: what refers to what, and which events of a case need another.

report     rows                          names what is not there
zaken      Z1 P1, Z2 P2, Z3 -, Z4 P9     Z4: no report P9
uitspraken Z1, Z1, Z4, Z9                the fourth: no case Z9; the second came in before its case did
"""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from warehouse_world import CATALOG, FILES, deliver_text, new_home

from das_research.catalog.models import Catalog
from das_research.home import Home

REFERENCES = {
    "zaken": {"pv": "meldingen.pv"},
    "uitspraken": {"zaak": "zaken.zaak"},
    "verblijven": {"zaak": "zaken.zaak"},
}
ORDERS = (
    {"earlier": "instroom", "later": "binnenkomst"},
    {"earlier": "registratie", "later": "binnenkomst"},
    {"earlier": "beslissing", "later": "uitspraak"},
)
UNKNOWN_REPORT = "unknown-reference:pv"
UNKNOWN_CASE = "unknown-reference:zaak"
TOO_EARLY = "order-reversed:binnenkomst"
COURT = """\
zaak,binnen,uitspraak,datum
Z1,2020-05-01,schuldig,2020-06-01
Z1,2020-01-31,,
Z4,2020-09-01,,
Z9,2020-09-02,,
"""
DELIVERED = FILES | {"zaken": FILES["zaken"] + "Z4,P9,F5,man,310,2020-08-01,,\n", "uitspraken": COURT}


def severity(check: str, then: str, **more: Any) -> dict[str, Any]:
    """A line of ``severities``."""
    return {"check": check, "then": then, **more}


def catalog(orders: Any = ORDERS, **severities: list[dict[str, Any]]) -> Catalog:
    """The catalogue of the five cases with rules across tables; a case stands once in ``zaken``."""
    datasets = {}
    for name, dataset in CATALOG["datasets"].items():
        variables = {
            variable: each
            | ({"references": REFERENCES[name][variable]} if variable in REFERENCES.get(name, {}) else {})
            for variable, each in dataset["variables"].items()
        }
        unique = {"unique": ["zaak"]} if name == "zaken" else {}
        datasets[name] = dataset | unique | {"variables": variables, "severities": severities.get(name, [])}
    chain = CATALOG["chain"] | {"orders": orders}
    return Catalog.model_validate(CATALOG | {"datasets": datasets, "chain": chain, "hash": "c" * 64})


@cache
def _delivered(leave_out: tuple[str, ...]) -> Path:
    root = Path(tempfile.mkdtemp(prefix="across-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    for dataset, text in DELIVERED.items():
        if dataset not in leave_out:
            deliver_text(new_home(root), dataset, text, catalog())
    return new_home(root).root


def across_home(folder: Path, *leave_out: str) -> Home:
    """A home to which these files were delivered, but for the datasets left out."""
    shutil.copytree(_delivered(leave_out), new_home(folder).root)
    return new_home(folder)
