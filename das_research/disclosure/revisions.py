"""Numbers that left before on another snapshot and left a little different: the few between them are a number too.

Late and corrected deliveries change last year's numbers by few, and a revised figure that kept quiet about it would be
a wrong one. So nothing is hidden for this: the reviewers see every such pair, with its difference.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from das_research.disclosure.releases import Release
from das_research.presentation.bands import Place, place_of
from das_research.result import Result

COUNTED = ("value", "numerator", "denominator")
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
    found = []
    for name, result in results.items():
        same = [(it.id, one) for it, one in known if one.snapshot != result.snapshot and _same_question(one, result)]
        numbers = dict(_numbers(result)) if same else {}
        for release, before in same:
            for key, old in _numbers(before):
                if 0 < abs(numbers.get(key, old) - old) < minimum:
                    (place, number) = key
                    told = {"result": name, "release": release, "cell": ", ".join(place), "number": number}
                    found.append(told | {"now": numbers[key], "before": old})
    return found


def _same_question(one: Result, other: Result) -> bool:
    """Whether two Results ask the same but for the years."""
    asked = [{key: value for key, value in it.recipe.parameters.items() if key not in YEARS} for it in (one, other)]
    return (one.definition, one.recipe.function, one.dimensions) == (
        other.definition,
        other.recipe.function,
        other.dimensions,
    ) and asked[0] == asked[1]


def _numbers(result: Result) -> Iterator[tuple[tuple[Place, str], float]]:
    """The numbers of units of every shown cell: of a share those above and below its line."""
    for row in result.table[result.table.disclosure.isin(("shown", "rounded"))].to_dict("records"):
        is_ratio = row["denominator"] == row["denominator"]
        for column in COUNTED[1:] if is_ratio else COUNTED[:1]:
            if row[column] == row[column]:
                yield (place_of(row, result.dimensions), column), float(row[column])
