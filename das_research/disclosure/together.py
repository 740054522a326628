"""Results of counts that leave together, protected cell by cell over all of them at once.

Gate 3 does not call it yet: it has to be told which Results count the same units, and among own tables only their rows
tell that (`near`). Each Result by itself would not be safe: a cell that is hidden in one to protect another may be
shown in the next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from das_research.disclosure.suppression.levels import Level, count_needs
from das_research.disclosure.suppression.suppress import SECONDS, Suppression, suppress, value_cost
from das_research.disclosure.tables.cells import Status
from das_research.disclosure.tables.model import Model, build_model
from das_research.disclosure.tables.results import Hierarchies, tables_of
from das_research.result import Result


@dataclass(frozen=True, eq=False)
class Counted:
    """A Result of counts, and what is known about its rows.

    Parameters
    ----------
    result : Result
        As it was computed; of one that left before, as it is computed again.
    unsafe : Series of bool
        The rows that may not be shown by themselves.
    population : str
        Among whom is counted; Results with the same words share their cells.
    hidden : Series of bool, optional
        Of one that left before: what was hidden then.
    """

    result: Result
    unsafe: "pd.Series[bool]"
    population: str
    hidden: "pd.Series[bool] | None" = None

    @property
    def status(self) -> pd.Series:
        """A `Status` a row."""
        if self.hidden is None:
            return self.unsafe.map({True: Status.PRIMARY, False: Status.FREE})
        seen = self.hidden.map({True: Status.WITHHELD, False: Status.FIXED})
        return seen.mask(self.hidden & self.unsafe, Status.PRIMARY)


@dataclass(frozen=True, eq=False)
class Together:
    """What is hidden of Results that leave together.

    Parameters
    ----------
    masks : dict
        Name of a Result to the rows to hide.
    model : Model
        All cells, those that left before included.
    pattern : Suppression
        The pattern over these cells, with its bound and its proof.
    """

    masks: dict[str, "pd.Series[bool]"]
    model: Model
    pattern: Suppression


def protect_together(
    results: Mapping[str, Counted],
    minimum: int,
    *,
    earlier: Sequence[Counted] = (),
    level: Level = "threshold",
    hierarchies: Hierarchies | None = None,
    seconds: float = SECONDS,
) -> Together:
    """Hide as few cells of Results as it takes, over all of them at once.

    Parameters
    ----------
    results : mapping of str to Counted
        Those that leave together.
    minimum : int
        The least number of units that is safe.
    earlier : sequence of Counted
        Those that left before, with what was hidden.
    level : {'exact', 'threshold', 'wide'}
        See `levels.count_needs`.
    hierarchies : mapping, optional
        Dimension to code to the code above it.
    seconds : float
        How long to look for fewer, see `suppress`.

    Returns
    -------
    Together

    Raises
    ------
    ReleaseRefused
        When a Result holds more than counts, tables don't add up or contradict each other, or can't be protected: its
        breakdowns can then be hidden as a whole.
    """
    found = {name: tables_of(it.result, it.status, it.population, hierarchies) for name, it in results.items()}
    before = [table for it in earlier for table, _ in tables_of(it.result, it.status, it.population, hierarchies)]
    model = build_model([table for tables in found.values() for table, _ in tables], earlier=before)
    pattern = suppress(model, count_needs(model, minimum, level), value_cost(model), seconds=seconds)
    hidden = {model.addresses[cell] for cell in np.flatnonzero(pattern.hidden)}
    masks = {}
    for name, tables in found.items():
        masks[name] = pd.Series(False, index=results[name].result.table.index)
        for table, places in tables:
            rows = [row for codes, row in places.items() if table.address(codes) in hidden]
            masks[name].loc[rows] = True
    return Together(masks, model, pattern)
