"""A released Result with numbers where it has none: as it was computed, or as it might have been.

What stands in it may not leave. It is made for the last look of gate 3, and kept nowhere.
"""

import pandas as pd

from das_research.result import NUMBERS, Result


def filled(left: Result, full: Result | None) -> Result:
    """A released Result whose hidden rows have the numbers of another.

    Parameters
    ----------
    left : Result
        As it leaves, or left.
    full : Result or None
        With numbers at the same addresses; what it lacks stays hidden.
    """
    hidden = left.table.disclosure == "hidden"
    if full is None or not hidden.any():
        return left
    places = ["figure", "measure", *left.dimensions, "period"]
    known = full.table.drop_duplicates(places).set_index(places)
    table, wanted = left.table.copy(), pd.MultiIndex.from_frame(left.table.loc[hidden, places])
    there = wanted.isin(known.index)
    rows = table.index[hidden][there]
    table.loc[rows, list(NUMBERS)] = known.loc[wanted[there], list(NUMBERS)].to_numpy()
    table.loc[rows, "disclosure"] = "shown"
    return left.with_table(table)
