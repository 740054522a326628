"""What is wrong with a row: impossible values are taken out and marked; a row without key or moment can't be used."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Any, Literal

import ibis
import ibis.expr.types as ir

from das_research import engines
from das_research.catalog.models import Catalog, Dataset
from das_research.errors import CatalogError
from das_research.intake.dependencies import domains, source_codes, taken
from das_research.intake.parse import UNREADABLE, known_text, normalised, value_of
from das_research.intake.periods import moment_of, valid_periods
from das_research.intake.validity import not_valid

MOMENT, UNIT, REASON = ":moment", ":unit", ":reason"  # no variable can be named so
Effect = Literal["quarantined", "nulled", "marked"]


@dataclass(frozen=True)
class Rule:
    """One rule of a dataset; in the checked table its name is a column that says where it holds."""

    check: str
    variable: str
    effect: Effect

    @property
    def name(self) -> str:
        """What the rule is called in counts and marks."""
        return f"{self.check}:{self.variable}"


Judgement = tuple[Rule, ir.BooleanValue, ir.Value]  # where a rule holds, and what it leaves of the variable


@dataclass(frozen=True)
class Checked:
    """The rows of a delivery, typed and judged.

    Parameters
    ----------
    table : Table
        ``row``, each taken variable (identifiers normalised, not yet pseudonyms), `MOMENT`, `UNIT` (the key of the
        row's case, or of what else it tells of), `REASON` (name of the rule that keeps the row out, or null), and a
        true or false for each rule of values.
    of_rows, of_values : tuple of Rule
        Rules that keep a row out, in the order they are asked; rules that take a value out or mark it.
    """

    table: ir.Table
    of_rows: tuple[Rule, ...]
    of_values: tuple[Rule, ...]


def check(rows: ir.Table, catalog: Catalog, dataset: Dataset) -> Checked:
    """Type and judge every row.

    Parameters
    ----------
    rows : Table
        As `read` left them.
    catalog : Catalog
        For identifier domains and known codes.
    dataset : Dataset
        What the rows must be.

    Returns
    -------
    Checked
        An expression: nothing is computed yet.
    """
    table = rows.mutate({name: known_text(rows[name], dataset.file) for name in taken(dataset)})
    table = table.mutate({name: normalised(table[name], domain) for name, domain in domains(catalog, dataset).items()})
    rules: list[Rule] = []
    table = _judged(table, _unreadable(table, dataset), rules)
    table = _judged(table, _unknown_codes(table, catalog, dataset), rules)
    table = _judged(table, _out_of_range(table, dataset), rules)
    for later, earlier in _orders(dataset):
        holds = table[later] < table[earlier]
        judgement = Rule("before", later, "nulled"), holds, _unless(holds, table[later])
        table = _judged(table, [judgement], rules)
    table = _judged(table, _not_valid_codes(table, catalog, dataset), rules)
    asked = next(iter(dataset.row_keys), ("row",))
    key, moment = (Rule(*it, "quarantined") for it in (("no-key", asked[0]), ("no-moment", dataset.moment[0])))
    table = table.mutate({UNIT: _unit(table, dataset), MOMENT: ibis.coalesce(*(table[it] for it in dataset.moment))})
    reason = ibis.cases(
        (table[UNIT].isnull(), key.name), (table[MOMENT].isnull(), moment.name), else_=ibis.null("string")
    )
    return Checked(table.mutate({REASON: reason}), (key, moment), tuple(rules))


def _judged(table: ir.Table, found: Iterable[Judgement], rules: list[Rule]) -> ir.Table:
    """The table with the values that the rules leave, and where each rule holds; the rules are noted in the list."""
    judgements = list(found)
    rules.extend(rule for rule, _, _ in judgements)
    holds = {rule.name: where.fill_null(False) for rule, where, _ in judgements}
    return table.mutate({rule.variable: value for rule, _, value in judgements} | holds)


def _unreadable(table: ir.Table, dataset: Dataset) -> Iterator[Judgement]:
    for name, variable in taken(dataset, *UNREADABLE).items():
        value = value_of(table[name], variable, dataset.file)
        yield Rule(UNREADABLE[variable.type], name, "nulled"), table[name].notnull() & value.isnull(), value


def _unknown_codes(table: ir.Table, catalog: Catalog, dataset: Dataset) -> Iterator[Judgement]:
    for name, variable in taken(dataset, "code").items():
        codes = source_codes(catalog, dataset, variable)
        if codes is not None:
            yield Rule("unknown-code", name, "marked"), table[name].notin(codes), table[name]


def _not_valid_codes(table: ir.Table, catalog: Catalog, dataset: Dataset) -> Iterator[Judgement]:
    """The value stays: partners spell old rows in the codes of today, and the mark says so."""
    for name, variable in taken(dataset, "code").items():
        periods = valid_periods(catalog, dataset, variable)
        if periods:
            moment = ibis.coalesce(*(table[it] for it in moment_of(dataset, name)))
            yield Rule("not-valid-code", name, "marked"), not_valid(table[name], moment, periods), table[name]


def _out_of_range(table: ir.Table, dataset: Dataset) -> Iterator[Judgement]:
    for name, variable in taken(dataset, "date", "integer", "decimal").items():
        if variable.range is None:
            continue
        value = table[name]
        outside = [value < _bound(variable.range.min)] if variable.range.min is not None else []
        outside += [value > _bound(variable.range.max)] if variable.range.max is not None else []
        holds = ibis.or_(ibis.literal(False), *outside)
        yield Rule("out-of-range", name, "nulled"), holds, _unless(holds, value)


def _orders(dataset: Dataset) -> list[tuple[str, str]]:
    """Pairs of dates of which the first can't be before the second, so that the second is clean when it is asked."""
    earlier = {name: it.not_before for name, it in taken(dataset, "date").items() if it.not_before}
    sorter = TopologicalSorter({later: [first] for later, first in earlier.items()})
    try:
        return [(name, earlier[name]) for name in sorter.static_order() if name in earlier]
    except CycleError:
        raise CatalogError(
            f"In dataset '{dataset.id}' the fields 'not_before' go round in a circle.",
            fix="Leave one of them out.",
            ask="the data steward who maintains the catalogue",
        ) from None


def _unit(table: ir.Table, dataset: Dataset) -> ir.StringValue:
    """The key of what the row tells of: the first set of variables that is complete; null when none is."""
    if not dataset.row_keys:
        return table["row"].cast("string")
    sets = []
    for place, names in enumerate(dataset.row_keys):
        complete = ibis.and_(*(table[name].notnull() for name in names))
        parts = (ibis.literal("/").concat(table[name].cast("string")) for name in names)
        sets.append((complete, ibis.literal(f"{place}").concat(*parts)))
    return ibis.cases(*sets, else_=ibis.null("string"))


def _bound(value: Any) -> ir.Scalar:
    return engines.literal_date(value) if isinstance(value, date) else ibis.literal(value)


def _unless(holds: ir.BooleanValue, value: ir.Value) -> ir.Value:
    return ibis.ifelse(holds.fill_null(False), ibis.null(value.type()), value)
