"""Own tables beside each other, cells added up: what several codes of one hold is a code of the other, less a few."""

from collections.abc import Callable, Mapping, Sequence

from das_research.disclosure.near import Earlier, Near, numbers_at, shown_beside
from das_research.disclosure.own_tables import FIGURE, TABULATE
from das_research.presentation.bands import Place
from das_research.result import Recipe, Result

NearSums = Sequence[tuple[tuple[Place, ...], tuple[Place, ...], int]]
Sums = Callable[[str, Sequence[tuple[Recipe, Recipe]]], Sequence[NearSums | None]]
Pair = tuple[str, str | int]


def has_sums(new: Recipe, old: Recipe) -> bool:
    """Whether cells of two Results are added up: of two own tables, and of one and a key figure."""
    functions = {new.function, old.function}
    return TABULATE in functions and functions <= {TABULATE, FIGURE}


def compare_sums(
    results: Mapping[str, Result],
    earlier: Sequence[Earlier],
    near: Mapping[Pair, Near | None],
    sums: Sums | None,
    project: str,
) -> dict[Pair, NearSums | None]:
    """The sums of cells that are near, of the pairs of `das_research.disclosure.near.compare` that have any.

    Parameters
    ----------
    results, earlier, near
        What was compared, and what was found.
    sums : callable, optional
        From a project and pairs of recipes to what is near; None of a pair of which it can't be found out. Without it
        nothing is added up.
    project : str
        Whose Results they are.
    """
    pairs: dict[Pair, tuple[Recipe, Recipe]] = {}
    for (mine, other), found in near.items() if sums is not None else ():
        recipe = earlier[other].recipe if isinstance(other, int) else results[other].recipe
        if found is not None and recipe is not None and has_sums(results[mine].recipe, recipe):
            pairs[mine, other] = results[mine].recipe, recipe
    return dict(zip(pairs, sums(project, list(pairs.values())), strict=True)) if pairs and sums else {}


def too_near_together(
    new: Result, hidden: frozenset[Place], old: Result, sums: NearSums, minimum: int
) -> frozenset[Place]:
    """Of cells of a new table that are too near those of an old one when added up, the smallest of each sum.

    Parameters
    ----------
    new, old : Result
        As those of `das_research.disclosure.near.too_near`.
    hidden : frozenset of tuple
        The cells of the new table that are not shown anyway.
    sums : sequence of (tuple of tuple, tuple of tuple, int)
        Cells of both whose persons differ together by fewer than the minimum, and by how many.
    minimum : int
        A difference of fewer units tells of them, also where the persons are the same.
    """
    shown, here, there = shown_beside(new, old), numbers_at(new, old.snapshot), numbers_at(old, new.snapshot)
    found: set[Place] = set()
    for mine, other, apart in sums:
        is_shown = shown.issuperset(other) and here.keys() >= set(mine) and (hidden | found).isdisjoint(mine)
        added = [*_added(here, mine), *_added(there, other)] if is_shown else []
        if is_shown and (apart or (len(added) == 2 and 0 < abs(added[0] - added[1]) < minimum)):
            found.add(min(mine, key=lambda place: (here[place][1], place)))
    return frozenset(found)


def _added(numbers: Mapping[Place, tuple[str, list[float]]], places: Sequence[Place]) -> list[float]:
    """How many units stand in these cells, where each tells one number of them."""
    told = [numbers[place][1] for place in places if place in numbers]
    return [sum(it[0] for it in told)] if len(told) == len(places) and all(len(it) == 1 for it in told) else []
