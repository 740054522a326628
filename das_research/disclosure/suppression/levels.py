"""How far from the truth a reader must be able to believe each unsafe number to lie."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from das_research.disclosure.tables.cells import Status
from das_research.disclosure.tables.model import Model

Level = Literal["exact", "threshold", "wide"]


@dataclass(frozen=True, eq=False)
class Needs:
    """What must be possible for every unsafe cell, in whole units of its number.

    Parameters
    ----------
    cells : array of int
        Places of the unsafe cells in the model.
    upward, downward, width : array of int
        Some table that fits what is shown has the number so much higher; one has it so much lower; and two lie so far
        apart.
    still : tuple of int
        Of the last needs, one each, the cell that is as it is in those tables: who asks is the only one in it.
    """

    cells: np.ndarray
    upward: np.ndarray
    downward: np.ndarray
    width: np.ndarray
    still: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.cells)

    def still_of(self, rank: int) -> int | None:
        """The cell that stays as it is in the tables that one need asks for."""
        place = rank - (len(self) - len(self.still))
        return self.still[place] if place >= 0 else None

    def and_apart_from(self, pairs: Iterable[tuple[int, int]]) -> "Needs":
        """These, and that insiders know no other unsafe number exactly: pairs of an insider's cell and that one.

        Examples
        --------
        >>> one = np.array([1])
        >>> more = Needs(one, 7 * one, 0 * one, one).and_apart_from([(0, 1)])
        >>> more.upward.tolist(), more.width.tolist(), more.still_of(0), more.still_of(1)
        ([7, 0], [1, 1], None, 0)
        """
        still, cells = (np.array(it, dtype=np.int64) for it in zip(*pairs, strict=True))
        none = np.zeros_like(cells)
        return Needs(
            np.concatenate([self.cells, cells]),
            np.concatenate([self.upward, none]),
            np.concatenate([self.downward, none]),
            np.concatenate([self.width, none + 1]),
            (*self.still, *still.tolist()),
        )

    def ways(self, rank: int) -> list[tuple[int, ...]]:
        """How a cell can get what it needs: by moves of one list, upward above zero and downward below.

        Examples
        --------
        >>> one = np.array([1])
        >>> Needs(one, 7 * one, 0 * one, one).ways(0), Needs(one, 0 * one, 0 * one, one).ways(0)
        ([(7,)], [(1,), (-1,)])
        """
        up, down, width = (int(it[rank]) for it in (self.upward, self.downward, self.width))
        pairs = [(up, down)] if width <= up + down else [(max(up, width - down), down), (up, width - up)]
        if width > max(up, down):
            pairs += [(max(up, width), down), (up, max(down, width))]
        return list(dict.fromkeys(tuple(goal for goal in (higher, -lower) if goal) for higher, lower in pairs))


def count_needs(model: Model, minimum: int, level: Level = "threshold") -> Needs:
    """The needs of a model of counts, weighted ones included.

    Parameters
    ----------
    model : Model
        Its `PRIMARY` cells are the unsafe ones. Where a cell counts more than its units, cases of persons or what
        respondents stand for, the minimum is as much more: units are what is protected.
    minimum : int
        The least number of units that is safe.
    level : {'exact', 'threshold', 'wide'}
        No number can be known exactly; or, besides, none can be proved to lie under the minimum; or, besides, the
        bounds of each lie minimum - 1 apart. A number that is unsafe though it is not small, for one because it is
        nearly another that is seen, must be possible the minimum higher and lower by the last two.

    Returns
    -------
    Needs

    Examples
    --------
    >>> from das_research.disclosure.tables.cells import Cell, Dimension, Table
    >>> from das_research.disclosure.tables.model import build_model
    >>> cells = {("wv",): Cell(3, Status.PRIMARY), ("gw",): Cell(12), ("_T",): Cell(15)}
    >>> model = build_model([Table("zaken", (Dimension.flat("soort", ["wv", "gw"]),), cells)])
    >>> needs = count_needs(model, 10)
    >>> needs.upward.tolist(), needs.width.tolist()
    ([7], [1])
    """
    cells = np.flatnonzero(model.status == Status.PRIMARY)
    none = np.zeros(len(cells), dtype=np.int64)
    values, units = np.maximum(model.values[cells], 1), np.maximum(model.units[cells], 1)
    lacking = np.maximum(minimum - model.units[cells], 0)
    is_near = lacking == 0
    upward = none if level == "exact" else np.where(is_near, minimum, -(-values * lacking // units))
    below = np.minimum(minimum, (model.values - model.lower)[cells])
    downward = none if level == "exact" else np.where(is_near, below, 0)
    width = -(-values * (minimum - 1) // units) if level == "wide" else none
    return Needs(cells, upward, downward, np.maximum(width, 1))


def magnitude_needs(model: Model, upward: Any, downward: Any = None, level: Level = "wide") -> Needs:
    """The needs of a model of magnitudes, from the levels of its rules.

    Parameters
    ----------
    model : Model
        Its `PRIMARY` cells are the unsafe ones.
    upward : array of float
        A level a cell of the model, as `concentration.p_percent_level` gives it.
    downward : array of float, optional
        By default the same.
    level : {'exact', 'threshold', 'wide'}
        No number can be known exactly; or, besides, none can be bounded from above within its level; or from below.

    Returns
    -------
    Needs
        Levels are rounded up to whole units. Nothing lies below what a reader knows beforehand: no more can be asked.

    Examples
    --------
    >>> from das_research.disclosure.tables.cells import Cell, Dimension, Table
    >>> from das_research.disclosure.tables.model import build_model
    >>> cells = {("a",): Cell(100, Status.PRIMARY), ("b",): Cell(40), ("_T",): Cell(140)}
    >>> model = build_model([Table("omzet", (Dimension.flat("tak", ["a", "b"]),), cells)])
    >>> asked = [magnitude_needs(model, [0, 2.5, 0], level=it) for it in ("exact", "threshold", "wide")]
    >>> [(it.upward.tolist(), it.downward.tolist()) for it in asked]
    [([0], [0]), ([3], [0]), ([3], [3])]
    """
    cells = np.flatnonzero(model.status == Status.PRIMARY)
    none = np.zeros(len(cells), dtype=np.int64)
    up = np.ceil(np.asarray(upward, dtype=float)[cells]).astype(np.int64)
    down = up if downward is None else np.ceil(np.asarray(downward, dtype=float)[cells]).astype(np.int64)
    down = np.minimum(down, (model.values - model.lower)[cells])
    return Needs(cells, none if level == "exact" else up, down if level == "wide" else none, none + 1)
