"""Controlled rounding: every number to a multiple beside it, so that all sums stay true and little changes.

Source: Salazar-González, Lowthian, Young and others 2004, "Getting the best results in controlled rounding with the
least effort", Privacy in Statistical Databases; the Handbook on Statistical Disclosure Control, chapter 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import diags_array, hstack
from scipy.sparse.csgraph import connected_components

from das_research.disclosure.tables.model import Model
from das_research.errors import NotJudged, ReleaseRefused

NODES = 200  # of the search in one group of sums; counted, not clocked, so that every machine finds the same rounding
MOST_STEPS = 3


@dataclass(frozen=True, eq=False)
class Rounding:
    """Rounded numbers, and what is known of them.

    Parameters
    ----------
    numbers : array of int
        Multiples of the base, in the order of the model.
    base : int
        Of which they are multiples.
    steps : int
        How many multiples further than the two beside it a number may lie.
    is_additive : bool
        Whether every total is the sum of its parts.
    change, bound : int
        The sum of all changes, and what no additive rounding of these steps goes under.
    """

    numbers: np.ndarray
    base: int
    steps: int
    is_additive: bool
    change: int
    bound: int

    @property
    def is_least(self) -> bool:
        """Whether no additive rounding changes less."""
        return self.is_additive and self.change <= self.bound

    def interval(self, number: int) -> tuple[int, int]:
        """What a reader can believe of the number under a published one, by that one alone.

        Examples
        --------
        >>> published = Rounding(np.array([10]), 5, 0, True, 0, 0)
        >>> published.interval(10), published.interval(0)
        ((6, 14), (0, 4))
        """
        far = (self.steps + 1) * self.base - 1
        return max(0, number - far), number + far


def rounded_under_control(
    model: Model, base: int, kept: Mapping[int, int] | None = None, nodes: int = NODES
) -> Rounding:
    """Round every number to a multiple beside it, additively, with the least change in all.

    Multiples stay as they are (zero-restricted). Where no such rounding exists, numbers may lie one multiple further,
    and so on.

    Parameters
    ----------
    model : Model
        All that leaves together. What left before as it is can't be rounded any more.
    base : int
        Commonly 3, 5 or 10.
    kept : mapping of int to int, optional
        Cells, by their place in the model, that left before as these multiples, and do so again.
    nodes : int
        How many programs each search for less change solves. What was found by then is additive; `bound` tells how far
        it may be from the least.

    Returns
    -------
    Rounding

    Raises
    ------
    ReleaseRefused
        When there is no additive rounding of a few steps.
    NotJudged
        When none was found by then.

    Examples
    --------
    >>> from das_research.disclosure.tables.cells import Cell, Dimension, Table
    >>> from das_research.disclosure.tables.model import build_model
    >>> cells = {("a",): Cell(4), ("b",): Cell(4), ("c",): Cell(4), ("_T",): Cell(12)}
    >>> model = build_model([Table("zaken", (Dimension.flat("soort", ["a", "b", "c"]),), cells)])
    >>> found = rounded_under_control(model, 5)
    >>> sorted(found.numbers.tolist()), found.change, found.is_least
    ([5, 5, 5, 15], 6, True)
    """
    numbers, steps, change, bound = np.zeros(len(model), dtype=np.int64), 0, 0, 0
    labels = connected_components(abs(model.relations.T) @ abs(model.relations), directed=False)[1]
    for label in dict.fromkeys(labels.tolist()):
        cells = np.flatnonzero(labels == label)
        mine = {at: kept[cell] for at, cell in enumerate(cells.tolist()) if kept and cell in kept}
        part = _first(model.part(cells), base, mine, nodes)
        numbers[cells] = part.numbers
        steps, change, bound = max(steps, part.steps), change + part.change, bound + part.bound
    return Rounding(numbers, base, steps, True, change, bound)


def _first(model: Model, base: int, kept: Mapping[int, int], nodes: int) -> Rounding:
    """The rounding of the fewest steps of cells that share sums."""
    for steps in range(MOST_STEPS + 1):
        found = _search(model, base, steps, kept, nodes)
        if found is not None:
            return found
    raise ReleaseRefused(
        f"There is no rounding to multiples of {base} that adds up.",
        why=f"Even {MOST_STEPS} multiples further no numbers fit all sums"
        + (" beside those that left before." if kept else "."),
        fix="Take another base, or hide numbers in the place of rounding them.",
    )


def _search(
    model: Model, base: int, steps: int, kept: Mapping[int, int] | None = None, nodes: int = NODES
) -> Rounding | None:
    """The additive rounding of least change in which no number lies more steps away; None where there is none.

    A number is the multiple under it, and a step up to the one above it, and further steps up and down, which a least
    change never takes both: so the change is linear in the steps.
    """
    size, rest, down = len(model), model.values % base, model.values // base
    further = np.where(model.values == 0, 0, steps)
    step = np.concatenate([np.ones(size), np.ones(size), -np.ones(size)])
    highest = np.concatenate([(rest > 0).astype(int), further, np.minimum(further, down)])
    lowest = np.zeros(3 * size, dtype=int)
    for cell, number in (kept or {}).items():
        away = number // base - int(down[cell])
        up = int(away > 0 and rest[cell] > 0)
        taken = (up, max(away - up, 0), max(-away, 0))
        if number % base or any(it > highest[cell + at * size] for at, it in enumerate(taken)):
            return None
        for at, it in enumerate(taken):
            lowest[cell + at * size] = highest[cell + at * size] = it
    price = np.concatenate([base - 2 * rest, np.full(2 * size, base)])
    right = -(model.relations @ down)
    found = milp(
        price,
        integrality=np.ones(3 * size),
        bounds=Bounds(lowest, highest),
        constraints=LinearConstraint(hstack([model.relations] * 3) @ diags_array(step), right, right),
        options={"node_limit": nodes, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        if found.status == 2:
            return None
        raise NotJudged(
            "No rounding that adds up was found.",
            why=f"The solver ended with: {found.message}",
            fix="Round fewer tables together.",
        )
    up, more, less = np.rint(found.x).astype(np.int64).reshape(3, size)
    numbers = base * (down + up + more - less)
    if (model.relations @ numbers).any():
        raise NotJudged(
            "No rounding that adds up was found.",
            why="What the solver gave does not add up in whole numbers.",
            ask="the maintainers, with the shape of the table",
        )
    change = int(np.abs(numbers - model.values).sum())
    return Rounding(numbers, base, steps, True, change, int(np.ceil(rest.sum() + found.mip_dual_bound - 1e-6)))
