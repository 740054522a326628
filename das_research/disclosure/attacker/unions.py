"""The attack by who is under the cells: which few are told by numbers of several tables, added and subtracted.

Reads the files as they leave and left, and is told of every kind of persons how many units of theirs each cell holds,
whatever the columns and codes are called. In real numbers: by projections and linear programs.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from math import ceil, comb, floor, gcd, lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import OptimizeResult, linprog

from das_research.disclosure.attacker.attack import Leak
from das_research.disclosure.attacker.bounds import NEARLY, SECONDS, not_judged
from das_research.disclosure.attacker.codes import ALL, PERIOD
from das_research.disclosure.attacker.known import Seen
from das_research.disclosure.attacker.proof import Policy
from das_research.disclosure.attacker.readings import OUTCOME, WAYS, YES
from das_research.disclosure.attacker.seen import unreadable

HOW = "numbers of several tables, added and subtracted, leave it"
BETWEEN = "numbers of several tables bound the hidden cell"
OF_PERSONS = "persons"  # of every kind of persons, how many units of theirs stand in which cells
SMALL = 1e-6
LARGEST = 60  # denominator of a factor
LARGE = 10**15
ROUNDS, MOST_SUMS = 3, 3_000
SOLVED, WITHOUT_END = 0, 3  # how the solver says it
Terms = tuple[tuple[int, Seen], ...]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class File:
    """A file whose cells are laid out over persons.

    Parameters
    ----------
    place : int
        Which of the Results of `standing` it is.
    release : str
        Which release shows it; empty for what is about to leave.
    number : int
        Which file of the release, counted from zero.
    text : str
        Its JSON.
    chosen : bool
        Whether its author chose who is under its cells. What tables that the catalogue chose tell of few among
        themselves is not asked here.
    """

    place: int
    release: str
    number: int
    text: str
    chosen: bool = True


@dataclass(frozen=True, eq=False)
class _Known:
    """The cells as columns: of each who shows its number, that number, and how many units it holds."""

    kinds: Matrix
    persons: Matrix
    shown: dict[int, Seen]
    hidden: dict[int, Seen]
    units: Matrix
    is_whole: bool


def attack_unions(
    standing: str, files: Sequence[File], minimum: int, policy: Policy = "threshold"
) -> tuple[list[Leak], int]:
    """Attack what several files tell together of few persons.

    Parameters
    ----------
    standing : str
        JSON of who stands in the cells of their Results, see `das_research.tabulation.standing`.
    files : sequence of File
        What is about to leave, and what left before.
    minimum : int
        Fewer persons than this must not be told.
    policy : {'exact', 'threshold', 'wide'}
        As of `attack.attack`.

    Returns
    -------
    list of Leak, int
        What can be told; and how many cells and sums were asked after.

    Raises
    ------
    ReleaseRefused
        When a file can't be read, or the attack does not come to an end.
    """
    try:
        known = _read(json.loads(standing), files)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable("a released Result") from error
    if not known.shown:
        return [], 0
    chosen = {(file.release, file.number) for file in files if file.chosen}
    sums = list(_sums_of_few(known, minimum))
    leaks = [
        Leak(tuple(cell for _, cell in terms), number, number, HOW, terms)
        if terms
        else Leak(tuple(known.shown.values())[:1], 0, minimum - 1, HOW)  # by odd factors: no sum is told
        for terms, number, together in filter(None, sums)
        if _is_new(terms) and _is_chosen(terms, chosen) and not (policy == "exact" and together > 1)
    ]
    if leaks:
        return leaks, len(sums)
    bounded = list(_bounded(known, known.hidden, minimum, policy))
    told = [(column, low, high) for column, low, high, is_safe in bounded if not is_safe]
    old = {column: cell for column, cell in known.shown.items() if cell.release}
    agreed = {column: cell for column, cell in known.shown.items() if (cell.release, cell.file) not in chosen}
    for others in (old, agreed):  # what left before, or the catalogue chose, tells these by itself
        if told and others:
            asked = [column for column, _, _ in told]
            by_others = {it[0] for it in _bounded(replace(known, shown=others), asked, minimum, policy) if not it[3]}
            told = [it for it in told if it[0] not in by_others]
    leaks += [Leak((known.hidden[column],), low, high, BETWEEN) for column, low, high in told]
    return leaks, len(sums) + len(bounded)


def _is_new(terms: Terms) -> bool:
    """Whether a number that leaves now has a part in a sum; one of which no sum could be told counts as new."""
    return not terms or any(not cell.release for _, cell in terms)


def _is_chosen(terms: Terms, chosen: Collection[tuple[str, int]]) -> bool:
    """Whether a number of an author's choice has a part in a sum; as `_is_new` where no sum could be told."""
    return not terms or any((cell.release, cell.file) in chosen for _, cell in terms)


def _read(document: Mapping[str, Any], files: Sequence[File]) -> _Known:
    kinds = np.zeros((len(document["kinds"]), len(document["units"])))
    for row, (_, units) in enumerate(document["kinds"]):
        for column, many in units:
            kinds[row, column] = many
    parts: dict[int, list[tuple[tuple[str, ...], str, int]]] = {}
    for place, address, part, column in document["cells"]:
        parts.setdefault(place, []).append((tuple(address), part, column))
    shown, hidden = dict[int, Seen](), dict[int, Seen]()
    for file in files:
        result = json.loads(file.text)
        if result.get("rounded"):
            continue
        rows: dict[tuple[str, ...], dict[str, Any]] = {}
        for values in result["rows"]:
            told = dict(zip(result["columns"], values, strict=True))
            rows[(told["measure"], *(str(told[name]) for name in result["dimensions"]), str(told[PERIOD]))] = told
        for address, part, column in parts.get(file.place, ()):
            number, cell = _cell(file, result, address, part, rows.get(address))
            if number is None:
                hidden.setdefault(column, cell)
            elif number == document["units"][column] and (column not in shown or file.release):
                shown[column] = cell  # what left before is not told anew
    return _Known(
        kinds,
        np.array([many for many, _ in document["kinds"]], dtype=float),
        shown,
        {column: cell for column, cell in hidden.items() if column not in shown},
        np.array(document["units"], dtype=float),
        bool(document["whole"]),
    )


def _cell(
    file: File, result: Mapping[str, Any], address: tuple[str, ...], part: str, row: Mapping[str, Any] | None
) -> tuple[int | None, Seen]:
    number = None if row is None or row["disclosure"] != "shown" else _number(row, part)
    yes = WAYS.get(result["recipe"]["function"], {}).get(address[0], YES)
    which = {"holds": yes, "lacks": frozenset({"no"})}.get(part)
    where = () if which is None else ((OUTCOME, which),)
    place = tuple(zip(("measure", *result["dimensions"], PERIOD), address, strict=True))
    told = "/".join(code for _, code in place if code != ALL)
    return number, Seen(f"persons/{told}", where, number, file.release, file=file.number, place=place)


def _number(row: Mapping[str, Any], part: str) -> int | None:
    value, above, below = (
        None if row[name] is None else int(row[name]) for name in ("value", "numerator", "denominator")
    )
    if part == "lacks":
        return None if above is None or below is None else below - above
    of = {"known": value if below is None else below, "above": value if below is None else above}
    return of.get(part, above if part == "holds" else below)


def _sums_of_few(known: _Known, minimum: int) -> Iterator[tuple[Terms, int, int] | None]:
    """Sums of shown numbers that are of few persons: the sum, what it comes to, and how many hidden cells are in it.

    None for one that was asked after and is not of few.
    """
    columns = sorted(known.shown)
    seen = known.kinds[:, columns]
    left, weights, kinds_of = _few(seen, known.persons, minimum)
    axes = _axes(left)
    left, spanned = left @ axes, _axes(seen)
    done = set[bytes]()
    for factors in _candidates(left, weights):
        touched = np.abs(left @ factors) > SMALL
        if weights[touched].sum() >= minimum or touched.tobytes() in done:
            yield None
            continue
        done.add(touched.tobytes())
        told = np.isin(kinds_of, np.flatnonzero(touched))
        hidden = sum(bool(known.kinds[told][:, column].any()) for column in known.hidden)
        found = _in_few_numbers(seen, spanned, axes @ factors, told)
        terms = tuple((int(times), known.shown[column]) for times, column in zip(found, columns, strict=True) if times)
        yield terms, sum(times * (cell.value or 0) for times, cell in terms), hidden


def _candidates(left: Matrix, weights: Matrix) -> Iterator[Matrix]:
    """Factors that tell of few directions: all that there are, where they are not too many to try."""
    size = left.shape[1]
    if size > 0 and comb(len(left), size - 1) <= MOST_SUMS:
        sets = np.array([*combinations(range(len(left)), size - 1)], dtype=np.int64)
        yield from np.linalg.svd(left[sets].reshape(len(sets), size - 1, size))[2][:, -1, :]
    else:
        yield from (_lightest(left, weights, row) for row in range(len(left)))


def _few(seen: Matrix, persons: Matrix, minimum: int) -> tuple[Matrix, Matrix, NDArray[np.int64]]:
    """What is left of kinds of few persons when all is taken off that sums of enough persons tell.

    Of every direction what is left and how many persons lie that way; and of every kind its direction, or -1.
    """
    rows = seen / np.maximum(np.linalg.norm(seen, axis=1), 1)[:, None]
    is_many = persons >= minimum
    while True:
        axes = _axes(rows[is_many])
        rests = rows - (rows @ axes) @ axes.T
        sizes = np.linalg.norm(rests, axis=1)
        few = np.flatnonzero((sizes > SMALL) & ~is_many)
        ways = rests[few] / sizes[few][:, None]
        first = (np.abs(ways) > SMALL).argmax(axis=1)
        ways *= np.sign(ways[np.arange(len(few)), first])[:, None]
        _, at, number = np.unique(ways.round(5) + 0.0, axis=0, return_index=True, return_inverse=True)
        weights = np.bincount(number.ravel(), weights=persons[few], minlength=len(at)).astype(float)
        enough = weights >= minimum
        if not enough.any():
            kinds_of = np.full(len(seen), -1, dtype=np.int64)
            kinds_of[few] = number.ravel()
            return ways[at], weights, kinds_of
        is_many[few[enough[number.ravel()]]] = True


def _axes(rows: Matrix) -> Matrix:
    """Directions at right angles that the rows span."""
    if not len(rows) or not rows.shape[1]:
        return np.zeros((rows.shape[1], 0))
    _, sizes, turned = np.linalg.svd(rows, full_matrices=False)
    return turned[sizes > SMALL].T


def _lightest(left: Matrix, weights: Matrix, row: int) -> Matrix:
    """Factors that tell of this direction, and of as few persons besides as a linear program finds."""
    many, size = left.shape
    price, best, least = weights.copy(), np.zeros(size), np.inf
    beside = np.hstack([np.vstack([left, -left]), np.vstack([-np.eye(many)] * 2)])
    for _ in range(ROUNDS):
        found = _solved(
            np.concatenate([np.zeros(size), price]),
            equal=(np.append(left[row], np.zeros(many))[None, :], np.ones(1)),
            most=(beside, np.zeros(2 * many)),
            bounds=[(None, None)] * size + [(0, None)] * many,
        ).x
        apart = np.abs(left @ found[:size])
        if (of := weights[apart > SMALL].sum()) < least:
            best, least = found[:size], of
        price = weights / (apart + 1e-3)  # what is told a little of is cheap to leave out
    return best


def _in_few_numbers(seen: Matrix, axes: Matrix, factors: Matrix, told: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The same sum of as few of the numbers as a linear program finds, by whole factors; nothing where it has none.

    The axes are those that the numbers span.
    """
    size = seen.shape[1]
    found = _solved(
        np.ones(2 * size),
        equal=(np.hstack([axes.T, -axes.T]), axes.T @ factors),
        bounds=[(0, None)] * (2 * size),
    ).x
    plain = found[:size] - found[size:]
    plain[np.abs(plain) < SMALL * np.abs(plain).max()] = 0
    parts = [Fraction(it).limit_denominator(LARGEST) for it in (plain / np.abs(plain[plain != 0]).min()).tolist()]
    whole = np.array([int(it * lcm(*(one.denominator for one in parts))) for it in parts], dtype=np.int64)
    whole //= max(gcd(*whole.tolist()), 1)
    of = seen @ whole
    if (of != 0)[~told].any() or not of[told].any():
        return np.zeros(size, dtype=np.int64)
    return whole if of.sum() > 0 else -whole


def _bounded(known: _Known, asked: Iterable[int], minimum: int, policy: Policy) -> Iterator[tuple[int, int, int, bool]]:
    """Of every asked column that is a hidden cell of few its bounds, and whether they may be told."""
    reached: dict[int, float] = {}
    for column in asked:
        if known.units[column] >= minimum:
            continue
        if policy == "threshold" and reached.get(column, 0) >= minimum:
            yield column, 0, minimum, True
            continue
        high, table = _farthest(known, column, upward=True)
        if table is not None:
            totals = known.kinds.T @ table
            reached |= {it: max(reached.get(it, 0), float(totals[it])) for it in known.hidden}
        low = 0 if policy == "threshold" else _farthest(known, column, upward=False)[0]
        wide = {
            "exact": high > low,
            "threshold": high >= minimum,
            "wide": high - low >= minimum - 1 and high >= minimum,
        }
        yield column, low, high, wide[policy]


def _farthest(known: _Known, column: int, *, upward: bool) -> tuple[int, Matrix | None]:
    """How large or small a hidden cell can be, in real numbers of persons; and how many of each kind there are then."""
    shown, hidden = sorted(known.shown), sorted(known.hidden)
    least = [int(OUTCOME not in dict(known.hidden[it].where)) for it in hidden]  # a zero would be shown
    price = known.kinds[:, column] * (-1 if upward else 1)
    found = _solved(
        price,
        equal=(known.kinds[:, shown].T, known.units[shown]),
        most=(-known.kinds[:, hidden].T, -np.array(least, dtype=float)),
        bounds=(0 if known.is_whole else None, None),
        may_have_no_end=True,
    )
    if found.status == WITHOUT_END:
        return LARGE if upward else 0, None
    number = -found.fun if upward else found.fun
    return (floor(number + NEARLY) if upward else max(0, ceil(number - NEARLY))), found.x


def _solved(
    price: Matrix,
    equal: tuple[Matrix, Matrix],
    bounds: Sequence[Any],
    most: tuple[Matrix, Matrix] | None = None,
    *,
    may_have_no_end: bool = False,
) -> OptimizeResult:
    found = linprog(
        price,
        A_eq=equal[0],
        b_eq=equal[1],
        A_ub=None if most is None else most[0],
        b_ub=None if most is None else most[1],
        bounds=bounds,
        method="highs",
        options={"time_limit": SECONDS},
    )
    if found.status != SOLVED and not (may_have_no_end and found.status == WITHOUT_END):
        raise not_judged(str(found.message))
    return found
