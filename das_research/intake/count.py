"""What gate 1 did with a file, in rows and in cases, and what its columns held."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Catalog, Dataset
from das_research.engines import only_row
from das_research.intake.check import MOMENT, REASON, UNIT, Checked
from das_research.intake.delivery import ColumnCount, RuleCount, Units
from das_research.intake.dependencies import source_codes, taken
from das_research.intake.rules import Rule
from das_research.intake.units import one_row_each


@dataclass(frozen=True)
class Counts:
    """Accepted and quarantined rows, the cases under them, every rule that did something, columns and years."""

    accepted: int
    quarantined: int
    units: Units
    rules: tuple[RuleCount, ...]
    columns: tuple[ColumnCount, ...]
    years: dict[str, int]


def count(checked: Checked, catalog: Catalog, dataset: Dataset) -> Counts:
    """Count rows, cases and values.

    Parameters
    ----------
    checked : Checked
        The judged rows; their table should be computed already.
    catalog, dataset : Catalog, Dataset
        Which codes are known.

    Returns
    -------
    Counts
        Rules of rows first. A case is lost when all its rows are kept out, at the first rule that took one of them.
    """
    table, out = checked.table, checked.quarantining
    found = only_row(
        table.aggregate(
            {":accepted": table[REASON].isnull().sum(), ":quarantined": table[REASON].notnull().sum()}
            | {":units": table[UNIT].count() if one_row_each(dataset) else table[UNIT].nunique()}
            | {rule.name: (table[REASON] == rule.name).sum() for rule in checked.of_rows if rule in out}
            | {rule.name: table[rule.name].sum() for rule in checked.of_values}
            | {f":filled:{name}": table[name].count() for name in taken(dataset)}
        )
    )
    found = {name: number or 0 for name, number in found.items()}
    lost = _lost(table, out) if found[":quarantined"] else {}
    units = Units(found[":units"], found[":units"] - sum(lost.values()), sum(lost.values()))
    at_work = [rule for rule in (*checked.of_rows, *checked.of_values) if found.get(rule.name)]
    cases = lost | _cases(table, [rule for rule in at_work if rule not in out])
    return Counts(
        accepted=found[":accepted"],
        quarantined=found[":quarantined"],
        units=units,
        rules=tuple(
            RuleCount(rule.name, rule.variable, rule.effect, found[rule.name], cases.get(rule.name, 0))
            for rule in at_work
        ),
        columns=tuple(_column(checked, found, name, catalog, dataset) for name in taken(dataset)),
        years=_numbers(table.filter(table[REASON].isnull()), table[MOMENT].year()),
    )


def _column(checked: Checked, found: dict[str, int], name: str, catalog: Catalog, dataset: Dataset) -> ColumnCount:
    """A value that was taken out had been delivered."""
    table, variable = checked.table, dataset.variables[name]
    taken_out = sum(found[rule.name] for rule in checked.of_values if rule.variable == name and rule.takes_out)
    known = source_codes(catalog, dataset, variable) if variable.type == "code" else None
    codes = _numbers(table.filter(table[name].isin(known)), table[name]) if known else {}
    return ColumnCount(name, found[f":filled:{name}"] + taken_out, codes)


def _lost(table: ir.Table, rules: tuple[Rule, ...]) -> dict[str, int]:
    """The cases that are in no accepted row, by the first rule that took one."""
    order = ibis.cases(*((table[REASON] == rule.name, place) for place, rule in enumerate(rules)), else_=len(rules))
    out = table.filter(table[REASON].notnull(), table[UNIT].notnull()).select(unit=table[UNIT], place=order)
    kept = table.filter(table[REASON].isnull()).select(unit=table[UNIT]).semi_join(out, "unit")
    lost = out.anti_join(kept, "unit").group_by("unit").agg(place=ibis._.place.min())
    return {rules[int(place)].name: rows for place, rows in _numbers(lost, lost.place).items()}


def _cases(table: ir.Table, rules: list[Rule]) -> dict[str, int]:
    if not rules:
        return {}
    return only_row(table.aggregate({rule.name: table[UNIT].nunique(where=table[rule.name]) for rule in rules}))


def _numbers(table: ir.Table, column: ir.Value) -> dict[str, int]:
    """How many rows have each value, by the value as text and in its order."""
    counted = table.group_by(value=column.cast("string")).agg(rows=ibis._.count()).order_by("value")
    return {row["value"]: row["rows"] for row in counted.to_pyarrow().to_pylist()}
