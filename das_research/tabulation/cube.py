"""Every cell of a cube: each combination of codes, and the total of every subset of dimensions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import combinations
from typing import Any

import ibis
import ibis.expr.types as ir

from das_research.engines.keeping import kept
from das_research.errors import UsageError
from das_research.result import TOTAL
from das_research.tabulation.measures import Measure, aggregates

UNKNOWN = "onbekend"
UNIT = "_unit"
LONGEST = 100  # signs of a code
TOO_LARGE = "Cast or leave out what is too large for a number of twelve digits."
UNCOMPUTED = "The table could not be computed.", f"Look at table.head(). {TOO_LARGE}"
Address = tuple[str, ...]
Found = Mapping[str, Any]


def prepared(
    table: ir.Table, by: Sequence[str], measures: Sequence[Measure], keys: Sequence[str], also: Sequence[str] = ()
) -> ir.Table:
    """The columns that are needed, with dimensions as texts: an empty one becomes a code of its own. A row is of whom
    the first known of the keys names."""
    needed = dict.fromkeys((*(measure.column for measure in measures if measure.column), *also))
    codes = {_inner(column): coded(table[column]) for column in by}
    known = [table[key].cast("string") for key in keys]
    return table.select(*needed, **{UNIT: ibis.coalesce(*known)}, **codes)


def compute(narrow: ir.Table, by: Sequence[str], measures: Sequence[Measure]) -> dict[Address, list[Found]]:
    """The cells that occur in a prepared table: address to what was found for each measure.

    Raises
    ------
    UsageError
        When the engine refuses; its own words are withheld, since they can quote a value.
    """
    asked = {
        f"_{place}_{part}": aggregate
        for place, measure in enumerate(measures)
        for part, aggregate in aggregates(narrow, measure, UNIT).items()
    }
    rows = computed_rows(ibis.union(*(_grouped(narrow, kept, by, asked) for kept in every_subset(by))), *UNCOMPUTED)
    cells: dict[Address, list[Found]] = {}
    for row in rows:
        address = tuple(row[_inner(column)] for column in by)
        if address in cells:
            raise UsageError(
                f"A column of by= holds the code {TOTAL}, which means the total.", fix="Give that code another name."
            )
        if any(len(code) > LONGEST for code in address):
            raise UsageError(
                f"A column of by= holds a code of more than {LONGEST} signs.",
                why="That is a text, which no rule and no reviewer can judge as a code.",
                fix="Make short codes of it, and give the column of texts no place in by=.",
            )
        cells[address] = [_of_measure(row, place) for place in range(len(measures))]
    return cells


def every_subset(by: Sequence[str]) -> list[tuple[str, ...]]:
    """The dimensions that cells are told by; the others are at their total.

    Examples
    --------
    >>> every_subset(["soort", "jaar"])
    [(), ('soort',), ('jaar',), ('soort', 'jaar')]
    """
    return [kept for size in range(len(by) + 1) for kept in combinations(by, size)]


def computed_rows(table: ir.Table, what: str, fix: str) -> list[dict[str, Any]]:
    """The rows of a small table.

    Raises
    ------
    UsageError
        When the engine stops, in words that are not its own: those can quote a value.
    """
    try:
        return table.to_pyarrow().to_pylist()
    except Exception:
        raise _stopped(what, fix) from None


@contextmanager
def kept_rows(table: ir.Table, what: str, fix: str) -> Iterator[ir.Table]:
    """A block in which a table is computed once for all that is asked of it; errors as of `computed_rows`."""
    with ExitStack() as until_told:
        try:
            computed = until_told.enter_context(kept(table))
        except Exception:
            raise _stopped(what, fix) from None
        yield computed


def _stopped(what: str, fix: str) -> UsageError:
    return UsageError(what, why="The engine stopped; its message can quote a value and is not shown.", fix=fix)


def _inner(column: str) -> str:
    return f"_by_{column}"


def coded(column: ir.Column) -> ir.StringValue:
    """A column as the codes of a dimension: texts, of which an empty one is unknown."""
    text = column.cast("string")
    return text.nullif("").fill_null(UNKNOWN)


def _grouped(table: ir.Table, kept: Sequence[str], by: Sequence[str], asked: Mapping[str, ir.Scalar]) -> ir.Table:
    grouped = table.group_by([_inner(column) for column in kept]) if kept else table
    return grouped_codes(grouped.agg(**asked), kept, by, asked)


def grouped_codes(small: ir.Table, kept: Sequence[str], by: Sequence[str], asked: Iterable[str]) -> ir.Table:
    """Cells that were grouped by some of the dimensions, with the code of the total for the others."""
    codes = {
        _inner(column): small[_inner(column)] if column in kept else ibis.literal(TOTAL, "string") for column in by
    }
    return small.select(**codes, **{name: small[name] for name in asked})


def _of_measure(row: Found, place: int) -> Found:
    start = f"_{place}_"
    return {name.removeprefix(start): value for name, value in row.items() if name.startswith(start)}
