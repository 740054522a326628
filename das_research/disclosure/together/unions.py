"""What numbers of several Results tell together, by who is under them: sums that hold, and sums that hold but for few.

Every number is laid out over the kinds of persons that stand in its cell. Numbers that, added and subtracted, come to
nothing for everybody are a sum, whatever their columns and codes are called; where they do but for fewer persons than
the minimum, what is left is a number of those few, that nobody shows and that is unsafe.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from das_research.disclosure.own_tables import is_of_own_choice
from das_research.disclosure.tables.cells import Status
from das_research.disclosure.together.measures import Sum
from das_research.disclosure.together.numbers import Number, Role
from das_research.presentation.bands import Place, place_of
from das_research.result import Result
from das_research.tabulation.independent import PRIME, Independent, directions, signed

ROLES_OF: Mapping[str, tuple[Role, ...]] = {
    "known": ("denominator", "value"),
    "holds": ("numerator",),
    "lacks": ("complement",),
    "above": ("numerator", "value"),
    "below": ("denominator",),
}
TIMES = 12  # of one number in a sum, at most
MOST_SUMS, FEW_SUMS = 4_000, 60  # that are tried one by one; and of which two together are, where there are more
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
    for factors in _sums_of(kinds[:, used], persons, np.array(document["persons"])[used], minimum):
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


def _sums_of(kinds: Whole, persons: Whole, of: Whole, minimum: int) -> list[Whole | None]:
    """Factors of the columns by which they come to nothing, for everybody or all but few; None for one too odd."""
    order = np.argsort(of, kind="stable")  # what holds fewest stands first, so that larger ones are sums of it
    ordered = kinds[:, order]
    rows, few = _basis(ordered, persons, minimum)
    width = ordered.shape[1]
    known = Independent(width + len(rows))
    # the unit matrix beside it tells by which rows each of its own came about
    known.add(np.hstack([ordered[rows], np.eye(len(rows), dtype=np.int64)]))
    reduced, leads = known.rows, [lead for lead in known.leads if lead < width]
    found: list[Whole | None] = []
    for column in sorted(set(range(width)) - set(leads)):
        factors = np.zeros(width, dtype=np.int64)
        factors[leads], factors[column] = reduced[:, column], -1
        found.append(_checked(factors, ordered, everybody=True))
    nearly = np.zeros((len(few), width), dtype=np.int64)
    nearly[:, leads] = reduced[:, [width + row for row in few]].T
    found += _of_few(nearly, ordered, persons, minimum)
    back = np.argsort(order)
    return [None if it is None else it[back] for it in found]


def _basis(kinds: Whole, persons: Whole, minimum: int) -> tuple[list[int], list[int]]:
    """Independent kinds, those of enough persons first; and which of them, by their place, are of few."""
    known, many = Independent(kinds.shape[1]), np.flatnonzero(persons >= minimum)
    rows = [int(many[it]) for it in known.add(kinds[many])]
    few = np.flatnonzero(persons < minimum)
    while True:
        rests = known.rests(kinds[few])
        few, rests = few[rests.any(axis=1)], rests[rests.any(axis=1)]
        if not len(few):
            return rows, []
        numbers, weights = directions(rests, persons[few])
        enough = few[[int(np.flatnonzero(numbers == it)[0]) for it in np.flatnonzero(weights >= minimum)]]
        if not len(enough):
            break
        rows += [int(enough[it]) for it in known.add(kinds[enough])]
    heaviest = few[np.argsort(-weights[numbers], kind="stable")]
    last = [int(heaviest[it]) for it in known.add(kinds[heaviest])]
    return rows + last, list(range(len(rows), len(rows) + len(last)))


def _checked(factors: Whole, kinds: Whole, *, everybody: bool = False) -> Whole | None:
    """Factors modulo the prime as small whole numbers; None where they are not."""
    one = factors if everybody else factors * pow(int(factors[factors != 0][0]), -1, PRIME) % PRIME
    for times in range(1, TIMES + 1):
        whole = signed(one * times, TIMES)
        if whole is not None and not (everybody and (kinds @ whole).any()):
            return whole
    return None


def _of_few(nearly: Whole, kinds: Whole, persons: Whole, minimum: int) -> list[Whole]:
    """Sums that come to nothing for all but few persons, of such as come to nothing for all but one kind of a basis.

    All of them where the kinds are not too many: each comes to nothing for as many as tell it from any other.
    """
    if not len(nearly):
        return []
    rests = _product(kinds, nearly)
    few = rests[rests.any(axis=1)]
    alike = directions(few, np.ones(len(few), dtype=np.int64))[0]
    several = few[np.unique(alike, return_index=True)[1]]
    size = len(nearly)
    chosen: Iterable[Whole] = np.eye(size, dtype=np.int64)
    if comb(len(several), size - 1) <= MOST_SUMS:
        sets = combinations(range(len(several)), size - 1)
        chosen = (it for some in sets if (it := _that_leaves(several[list(some)], size)) is not None)
    elif size <= FEW_SUMS:
        pairs = [(one, other) for one, other in combinations(chosen, 2)]
        chosen = [*chosen, *(one + other for one, other in pairs), *(one - other for one, other in pairs)]
    own = {tuple(sign * kinds[:, column]) for column in range(kinds.shape[1]) for sign in (1, -1)}
    found: dict[tuple[int, ...], Whole] = {}
    for parts in chosen:
        if persons[(rests @ parts % PRIME) != 0].sum() >= minimum:
            continue
        factors = _checked(parts @ nearly % PRIME, kinds)
        if factors is not None and tuple(told := kinds @ factors) not in own:
            found.setdefault(tuple(np.sign(told[told != 0][0]) * told), factors)
    return list(found.values())  # what is left of the others is a cell, and the sum with it is known


def _product(kinds: Whole, nearly: Whole) -> Whole:
    """What each kind has in each sum, modulo the prime."""
    return (kinds.astype(float) % PRIME @ nearly.T.astype(float) % PRIME).astype(np.int64)


def _that_leaves(rows: Whole, size: int) -> Whole | None:
    """How much of each of so many sums makes one that comes to nothing for these kinds; None where several do."""
    known = Independent(size)
    if len(known.add(rows)) < size - 1:
        return None
    [free] = set(range(size)) - set(known.leads)
    parts = np.zeros(size, dtype=np.int64)
    parts[known.leads], parts[free] = -known.rows[:, free] % PRIME, 1
    return parts


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
        for column, times in factors.items():
            if times:
                sides[times < 0].extend([self._of_column(column)] * abs(times))
        left = kinds[:, list(factors)] @ np.array(list(factors.values()), dtype=np.int64)
        for sign, side in ((1, 1), (-1, 0)):  # who counts on the one side more is missing on the other
            some = left * sign > 0
            if some.any():
                units, of = int(abs(left[some] @ persons[some])), int(persons[some].sum())
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
