"""Sums of shown numbers of several tables, added and subtracted, that are of few persons: by projections."""

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from math import comb, gcd, lcm

import numpy as np
from numpy.typing import NDArray

from das_research.disclosure.attacker.kinds import Kinds, Matrix
from das_research.disclosure.attacker.known import Seen
from das_research.disclosure.attacker.programs import solved

SMALL = 1e-6
LARGEST = 60  # denominator of a factor
ROUNDS, MOST_SUMS = 3, 3_000
Terms = tuple[tuple[int, Seen], ...]


def sums_of_few(
    kinds: Kinds, others: Sequence[Collection[int]], minimum: int
) -> Iterator[tuple[Terms, int, int] | None]:
    """Sums of shown numbers that are of few persons: the sum, what it comes to, and how many hidden cells are in it.

    None for one that was asked after and is not of few, or that some columns tell by themselves.

    Parameters
    ----------
    kinds : Kinds
        Who is under the cells.
    others : sequence of collection of int
        Columns that are shown: what some of these tell by themselves is not told anew.
    minimum : int
        So many persons are not few.

    Raises
    ------
    ReleaseRefused
        When a program does not come to an end.
    """
    columns, hidden = sorted(kinds.shown), sorted(kinds.hidden)
    seen = kinds.units[:, columns]
    left, weights, kinds_of = _few(seen, kinds.persons, minimum)
    axes = _axes(left)
    left, spanned = left @ axes, _axes(seen)
    by_others = [_axes(spanned[np.isin(columns, list(some))]) for some in others]
    done = set[bytes]()
    for factors in _candidates(left, weights):
        touched = np.abs(left @ factors) > SMALL
        if weights[touched].sum() >= minimum or touched.tobytes() in done:
            yield None
            continue
        sought = spanned.T @ (axes @ factors)  # of all sums that come to the same for everybody
        if any(_is_within(sought, some) for some in by_others):
            yield None
            continue
        done.add(touched.tobytes())
        told = np.isin(kinds_of, np.flatnonzero(touched))
        found = _in_few_numbers(seen, spanned, sought, told)
        terms = tuple((int(times), kinds.shown[column]) for times, column in zip(found, columns, strict=True) if times)
        together = int(kinds.units[told][:, hidden].any(axis=0).sum())
        yield terms, sum(times * (cell.value or 0) for times, cell in terms), together


def _is_within(sought: Matrix, axes: Matrix) -> bool:
    """Whether a sum lies along these axes."""
    return bool(np.linalg.norm(sought - axes @ (axes.T @ sought)) <= SMALL * np.linalg.norm(sought))


def _candidates(left: Matrix, weights: Matrix) -> Iterator[Matrix]:
    """Factors that tell of few directions: all that there are, where they are not too many to try."""
    size = left.shape[1]
    if size > 0 and comb(len(left), size - 1) <= MOST_SUMS:
        sets = np.array([*combinations(range(len(left)), size - 1)], dtype=np.int64)
        yield from np.linalg.svd(left[sets].reshape(len(sets), size - 1, size))[2][:, -1, :]
    else:
        yield from (_lightest(left, weights, row) for row in range(len(left)))


def _few(seen: Matrix, persons: Matrix, minimum: int) -> tuple[Matrix, Matrix, NDArray[np.int64]]:
    """What is left of kinds of few persons when all is taken off that sums of enough persons tell.

    Of every direction what is left and how many persons lie that way; and of every kind its direction, or -1.
    """
    rows = seen / np.maximum(np.linalg.norm(seen, axis=1), 1)[:, None]
    is_many = persons >= minimum
    while True:
        axes = _axes(rows[is_many])
        rests = rows - (rows @ axes) @ axes.T
        sizes = np.linalg.norm(rests, axis=1)
        few = np.flatnonzero((sizes > SMALL) & ~is_many)
        ways = rests[few] / sizes[few][:, None]
        first = (np.abs(ways) > SMALL).argmax(axis=1)
        ways *= np.sign(ways[np.arange(len(few)), first])[:, None]
        _, at, number = np.unique(ways.round(5) + 0.0, axis=0, return_index=True, return_inverse=True)
        weights = np.bincount(number.ravel(), weights=persons[few], minlength=len(at)).astype(float)
        enough = weights >= minimum
        if not enough.any():
            kinds_of = np.full(len(seen), -1, dtype=np.int64)
            kinds_of[few] = number.ravel()
            return ways[at], weights, kinds_of
        is_many[few[enough[number.ravel()]]] = True


def _axes(rows: Matrix) -> Matrix:
    """Directions at right angles that the rows span."""
    if not len(rows) or not rows.shape[1]:
        return np.zeros((rows.shape[1], 0))
    _, sizes, turned = np.linalg.svd(rows, full_matrices=False)
    return turned[sizes > SMALL].T


def _lightest(left: Matrix, weights: Matrix, row: int) -> Matrix:
    """Factors that tell of this direction, and of as few persons besides as a linear program finds."""
    many, size = left.shape
    price, best, least = weights.copy(), np.zeros(size), np.inf
    beside = np.hstack([np.vstack([left, -left]), np.vstack([-np.eye(many)] * 2)])
    for _ in range(ROUNDS):
        found = solved(
            np.concatenate([np.zeros(size), price]),
            equal=(np.append(left[row], np.zeros(many))[None, :], np.ones(1)),
            most=(beside, np.zeros(2 * many)),
            bounds=[(None, None)] * size + [(0, None)] * many,
        ).x
        apart = np.abs(left @ found[:size])
        if (of := weights[apart > SMALL].sum()) < least:
            best, least = found[:size], of
        price = weights / (apart + 1e-3)  # what is told a little of is cheap to leave out
    return best


def _in_few_numbers(seen: Matrix, axes: Matrix, sought: Matrix, told: NDArray[np.bool_]) -> NDArray[np.int64]:
    """A sum of as few of the numbers as a linear program finds, by whole factors; nothing where it has none.

    It is sought along the axes that the numbers span.
    """
    size = seen.shape[1]
    found = solved(
        np.ones(2 * size),
        equal=(np.hstack([axes.T, -axes.T]), sought),
        bounds=[(0, None)] * (2 * size),
    ).x
    plain = found[:size] - found[size:]
    plain[np.abs(plain) < SMALL * np.abs(plain).max()] = 0
    parts = [Fraction(it).limit_denominator(LARGEST) for it in (plain / np.abs(plain[plain != 0]).min()).tolist()]
    times = lcm(*(it.denominator for it in parts))
    whole = np.array([int(it * times) for it in parts], dtype=np.int64)
    whole //= max(gcd(*whole.tolist()), 1)
    of = seen @ whole
    if (of != 0)[~told].any() or not of[told].any():
        return np.zeros(size, dtype=np.int64)
    return whole if of.sum() > 0 else -whole
