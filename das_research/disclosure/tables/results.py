"""The tables of a Result, as disclosure control reads them: one a measure, with the totals that the Result has."""

import pandas as pd

from das_research.disclosure.breakdowns import whole_period
from das_research.disclosure.tables.cells import TOTAL, Cell, Dimension, Status, Table
from das_research.errors import ReleaseRefused
from das_research.result import Result

PERIOD = "period"
Row = int


def tables_of(result: Result, status: pd.Series, population: str) -> list[tuple[Table, dict[tuple[str, ...], Row]]]:
    """The tables of counts in a Result, every code a part of the total, and where each cell stands in it.

    Parameters
    ----------
    result : Result
        Of shape `counts`, all of its measures whole numbers.
    status : Series of Status
        What may become of each row.
    population : str
        Among whom is counted. Results with the same words here, and the same words of measure and dimensions, share
        their cells: whoever gives it answers for that.

    Returns
    -------
    list of (Table, dict)
        One a measure, and one a code of each dimension that has no total, the period included: these don't add up to
        anything. The dict leads from codes to the label of the row. A row without a number, since it can't occur, is no
        cell.

    Raises
    ------
    ReleaseRefused
        When a number is no count: a share, a fraction or nothing where something is counted.

    """
    rows = result.table
    counted = rows[rows.kind != "cannot occur"]
    if counted.denominator.notna().any() or (counted.numerator.notna() & (counted.numerator != counted.value)).any():
        raise _no_counts("a share has a numerator and a denominator")
    if counted.value.isna().any() or (counted.value % 1 != 0).any():
        raise _no_counts("a number is missing, or is no whole one")
    whole = whole_period(counted[PERIOD])
    names = [*result.dimensions, PERIOD]
    codes = counted[names].assign(**{PERIOD: counted[PERIOD].where(counted[PERIOD] != whole, TOTAL)})
    summed = [name for name in names if (codes[name] == TOTAL).any() and (codes[name] != TOTAL).any()]
    apart = ["measure", *(name for name in names if name not in summed)]
    keys = pd.concat([counted[["measure"]], codes], axis=1)
    found = []
    for words, part in keys.groupby(apart, sort=True):
        measure = "/".join([population, *map(str, words)])
        dimensions = tuple(Dimension.flat(name, sorted(set(part[name]))) for name in summed)
        places = dict(zip(map(tuple, part[summed].to_numpy()), part.index.tolist(), strict=True))
        cells = {place: _cell(counted.loc[row], status.loc[row]) for place, row in places.items()}
        if len(places) != len(part):
            raise _no_counts("two numbers stand at one address")
        found.append((Table(measure, dimensions, cells), places))
    return found


def _cell(row: pd.Series, status: Status) -> Cell:
    units = int(row.value) if pd.isna(row.n) else int(row.n)
    return Cell(int(row.value), Status(status), units)


def _no_counts(why: str) -> ReleaseRefused:
    return ReleaseRefused(
        "A Result can't be protected cell by cell.",
        why=f"It holds more than counts: {why}.",
        fix="Release counts and shares as Results of their own.",
    )
