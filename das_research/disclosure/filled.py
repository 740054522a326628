"""A released Result with what it lacks: rows that left with their numbers, and numbers where it has none.

What stands in it may not leave. It is made for the last look of gate 3, and kept nowhere.
"""

from collections.abc import Collection, Mapping

import pandas as pd

from das_research.result import NUMBERS, Result


def filled(left: Result, full: Result | None, ways: Collection[str] = ("hidden",)) -> Result:
    """A released Result whose hidden rows have the numbers of another.

    Parameters
    ----------
    left : Result
        As it leaves, or left.
    full : Result or None
        With numbers at the same addresses; what it lacks stays hidden.
    ways : collection of str
        Which rows get them: also ``"rounded"`` ones.
    """
    hidden = left.table.disclosure.isin(ways)
    if full is None or not hidden.any():
        return left
    places = _places(left)
    known = full.table.drop_duplicates(places).set_index(places)
    table, wanted = left.table.copy(), pd.MultiIndex.from_frame(left.table.loc[hidden, places])
    there = wanted.isin(known.index)
    rows = table.index[hidden][there]
    table.loc[rows, list(NUMBERS)] = known.loc[wanted[there], list(NUMBERS)].to_numpy()
    table.loc[rows, "disclosure"] = "shown"
    return left.with_table(table)


def with_rows_that_left(left: Result, full: Result | None, codes: Mapping[str, Collection[str]]) -> Result:
    """A released Result with the rows that are not in it, hidden: a reader can say of whom they would be.

    Not those that can't occur: nobody is in them, and they would be read as of somebody.

    Parameters
    ----------
    left : Result
        As it leaves, or left. Of one without any row nothing leaves.
    full : Result or None
        As it was computed.
    codes : mapping of str to collection of str
        Dimension to the codes that some file holds: of no other does a reader know.
    """
    if full is None or left.table.empty:
        return left
    places = _places(left)
    gone = (full.table.kind != "cannot occur").to_numpy()
    gone &= ~pd.MultiIndex.from_frame(full.table[places]).isin(pd.MultiIndex.from_frame(left.table[places]))
    for name in left.dimensions:
        gone &= full.table[name].isin(codes.get(name, ())).to_numpy()
    if not gone.any():
        return left
    rows = full.table[gone].assign(disclosure="hidden", **dict.fromkeys(NUMBERS, float("nan")))
    return left.with_table(pd.concat([left.table, rows], ignore_index=True))


def _places(result: Result) -> list[str]:
    return ["figure", "measure", *result.dimensions, "period"]
