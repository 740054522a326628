"""Numbers that left before on another snapshot and left a little different: the few between them are a number too.

Late and corrected deliveries change last year's numbers by few, and a revised figure that kept quiet about it would be
a wrong one. So nothing is hidden for this: the reviewers see every such pair, with its difference. Own tables are the
same where the same persons are under their cells now, however their queries say it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from das_research.disclosure.near import Earlier, Near
from das_research.disclosure.own_tables import is_own
from das_research.disclosure.releases import Release
from das_research.presentation.bands import Place, place_of
from das_research.result import Result

COUNTED = ("value", "numerator", "denominator")
SUM, OF_SUMS = "sum", "number"  # how a sum is told to reviewers, and its unit
YEARS = ("first_year", "last_year")


def revisions(results: Mapping[str, Result], earlier: Iterable[Release], minimum: int) -> list[dict[str, Any]]:
    """The shown numbers that differ by few from the same number in a release on another snapshot.

    Parameters
    ----------
    results : mapping
        Name to Result, as it leaves.
    earlier : iterable of Release
        What left before; what came back did not.
    minimum : int
        A difference of so many units, or none, is not told.

    Returns
    -------
    list of dict
        ``result, release, cell`` (measure, codes and period in one text), ``number`` (which of its numbers), ``now``
        and ``before``.
    """
    known = [(it, one) for it in earlier if it.state != "returned" for one in it.results.values()]
    found: list[dict[str, Any]] = []
    for name, result in results.items():
        same = [(it.id, one) for it, one in known if one.snapshot != result.snapshot and _same_question(one, result)]
        for release, before in same:
            there = _numbers(before)
            found += _revised(name, release, result, before, ((place, place) for place in there), minimum)
    return found


def own_revisions(name: str, result: Result, before: Earlier, near: Near, minimum: int) -> Iterator[dict[str, Any]]:
    """The same of two own tables, of which it was found out on the snapshot of now who is under their cells.

    Parameters
    ----------
    name, result : str, Result
        As it leaves.
    before : Earlier
        What left on another snapshot.
    near : sequence of (tuple, tuple, int)
        Cells of both, and how many persons are in one of them alone: of none it is the same cell.
    minimum : int
        As there.
    """
    places = ((mine, other) for mine, other, apart in near if not apart)
    yield from _revised(name, before.release, result, before.result, places, minimum)


def _revised(
    name: str, release: str, result: Result, before: Result, places: Iterable[tuple[Place, Place]], minimum: int
) -> Iterator[dict[str, Any]]:
    here, there = _numbers(result), _numbers(before)
    for mine, other in places:
        now, then = here.get(mine, {}), there.get(other, {})
        for number in now.keys() & then.keys():
            apart = abs(now[number] - then[number])
            if apart and (apart < minimum or number == SUM):
                told = {"result": name, "release": release, "cell": ", ".join(mine), "number": number}
                yield told | {"now": now[number], "before": then[number]}


def _same_question(one: Result, other: Result) -> bool:
    """Whether two Results ask the same but for the years."""
    asked = [{key: value for key, value in it.recipe.parameters.items() if key not in YEARS} for it in (one, other)]
    return (one.definition, one.recipe.function, one.dimensions) == (
        other.definition,
        other.recipe.function,
        other.dimensions,
    ) and asked[0] == asked[1]


def _numbers(result: Result) -> dict[Place, dict[str, float]]:
    """The numbers of units of every shown cell: of a share those above and below its line.

    Of a sum how many persons are under it; where that is not told the sum itself, which by any difference tells of
    some, nobody knows how many.
    """
    found: dict[Place, dict[str, float]] = {}
    for row in result.table[result.table.disclosure.isin(("shown", "rounded"))].to_dict("records"):
        is_ratio = row["denominator"] == row["denominator"]
        names = {it: it for it in (COUNTED[1:] if is_ratio else COUNTED[:1])}
        if is_own(result) and row["unit"] == OF_SUMS and not is_ratio:
            names = {"n": "n"} if row["n"] == row["n"] else {SUM: "value"}
        numbers = {told: float(row[column]) for told, column in names.items() if row[column] == row[column]}
        found.setdefault(place_of(row, result.dimensions), {}).update(numbers)
    return found
