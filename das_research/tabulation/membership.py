"""Which cells of two own tables are counted over nearly the same persons, found where the rows are.

Whatever the two queries, columns and codes are called: it is the persons that are compared.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import ibis
import ibis.expr.types as ir

from das_research.presentation.bands import Place
from das_research.result import TOTAL
from das_research.tabulation.checks import PERIOD_COLUMNS, key_column
from das_research.tabulation.cube import UNIT, prepared
from das_research.tabulation.measures import WITH_COLUMN, Measure, read_measures
from das_research.tabulation.queries import Project, table_of

SIZE = "size"


def nearly_the_same(
    project: Project, new: Mapping[str, Any], old: Mapping[str, Any], minimum: int
) -> list[tuple[Place, Place, int]]:
    """The pairs of cells of two own tables whose persons differ by fewer than the minimum.

    Parameters
    ----------
    project : Project
        Opened on the extract.
    new, old : mapping
        The parameters of two recipes of `das_research.tabulate`.
    minimum : int
        So many persons in the one and not in the other, or the other way round, are enough.

    Returns
    -------
    list of (tuple, tuple, int)
        Address of a cell of the new and of the old table, and how many persons stand in one of them alone; of a share,
        both those of whom it is known and those for whom it holds are compared, and the least difference is told
        that is not none.

    Raises
    ------
    UsageError
        When a query can't be run on the extract.
    """
    ours, mine = _members(project, new, "new")
    theirs, other = _members(project, old, "old")
    sizes = [
        table.group_by([name for name in table.columns if name != UNIT]).agg(size=table.count())
        for table in (ours, theirs)
    ]
    both = ours.join(theirs, UNIT)
    shared = both.group_by([name for name in both.columns if name != UNIT]).agg(shared=both.count())
    for table, side in zip(sizes, ("new", "old"), strict=True):
        keys = [name for name in table.columns if name != SIZE]
        shared = shared.join(table.rename({f"{side}_size": SIZE}), keys)
    apart = (shared.new_size + shared.old_size - 2 * shared.shared).cast("int64")
    found = shared.mutate(apart=apart).filter(apart < minimum).to_pyarrow().to_pylist()
    least: dict[tuple[Place, Place], int] = {}
    for row in found:
        pair = _place(row, "new", mine), _place(row, "old", other)
        least[pair] = min(filter(None, (least.get(pair, 0), row["apart"])), default=0)
    return sorted((here, there, apart) for (here, there), apart in least.items())


def _members(project: Project, recipe: Mapping[str, Any], side: str) -> tuple[ir.Table, list[str]]:
    """Who stands in each cell of an own table, once; and its dimensions."""
    table = table_of(project, recipe["query"])
    by = list(dict.fromkeys(recipe.get("by", ())))
    measures = read_measures(table, recipe.get("measures") or {"aantal": "count"})
    narrow = prepared(table, by, measures, key_column(table, person=project.catalog.chain.person))
    parts = [
        _in_cells(narrow, kept, by, measure, part, side)
        for size in range(len(by) + 1)
        for kept in combinations(by, size)
        for measure in measures
        for part in (("known", "holds") if measure.kind == "share" else ("known",))
    ]
    return ibis.union(*parts), by


def _in_cells(
    table: ir.Table, kept: Sequence[str], by: Sequence[str], measure: Measure, part: str, side: str
) -> ir.Table:
    if measure.kind in WITH_COLUMN:
        column: Any = table[measure.column]
        table = table.filter(column.fill_null(False) if part == "holds" else column.notnull())
    codes = {
        f"{side}_{place}": table[f"_by_{name}"] if name in kept else ibis.literal(TOTAL, "string")
        for place, name in enumerate(by)
    }
    named = {f"{side}_measure": ibis.literal(measure.name), f"{side}_part": ibis.literal(part)}
    return table.select(UNIT, **named, **codes).distinct()


def _place(row: Mapping[str, Any], side: str, by: Sequence[str]) -> Place:
    """A cell as a Result addresses it: measure, the codes of its dimensions, period."""
    codes = {name: row[f"{side}_{place}"] for place, name in enumerate(by)}
    period = next((codes.pop(name) for name in by if name in PERIOD_COLUMNS), TOTAL)
    return (row[f"{side}_measure"], *codes.values(), period)
