"""Which columns, added and subtracted, come to nothing: by elimination modulo a prime, verified in whole numbers.

For everybody, or for all but fewer persons than the minimum; what is then left is a number of those few.
"""

from collections.abc import Iterable
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from das_research.tabulation.independent import PRIME, Independent, directions, signed

TIMES = 12  # of one number in a sum, at most
MOST_SUMS, FEW_SUMS = 4_000, 60  # that are tried one by one; and of which two together are, where there are more
Whole = NDArray[np.int64]


def vanishing(kinds: Whole, persons: Whole, of: Whole, minimum: int) -> list[Whole | None]:
    """Factors of columns by which they come to nothing, for everybody or all but few; None for one too odd.

    Parameters
    ----------
    kinds : array
        Of every kind of persons how many units of one person each column holds.
    persons : array
        How many persons are of each kind.
    of : array
        How many persons each column holds.
    minimum : int
        So many persons are not few.

    Examples
    --------
    A column of two others together, less two persons.

    >>> kinds = np.array([[1, 0, 1], [0, 1, 1], [0, 1, 0]])
    >>> [it.tolist() for it in vanishing(kinds, np.array([20, 20, 2]), np.array([20, 22, 40]), 10)]
    [[1, 1, -1]]
    """
    order = np.argsort(of, kind="stable")  # what holds fewest stands first, so that larger ones are sums of it
    ordered = kinds[:, order]
    rows, few = _basis(ordered, persons, minimum)
    width = ordered.shape[1]
    known = Independent(width + len(rows))
    # the unit matrix beside it tells by which rows each of its own came about
    known.add(np.hstack([ordered[rows], np.eye(len(rows), dtype=np.int64)]))
    reduced, leads = known.rows, [lead for lead in known.leads if lead < width]
    found: list[Whole | None] = []
    for column in sorted(set(range(width)) - set(leads)):
        factors = np.zeros(width, dtype=np.int64)
        factors[leads], factors[column] = reduced[:, column], -1
        found.append(_checked(factors, ordered, everybody=True))
    nearly = np.zeros((len(few), width), dtype=np.int64)
    nearly[:, leads] = reduced[:, [width + row for row in few]].T
    found += _of_few(nearly, ordered, persons, minimum)
    back = np.argsort(order)
    return [None if it is None else it[back] for it in found]


def _basis(kinds: Whole, persons: Whole, minimum: int) -> tuple[list[int], list[int]]:
    """Independent kinds, those of enough persons first; and which of them, by their place, are of few."""
    known, many = Independent(kinds.shape[1]), np.flatnonzero(persons >= minimum)
    rows = [int(many[it]) for it in known.add(kinds[many])]
    few = np.flatnonzero(persons < minimum)
    while True:
        rests = known.rests(kinds[few])
        few, rests = few[rests.any(axis=1)], rests[rests.any(axis=1)]
        if not len(few):
            return rows, []
        numbers, weights = directions(rests, persons[few])
        enough = few[[int(np.flatnonzero(numbers == it)[0]) for it in np.flatnonzero(weights >= minimum)]]
        if not len(enough):
            break
        rows += [int(enough[it]) for it in known.add(kinds[enough])]
    heaviest = few[np.argsort(-weights[numbers], kind="stable")]
    last = [int(heaviest[it]) for it in known.add(kinds[heaviest])]
    return rows + last, list(range(len(rows), len(rows) + len(last)))


def _checked(factors: Whole, kinds: Whole, *, everybody: bool = False) -> Whole | None:
    """Factors modulo the prime as small whole numbers; None where they are not."""
    one = factors if everybody else factors * pow(int(factors[factors != 0][0]), -1, PRIME) % PRIME
    for times in range(1, TIMES + 1):
        whole = signed(one * times, TIMES)
        if whole is not None and not (everybody and (kinds[:, whole != 0] @ whole[whole != 0]).any()):
            return whole
    return None


def _of_few(nearly: Whole, kinds: Whole, persons: Whole, minimum: int) -> list[Whole]:
    """Sums that come to nothing for all but few persons, of such as come to nothing for all but one kind of a basis.

    All of them where the kinds are not too many: each comes to nothing for as many as tell it from any other.
    """
    if not len(nearly):
        return []
    rests = _product(kinds, nearly)
    few = rests[rests.any(axis=1)]
    alike = directions(few, np.ones(len(few), dtype=np.int64))[0]
    several = few[np.unique(alike, return_index=True)[1]]
    size = len(nearly)
    chosen: Iterable[Whole] = np.eye(size, dtype=np.int64)
    if comb(len(several), size - 1) <= MOST_SUMS:
        sets = combinations(range(len(several)), size - 1)
        chosen = (it for some in sets if (it := _that_leaves(several[list(some)], size)) is not None)
    elif size <= FEW_SUMS:
        pairs = [(one, other) for one, other in combinations(chosen, 2)]
        chosen = [*chosen, *(one + other for one, other in pairs), *(one - other for one, other in pairs)]
    own = {tuple(sign * kinds[:, column]) for column in range(kinds.shape[1]) for sign in (1, -1)}
    found: dict[tuple[int, ...], Whole] = {}
    for parts in chosen:
        if persons[(rests @ parts % PRIME) != 0].sum() >= minimum:
            continue
        factors = _checked(parts @ nearly % PRIME, kinds)
        if factors is not None and tuple(told := kinds @ factors) not in own:
            found.setdefault(tuple(np.sign(told[told != 0][0]) * told), factors)
    return list(found.values())  # what is left of the others is a cell, and the sum with it is known


def _product(kinds: Whole, nearly: Whole) -> Whole:
    """What each kind has in each sum, modulo the prime."""
    return (kinds.astype(float) % PRIME @ nearly.T.astype(float) % PRIME).astype(np.int64)


def _that_leaves(rows: Whole, size: int) -> Whole | None:
    """How much of each of so many sums makes one that comes to nothing for these kinds; None where several do."""
    known = Independent(size)
    if len(known.add(rows)) < size - 1:
        return None
    [free] = set(range(size)) - set(known.leads)
    parts = np.zeros(size, dtype=np.int64)
    parts[known.leads], parts[free] = -known.rows[:, free] % PRIME, 1
    return parts
