"""`estimate`: weighted estimates of a survey by any of its columns, each with its standard error."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from das_research.catalog.models import Text
from das_research.chain.survey.cells import Cells, inner_name
from das_research.chain.survey.measures import Asked, read_asked
from das_research.chain.survey.sampled import sample_of, with_strata
from das_research.result import AFTER, BEFORE, TOTAL, Recipe, Result
from das_research.sensitivity import CASES_ONLY, with_band
from das_research.tabulation.checks import PERIOD_COLUMNS, check_by, check_names, check_numbers
from das_research.tabulation.cube import coded
from das_research.tabulation.labels import code_labels, column_title, default_title
from das_research.tabulation.own_keys import kept_columns
from das_research.tabulation.queries import Project, project_of, query_of, table_of

FUNCTION = "das_research.chain.estimate"
FIGURE, VERSION = "own-estimate", "1"
UNITS = {
    "percent": Text(nl="procent", en="percent"),
    "ratio": Text(nl="verhouding", en="ratio"),
    "number": Text(nl="aantal", en="number"),
}


def estimate(
    table: ir.Table,
    measures: Mapping[str, Sequence[str]],
    by: Sequence[str] = (),
    *,
    title: Text | str | None = None,
    project: Project | None = None,
) -> Result:
    """Weighted estimates of a survey, with standard errors that follow from how its respondents were drawn.

    Parameters
    ----------
    table : Table
        Made from one table of a project: that of a dataset with a `sample` in the catalogue, where its weight, strata
        and clusters stand. Filter with care: a group is asked for by `by`, so that the rest of the sample stays known.
    measures : mapping
        Name to what is estimated: ``("share", column)`` of true and false, in percent; ``("mean", column)``;
        ``("ratio", column, column)`` of two sums; ``("total", column)``. Who did not answer is left out of it.
    by : sequence of str
        At most three columns, and besides them one named ``period``, ``jaar`` or ``year``: each of its codes is a
        sample of its own.
    title : Text or str, optional
        Default: made of the measures and columns.
    project : Project, optional
        Default: the project the table comes from.

    Returns
    -------
    Result
        A cell for every code and total, with `se` and 95% limits. `n` is the number of respondents with an answer; of a
        share the fewer of those for whom it held and those for whom it did not, and `numerator` and `denominator` are
        respondents, not inhabitants. Where all respondents add the
        same, as to a share of nothing, no error is given: it would be 0, and say nothing.

    Raises
    ------
    UsageError
        When the table is not that of a survey, a column is not there or can't be used so, or a weight is below zero.

    Notes
    -----
    Linearised (Taylor) variance; see `das_research.chain.survey.linearised` for the sources.

    Examples
    --------
    >>> survey = project.tables.veiligheidsmonitor  # doctest: +SKIP
    >>> das.chain.estimate(survey, {"slachtoffers": ("share", "traditioneel")}, by=["geslacht"])  # doctest: +SKIP
    """
    project = project or project_of(table)
    return _estimate(project, table, query_of(project, table), measures, by, title)


def run_estimate(
    project: Project,
    query: str,
    measures: Mapping[str, Sequence[str]],
    by: Sequence[str] = (),
    title: Mapping[str, str] | None = None,
) -> Result:
    """Compute weighted estimates again from their recipe, as gate 3 does; see `estimate`."""
    return _estimate(project, table_of(project, query), query, measures, by, Text(**title) if title else None)


@with_band(CASES_ONLY)
def _estimate(
    project: Project,
    table: ir.Table,
    query: str,
    measures: Mapping[str, Sequence[str]],
    by: Sequence[str],
    title: Text | str | None,
) -> Result:
    catalog, design = project.catalog, sample_of(project, table, query)
    by = tuple(dict.fromkeys([by] if isinstance(by, str) else by))
    check_by(table, by)
    check_names(measures)
    asked = read_asked(table, measures)
    check_numbers(table, {column for it in asked if it.kind != "share" for column in it.columns})
    period = next((column for column in by if column in PERIOD_COLUMNS), None)
    dimensions = tuple(column for column in by if column != period)
    sample, attrition = with_strata(table, design, period)
    cells = Cells(sample.mutate(**{inner_name(column): coded(sample[column]) for column in by}), design, by, period)
    found = {one: cells.of(one) for one in asked}
    codes = {column: {address[place] for cell in found.values() for address in cell} for place, column in enumerate(by)}
    kept = kept_columns(project, query, by) | {period}  # a year is a year
    labels = {column: code_labels(catalog, column, {*codes[column], TOTAL}, kept=column in kept) for column in by}
    rows = [
        {
            "figure": FIGURE,
            "period": dict(zip(by, address, strict=True)).get(period or "", TOTAL),
            **{column: code for column, code in zip(by, address, strict=True) if column != period},
            **found[one].get(address, _nothing(one)),
        }
        for address in product(*(labels[column] for column in by))
        for one in asked
    ]
    given = Text(nl=title, en=title) if isinstance(title, str) else title
    titles = {column: column_title(catalog, column, kept=column in kept) for column in by}
    parameters: dict[str, Any] = {
        "query": query,
        "measures": {name: list(what) for name, what in measures.items()},
        "by": list(by),
    }
    return Result(
        table=pd.DataFrame(rows)
        .assign(revision="final", disclosure="not checked")
        .reindex(columns=[*BEFORE, *dimensions, *AFTER]),
        dimensions=dimensions,
        title=given or default_title(list(titles.values()), measures),
        definition=FIGURE,
        definition_version=VERSION,
        shape="counts",
        labels={
            "measure": {one.name: Text(nl=one.name, en=one.name) for one in asked},
            "unit": {one.unit: UNITS[one.unit] for one in asked},
            "dimension": {column: titles[column] for column in dimensions},
            **{column: labels[column] for column in dimensions},
        },
        recipe=Recipe(FUNCTION, parameters | ({"title": given.model_dump()} if given else {})),
        project=project.id,
        snapshot=project.snapshot,
        synthetic=project.synthetic,
        attrition=attrition,
    )


def _nothing(asked: Asked) -> dict[str, Any]:
    return {"measure": asked.name, "unit": asked.unit, "kind": "cannot occur", "n": 0, "denominator": 0}
