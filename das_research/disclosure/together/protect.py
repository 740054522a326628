"""Hiding as few rows of Results as it takes, over all that leave together and beside what left before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from das_research.disclosure.breakdowns import smallest_cover
from das_research.disclosure.suppression.levels import Level, count_needs
from das_research.disclosure.suppression.suppress import SECONDS, Suppression, suppress
from das_research.disclosure.together.alike import classes_of
from das_research.disclosure.together.cells import Cells, cells_of
from das_research.disclosure.together.numbers import ROLES, Number, Told, numbers_of
from das_research.disclosure.together.possible import possible_tables
from das_research.disclosure.together.sums import sums_of
from das_research.errors import NotJudged, ReleaseRefused
from das_research.presentation.bands import Place, place_of
from das_research.result import Result

Spot = tuple[str, Place]  # name of a Result, and the address of a cell in it


@dataclass(frozen=True, eq=False)
class Together:
    """What is hidden of Results that leave together.

    Parameters
    ----------
    masks : dict
        Name of a Result to the rows to hide; without those that could not be protected cell by cell.
    touched : frozenset of str
        The Results of which more is hidden than is unsafe by itself, and those that share numbers with them.
    patterns : dict of tuple of str to Suppression
        Names of the Results of a group that shares numbers, to its pattern with its bound and its proof.
    possible : tuple of dict of str to Result
        Certificates, see `possible.possible_tables`: for the last look alone.
    """

    masks: dict[str, "pd.Series[bool]"]
    touched: frozenset[str] = frozenset()
    patterns: dict[tuple[str, ...], Suppression] = field(default_factory=dict)
    possible: tuple[dict[str, Result], ...] = ()


def protect_together(
    results: Mapping[str, Told],
    minimum: int,
    *,
    earlier: Mapping[str, Told] | None = None,
    stages: Sequence[str] = (),
    same: Iterable[tuple[Spot, Spot]] = (),
    level: Level = "threshold",
    seconds: float = SECONDS,
) -> Together:
    """Hide as few rows as it takes.

    Parameters
    ----------
    results : mapping of str to Told
        Those that leave together.
    minimum : int
        The least number of units that is safe.
    earlier : mapping of str to Told, optional
        Those that left before, by other names, with what was hidden.
    stages : sequence of str
        Of the chain, in order.
    same : iterable of (Spot, Spot)
        Cells of which it is known that the same units are under them.
    level : {'exact', 'threshold', 'wide'}
        See `levels.count_needs`.
    seconds : float
        How long to look for fewer, see `suppress`.

    Returns
    -------
    Together
        Results that tell no number of units have no mask; nor have those of a group that can't be protected so, since
        nothing that may be hidden is enough or nothing would be left.

    Raises
    ------
    NotJudged
        When the solver fails.
    """
    told = {**results, **(earlier or {})}
    numbers = [number for name, it in told.items() for number in numbers_of(name, it, minimum)]
    sums = sums_of(numbers, {name: it.result for name, it in told.items()}, stages, minimum)
    cells = cells_of(
        numbers,
        classes_of(numbers, minimum, pairs_of(numbers, {name: it.result for name, it in told.items()}, same)),
        sums,
        minimum,
    )
    counted: dict[str, set[int]] = defaultdict(set)
    for number in numbers:
        counted[number.result].add(number.row)
    masks, patterns, touched = {}, dict[tuple[str, ...], Suppression](), set[str]()
    proofs = list[tuple[Cells, Suppression]]()
    for names, part in _groups(numbers, cells):
        mine = [name for name in names if name in results]
        if not mine:
            continue
        try:
            pattern = suppress(
                part.model,
                count_needs(part.model, minimum, level),
                part.cost,
                seconds=seconds * len(part.model) / max(len(cells.model), 1),
            )
        except NotJudged:
            raise
        except ReleaseRefused:
            continue
        patterns[tuple(mine)] = pattern
        proofs.append((part, pattern))
        hidden = {int(cell) for cell in part.places[pattern.hidden]}
        rows: dict[str, set[int]] = defaultdict(set)
        for at, number in enumerate(numbers):
            if cells.of[at] in hidden:
                rows[number.result].add(number.row)
        for name in mine:
            mask = results[name].unsafe.copy()
            mask.loc[sorted(rows[name])] = True
            masks[name] = _with_what_tells_none(results[name], mask, counted[name], minimum)
        touched |= set(mine) if any(rows.values()) else set()
    return Together(masks, frozenset(touched), patterns, tuple(possible_tables(told, numbers, cells.of, proofs)))


def pairs_of(
    numbers: Sequence[Number], results: Mapping[str, Result], same: Iterable[tuple[Spot, Spot]]
) -> Iterator[tuple[int, int]]:
    """The numbers of cells that are the same, by their positions."""
    spots = {
        (name, place_of(row, it.dimensions)): (name, label)
        for name, it in results.items()
        for label, row in zip(it.table.index, it.table.to_dict("records"), strict=True)
    }
    at = {(number.result, number.row, number.role): position for position, number in enumerate(numbers)}
    for one, other in same:
        for role in ROLES if one in spots and other in spots else ():
            here, there = at.get((*spots[one], role)), at.get((*spots[other], role))
            if here is not None and there is not None and numbers[here].value == numbers[there].value:
                yield here, there


def _with_what_tells_none(told: Told, mask: "pd.Series[bool]", counted: set[int], minimum: int) -> "pd.Series[bool]":
    """The rows to hide, of those too that tell no number of units: beside a hidden one, and by whole breakdowns."""
    table = told.result.table
    places = [*told.result.dimensions, "period"]
    rest = table.index[~table.index.isin(counted) & (table.kind != "cannot occur")]
    if not len(rest):
        return mask
    hidden = set(table.loc[mask, places].itertuples(index=False, name=None))
    beside = [row in hidden for row in table.loc[rest, places].itertuples(index=False, name=None)]
    of_rest = told.result.with_table(table.loc[rest])
    cover, _ = smallest_cover(of_rest, pd.Series(told.unsafe.loc[rest].to_numpy()), minimum)
    mask.loc[rest] |= beside | cover.to_numpy()
    return mask


def _groups(numbers: Sequence[Number], cells: Cells) -> list[tuple[list[str], "Cells"]]:
    """The Results that share numbers or sums, with the model of their cells."""
    size = len(cells.model)
    first: dict[str, int] = {}
    pairs = [(first.setdefault(number.result, cells.of[at]), cells.of[at]) for at, number in enumerate(numbers)]
    matrix = abs(cells.model.relations)
    ends = np.array(pairs).reshape(-1, 2)
    graph = matrix.T @ matrix + coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    count, label = connected_components(graph, directed=False)
    names: dict[int, list[str]] = defaultdict(list)
    for name, cell in first.items():
        names[int(label[cell])].append(name)
    return [(names[part], cells.only(np.flatnonzero(label == part))) for part in range(count)]
