"""Tables that fit all that is seen and lie far apart in many groups at once, so that few show what is possible of many.

A solver that is asked of one group at a time is asked as often as there are groups.
"""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, vstack

from das_research.disclosure.attacker.bounds import Reader
from das_research.disclosure.attacker.proof import Policy, are_possible

GOLDEN = (5**0.5 - 1) / 2
FEWEST = 4  # groups for which a table far in all is worth its question


def far_tables(
    reader: Reader, groups: Sequence[csr_matrix], known: Sequence[np.ndarray], minimum: int, policy: Policy
) -> list[np.ndarray]:
    """Tables by which groups are shown to be possibly enough, as long as each shows it of several more.

    Parameters
    ----------
    reader : Reader
        All that is known.
    groups : sequence of csr_matrix
        1 at the atoms of each.
    known : sequence of array of int
        Tables that fit and are at hand.
    minimum : int
        Fewer units than this are unsafe.
    policy : {'exact', 'threshold', 'wide'}
        As of `attack.attack`.
    """
    if len(groups) < FEWEST or (base := reader.table_at_once()) is None:
        return []
    tables, left, turn = [*known, base], csr_matrix(vstack(groups)), 0
    while left.shape[0] >= FEWEST:
        # prices that no two groups share, other ones every time: of parts of one sum another goes up then
        prices = np.modf(GOLDEN * np.arange(1 + turn, 1 + turn + left.shape[0]))[0]
        for upward in (True, False) if policy == "wide" else (True,):
            table = reader.table_far(prices @ left, upward, base + minimum)
            tables += [] if table is None else [table]
        still = ~are_possible(left @ np.column_stack(tables), minimum, policy)
        if left.shape[0] - still.sum() < FEWEST:
            break
        left, turn = left[still], turn + left.shape[0]
    return tables[len(known) :]
