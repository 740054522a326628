"""How large a fictitious chain must be for a twin to have about the size of its project's extract."""

import math
from collections.abc import Mapping
from statistics import median

from das_research.access.manifest import ExtractedTable
from das_research.catalog.tables import DELIVERY_TABLES

STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)  # of the real chain
ENOUGH = 100  # rows of a table, before it tells anything of the size


def scale_like(extract: Mapping[str, ExtractedTable], twin: Mapping[str, ExtractedTable], scale: float) -> float | None:
    """The step of the scale at which a twin has about as many rows as the extract.

    A twin may be seen by who may not see the extract, so there are ten steps in all and none that says how many rows
    it has; tables of few rows say nothing. The middle one of the tables counts, since some have the same number of
    rows in every chain.

    Parameters
    ----------
    extract, twin : dict
        The tables of the extract and those of a twin of another size, by name.
    scale : float
        That of the chain under this twin.

    Returns
    -------
    float or None
        One of `STEPS`; None where no table has enough rows in both.

    Examples
    --------
    >>> def table(rows):
    ...     return ExtractedTable(("case_id",), rows, "")
    >>> extract = {"cases": table(40_000), "persons": table(16_000), "inhabitants": table(26_000)}
    >>> twin = {"cases": table(3_700), "persons": table(1_300), "inhabitants": table(26_000)}
    >>> scale_like(extract, twin, 0.001)
    0.01
    """
    found = [
        table.rows / twin[name].rows
        for name, table in extract.items()
        if name in twin and name not in DELIVERY_TABLES and min(table.rows, twin[name].rows) >= ENOUGH
    ]
    if not found:
        return None
    wanted = math.log(scale * median(found))
    return min(STEPS, key=lambda step: abs(math.log(step) - wanted))
