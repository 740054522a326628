"""Which numbers of different Results are one and the same: where they stand alike and are equal.

That nobody said so does not help: a reader sees it. Two kinds that agree wherever both are told are taken to count the
same units; of others only numbers that are large enough not to be equal by chance.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from das_research.disclosure.tables.cells import Status
from das_research.disclosure.together.numbers import Number, Place


def classes_of(numbers: Sequence[Number], minimum: int, same: Iterable[tuple[int, int]] = ()) -> list[int]:
    """A label a number, the same for numbers that are the same.

    Parameters
    ----------
    numbers : sequence of Number
        Of all Results.
    minimum : int
        Numbers under it are equal by chance too often.
    same : iterable of (int, int)
        Positions of numbers of which it is known.

    Returns
    -------
    list of int
        The position of the first number of the class.
    """
    classes = _Classes(numbers)
    for known in (*_told_twice(numbers), *same):
        classes.unite(known)
    by_place: dict[Place, list[int]] = defaultdict(list)
    for at, number in enumerate(numbers):
        if number.value:
            by_place[number.place].append(at)
    pairs = [
        (one, other)
        for here in by_place.values()
        for place, one in enumerate(here)
        for other in here[:place]
        if numbers[one].result != numbers[other].result
    ]
    differ = {_kinds(numbers, pair) for pair in pairs if numbers[pair[0]].value != numbers[pair[1]].value}
    equal = [pair for pair in pairs if numbers[pair[0]].value == numbers[pair[1]].value]
    for pair in sorted(equal, key=lambda pair: _kinds(numbers, pair) in differ):
        if _kinds(numbers, pair) not in differ or min(numbers[at].chance for at in pair) >= minimum:
            classes.unite(pair)
    return classes.labels()


def _told_twice(numbers: Sequence[Number]) -> list[tuple[int, int]]:
    """Numbers of one Result that its rows repeat: a stock, and the denominator of several shares."""
    first: dict[tuple[str, str, Place, int], int] = {}
    pairs = []
    for at, number in enumerate(numbers):
        what = number.role if number.role == "denominator" else number.kind
        known = first.setdefault((number.result, what, number.place, number.value), at)
        if known != at:
            pairs.append((known, at))
    return pairs


def _kinds(numbers: Sequence[Number], pair: tuple[int, int]) -> frozenset[tuple[str, str]]:
    return frozenset((numbers[at].result, numbers[at].kind) for at in pair)


class _Classes:
    """Sets of numbers that grow together, but never hold two different numbers of one Result at one place."""

    def __init__(self, numbers: Sequence[Number]):
        self._numbers = numbers
        self._label = list(range(len(numbers)))
        self._members = {at: [at] for at in self._label}

    def unite(self, pair: tuple[int, int]) -> None:
        one, other = sorted(self._label[at] for at in pair)
        if one == other or self._contradict(
            one, other, within=self._numbers[pair[0]].result == self._numbers[pair[1]].result
        ):
            return
        for at in self._members[other]:
            self._label[at] = one
        self._members[one] += self._members.pop(other)

    def _contradict(self, one: int, other: int, within: bool) -> bool:
        here, there = self._members[one], self._members[other]
        statuses = {self._numbers[at].status for at in (*here, *there)}
        if {Status.PRIMARY, Status.FIXED} <= statuses:
            return True
        told = {(self._numbers[at].result, self._numbers[at].place) for at in here}
        return not within and any((self._numbers[at].result, self._numbers[at].place) in told for at in there)

    def labels(self) -> list[int]:
        """Of every number the first of its class."""
        return self._label
