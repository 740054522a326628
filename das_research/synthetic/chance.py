"""Draws that depend on the seed and their purpose alone, whatever is drawn before or beside them."""

import zlib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.str_]
Dates = npt.NDArray[np.datetime64]
Numbers = npt.NDArray[np.float64]


def generator(seed: int, purpose: str) -> np.random.Generator:
    """The source of chance for one purpose.

    Examples
    --------
    >>> bool(generator(1, "careers").random() == generator(1, "careers").random())
    True
    >>> bool(generator(1, "careers").random() == generator(1, "faults").random())
    False
    """
    return np.random.default_rng([seed, zlib.crc32(purpose.encode())])


def pick(rng: np.random.Generator, codes: Sequence[str], weights: Numbers) -> Codes:
    """One code for each row of weights, with a chance in proportion to its weight in that row."""
    reach = np.cumsum(weights, axis=1)
    drawn = rng.random(len(weights))[:, None] * reach[:, -1:]
    return np.asarray(codes)[(drawn >= reach[:, :-1]).sum(axis=1)]


def pick_by(rng: np.random.Generator, shares: Mapping[str, Mapping[str, float]], keys: Codes) -> Codes:
    """One code for each key, with the shares of that key."""
    codes = list(dict.fromkeys(code for row in shares.values() for code in row))
    table = {key: [row.get(code, 0.0) for code in codes] for key, row in shares.items()}
    return pick(rng, codes, lookup(table, keys))


def lookup(table: Mapping[str, float] | Mapping[str, Sequence[float]], keys: Codes) -> Numbers:
    """The number, or the row of numbers, of a table for each key."""
    names = list(table)
    order = np.argsort(names)
    position = order[np.searchsorted(names, keys, sorter=order)]
    return np.array([table[name] for name in names], dtype=float)[position]


def skewed_days(rng: np.random.Generator, median: Numbers, spread: float) -> npt.NDArray[np.timedelta64]:
    """Whole days, log-normal: most are short, some are very long."""
    return (median * rng.lognormal(0.0, spread, len(median))).astype("timedelta64[D]")


def short_days(rng: np.random.Generator, mean: float, size: int) -> npt.NDArray[np.timedelta64]:
    """Whole days, exponential."""
    return rng.exponential(mean, size).astype("timedelta64[D]")
