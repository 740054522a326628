"""What numbers of several Results tell together, by who is under them: sums that hold, and sums that hold but for few.

Every number is laid out over the kinds of persons that stand in its cell. Numbers that, added and subtracted, come to
nothing for everybody are a sum, whatever their columns and codes are called; where they do but for fewer persons than
the minimum, what is left is a number of those few, that nobody shows and that is unsafe.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from das_research.disclosure.own_tables import is_of_own_choice
from das_research.disclosure.tables.cells import Status
from das_research.disclosure.together.measures import Sum
from das_research.disclosure.together.numbers import Number, Role
from das_research.disclosure.together.vanishing import vanishing
from das_research.presentation.bands import Place, place_of
from das_research.result import Result

ROLES_OF: Mapping[str, tuple[Role, ...]] = {
    "known": ("denominator", "value", "rows"),
    "holds": ("numerator",),
    "lacks": ("complement",),
    "above": ("numerator", "value"),
    "below": ("denominator",),
}
Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Standing:
    """Who stands in the cells of Results, as `das_research.tabulation.standing` found it.

    Parameters
    ----------
    document : mapping
        See `das_research.tabulation.standing.standing_of`.
    names : tuple of tuple of str
        Of every Result in it, by its place, the names that it goes by here: a table can be handed over twice.
    """

    document: Mapping[str, Any]
    names: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class Unions:
    """Sums between numbers of several Results.

    Parameters
    ----------
    numbers : tuple of Number
        What stands in the sums and is in no Result here, to go after the numbers that are.
    sums : tuple of (tuple of int, tuple of int)
        Positions of numbers, with these: the first together are the second together.
    unknown : frozenset of str
        The Results of which a number is not how many stand in its cell, or of which a sum could not be told.
    """

    numbers: tuple[Number, ...] = ()
    sums: tuple[Sum, ...] = ()
    unknown: frozenset[str] = field(default_factory=frozenset)


def unions_of(standing: Standing, numbers: Sequence[Number], results: Mapping[str, Result], minimum: int) -> Unions:
    """The sums between numbers.

    Parameters
    ----------
    standing : Standing
        Who is under them.
    numbers : sequence of Number
        Of all Results.
    results : mapping of str to Result
        By the name that the numbers have.
    minimum : int
        A sum that holds for all but fewer persons tells of them.

    Returns
    -------
    Unions
    """
    document = standing.document
    kinds, persons = _kinds(document)
    told, seen, unknown = _columns(standing, numbers, results)
    used = sorted({it[3] for it in document["cells"]})
    made = _Made(len(numbers), document, told, seen, minimum)
    for first, *others in told.values():
        made.sums += [((first,), (other,)) for other in others]
    chosen = _chosen(standing, results)
    for factors in vanishing(kinds[:, used], persons, np.array(document["persons"])[used], minimum):
        if factors is None:
            unknown |= {name for names in standing.names for name in names}
            continue
        by_column = dict(zip(used, factors.tolist(), strict=True))
        if any(by_column[column] for column in chosen):  # of what the catalogue chose nothing is compared among itself
            made.add(by_column, kinds, persons)
    found = [it for it in made.sums if _can_be_kept(it, (*numbers, *made.numbers))]
    return Unions(tuple(made.numbers), tuple(found), frozenset(unknown & results.keys()))


def _chosen(standing: Standing, results: Mapping[str, Result]) -> set[int]:
    """The columns that are a cell of a Result of which its author chose who is under it."""
    own = {name for name, result in results.items() if is_of_own_choice(result)}
    return {column for place, _, _, column in standing.document["cells"] if own & set(standing.names[place])}


def _kinds(document: Mapping[str, Any]) -> tuple[Whole, Whole]:
    kinds = np.zeros((len(document["kinds"]), len(document["units"])), dtype=np.int64)
    for row, (_, units) in enumerate(document["kinds"]):
        for column, many in units:
            kinds[row, column] = many
    return kinds, np.array([many for many, _ in document["kinds"]], dtype=np.int64)


def _columns(
    standing: Standing, numbers: Sequence[Number], results: Mapping[str, Result]
) -> tuple[dict[int, list[int]], set[int], set[str]]:
    """Of every column the numbers that it is; those that were shown before; the Results of which one is another."""
    rows: dict[tuple[str, Place], tuple[int, dict[Any, Any]]] = {
        (name, place_of(row, results[name].dimensions)): (int(label), row)
        for name in {name for names in standing.names for name in names} & results.keys()
        for label, row in zip(results[name].table.index, results[name].table.to_dict("records"), strict=True)
    }
    at = {(number.result, number.row, number.role): position for position, number in enumerate(numbers)}
    told, unknown, seen = defaultdict[int, list[int]](list), set[str](), set[int]()
    for result, place, part, column in standing.document["cells"]:
        units = standing.document["units"][column]
        for name in standing.names[result]:
            label, row = rows.get((name, tuple(place)), (-1, {}))
            mine = (at.get((name, label, role)) for role in ROLES_OF.get(part, ()))
            position = next((it for it in mine if it is not None), None)
            if position is not None and numbers[position].value == units:
                told[column].append(position)
            elif position is not None:
                unknown.add(name)
            elif row.get("disclosure") == "shown" and units in (row["value"], row["numerator"], row["denominator"]):
                seen.add(column)  # of a table that left before, of which nobody knows any more what its measures count
    return dict(told), seen, unknown


def _can_be_kept(one: Sum, numbers: Sequence[Number]) -> bool:
    """Whether something of it can still be hidden: of what left before alone, nothing."""
    return any(numbers[at].status == Status.FREE for side in one for at in side)


class _Made:
    """The sums, as they grow, with numbers that no Result here has."""

    def __init__(
        self,
        count: int,
        document: Mapping[str, Any],
        told: Mapping[int, Sequence[int]],
        seen: Collection[int],
        minimum: int,
    ):
        self.sums: list[Sum] = []
        self.numbers: list[Number] = []
        self._count, self._document, self._minimum = count, document, minimum
        self._seen = seen
        self._position = {column: positions[0] for column, positions in told.items()}

    def add(self, factors: Mapping[int, int], kinds: Whole, persons: Whole) -> None:
        """Columns with these factors come to nothing, or to a number of few."""
        sides: tuple[list[int], list[int]] = ([], [])
        some = {column: times for column, times in factors.items() if times}
        for column, times in some.items():
            sides[times < 0].extend([self._of_column(column)] * abs(times))
        left = kinds[:, list(some)] @ np.array(list(some.values()), dtype=np.int64)
        for sign, side in ((1, 1), (-1, 0)):  # who counts on the one side more is missing on the other
            more = left * sign > 0
            if more.any():
                units, of = int(abs(left[more] @ persons[more])), int(persons[more].sum())
                sides[side].append(self._unseen(units, of))
        self.sums.append((tuple(sides[0]), tuple(sides[1])))

    def _of_column(self, column: int) -> int:
        if column not in self._position:
            units, persons = self._document["units"][column], self._document["persons"][column]
            self._position[column] = self._unseen(units, persons, is_seen=column in self._seen)
        return self._position[column]

    def _unseen(self, units: int, persons: int, *, is_seen: bool = False) -> int:
        position = self._count + len(self.numbers)
        name = f"~{len(self.numbers)}"
        unsafe = Status.PRIMARY if min(units, persons) < self._minimum else Status.WITHHELD
        self.numbers.append(
            Number(
                result=name,
                row=0,
                role="value",
                measure="",
                period="",
                kind=f"unseen/{name}",
                place=frozenset({("", name)}),
                value=units,
                units=min(units, persons),
                status=Status.FIXED if is_seen else unsafe,
                zero_is_told=False,
                chance=units,
                cost=1,
            )
        )
        return position
