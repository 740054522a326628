"""What gate 1 did with a file, in rows and in cases."""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis.expr.types as ir

from das_research.intake.check import REASON, UNIT, Checked, Rule
from das_research.intake.delivery import RuleCount, Units


@dataclass(frozen=True)
class Counts:
    """Accepted and quarantined rows, the cases under them, and every rule that did something."""

    accepted: int
    quarantined: int
    units: Units
    rules: tuple[RuleCount, ...]


def count(checked: Checked) -> Counts:
    """Count rows and cases.

    Parameters
    ----------
    checked : Checked
        The judged rows; their table should be computed already.

    Returns
    -------
    Counts
        Rules of rows first. A row without a key tells of no case, so every case that was lost was lost for want of a
        moment.
    """
    table = checked.table
    accepted = table[REASON].isnull()
    found = _one(
        table.aggregate(
            {":accepted": accepted.sum(), ":quarantined": (~accepted).sum()}
            | {":units": table[UNIT].nunique(), ":units_accepted": table[UNIT].nunique(where=accepted)}
            | {rule.name: (table[REASON] == rule.name).sum() for rule in checked.of_rows}
            | {rule.name: table[rule.name].sum() for rule in checked.of_values}
        )
    )
    units = Units(found[":units"], found[":units_accepted"], found[":units"] - found[":units_accepted"])
    without_key, without_moment = checked.of_rows
    at_work = [rule for rule in checked.of_values if found[rule.name]]
    cases = {without_key.name: 0, without_moment.name: units.lost} | _cases(table, at_work)
    rules = [
        RuleCount(rule.name, rule.variable, rule.effect, found[rule.name], cases[rule.name])
        for rule in (without_key, without_moment, *at_work)
        if found[rule.name]
    ]
    return Counts(found[":accepted"], found[":quarantined"], units, tuple(rules))


def _cases(table: ir.Table, rules: Sequence[Rule]) -> dict[str, int]:
    if not rules:
        return {}
    return _one(table.aggregate({rule.name: table[UNIT].nunique(where=table[rule.name]) for rule in rules}))


def _one(table: ir.Table) -> dict[str, int]:
    return table.to_pyarrow().to_pylist()[0]
