"""Own tables and cohorts beside what of the project left before or leaves with them: by who is under the cells.

Two numbers over nearly the same persons, subtracted, tell of the few who stand in one of them alone. Names of columns
and codes can't hide it: the rows are compared, on the extract, in the process that computes the Results again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import pandas as pd

from das_research.disclosure.cohorts import FUNCTIONS as COHORTS
from das_research.disclosure.curves import DAYS_ASKED, days_of, number_of_groups, place_of_group
from das_research.disclosure.own_tables import (
    CURVES,
    TABULATE,
    has_query,
    is_of_own_choice,
    is_of_persons,
    names_persons,
    recipe_of,
)
from das_research.disclosure.releases import Release
from das_research.presentation.bands import Place, place_of
from das_research.result import Recipe, Result

Near = Sequence[tuple[Place, Place, int]]
Nearness = Callable[[str, Sequence[tuple[Recipe, Recipe]]], Sequence[Near | None]]
Queries = Callable[[Release], Mapping[str, Recipe]]
COUNTS = ("rows", "cases", "persons")  # units of which a small difference is a number of units
OF_A_CURVE = ("stage", "span")


@dataclass(frozen=True)
class Earlier:
    """What left before and tells of persons, with its recipe: that of an own table is the one that its run keeps.

    Without it where that is gone, or another.
    """

    release: str
    name: str
    result: Result
    recipe: Recipe | None


def earlier_tables(releases: Iterable[Release], queries: Queries) -> list[Earlier]:
    """What left a project before of which it can be told who is under its cells.

    Parameters
    ----------
    releases : iterable of Release
        Those of the project that did not come back.
    queries : callable
        From a release to the recipes that its run, or the seal of a closed project, keeps; a recipe counts only when
        its hash is the one that was released.
    """
    found = []
    for release in releases:
        mine = {name: result for name, result in release.results.items() if is_of_persons(result) and len(result.table)}
        kept = queries(release) if any(map(has_query, mine.values())) else {}
        for name, result in mine.items():
            found.append(Earlier(release.id, name, result, recipe_of(result, kept.get(name))))
    return found


def shown_places(result: Result, ways: tuple[str, ...] = ("shown",)) -> frozenset[Place]:
    """The addresses of the cells that are shown; of a curve those of its groups too."""
    chosen = result.table.disclosure.isin(ways)
    places = places_at(result, chosen)
    if result.shape != "curve":
        return places
    return places | {place_of_group(row, result) for row in result.table[chosen].to_dict("records")}


def shown_beside(new: Result, old: Result) -> frozenset[Place]:
    """The addresses of the cells of an old table that count as shown beside a new one."""
    return shown_places(old, ("shown", "rounded") if old.snapshot == new.snapshot else ("shown",))


def too_near(new: Result, old: Result, near: Near, minimum: int) -> frozenset[Place]:
    """The cells of a new table that must not be shown beside the shown cells of an old one.

    Parameters
    ----------
    new : Result
        As it was computed.
    old : Result
        As it left, or is about to. What left rounded on the same snapshot counts as shown.
    near : sequence of (tuple, tuple, int)
        Cells of both whose persons differ by fewer than the minimum, and by how many.
    minimum : int
        A difference of fewer units tells of them, also where the persons are the same: few rows or cases of theirs.
    """
    shown, here, there = shown_beside(new, old), numbers_at(new, old.snapshot), numbers_at(old, new.snapshot)
    found = set()
    for mine, other, apart in near:
        if other not in shown or mine not in here or other not in there:
            continue
        (unit, numbers), (old_unit, before) = here[mine], there[other]
        alike = unit == old_unit and len(numbers) == len(before)
        beside = zip(numbers, before, strict=True) if alike else product(numbers, before)
        few = any(0 < abs(one - two) < minimum for one, two in beside)
        if apart or few:
            found.add(mine)
    return frozenset(found)


def numbers_at(result: Result, snapshot: str) -> dict[Place, tuple[str, list[float]]]:
    """Of every cell its unit and the numbers of units in it; but of own tables they count on one snapshot alone.

    A share, sum or mean of an own table has none on its snapshot: it is its persons that are compared. On another, who
    was in it then is not known any more, and it has those that it tells: of a sum how many persons. A point of a curve
    has none; but its group has the number of persons in it.
    """
    if result.shape == "curve":
        return number_of_groups(result)
    is_own = result.recipe.function == TABULATE
    rows = result.table[result.table.value.notna()].to_dict("records")
    found = {}
    for row in rows:
        counted: list[str] = ["value"] if is_own and row["unit"] in COUNTS else []
        if is_own and not counted and snapshot != result.snapshot:
            counted = [name for name in ("numerator", "denominator") if pd.notna(row[name])]
            counted = counted or (["n"] if pd.notna(row["n"]) else [])
        if not is_own and snapshot == result.snapshot:
            counted = [name for name in ("numerator", "denominator") if pd.notna(row[name])] or ["value"]
        found[place_of(row, result.dimensions)] = str(row["unit"]), [float(row[name]) for name in counted]
    return found


def compare(
    results: Mapping[str, Result], earlier: Sequence[Earlier], nearness: Nearness, project: str
) -> dict[tuple[str, str | int], Near | None]:
    """Every Result of persons beside the earlier ones and beside those before it, in one go.

    Of two that are the catalogue's own choice nothing is compared here but curves of one stage or span, nor is a cohort
    or a curve compared with itself; and a flow, a share, a curve or a key figure of the catalogue's choice is compared
    with what left on its own snapshot. A curve is asked after at the days that it shows.

    Returns
    -------
    dict
        Name of a table, and the position of an earlier one or the name of one before it, to what is near; None where
        that could not be found out.
    """
    pairs: dict[tuple[str, str | int], tuple[Recipe, Recipe]] = {}
    for position, (name, result) in enumerate(results.items()):
        ever = names_persons(result) or is_of_own_choice(result)
        for place, before in enumerate(earlier):
            bears = (ever or before.result.snapshot == result.snapshot) and _can_differ_by_few(result, before.result)
            if bears and before.recipe is not None:
                pairs[name, place] = _asked(result), _asked(before.result, before.recipe)
        for other in list(results)[:position]:
            if _can_differ_by_few(result, results[other]):
                pairs[name, other] = _asked(result), _asked(results[other])
    return dict(zip(pairs, nearness(project, list(pairs.values())), strict=True)) if pairs else {}


def _asked(result: Result, recipe: Recipe | None = None) -> Recipe:
    """By what it is asked who stands in a Result, whose recipe may be kept elsewhere."""
    recipe = recipe or result.recipe
    if result.shape != "curve":
        return recipe
    return Recipe(recipe.function, recipe.parameters | {DAYS_ASKED: days_of(result)})


def _can_differ_by_few(result: Result, other: Result) -> bool:
    if result.recipe == other.recipe and result.recipe.function in (*COHORTS, *CURVES):
        return False
    return is_of_own_choice(result) or is_of_own_choice(other) or _are_of_one_stage(result, other)


def _are_of_one_stage(result: Result, other: Result) -> bool:
    """Whether both are curves of the same stage or span, by other years: no sum of cells compares those."""
    one, two = result.recipe, other.recipe
    same = all(one.parameters.get(name) == two.parameters.get(name) for name in OF_A_CURVE)
    return one.function == two.function and one.function in CURVES and same


def places_at(result: Result, rows: "pd.Series[bool]") -> frozenset[Place]:
    """The addresses of these rows of a Result."""
    return frozenset(place_of(row, result.dimensions) for row in result.table[rows].to_dict("records"))


def among(result: Result, places: frozenset[Place]) -> "pd.Series[bool]":
    """The rows of a Result at these addresses."""
    flags = [place_of(row, result.dimensions) in places for row in result.table.to_dict("records")]
    return pd.Series(flags, index=result.table.index, dtype=bool)
