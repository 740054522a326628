"""What became of the rows that partners delivered: taken in, put aside with a reason, or lost to the chain."""

from typing import TYPE_CHECKING, Any

from das_research.catalog.models import Catalog, Text
from das_research.chain.assemble import ALL, CASES, ROWS, assemble, stage_labels
from das_research.result import TOTAL, Recipe, Result
from das_research.sensitivity import CASES_ONLY, with_band

if TYPE_CHECKING:
    from das_research.access.project import Project

MEASURES = {
    "rows_delivered": Text(nl="rijen geleverd", en="rows delivered"),
    "rows_accepted": Text(nl="rijen opgenomen", en="rows taken in"),
    "rows_quarantined": Text(nl="rijen apart gezet", en="rows put aside"),
    "values_nulled": Text(nl="waarden leeggemaakt", en="values emptied"),
    "values_marked": Text(
        nl="waarden met een opmerking, zoals een onbekende code", en="values with a remark, as an unknown code"
    ),
    "units_delivered": Text(nl="{unit} geleverd", en="{unit} delivered"),
    "units_accepted": Text(nl="{unit} opgenomen", en="{unit} taken in"),
    "units_lost": Text(nl="{unit} verloren", en="{unit} lost"),
}
TOTALS = {
    "rows_delivered": "delivered",
    "rows_accepted": "accepted",
    "rows_quarantined": "quarantined",
    "units_delivered": "units_delivered",
    "units_accepted": "units_accepted",
    "units_lost": "units_lost",
}
EFFECTS = {"quarantined": "rows_quarantined", "nulled": "values_nulled", "marked": "values_marked"}
CHECKS = {
    "no-key": Text(nl="geen bruikbare sleutel", en="no usable key"),
    "no-moment": Text(nl="geen bruikbaar gebeurtenismoment", en="no usable moment of an event"),
    "not-unique": Text(nl="sleutel die al eerder voorkomt", en="key that occurs before"),
    "missing": Text(nl="verplichte waarde ontbreekt", en="required value missing"),
    "not-the-form": Text(nl="niet in de vorm die het moet hebben", en="not of the form it must have"),
    "no-number": Text(nl="geen nummer, maar een woord of teken", en="no number, but a word or a sign"),
    "cell-error": Text(nl="fout van een rekenblad", en="error of a spreadsheet"),
    "not-a-date": Text(nl="geen datum", en="not a date"),
    "not-a-number": Text(nl="geen getal", en="not a number"),
    "not-a-boolean": Text(nl="geen ja of nee", en="neither yes nor no"),
    "out-of-range": Text(nl="buiten het mogelijke bereik", en="outside the possible range"),
    "before": Text(nl="vóór een datum die eerder hoort te liggen", en="before a date that must come earlier"),
    "unknown-code": Text(nl="onbekende code", en="unknown code"),
    "not-valid-code": Text(nl="code die toen niet gold", en="code that was not valid then"),
}


@with_band(CASES_ONLY)
def deliveries(project: "Project") -> Result:
    """Per dataset the rows delivered, taken in and put aside, and the cases they tell of; per rule what it took.

    Parameters
    ----------
    project : Project
        From `das_research.open_project`; every project has these tables, since they hold no persons.

    Returns
    -------
    Result
        Shape `faults`; dimensions `dataset` (`_T`: all files, in rows only), `stage` (`_T` for a dataset outside the
        stages) and `rule` (`_T`: all rows). Measures `rows_delivered, rows_accepted, rows_quarantined, values_nulled,
        values_marked` in rows, `units_delivered, units_accepted, units_lost` in cases, for datasets whose rows tell of
        cases. A case is lost under the first rule that took a row of it, when no row of it was left. `n`: the cases of
        measures in cases.
    """
    totals = project.tables.deliveries
    counts = {column: totals[column].sum() for column in TOTALS.values()}
    datasets = totals.group_by("dataset", "stage").agg(**counts).order_by("dataset").to_pyarrow().to_pylist()
    rules = project.tables.delivery_rules
    faults = rules.group_by("dataset", "stage", "rule", "effect").agg(rows=rules.rows.sum(), units=rules.units.sum())
    found = faults.order_by("dataset", "rule", "effect").to_pyarrow().to_pylist()
    order = list(project.catalog.datasets)
    of_cases = {name for name, dataset in project.catalog.datasets.items() if dataset.subject == "case"}
    rows = []
    for dataset in sorted(datasets, key=lambda row: order.index(row["dataset"])):
        counted = [measure for measure in TOTALS if dataset["dataset"] in of_cases or not measure.startswith("units")]
        rows += [_row(dataset, TOTAL, measure, dataset[TOTALS[measure]]) for measure in counted]
        for fault in found:
            if fault["dataset"] == dataset["dataset"]:
                rows.append(_row(fault, fault["rule"], EFFECTS[fault["effect"]], fault["rows"]))
                if fault["effect"] == "quarantined" and "units_lost" in counted:
                    rows.append(_row(fault, fault["rule"], "units_lost", fault["units"]))
    everything = {"dataset": TOTAL, "stage": TOTAL}
    for measure, column in TOTALS.items():
        if not measure.startswith("units"):
            rows.append(_row(everything, TOTAL, measure, sum(dataset[column] for dataset in datasets)))
    return assemble(
        project,
        "leveringen",
        rows,
        ["dataset", "stage", "rule"],
        title=Text(nl="Wat partners leverden", en="What partners delivered"),
        measures={measure: _with_unit(text, project.catalog.chain.unit) for measure, text in MEASURES.items()},
        labels={
            "dataset": {name: dataset.title for name, dataset in project.catalog.datasets.items()} | {TOTAL: ALL},
            "stage": stage_labels(project),
            "rule": {TOTAL: ALL} | {row["rule"]: rule_text(project.catalog, row["rule"]) for row in found},
        },
        recipe=Recipe("das_research.chain.deliveries", {}),
        shape="faults",
    )


def rule_text(catalog: Catalog, rule: str) -> Text:
    """A rule of gate 1, `<check>:<variable>`, as readers read it: what is wrong, with which variable."""
    check, _, name = rule.partition(":")
    titles = (dataset.variables[name].title for dataset in catalog.datasets.values() if name in dataset.variables)
    title = next(titles, Text(nl=name, en=name))
    text = CHECKS.get(check, Text(nl=check, en=check))
    return Text(nl=f"{text.nl}: {title.nl}", en=f"{text.en}: {title.en}") if name else text


def _with_unit(text: Text, unit: Text) -> Text:
    return Text(nl=text.nl.format(unit=unit.nl), en=text.en.format(unit=unit.en))


def _row(place: dict[str, Any], rule: str, measure: str, value: int) -> dict[str, Any]:
    unit = CASES if measure.startswith("units") else ROWS
    row = {
        "measure": measure,
        "dataset": place["dataset"],
        "stage": place["stage"] or TOTAL,
        "rule": rule,
        "period": TOTAL,
    }
    return row | {"unit": unit, "value": value, "n": value if unit == CASES else None}
