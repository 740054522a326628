"""What is wrong with the codes of a row: asked at gate 1, and again at every build, since classifications change."""

from collections.abc import Iterable, Iterator, Mapping

import ibis
import ibis.expr.types as ir

from das_research import engines
from das_research.catalog.models import Catalog, Check, Dataset
from das_research.intake.dependencies import source_codes, taken
from das_research.intake.periods import moment_of, valid_periods
from das_research.intake.validity import not_valid

Judgement = tuple[Check, str, ir.BooleanValue]  # a check of a variable, and where it holds


def unknown_codes(table: ir.Table, catalog: Catalog, dataset: Dataset) -> Iterator[Judgement]:
    """Codes that lead to no unified one."""
    for name, variable in taken(dataset, "code").items():
        codes = source_codes(catalog, dataset, variable)
        if codes is not None:
            yield "unknown-code", name, ~engines.one_of(table[name], codes)


def not_valid_codes(table: ir.Table, catalog: Catalog, dataset: Dataset) -> Iterator[Judgement]:
    """Known codes that were not valid on their day. The value stays: partners spell old rows in the codes of today."""
    for name, variable in taken(dataset, "code").items():
        periods = valid_periods(catalog, dataset, variable)
        if periods:
            moment = ibis.coalesce(*(table[it] for it in moment_of(dataset, name)))
            yield "not-valid-code", name, not_valid(table[name], moment, periods)


def marked_again(
    table: ir.Table, catalog: Catalog, dataset: Dataset, known: Mapping[str, ir.Column] | None = None
) -> ir.Table:
    """Accepted rows whose marks of codes are those of the catalogue as it is now.

    Parameters
    ----------
    table : Table
        Accepted rows with ``marks`` as gate 1 gave them, by the codes of that day.
    catalog, dataset : Catalog, Dataset
        The codes of today.
    known : mapping of str to Column, optional
        Variable to a column of the table that is missing where its code leads to no unified one, for who has looked
        that up already.

    Returns
    -------
    Table
        The same columns; a mark for every code that is unknown or not valid now, and for no other.
    """
    unknown: Iterable[Judgement] = unknown_codes(table, catalog, dataset)
    if known is not None:
        unknown = [("unknown-code", name, table[name].notnull() & it.isnull()) for name, it in known.items()]
    found = [*unknown, *not_valid_codes(table, catalog, dataset)]
    if not found:
        return table
    ours = [f"{check}:{variable}" for check, variable, _ in found]
    # asked before anything hangs on the answers, as the engine then asks once for each text of a column
    judged = table.mutate({mark: where.fill_null(False) for mark, (*_, where) in zip(ours, found, strict=True)})
    names = [ibis.ifelse(judged[mark], mark, ibis.null("string")) for mark in ours]
    others = judged.marks.filter(lambda mark: mark.notin(ours))
    marks = others.concat(ibis.array(names).filter(lambda mark: mark.notnull()))
    # lists are slow to make, and few rows have a mark
    same = (judged.marks.length() == 0) & ~ibis.or_(*(judged[mark] for mark in ours))
    return judged.mutate(marks=ibis.ifelse(same, judged.marks, marks)).select(*table.columns)
