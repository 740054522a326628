"""What adds up to what among the numbers of Results: over codes, over periods, between measures, along the chain.

A sum that does not hold, since groups overlap or one is missing, holds with a rest that nobody shows; a rest of few
units is as unsafe as a small number.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, permutations, product

from das_research.disclosure.breakdowns import counts_the_same, months_of
from das_research.disclosure.together.measures import Pair, Sum, between_measures
from das_research.disclosure.together.nested_codes import Nested, parts_by_code
from das_research.disclosure.together.numbers import PERIOD, Number, Place
from das_research.result import Result

STAGE = "stage"


def sums_of(
    numbers: Sequence[Number],
    results: Mapping[str, Result],
    stages: Sequence[str],
    minimum: int,
    nested: Nested | None = None,
) -> list[Sum]:
    """Every sum between numbers, by their positions.

    Parameters
    ----------
    numbers : sequence of Number
        Of all Results.
    results : mapping of str to Result
        By the name that the numbers have.
    stages : sequence of str
        Of the chain, in order: what goes on from one comes into the next.
    minimum : int
        Numbers of different Results, or measures of an own table, are a sum where fewer units are missing.
    nested : mapping, optional
        Which codes are parts of others, see `nested_codes.nested_of`.

    Returns
    -------
    list of (tuple of int, tuple of int)
        The first together are the second together, but for a rest.
    """
    by_result = _by_result(numbers)
    found: dict[Sum, None] = {}
    for name, positions in by_result.items():
        found |= dict.fromkeys(_over_places(numbers, positions, positions, nested or {}))
        found |= dict.fromkeys(between_measures(numbers, positions, results[name].recipe.function, minimum))
        found |= dict.fromkeys(_along_the_chain(numbers, positions, stages))
    kinds = {name: {numbers[at].kind for at in positions} for name, positions in by_result.items()}
    for one, other in permutations(by_result, 2):
        if kinds[one] & kinds[other]:
            across = _over_places(numbers, by_result[one], by_result[other], nested or {})
            found |= dict.fromkeys(it for it in across if abs(rest(numbers, it)) < minimum)
    return list(found)


def within_wholes(
    numbers: Sequence[Number], results: Mapping[str, Result], minimum: int, nested: Nested | None = None
) -> list[Pair]:
    """Every whole whose parts overlap, and each part of it: between them lie those who are not in that part.

    Parts that are together more than the whole hold some units twice; then what the whole has more than one part is in
    no sum with the others, and is told by the two alone. Parameters as of `sums_of`.

    Returns
    -------
    list of (int, int)
        The whole and the part. Of parts of other Results only those that leave few.
    """
    by_result, found = _by_result(numbers), dict[Pair, None]()
    for one, other in product(by_result, repeat=2):
        if one != other and not counts_the_same(results[one], results[other]):
            continue
        for (whole, *_), parts in _over_places(numbers, by_result[one], by_result[other], nested or {}):
            if numbers[whole].role == "complement" or rest(numbers, ((whole,), parts)) >= 0:
                continue  # of who did not something in one part, some did in another
            left = {part: numbers[whole].value - numbers[part].value for part in parts}
            few = minimum if one != other else numbers[whole].value + 1
            found |= {(whole, part): None for part, less in left.items() if 0 <= less < few}
    return list(found)


def rest(numbers: Sequence[Number], one: Sum) -> int:
    """How much more the first numbers of a sum are than the second."""
    return sum(numbers[at].value for at in one[0]) - sum(numbers[at].value for at in one[1])


def _by_result(numbers: Sequence[Number]) -> dict[str, list[int]]:
    by_result: dict[str, list[int]] = defaultdict(list)
    for position, number in enumerate(numbers):
        by_result[number.result].append(position)
    return by_result


def _over_places(
    numbers: Sequence[Number], wholes: Iterable[int], parts: Iterable[int], nested: Nested
) -> Iterator[Sum]:
    """Numbers of one kind: all codes of a dimension, those below a code, and the periods within a period."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    by_period: dict[tuple[str, Place], dict[str, int]] = defaultdict(dict)
    for at in parts:
        by_kind[numbers[at].kind].append(at)
        if (PERIOD, numbers[at].period) in numbers[at].place:
            by_period[numbers[at].kind, numbers[at].codes][numbers[at].period] = at
    whole = {(numbers[at].kind, numbers[at].place): at for at in wholes}
    for kind, positions in by_kind.items():
        for place, found in parts_by_code(numbers, positions, nested):
            if (kind, place) in whole:
                yield (whole[kind, place],), tuple(found)
    for (kind, place), at in whole.items():
        others = by_period.get((kind, numbers[at].codes), {}) if (PERIOD, numbers[at].period) in place else {}
        within = _largest_within(numbers[at].period, others)
        if within:
            yield (at,), tuple(others[it] for it in within)


def _largest_within(period: str, others: Iterable[str]) -> list[str]:
    """The periods that lie in a period, and in no other that does.

    Examples
    --------
    >>> _largest_within("2024", ["2024-Q1", "2024-01", "2024-04", "2023-12", "2024"])
    ['2024-Q1', '2024-04']
    """
    first, last = months_of(period)
    spans = {it: months_of(it) for it in others if it != period}
    inside = {it: (begin, end) for it, (begin, end) in spans.items() if first <= begin and end <= last}

    def is_part(one: tuple[str, str]) -> bool:
        return any(begin <= one[0] and one[1] <= end and one != (begin, end) for begin, end in inside.values())

    return [it for it, span in inside.items() if not is_part(span)]


def _along_the_chain(numbers: Sequence[Number], positions: Iterable[int], stages: Sequence[str]) -> Iterator[Sum]:
    """What went on from a stage, where as much came into the next."""
    found = {
        (numbers[at].measure, dict(numbers[at].codes).get(STAGE), numbers[at].codes, numbers[at].period): at
        for at in positions
        if numbers[at].measure in ("in", "on")
    }
    following = dict(pairwise(stages))
    for (measure, stage, codes, period), at in found.items():
        if measure == "on" and stage in following:
            beyond = codes - {(STAGE, stage)} | {(STAGE, following[stage])}
            into = found.get(("in", following[stage], beyond, period))
            if into is not None and numbers[into].value == numbers[at].value:
                yield (into,), (at,)
