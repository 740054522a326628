"""How often a model ranks two persons as they turned out: Harrell's index for data with censoring.

Source: F.E. Harrell, K.L. Lee and D.B. Mark, Multivariable prognostic models, Stat. Med. 15 (1996), 361-387.
"""

from itertools import pairwise

import numpy as np

from das_research.chain.models.design import Numbers


def concordance(duration: Numbers, event: Numbers, risk: Numbers, entry: Numbers | None = None) -> float:
    """The share of comparable pairs in which the one with the higher risk has its event first; equal risks count half.

    A pair is comparable where one had its event and the other was still seen after it, or was last seen that very day
    without one; and was seen already, where some were not from the start.

    Parameters
    ----------
    duration, event : array
        How long somebody was seen, and whether (1) or not (0) it ended in the event.
    risk : array
        The higher, the sooner.
    entry : array, optional
        After which time somebody was seen.

    Returns
    -------
    float
        0-1; NaN where no pair is comparable.

    Examples
    --------
    Events on days 1 and 3, one last seen on day 2. Comparable: (1, 2) and (1, 3); the first is ranked rightly.

    >>> concordance(np.array([1.0, 2, 3]), np.array([1.0, 0, 1]), np.array([0.5, 0.1, 0.9]))
    0.5
    """
    ranks = np.unique(risk, return_inverse=True)[1] + 1
    tree = [0] * (int(ranks.max()) + 1)  # of ranks seen so far, as a Fenwick tree: counts of ranks up to each
    seen, right, tied, pairs = 0, 0, 0, 0
    order = np.lexsort((event, -duration))  # from the longest seen; on one day the censored first
    starts = np.flatnonzero(np.r_[True, np.diff(duration[order]) != 0, True])
    late = iter(()) if entry is None else iter(np.argsort(-entry, kind="stable"))
    coming = next(late, None)
    for begin, end in pairwise(starts):
        day = order[begin:end]
        while coming is not None and entry is not None and entry[coming] >= duration[day[0]]:
            seen = _add(tree, ranks[[coming]], seen, -1)  # had not come yet
            coming = next(late, None)
        censored, ended = ranks[day[event[day] == 0]], ranks[day[event[day] > 0]]
        seen = _add(tree, censored, seen)
        for rank in ended:
            below, upto = _up_to(tree, rank - 1), _up_to(tree, rank)
            right, tied, pairs = right + below, tied + upto - below, pairs + seen
        seen = _add(tree, ended, seen)
    return (right + tied / 2) / pairs if pairs else float("nan")


def _add(tree: list[int], ranks: "np.typing.NDArray[np.int64]", seen: int, times: int = 1) -> int:
    for start in ranks.tolist():
        place = start
        while place < len(tree):
            tree[place] += times
            place += place & -place
    return seen + times * len(ranks)


def _up_to(tree: list[int], rank: int) -> int:
    total, place = 0, int(rank)
    while place > 0:
        total += tree[place]
        place -= place & -place
    return total
