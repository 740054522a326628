"""Tables of random counts with all their totals."""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np

from das_research.disclosure.tables.cells import TOTAL, Cell, Dimension, Status, Table


def hierarchy(name: str, sizes: Sequence[int]) -> Dimension:
    """A dimension in which every code has so many below it, level by level."""
    parents: dict[str, str] = {}
    level = [("", TOTAL)]
    for size in sizes:
        below = [(f"{code}{chr(97 + i)}", code or TOTAL) for code, _ in level for i in range(size)]
        parents |= dict(below)
        level = [(code, above) for code, above in below]
    return Dimension(name, parents)


def leaves(dimension: Dimension) -> list[str]:
    """The codes that nothing is a part of."""
    above = set(dimension.parents.values())
    return [code for code in dimension.parents if code not in above]


def with_totals(dimensions: Sequence[Dimension], counts: Mapping[tuple[str, ...], int]) -> dict[tuple[str, ...], int]:
    """The counts of the finest codes, and all that they add up to."""
    totals: dict[tuple[str, ...], int] = {}
    for codes, count in counts.items():
        for address in product(*(_upward(*pair) for pair in zip(dimensions, codes, strict=True))):
            totals[address] = totals.get(address, 0) + count
    return totals


def table(
    dimensions: Sequence[Dimension], counts: Mapping[tuple[str, ...], int], minimum: int = 10, measure: str = "zaken"
) -> Table:
    """A table of these counts with its totals, in which fewer than the minimum are unsafe."""
    cells = {
        codes: Cell(count, Status.PRIMARY if 0 < count < minimum else Status.FREE)
        for codes, count in with_totals(dimensions, counts).items()
    }
    return Table(measure, tuple(dimensions), cells)


def random_counts(dimensions: Sequence[Dimension], seed: int, scale: float) -> dict[tuple[str, ...], int]:
    """Counts of the finest codes, uneven as those of people are, a tenth of them zero."""
    rng = np.random.default_rng(seed)
    codes = [leaves(dimension) for dimension in dimensions]
    weights = [rng.lognormal(0, 0.8, len(names)) for names in codes]
    means = scale * np.array([np.prod(combined) for combined in product(*weights)])
    counts = np.where(rng.random(len(means)) < 0.1, 0, rng.poisson(means))
    return dict(zip(product(*codes), counts.tolist(), strict=True))


def _upward(dimension: Dimension, code: str) -> list[str]:
    codes = [code]
    while code != TOTAL:
        code = dimension.parents[code]
        codes.append(code)
    return codes
