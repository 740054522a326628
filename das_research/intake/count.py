"""What every rule did, in rows and in cases."""

from collections.abc import Sequence

import ibis.expr.types as ir

from das_research.intake.check import REASON, UNIT, Checked, Rule
from das_research.intake.delivery import RuleCount, Units


def count_rows(table: ir.Table) -> tuple[int, int]:
    """Accepted and quarantined rows."""
    found = _one(table.aggregate(accepted=table[REASON].isnull().sum(), quarantined=table[REASON].notnull().sum()))
    return found["accepted"], found["quarantined"]


def count_units(table: ir.Table) -> Units:
    """Distinct cases in the file, in its accepted rows, and in neither of those."""
    accepted = table[UNIT].nunique(where=table[REASON].isnull())
    found = _one(table.aggregate(delivered=table[UNIT].nunique(), accepted=accepted))
    return Units(**found, lost=found["delivered"] - found["accepted"])


def count_rules(checked: Checked, units: Units) -> tuple[RuleCount, ...]:
    """Every rule that did something, rules of rows first.

    A row without a key tells of no case, so every case that was lost was lost for want of a moment.
    """
    table = checked.table
    without_key, without_moment = checked.of_rows
    rows = _one(
        table.aggregate(
            {rule.name: (table[REASON] == rule.name).sum() for rule in checked.of_rows}
            | {rule.name: table[rule.name].sum() for rule in checked.of_values}
        )
    )
    counted = [_counted(without_key, rows, 0), _counted(without_moment, rows, units.lost)]
    at_work = [rule for rule in checked.of_values if rows[rule.name]]
    cases = _cases(table, at_work)
    counted += [_counted(rule, rows, cases[rule.name]) for rule in at_work]
    return tuple(it for it in counted if it.rows)


def _cases(table: ir.Table, rules: Sequence[Rule]) -> dict[str, int]:
    if not rules:
        return {}
    return _one(table.aggregate({rule.name: table[UNIT].nunique(where=table[rule.name]) for rule in rules}))


def _counted(rule: Rule, rows: dict[str, int], units: int) -> RuleCount:
    return RuleCount(rule.name, rule.variable, rule.effect, rows[rule.name] or 0, units)


def _one(table: ir.Table) -> dict[str, int]:
    return table.to_pyarrow().to_pylist()[0]
