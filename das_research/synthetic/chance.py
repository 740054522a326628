"""Draws that are a function of the seed, their purpose and the entity alone: nothing drawn before or beside matters.

A draw hashes (seed, purpose, entity) to a number in (0, 1); what is drawn from it is the quantile of that number.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Dates = npt.NDArray[np.datetime64]
Durations = npt.NDArray[Any]  # of timedelta64, which the types of numpy do not add to dates
NEVER = np.datetime64("NaT", "D")
GOLDEN, FIRST, SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def uniform(seed: int, purpose: str, entity: Whole) -> Numbers:
    """One number in (0, 1) for each entity.

    Parameters
    ----------
    seed : int
        The seed of the whole chain.
    purpose : str
        What it is drawn for; another purpose gives another number.
    entity : array of int
        Numbers of the entities.

    Examples
    --------
    >>> both = uniform(1, "sex", np.array([7, 8]))
    >>> bool(both[1] == uniform(1, "sex", np.array([8]))[0])
    True
    """
    key = np.frombuffer(hashlib.blake2b(f"{seed} {purpose}".encode(), digest_size=8).digest(), np.uint64)[0]
    with np.errstate(over="ignore"):
        mixed = entity.astype(np.uint64) * GOLDEN + key  # the mixing of splitmix64 (Steele, Lea and Flood, 2014)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * FIRST
        mixed = (mixed ^ (mixed >> np.uint64(27))) * SECOND
        mixed = mixed ^ (mixed >> np.uint64(31))
    return ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def happens(seed: int, purpose: str, entity: Whole, chance: Numbers | float) -> Flags:
    """Whether something with this chance happens to each entity."""
    return uniform(seed, purpose, entity) < chance


def cumulative(weights: Iterable[float] | Numbers) -> Numbers:
    """Cumulative shares of weights, row by row where there are several rows; the last is 1."""
    table = np.cumsum(np.asarray(weights, dtype=float), axis=-1)
    return table / table[..., -1:]


def pick(drawn: Numbers, weights: Numbers, row: Whole | None = None) -> Whole:
    """The position that each drawn number falls on.

    Parameters
    ----------
    drawn : array of float
        Numbers in (0, 1).
    weights : array of float
        One row of weights, or a table of which each drawn number has its own row.
    row : array of int, optional
        The row of each drawn number.

    Examples
    --------
    >>> pick(np.array([0.1, 0.9]), np.array([1.0, 1.0])).tolist()
    [0, 1]
    """
    table = cumulative(weights)
    if row is None:
        return np.searchsorted(table, drawn, side="right")
    position = np.zeros(len(drawn), dtype=np.int64)
    for column in range(table.shape[1] - 1):
        position += drawn >= table[row, column]
    return position


def lognormal_days(drawn: Numbers, median: Numbers | float, spread: float) -> Durations:
    """Whole days: most are short, some are very long."""
    return (median * np.exp(spread * special.ndtri(drawn))).astype("timedelta64[D]")


def exponential_days(drawn: Numbers, mean: Numbers | float) -> Durations:
    """Whole days, with this mean but for rounding down."""
    return (-np.log(drawn) * mean).astype("timedelta64[D]")


def poisson(drawn: Numbers, mean: Numbers, most: int) -> Whole:
    """Whole numbers with these means, at most so many.

    Examples
    --------
    >>> poisson(np.array([0.3, 0.99, 0.99]), np.array([1.0, 1.0, 0.0]), 60).tolist()
    [0, 4, 0]
    """
    number = np.zeros(len(drawn), dtype=np.int64)
    open_ = np.flatnonzero(drawn > np.exp(-mean))
    term = np.exp(-mean[open_])
    reached = term.copy()
    for count in range(1, most + 1):
        if len(open_) == 0:
            break
        number[open_] = count
        term = term * mean[open_] / count
        reached = reached + term
        further = drawn[open_] > reached
        open_, term, reached = open_[further], term[further], reached[further]
    return number


def gamma_quantiles(shape: float) -> tuple[Numbers, Numbers]:
    """A fine table of chances and the quantiles of a gamma distribution with mean 1, to interpolate in."""
    chances = np.concatenate([np.linspace(0, 0.999, 2_000), 1 - np.geomspace(1e-3, 1e-9, 400)])
    return chances, special.gammaincinv(shape, chances) / shape


def values(table: Mapping[str, float], names: Iterable[str], default: float = 0.0) -> Numbers:
    """The numbers of a table in the order of these names."""
    return np.array([table.get(name, default) for name in names], dtype=float)
