"""What is wrong with a row: impossible values are taken out and marked; a row without key or moment can't be used."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Any

import ibis
import ibis.expr.types as ir

from das_research import engines
from das_research.catalog.models import Catalog, Dataset
from das_research.errors import CatalogError
from das_research.intake.codes import Judgement, not_valid_codes, unknown_codes
from das_research.intake.dependencies import domains, for_linkage, taken
from das_research.intake.parse import UNREADABLE, known_text, number_of, of_another_form, value_of
from das_research.intake.rules import Rule, rule_of, severities_of
from das_research.intake.units import unit
from das_research.intake.workbook_errors import ERRORS

MOMENT, UNIT, REASON, DELIVERED = ":moment", ":unit", ":reason", ":delivered"  # no variable can be named so


@dataclass(frozen=True)
class Checked:
    """The rows of a delivery, typed and judged.

    Parameters
    ----------
    table : Table
        ``row``, each taken variable (identifiers normalised, not yet pseudonyms) and each that is for linkage alone,
        `MOMENT`, `UNIT` (the key of the row's case, or of what else it tells of), `REASON` (name of the rule that keeps
        the row out, or null), `DELIVERED` (of a row that is kept out, its texts but for identifiers), and a true or
        false for each rule of values.
    of_rows, of_values : tuple of Rule
        Rules that ask for the key and the moment of a row, in the order they are asked; rules of its values.
    """

    table: ir.Table
    of_rows: tuple[Rule, ...]
    of_values: tuple[Rule, ...]

    @property
    def quarantining(self) -> tuple[Rule, ...]:
        """The rules that keep a row out, in the order they are asked."""
        return tuple(rule for rule in (*self.of_rows, *self.of_values) if rule.effect == "quarantined")


def check(rows: ir.Table, catalog: Catalog, dataset: Dataset) -> Checked:
    """Type and judge every row.

    Parameters
    ----------
    rows : Table
        As `reading` gives them.
    catalog : Catalog
        For identifier domains and known codes.
    dataset : Dataset
        What the rows must be.

    Returns
    -------
    Checked
        An expression: nothing is computed yet. Its rows stand in the order of the file.
    """
    texts = taken(dataset) | for_linkage(dataset)
    delivered = ibis.struct({name: rows[name] for name in delivered_texts(dataset)})
    table = rows.mutate({name: known_text(rows[name], dataset.file) for name in texts} | {DELIVERED: delivered})
    rules: list[Rule] = []
    table = _judged(table, _missing(table, dataset), dataset, rules)
    table = _judged(table, _cell_errors(table, dataset), dataset, rules)
    table = _numbered(table, catalog, dataset, rules)
    table = _judged(table, _of_another_form(table, catalog, dataset), dataset, rules)
    table = _typed(table, dataset, rules)
    table = _judged(table, unknown_codes(table, catalog, dataset), dataset, rules)
    table = _judged(table, _out_of_range(table, dataset), dataset, rules)
    for later, earlier in _orders(dataset):
        table = _judged(table, [("before", later, table[later] < table[earlier])], dataset, rules)
    table = _judged(table, not_valid_codes(table, catalog, dataset), dataset, rules)
    table = _judged(table, _not_unique(table, dataset), dataset, rules)
    asked = next(iter(dataset.row_keys), ("row",))
    of_rows = rule_of(dataset, "no-key", asked[0]), rule_of(dataset, "no-moment", dataset.moment[0])
    table = table.mutate({UNIT: unit(table, dataset), MOMENT: ibis.coalesce(*(table[it] for it in dataset.moment))})
    quarantining = [rule for rule in rules if rule.effect == "quarantined"]
    reason = ibis.cases(
        *((table[column].isnull(), rule.name) for column, rule in zip((UNIT, MOMENT), of_rows, strict=True)),
        *((table[rule.name], rule.name) for rule in quarantining),
        else_=ibis.null("string"),
    )
    table = table.mutate({REASON: reason})
    kept_out = ibis.ifelse(table[REASON].isnull(), ibis.null(delivered.type()), table[DELIVERED])
    table = table.mutate({DELIVERED: kept_out})
    if any(rule.check == "not-unique" for rule in rules):
        table = table.order_by("row")  # rows of one key were laid together
    return Checked(table, of_rows, tuple(rules))


def delivered_texts(dataset: Dataset) -> list[str]:
    """The variables of which the quarantine holds the text as delivered."""
    return [name for name, variable in taken(dataset).items() if variable.type != "identifier"]


def _judged(table: ir.Table, found: Iterable[Judgement], dataset: Dataset, rules: list[Rule]) -> ir.Table:
    """The table with where each rule holds, and without the values that can't be; the rules are noted in the list."""
    columns: dict[str, ir.Value] = {}
    for check, variable, where in found:
        rule = rule_of(dataset, check, variable)
        rules.append(rule)
        columns[rule.name] = where.fill_null(False)
        if rule.takes_out:
            value = table[variable]
            columns[variable] = ibis.ifelse(where.fill_null(False), ibis.null(value.type()), value)
    return table.mutate(columns)


def _typed(table: ir.Table, dataset: Dataset, rules: list[Rule]) -> ir.Table:
    """Every value in its type; a text that can't be read is none."""
    columns: dict[str, ir.Value] = {}
    for name, variable in taken(dataset, *UNREADABLE).items():
        rule = rule_of(dataset, UNREADABLE[variable.type], name)
        rules.append(rule)
        columns[name] = value_of(table[name], variable, dataset.file)
        columns[rule.name] = table[name].notnull() & columns[name].isnull()
    return table.mutate(columns)


def _missing(table: ir.Table, dataset: Dataset) -> Iterator[Judgement]:
    for name, variable in taken(dataset).items():
        if variable.required:
            yield "missing", name, table[name].isnull()


def _cell_errors(table: ir.Table, dataset: Dataset) -> Iterator[Judgement]:
    """Texts that are none; where a number, date or identifier should stand, other rules take them out."""
    for name, variable in (taken(dataset) | for_linkage(dataset)).items():
        if variable.type in ("text", "code"):
            yield "cell-error", name, table[name].startswith("#") & engines.one_of(table[name], ERRORS)


def _numbered(table: ir.Table, catalog: Catalog, dataset: Dataset, rules: list[Rule]) -> ir.Table:
    """Every identifier as it is hashed; what spells none is taken out."""
    columns: dict[str, ir.Value] = {}
    for name, domain in domains(catalog, dataset).items():
        rule = rule_of(dataset, "no-number", name)
        rules.append(rule)
        columns[name] = number_of(table[name], domain)
        columns[rule.name] = table[name].notnull() & columns[name].isnull()
    return table.mutate(columns)


def _of_another_form(table: ir.Table, catalog: Catalog, dataset: Dataset) -> Iterator[Judgement]:
    of = domains(catalog, dataset)
    for name, variable in taken(dataset, "identifier", "text").items():
        if variable.pattern is not None:
            yield "not-the-form", name, ~table[name].re_search(f"^(?:{variable.pattern})$")
        elif name in of and (wrong := of_another_form(table[name], of[name])) is not None:
            yield "not-the-form", name, wrong


def _out_of_range(table: ir.Table, dataset: Dataset) -> Iterator[Judgement]:
    for name, variable in taken(dataset, "date", "integer", "decimal").items():
        if variable.range is None:
            continue
        value = table[name]
        outside = [value < _bound(variable.range.min)] if variable.range.min is not None else []
        outside += [value > _bound(variable.range.max)] if variable.range.max is not None else []
        yield "out-of-range", name, ibis.or_(ibis.literal(False), *outside)


def _not_unique(table: ir.Table, dataset: Dataset) -> Iterator[Judgement]:
    """All rows of a key but the first, where a severity says what follows; else a file with such a key is refused."""
    if dataset.unique and severities_of(dataset, "not-unique", dataset.unique[0]):
        complete = ibis.and_(*(table[name].notnull() for name in dataset.unique))
        place = ibis.row_number().over(group_by=list(dataset.unique), order_by="row")
        yield "not-unique", dataset.unique[0], complete & (place > 0)


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


def _bound(value: Any) -> ir.Scalar:
    return engines.literal_date(value) if isinstance(value, date) else ibis.literal(value)
