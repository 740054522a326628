"""From any Ibis table of a project to a Result, and from its recipe to the same Result again."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from das_research.catalog.models import Text
from das_research.errors import UsageError
from das_research.presentation.bands import Place
from das_research.presentation.dominance import Dominance
from das_research.result import AFTER, BEFORE, TOTAL, Recipe, Result
from das_research.sensitivity import with_band
from das_research.style.plain import plain_text
from das_research.tabulation.checks import PERIOD_COLUMNS, check_by, check_names, check_numbers
from das_research.tabulation.cube import Address, Found, compute, prepared
from das_research.tabulation.dominance import ADDED, Concentrated, concentrated
from das_research.tabulation.labels import code_labels, column_title, default_title, unit_labels
from das_research.tabulation.measures import Measure, numbers, read_measures
from das_research.tabulation.own_keys import kept_columns, keys_of
from das_research.tabulation.queries import Project, project_of, query_of, table_of
from das_research.tabulation.rows_of_one import rows_of_one

FUNCTION = "das_research.tabulate"
FIGURE, VERSION = "own-table", "1"
MAX_CELLS = 100_000

MeasureText = str | Sequence[str]


def tabulate(
    table: ir.Table,
    by: Sequence[str] = (),
    measures: Mapping[str, MeasureText] | None = None,
    *,
    project: Project | None = None,
    title: Text | str | None = None,
) -> Result:
    """Turn a table of a project into a Result.

    Parameters
    ----------
    table : Table
        Any Ibis table made from the tables of a project. It must have kept the column ``person_id``, or ``case_id``
        where the chain knows no persons.
    by : sequence of str
        At most three columns, and besides them one named ``period``, ``jaar`` or ``year``, which becomes the period.
        Every total is added, with the code ``_T``; an empty code becomes ``onbekend``.
    measures : mapping
        Name to what is measured: ``"count"`` of rows, ``"cases"`` and ``"persons"`` that differ, ``("sum", column)``,
        ``("mean", column)`` with its standard error, or ``("share", column)``: the percentage of rows in which the
        condition holds, among those in which it is known. Default: ``{"aantal": "count"}``. Sums and means take six
        decimals of each value.
    project : Project, optional
        Default: the project the table comes from.
    title : Text or str, optional
        Default: made of the measures and columns.

    Returns
    -------
    Result
        One row a cell and measure. `n` is the number of distinct persons (or cases) with a value under the number; of
        a share, the smaller of those for whom it held and those for whom it did not: so few must stay protected.

    Raises
    ------
    UsageError
        When a column is not there or can't be used so, or the table belongs to no project.
    """
    project = project or project_of(table)
    query = query_of(project, table)
    return _tabulate(project, table, query, by, measures or {"aantal": "count"}, title)


def run_tabulate(
    project: Project,
    query: str,
    by: Sequence[str] = (),
    measures: Mapping[str, MeasureText] | None = None,
    title: Mapping[str, str] | None = None,
) -> Result:
    """Compute a researcher's own table again from its recipe, as gate 3 does.

    Parameters
    ----------
    project : Project
        Opened on the extract; its engine is read-only, and the query runs there.
    query : str
        The compiled query of the table.
    by, measures, title
        As `tabulate` had them.

    Raises
    ------
    UsageError
        When the query reads more than the extract, can't be run there, or a parameter does not fit.
    """
    table = table_of(project, query)
    return _tabulate(project, table, query, by, measures or {"aantal": "count"}, Text(**title) if title else None)


@with_band()
def _tabulate(
    project: Project,
    table: ir.Table,
    query: str,
    by: Sequence[str],
    measures: Mapping[str, MeasureText],
    title: Text | str | None,
) -> Result:
    catalog, table = project.catalog, project.linked(table, query)
    keys = keys_of(project, table, query)
    by = tuple(dict.fromkeys([by] if isinstance(by, str) else by))
    check_by(table, by)
    check_names(measures)
    asked = read_measures(table, measures)
    check_numbers(table, {it.column for it in asked if it.kind in ADDED})
    period = next((column for column in by if column in PERIOD_COLUMNS), None)
    dimensions = tuple(column for column in by if column != period)
    narrow = prepared(table, by, asked, keys)
    cells = compute(narrow, by, asked)
    kept = kept_columns(project, query, by) | {period}  # a year is a year
    labels = {
        column: code_labels(catalog, column, {address[place] for address in cells}, kept=column in kept)
        for place, column in enumerate(by)
    }
    given = plain_text(title) if title else None
    parameters: dict[str, Any] = {
        "query": query,
        "by": list(by),
        "measures": {name: what if isinstance(what, str) else list(what) for name, what in measures.items()},
    }
    shown = {column: column_title(catalog, column, kept=column in kept) for column in by}
    return Result(
        table=_long_table(cells, by, dimensions, period, asked, labels),
        dimensions=dimensions,
        title=given or default_title(list(shown.values()), measures),
        definition=FIGURE,
        definition_version=VERSION,
        shape="counts",
        labels={
            "measure": {measure.name: Text(nl=measure.name, en=measure.name) for measure in asked},
            "unit": unit_labels(catalog, asked),
            "dimension": {column: shown[column] for column in dimensions},
            **{column: labels[column] for column in dimensions},
        },
        recipe=Recipe(FUNCTION, parameters | ({"title": given.model_dump()} if given else {})),
        project=project.id,
        snapshot=project.snapshot,
        synthetic=project.synthetic,
        linkage=dict(project.linkage),
        dominance=_dominance(
            concentrated(narrow, by, asked, catalog.disclosure),
            rows_of_one(narrow, by, asked, cells, catalog.disclosure),
            by,
            period,
        ),
    )


def _dominance(
    found: Concentrated | None, of_one: Iterable[tuple[str, Address]], by: Sequence[str], period: str | None
) -> Dominance | None:
    """What was found, at addresses as a Result has them."""
    if found is None:
        return None

    def place(cell: tuple[str, Address]) -> Place:
        code_of = dict(zip(by, cell[1], strict=True))
        when = code_of.pop(period) if period else TOTAL
        return (cell[0], *code_of.values(), when)

    needs, known = ({place(it): percent for it, percent in told.items()} for told in (found.needs, found.known))
    apart, rows = (frozenset(map(place, it)) for it in (found.apart, of_one))
    return Dominance(needs, known, apart, found.signed, found.spread, rows)


def _long_table(
    cells: Mapping[tuple[str, ...], Sequence[Found]],
    by: Sequence[str],
    dimensions: Sequence[str],
    period: str | None,
    measures: Sequence[Measure],
    labels: Mapping[str, Mapping[str, Text]],
) -> pd.DataFrame:
    """Every combination of the codes that occur; one that does not occur is a true zero."""
    codes = [[*labels[column]] for column in by]
    count = len(measures) * prod(map(len, codes))
    if count > MAX_CELLS:
        raise UsageError(
            f"The table would have {count} cells.",
            why=f"More than {MAX_CELLS} is data, not a table.",
            fix="Use coarser classes.",
        )
    nothing: Sequence[Found] = [{}] * len(measures)
    rows = []
    for address in product(*codes):
        place = dict(zip(by, address, strict=True))
        for measure, found in zip(measures, cells.get(address, nothing), strict=True):
            where = {column: place[column] for column in dimensions} | {"period": place[period] if period else TOTAL}
            rows.append({"figure": FIGURE, **where, **numbers(measure, found)})
    columns = [*BEFORE, *dimensions, *AFTER]
    return pd.DataFrame(rows).assign(revision="final", disclosure="not checked").reindex(columns=columns)
