"""Linear programs in real numbers; one that does not come to an end tells nothing, so that nothing is safe."""

from collections.abc import Sequence
from typing import Any

from scipy.optimize import OptimizeResult, linprog

from das_research.disclosure.attacker.bounds import SECONDS, not_judged

SOLVED, WITHOUT_END = 0, 3  # how the solver says it


def solved(
    price: Any,
    equal: tuple[Any, Any],
    bounds: Sequence[Any],
    most: tuple[Any, Any] = (None, None),
    *,
    may_have_no_end: bool = False,
) -> OptimizeResult:
    """The least of what these prices add up to.

    Parameters
    ----------
    price : array
        Of every variable.
    equal, most : (matrix, array)
        Sums of variables that are these numbers, and those that are no more.
    bounds : sequence
        Of one variable, or of all.
    may_have_no_end : bool
        Whether an answer can be that there is no least.

    Raises
    ------
    ReleaseRefused
        When nothing fits, or the solver fails or takes too long.
    """
    found = linprog(
        price,
        A_eq=equal[0],
        b_eq=equal[1],
        A_ub=most[0],
        b_ub=most[1],
        bounds=bounds,
        method="highs",
        options={"time_limit": SECONDS},
    )
    if found.status != SOLVED and not (may_have_no_end and found.status == WITHOUT_END):
        raise not_judged(str(found.message))
    return found
