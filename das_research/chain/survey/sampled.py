"""The rows of one survey, each as it was drawn: what a researcher's query may and may not do with them."""

import ibis.expr.types as ir
import sqlglot
from sqlglot import exp

from das_research.catalog.models import Sample, Text
from das_research.chain.survey.moments import drawn
from das_research.engines import tables_read
from das_research.errors import UsageError
from das_research.result import Step
from das_research.tabulation.queries import Project

MULTIPLIES = (exp.Join, exp.SetOperation, exp.Unnest, exp.Explode, exp.Lateral, exp.Pivot)
NOBODY = Text(nl="staat voor niemand (gewicht onbekend of nul)", en="stands for nobody (weight unknown or zero)")


def sample_of(project: Project, table: ir.Table, query: str) -> Sample:
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


def with_strata(table: ir.Table, design: Sample, period: str | None) -> tuple[ir.Table, tuple[Step, ...]]:
    """The respondents who stand for somebody, and who was left out; of several periods each is a sample of its own.

    Raises
    ------
    UsageError
        When a weight is below zero.
    """
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
