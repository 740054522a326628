"""`estimate`: weighted estimates of a survey by any of its columns, each with its standard error."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import ibis.expr.types as ir
import pandas as pd
import sqlglot
from sqlglot import exp

from das_research.catalog.models import Sample, Text
from das_research.chain.survey.measures import Asked, numbers, read_asked, sides
from das_research.chain.survey.moments import clusters, drawn, moments
from das_research.engines import tables_read
from das_research.errors import UsageError
from das_research.result import AFTER, BEFORE, TOTAL, Recipe, Result, Step
from das_research.sensitivity import CASES_ONLY, with_band
from das_research.tabulation.checks import PERIOD_COLUMNS, check_by, check_names
from das_research.tabulation.cube import coded
from das_research.tabulation.labels import code_labels, column_title, default_title
from das_research.tabulation.queries import Project, project_of, query_of, table_of

FUNCTION = "das_research.chain.estimate"
FIGURE, VERSION = "own-estimate", "1"
MULTIPLIES = (exp.Join, exp.SetOperation, exp.Unnest, exp.Explode, exp.Lateral, exp.Pivot)
UNITS = {
    "percent": Text(nl="procent", en="percent"),
    "ratio": Text(nl="verhouding", en="ratio"),
    "number": Text(nl="aantal", en="number"),
}
NOBODY = Text(nl="staat voor niemand (gewicht onbekend of nul)", en="stands for nobody (weight unknown or zero)")

Address = tuple[str, ...]


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
    catalog, design = project.catalog, _sample_of(project, table, query)
    by = tuple(dict.fromkeys([by] if isinstance(by, str) else by))
    check_by(table, by)
    check_names(measures)
    asked = read_asked(table, measures)
    period = next((column for column in by if column in PERIOD_COLUMNS), None)
    dimensions = tuple(column for column in by if column != period)
    sample, attrition = _drawn(table, design, period)
    cells = _Cells(sample.mutate(**{_inner(column): coded(sample[column]) for column in by}), design, by, period)
    found = {one: cells.of(one) for one in asked}
    codes = {column: {address[place] for cell in found.values() for address in cell} for place, column in enumerate(by)}
    labels = {column: code_labels(catalog, column, {*codes[column], TOTAL}) for column in by}
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
    titles = {column: column_title(catalog, column) for column in by}
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


def _sample_of(project: Project, table: ir.Table, query: str) -> Sample:
    """How the respondents of a table were drawn; refused where its rows are not those of one survey, each once."""
    tree = sqlglot.parse_one(query, read=project.engine.dialect)
    read = {leaf.name for leaf in tables_read(tree)}
    dataset = project.catalog.datasets.get(next(iter(read), ""))
    if len(read) != 1 or dataset is None or dataset.sample is None or tree.find(*MULTIPLIES):
        known = [name for name, one in project.catalog.datasets.items() if one.sample and name in project.tables]
        raise UsageError(
            "The table is not that of one survey.",
            why="Weights, and how respondents were drawn, hold for rows of one survey, each of which counts once.",
            fix=f"Make it from one of: {', '.join(known) or 'none in this project'}; without join, union or unnest.",
        )
    sample = dataset.sample
    needed = [sample.weight, *sample.strata, *([sample.cluster] if sample.cluster else [])]
    if lacking := [column for column in needed if column not in table.columns]:
        raise UsageError(
            f"The table has no column {', '.join(lacking)}.",
            why="Without it no estimate is right, or nobody knows how sure it is.",
            fix="Keep it in select, or ask for it in the grant.",
            ask="the approvers of the grant",
        )
    if any(_changed(tree, column) for column in needed):
        raise UsageError(
            "The query makes a weight, stratum or cluster anew.",
            why="With weights of one's own a share can be made the answer of one respondent.",
            fix="Keep those columns as they are in the table.",
        )
    return sample


def _changed(tree: exp.Expr, column: str) -> bool:
    """Whether a query gives a name to anything but the column of that name."""
    if any(star.args.get("replace") or star.args.get("rename") for star in tree.find_all(exp.Star)):
        return True
    if any(alias.args.get("columns") for alias in tree.find_all(exp.TableAlias)):
        return True
    named = (it for it in tree.find_all(exp.Alias) if it.alias.casefold() == column.casefold())
    return any(not isinstance(it.this, exp.Column) or it.this.name.casefold() != column.casefold() for it in named)


def _drawn(table: ir.Table, design: Sample, period: str | None) -> tuple[ir.Table, tuple[Step, ...]]:
    sizes = table.agg(
        all=table.count(),
        below=table.count(where=table[design.weight] < 0),
        kept=table.count(where=table[design.weight] > 0),
    )
    (row,) = sizes.to_pyarrow().to_pylist()
    if row["below"]:
        raise UsageError(
            f"{row['below']} respondents have a weight below zero.",
            why="Nobody stands for less than nobody.",
            fix="Leave them out, or let the partner look at the file.",
        )
    strata = (*design.strata, *([period] if period else []))
    steps = () if row["kept"] == row["all"] else (Step(row["all"], row["kept"], NOBODY),)
    return drawn(table, design.weight, strata, design.cluster), steps


@dataclass(frozen=True)
class _Cells:
    """Every cell of a cube of estimates.

    Parameters
    ----------
    sample : Table
        All respondents that were drawn, with the codes of the dimensions.
    design : Sample
        How they were drawn.
    by : tuple of str
        The dimensions and the period.
    period : str or None
        What tells one sample from another.
    """

    sample: ir.Table
    design: Sample
    by: tuple[str, ...]
    period: str | None

    def of(self, asked: Asked) -> dict[Address, dict[str, Any]]:
        """The cells of one measure that occur."""
        samples = clusters(self.sample, [_inner(self.period)] if self.period else [], self.design.cluster)
        everything = {stratum: number for strata in samples.values() for stratum, number in strata.items()}
        cells: dict[Address, dict[str, Any]] = {}
        for kept in (kept for size in range(len(self.by), -1, -1) for kept in combinations(self.by, size)):
            above, below, known = sides(self.sample, asked)
            inner = [_inner(column) for column in kept]
            parts = moments(self.sample, inner, self.design.weight, above, below, self.design.cluster)
            for codes, counts in self._counts(inner, above, known):
                at = dict(zip(kept, codes, strict=True))
                strata = samples[(at[self.period],)] if self.period in at else everything
                address = tuple(at.get(column, TOTAL) for column in self.by)
                if address in cells:
                    raise UsageError(
                        f"A column of by= holds the code {TOTAL}, which means the total.",
                        fix="Give that code another name.",
                    )
                cells[address] = numbers(asked, parts[codes], strata, counts)
        return cells

    def _counts(
        self, inner: list[str], above: ir.NumericValue, known: ir.BooleanValue
    ) -> Iterator[tuple[Address, dict[str, int]]]:
        """How many respondents a group has, with an answer and with a yes."""
        counts = {"known": known, "met": known & (above > 0), "unmet": known & (above <= 0)}
        aggregates = {name: self.sample.count(where=where) for name, where in counts.items()}
        grouped = self.sample.group_by(inner) if inner else self.sample
        for row in grouped.agg(**aggregates).to_pyarrow().to_pylist():
            yield tuple(row.pop(name) for name in inner), row


def _nothing(asked: Asked) -> dict[str, Any]:
    return {"measure": asked.name, "unit": asked.unit, "kind": "cannot occur", "n": 0, "denominator": 0}


def _inner(column: str | None) -> str:
    return f"_by_{column}"
