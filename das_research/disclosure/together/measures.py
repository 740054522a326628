"""What the definitions of measures say of one place and period: wholes, balances, parts, and nearly the same units."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from das_research.disclosure.breakdowns import BALANCES, NESTED, PARTS, WHOLES
from das_research.disclosure.own_tables import TABLES
from das_research.disclosure.together.numbers import Number, Place, Role

Sum = tuple[tuple[int, ...], tuple[int, ...]]  # positions of numbers: these together are those together
Pair = tuple[int, int]  # positions of a whole and of a part of it
Here = Mapping[tuple[str, Role], int]


def between_measures(numbers: Sequence[Number], positions: Iterable[int], function: str, minimum: int) -> Iterator[Sum]:
    """The sums between the measures of one Result.

    Parameters
    ----------
    numbers : sequence of Number
        Of all Results.
    positions : iterable of int
        Those of this one.
    function : str
        What computed it: its definitions say which measures are parts of which.
    minimum : int
        Measures of an own table, of which no definition is known, that differ by fewer are taken to be nearly the same.
    """
    places: dict[tuple[Place, str], dict[tuple[str, Role], int]] = defaultdict(dict)
    for at in positions:
        number = numbers[at]
        places[number.codes, number.period][number.measure, number.role] = at
    for here in places.values():
        yield from _shares(here)
        yield from _defined(here, function)
        if function in TABLES:
            yield from _nearly_the_same(numbers, here, minimum)
    yield from _along_horizons(places, NESTED.get(function))


def _shares(here: Here) -> Iterator[Sum]:
    for measure, role in here:
        if role == "numerator":
            yield (here[measure, "denominator"],), (here[measure, "numerator"], here[measure, "complement"])


def _defined(here: Here, function: str) -> Iterator[Sum]:
    counted = {measure: at for (measure, role), at in here.items() if role in ("value", "numerator")}
    for measures in WHOLES.get(function, ()):
        told = [it for it in measures if it in counted]
        for measure in told:
            yield (here[measure, "denominator"],), tuple(counted[it] for it in told)
            if len(told) > 1:
                yield (here[measure, "complement"],), tuple(counted[it] for it in told if it != measure)
    for comes, goes in BALANCES.get(function, ()):
        sides = [tuple(counted[it] for it in side if it in counted) for side in (comes, goes)]
        # what is missing on one side is the rest; with some missing on both, the rest is the number of no units
        if all(sides) and any(len(told) == len(side) for told, side in zip(sides, (comes, goes), strict=True)):
            yield sides[0], sides[1]
    for larger, part in PARTS.get(function, ()):
        if larger in counted and part in counted:
            yield (counted[larger],), (counted[part],)


def _nearly_the_same(numbers: Sequence[Number], here: Here, minimum: int) -> Iterator[Sum]:
    for one, other in combinations(here.values(), 2):
        if numbers[one].row != numbers[other].row and abs(numbers[one].value - numbers[other].value) < minimum:
            yield (one,), (other,)


def _along_horizons(places: Mapping[tuple[Place, str], Here], nested: str | None) -> Iterator[Sum]:
    """A longer horizon counts what a shorter one does, and more."""
    steps: dict[tuple[str, Place, str], dict[int, int]] = defaultdict(dict)
    for (codes, period), here in places.items() if nested else ():
        horizon = dict(codes)[str(nested)]
        for (measure, role), at in here.items():
            if role in ("value", "numerator"):
                steps[measure, codes - {(str(nested), horizon)}, period][int(horizon)] = at
    for horizons in steps.values():
        for shorter, longer in pairwise(sorted(horizons)):
            yield (horizons[longer],), (horizons[shorter],)
