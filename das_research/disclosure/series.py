"""What was computed of a series: it may leave where every number of the series may, and the series itself stays behind.

Trend and season without the rest, changes with the digits of their error, and what is still expected do not give the
numbers of single periods back, whatever else hides some of them.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

from das_research.disclosure.models import OF_COUNTS, to_digits_of
from das_research.disclosure.own_tables import COUNTED, TABLES
from das_research.disclosure.why import Why
from das_research.result import TOTAL, Result

SERIES = tuple(f"das_research.chain.{name}" for name in ("interrupted", "nowcast", "nowcast_revisions", "seasonality"))
OBSERVED = "observed"
STAY_BEHIND = (OBSERVED, "adjusted", "known")
DIGITS = 3


def series_faults(result: Result, unsafe: Callable[[pd.Series], bool]) -> list[Why]:
    """Why what was computed of a series may not leave; empty when it may.

    Parameters
    ----------
    result : Result
        Of shape `series`, as gate 3 computed it again: the series stands in its rows `observed`.
    unsafe : callable
        From a row to whether it may not be shown by itself.

    Returns
    -------
    list of Why
        One a rule.
    """
    if result.recipe.function not in SERIES:
        return [Why("no series")]
    faults = list[Why]()
    under = result.table[result.table.measure == OBSERVED]
    few = int(under.apply(unsafe, axis=1).sum()) if len(under) else 0
    if few or under.empty:
        faults.append(Why("periods", {"periods": few}) if few else Why("nothing under it"))
    if _kind_under(result) not in COUNTED or (result.dominance is not None and result.dominance.rows):
        faults.append(Why("sums"))
    return faults


def _kind_under(result: Result) -> str:
    """What the series under it counts, of a researcher's own table; of anything else it is counted by definition."""
    of: dict[str, Any] = result.recipe.parameters.get("of", {})
    if of.get("function") not in TABLES:
        return COUNTED[0]
    asked = of["parameters"].get("measures", {})
    kinds = {name: what if isinstance(what, str) else what[0] for name, what in asked.items()}
    measure = result.recipe.parameters.get("measure") or next(iter(kinds), "")
    return str(kinds.get(measure, "")) if len(kinds) == 1 or measure in kinds else ""


def coarser_series(result: Result) -> Result:
    """What leaves: nothing of single periods that is exact, and no counts under the numbers."""
    table = result.table
    whole = (
        (table.measure == "nowcast") & table.se.isna() & (table.period != TOTAL)
    )  # all has come in: the series itself
    table = table[~table.measure.isin(STAY_BEHIND) & ~whole].copy()
    table[list(OF_COUNTS)] = float("nan")
    for place, row in table.iterrows():
        for number in ("value", "se", "lower", "upper"):
            if pd.notna(row[number]):
                exact = row["se"] > 0
                rounded = to_digits_of(row[number], row["se"]) if exact else float(f"{row[number]:.{DIGITS}g}")
                table.loc[place, number] = rounded
    labels = {**result.labels, "measure": {k: v for k, v in result.labels["measure"].items() if k not in STAY_BEHIND}}
    return replace(result, table=table, labels=labels)
