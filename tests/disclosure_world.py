"""Results made by hand, and a small catalogue, for the tests of gate 3."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import chain_story
import pandas as pd

from das_research.catalog.models import (
    Agreement,
    Approver,
    Catalog,
    Demo,
    DemoSource,
    Disclosure,
    Grant,
    Grantee,
    Monitor,
    Parameter,
    PartnerPermission,
    Text,
    Use,
)
from das_research.handover import Handover, write_handover
from das_research.home import Home
from das_research.result import AFTER, BEFORE, NUMBERS, Recipe, Result, Step

FLOW, CONVERSION = "das_research.chain.flow", "das_research.chain.conversion"
DURATIONS, DELIVERIES = "das_research.chain.durations", "das_research.chain.deliveries"
TABULATE = "das_research.tabulate"


def catalog(fault_counts: str = "exact", minimum: int = 10, **more: Any) -> Catalog:
    """The chain of the story, with one agreement over the police's file and a demonstration."""
    agreement = Agreement(
        id="levering", title="levering", partner="p", datasets=("bvh",), legal_basis="wet",
        subjects=("verdachten",), recipients=(),
        uses={"monitor": Use(allowed="yes", article="art. 1")},
        retention_years=5, begin="2020-01-01", end="2030-01-01", fault_counts=fault_counts,
    )  # fmt: skip
    demo = Demo(
        source=DemoSource(synthetic=True), monitors=("keten",), researcher="auteur",
        reviewers=("rol-a", "rol-b"), publication_date="2025-03-03",
    )  # fmt: skip
    grant = Grant(
        id="verhaal", title={"nl": "Verhaal in 2023", "en": "Story in 2023"}, purpose="monitor", legal_basis="wet",
        agreements=("levering",),
        permissions=(PartnerPermission(partner="p", reference="brief", date="2019-12-01", role="bestuur"),),
        people=(Grantee(account="auteur", organisation="p"),), tables={}, outputs=("tabel",),
        begin="2020-01-01", end="2030-01-01", approvers=(Approver(name="rol", role="rol", date="2020-01-01"),),
    )  # fmt: skip
    year, text = (Parameter(title="titel", type=kind, default="a") for kind in ("integer", "text"))
    choice = Parameter(title="titel", type="text", default="nl", choices=("nl", "en"))
    parameters = {"first_year": year, "label": text, "language": choice}
    monitors = {
        id: Monitor(
            id=id, title=id, notebook="x.ipynb", project="verhaal", schedule="0 6 1 * *", parameters=parameters
        )
        for id in ("keten", "eigen-werk")
    }  # fmt: skip
    contents = {"agreements": {"levering": agreement}, "disclosure": Disclosure(minimum=minimum), "demo": demo}
    contents |= {"grants": {"verhaal": grant}, "monitors": monitors} | more
    return chain_story.catalog(**contents)


def count(measure: str, value: float | None, n: float | None = None, **place: Any) -> dict[str, Any]:
    """A row that counts; as many persons as cases unless told otherwise."""
    return {"measure": measure, "value": value, "n": value if n is None else n, "unit": "zaken", **place}


def share(measure: str, numerator: float, denominator: float, **place: Any) -> dict[str, Any]:
    """A row with a share."""
    value = 100 * numerator / denominator if denominator else None
    n = min(numerator, denominator - numerator)
    numbers = {"value": value, "numerator": numerator, "denominator": denominator, "n": n}
    return {"measure": measure, "unit": "percent", **numbers, **place}


def impossible(measure: str, **place: Any) -> dict[str, Any]:
    return {"measure": measure, "unit": "zaken", "kind": "cannot occur", **place}


def result(
    rows: Iterable[Mapping[str, Any]],
    dimensions: tuple[str, ...] = ("stage",),
    function: str = FLOW,
    shape: Any = "counts",
    attrition: tuple[Step, ...] = (),
    synthetic: bool = True,
    **parameters: Any,
) -> Result:
    """A Result of these rows; what a row leaves out is its total, and empty."""
    rows = list(rows)
    if function == TABULATE:
        parameters = {"measures": {row["measure"]: "count" for row in rows}} | parameters
    defaults = {"figure": "stroom", "period": "_T", **dict.fromkeys(dimensions, "_T")}
    table = pd.DataFrame([{**defaults, **row} for row in rows]).reindex(columns=[*BEFORE, *dimensions, *AFTER])
    for column in NUMBERS:
        table[column] = pd.to_numeric(table[column]).astype("float64")
    table["kind"] = table.kind.fillna(table.value.map(lambda value: "zero" if value == 0 else "number"))
    table["revision"], table["disclosure"] = "final", "not checked"
    labels = {name: {code: Text(nl=code, en=code) for code in table[name].unique()} for name in dimensions}
    return Result(
        table=table,
        dimensions=dimensions,
        title=Text(nl="tabel", en="table"),
        definition="stroom",
        definition_version="1",
        shape=shape,
        labels=labels,
        recipe=Recipe(function, parameters),
        project="verhaal",
        snapshot="snap-000000000000",
        synthetic=synthetic,
        linkage={"compas": 0.98765},
        attrition=attrition,
    )


def files(project: str = "verhaal", snapshot: str = "snap-000000000000", synthetic: bool = True) -> Result:
    """What the delivered files lack: it tells of no persons, and is left where all else of a hand-over is hidden."""
    made = result([count("rows", 500, dataset="bvh")], ("dataset", "rule"), DELIVERIES, "faults", synthetic=synthetic)
    return replace(made, project=project, snapshot=snapshot)


def hand_over(home: Home, results: Mapping[str, Result], number: int = 0) -> Path:
    """The folder of a run of the demonstration's author that hands these over."""
    synthetic = all(it.synthetic for it in results.values())
    handover = Handover(
        "keten", {}, "verhaal", "ext-000000000000", "snap-000000000000", synthetic, "auteur", results=dict(results)
    )  # fmt: skip
    folder = home.project("verhaal") / "runs" / f"keten-{number:012d}"
    write_handover(folder, handover)
    return folder


def shown(released: Result) -> pd.DataFrame:
    return released.table[released.table.disclosure == "shown"]


def hidden(released: Result) -> pd.DataFrame:
    return released.table[released.table.disclosure == "hidden"]
