"""The attack on sums: of amounts that nobody gives less than nothing to, can one be told closer than its rule allows?

Reads the files alone, and knows what those who gave most to hidden cells know, all of them together. The needs and
what they know come from the Results as they were computed; real numbers, no whole ones.

Of a measure that goes by whole breakdowns the whole need is asked as well, but not of those who gave: what is shown are
sums of which the rules say themselves how much they may know of each other. Nobody else gets so far: whoever gave most
to a hidden sum stands in a shown one that holds it, of which it may have no more than the rules allow, so that the need
of the hidden one fits below it; but other tables of the same sums could tell more. It is the same where a breakdown is
shown in part that holds no unsafe sum: who sees less of it is told no more. Where the hidden sum is nearly all of the
shown one, which its rules let everybody see, it must be believable up to that one, and not be told from below as well.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from math import inf, isclose
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack

from das_research.disclosure.attacker.atoms import Atoms, atoms_of
from das_research.disclosure.attacker.bounds import SECONDS, not_judged
from das_research.disclosure.attacker.codes import ALL, PERIOD, finest_of, parents_among
from das_research.disclosure.attacker.known import Seen
from das_research.disclosure.attacker.seen import Hierarchies, unreadable
from das_research.errors import ReleaseRefused

OF_CONTRIBUTORS = "contributors"  # of those who gave most to hidden sums: that what they gave is there
OWN_TABLE, UNIT = "das_research.tabulate", "number"
SCALE = 1e6  # what the largest amount is taken to be
NEARLY = 1e-9  # of an amount, that its number in a file may be off: it has fifteen digits
ROUNDED_UP = 1  # percent that a need may be too high
EXACT = 1  # percent: a sum of few that can be told closer than this is told
Place = tuple[str, ...]


@dataclass(frozen=True)
class Target:
    """What is asked of a hidden sum: its number, how far above it must be believable, and the least that is known.

    And whether it stays behind with a whole breakdown, so that those who gave are not asked; and how far apart the
    least and the most must be that a reader can believe.
    """

    value: float
    need: float
    known: float
    is_by_breakdown: bool = False
    width: float = 0.0


@dataclass(frozen=True)
class AmountReport:
    """How many hidden sums were attacked, how many of them can be told too closely, and which files hide those.

    And how many of those attacked stay behind with a whole breakdown.
    """

    asked: int = 0
    leaks: int = 0
    files: tuple[int, ...] = ()
    by_breakdown: int = 0


def attack_amounts(
    files: Sequence[tuple[str, str]], minimum: int, hierarchies: Hierarchies | None = None
) -> AmountReport:
    """Attack the sums and means of own tables.

    Parameters
    ----------
    files : sequence of (str, str)
        JSON of a Result as it leaves, or left before, and of the same as it was computed.
    minimum : int
        A sum of fewer units must not be told either, whatever the rules of concentration say.
    hierarchies : mapping, optional
        Dimension to code to the code above it, as the catalogue publishes it.

    Returns
    -------
    AmountReport

    Raises
    ------
    ReleaseRefused
        When a file can't be read, or the attack does not come to an end.
    """
    try:
        read = [
            (file, *it)
            for file, (text, whole) in enumerate(files)
            for it in _read(json.loads(text), json.loads(whole), minimum)
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable("a released Result with sums") from error
    codes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for _, counted, place, _, _ in read:
        for name, code in place.items():
            codes[counted, name].add(code)
    nested = _nested(((counted, place, target.value) for _, counted, place, _, target in read), hierarchies or {})
    finest = {
        (counted, name): finest_of(those, nested.get((counted, name), {}), name, overlap=False)
        for (counted, name), those in codes.items()
    }
    cells: dict[tuple[str, Any], Seen] = {}
    targets: dict[tuple[str, Any], Target] = {}
    values: dict[tuple[str, Any], float] = {}
    told_in: dict[tuple[str, Any], set[int]] = defaultdict(set)
    for file, counted, place, value, target in read:
        where = tuple(sorted((name, finest[counted, name][code]) for name, code in place.items()))
        at = counted, where
        told_in[at].add(file)
        cells.setdefault(at, Seen(counted, where, None, "", 0))
        other = targets.get(at, target)
        targets[at] = Target(
            target.value,
            max(target.need, other.need),
            max(target.known, other.known),
            target.is_by_breakdown and other.is_by_breakdown,
            max(target.width, other.width),
        )
        if value is not None:
            if abs(values.setdefault(at, value) - value) > 10 * NEARLY * max(abs(value), 1):
                raise ReleaseRefused(
                    "Whether what is hidden of sums or means can be worked back could not be judged.",
                    why="A period of a table covers others, and the total counts it beside them: "
                    "rows are under several periods.",
                    fix="Leave out the period that covers others: the total of a breakdown is added by itself.",
                    ask="the maintainers, where no period covers others",
                )
            cells[at] = Seen(counted, where, 0, "", 0)
    found = [it for atoms in atoms_of(list(cells.values())) for it in _attacked(atoms, targets, values)]
    leaks = [at for at, is_told in found if is_told]
    hiding = tuple(sorted(set().union(*(told_in[at] for at in leaks))))
    return AmountReport(len(found), len(leaks), hiding, sum(targets[at].is_by_breakdown for at, _ in found))


def _nested(
    told: Iterable[tuple[str, Mapping[str, str], float]], hierarchies: Hierarchies
) -> dict[tuple[str, str], Mapping[str, str]]:
    """What is counted, and a dimension, of which each code above others is their sum: to the code above each."""
    values: dict[tuple[str, str], dict[Any, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for counted, place, value in told:
        for name in hierarchies.keys() & place.keys():
            others = tuple(sorted((other, code) for other, code in place.items() if other != name))
            values[counted, name][others][place[name]] = value
    return {
        (counted, name): hierarchies[name]
        for (counted, name), several in values.items()
        if all(_adds_up(it, parents_among(it, hierarchies[name])) for it in several.values())
    }


def _adds_up(values: Mapping[str, float], parents: Mapping[str, str]) -> bool:
    sums: dict[str, float] = defaultdict(float)
    for code, parent in parents.items():
        sums[parent] += values[code]
    return all(isclose(values.get(code, it), it, rel_tol=1e-6, abs_tol=1e-6) for code, it in sums.items())


def _read(
    document: Mapping[str, Any], whole: Mapping[str, Any], minimum: int
) -> Iterator[tuple[str, dict[str, str], float | None, Target]]:
    """Every sum of an own table: of what, where, its number if it is shown, and what is asked if it isn't."""
    dominance = whole.get("dominance")
    if whole["recipe"]["function"] != OWN_TABLE or dominance is None:
        return
    asked, dimensions = whole["recipe"]["parameters"], whole["dimensions"]
    needs, known = ({tuple(place): percent for *place, percent in dominance[name]} for name in ("needs", "known"))
    apart = set(map(tuple, dominance["apart"]))
    shown = {_place(row, dimensions): row for row in _rows(document) if row["disclosure"] == "shown"}
    told = {(row["measure"], _level(row, dimensions)) for row in shown.values() if row["kind"] in ("number", "zero")}
    occurring = dict(_occurring(whole, dimensions))
    unsafe = {place for place, row in occurring.items() if place in needs or place in apart or _is_few(row, minimum)}
    beside = {(at[0], _level(occurring[at], dimensions)) for at in unsafe - shown.keys()}
    by_cell = {measure for measure, _ in told & beside}  # of no other measure an unsafe sum is hidden beside shown ones
    for place, row in occurring.items():
        if row["unit"] != UNIT:
            continue
        what = asked["measures"][row["measure"]]
        counted = json.dumps([asked["query"], what[1]])
        value, need, least, width, is_few = _amount(row), 0.0, 0.0, 0.0, _is_few(row, minimum)
        if place in unsafe:
            need = EXACT * (max(value, minimum) if is_few else value) / 100
        is_by_breakdown = not (row["measure"] in by_cell or (row["measure"], _level(row, dimensions)) in told)
        if is_by_breakdown and (room := _room(row, dimensions, told, occurring)) < need:
            need, width = room, need
        # needs are whole percents, rounded up: what is shown by the rules themselves meets them as they were
        need = max(need, (needs.get(place, 0) - ROUNDED_UP * is_by_breakdown) * value / 100)
        if not is_by_breakdown:
            need = max(need, minimum - value if is_few else 0)
            least = min(known.get(place, 100 if value else 0), 100) * value / 100
        where = {name: row[name] for name in (*dimensions, PERIOD)}
        told_as = _amount(shown[place]) if place in shown else None
        yield counted, where, told_as, Target(value, need, least, is_by_breakdown, width)


def _occurring(document: Mapping[str, Any], dimensions: Sequence[str]) -> Iterator[tuple[Place, dict[str, Any]]]:
    return ((_place(row, dimensions), row) for row in _rows(document) if row["kind"] != "cannot occur")


def _rows(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for row in document["rows"]:
        yield dict(zip(document["columns"], row, strict=True))


def _place(row: Mapping[str, Any], dimensions: Sequence[str]) -> Place:
    return (row["measure"], *(row[name] for name in dimensions), row[PERIOD])


def _level(row: Mapping[str, Any], dimensions: Sequence[str]) -> tuple[bool, ...]:
    return tuple(row[name] == ALL for name in (*dimensions, PERIOD))


def _room(
    row: Mapping[str, Any],
    dimensions: Sequence[str],
    told: Set[tuple[str, tuple[bool, ...]]],
    occurring: Mapping[Place, Mapping[str, Any]],
) -> float:
    """How much more is in the smallest sum that holds a hidden one, of those that the rules themselves let be seen."""
    measure, *codes = _place(row, dimensions)
    rooms = [inf]
    for name, level in told:
        holds = all(whole or not it for it, whole in zip(_level(row, dimensions), level, strict=True))
        at = measure, *(ALL if whole else code for code, whole in zip(codes, level, strict=True))
        if name == measure and holds and at in occurring:
            rooms.append(_amount(occurring[at]) - _amount(row))
    return max(min(rooms), 0.0)


def _is_few(row: Mapping[str, Any], minimum: int) -> bool:
    return row["n"] is None or 0 < row["n"] < minimum


def _amount(row: Mapping[str, Any]) -> float:
    """A sum, or the sum under a mean."""
    return float(row["value"]) * (1.0 if row["denominator"] is None else float(row["denominator"]))


def _attacked(
    atoms: Atoms, targets: Mapping[tuple[str, Any], Target], values: Mapping[tuple[str, Any], float]
) -> Iterator[tuple[tuple[str, Any], bool]]:
    """Every hidden sum of which something is asked, and whether it can be told too closely."""
    at = [(cell.counted, cell.where) for cell in atoms.cells]
    shown = [row for row, it in enumerate(at) if it in values]
    hidden = [row for row, it in enumerate(at) if it not in values]
    largest = max([1e-9, *(targets[it].value for it in at)])
    scale = SCALE / largest
    numbers = np.array([values[at[row]] for row in shown]) * scale
    least = np.array([targets[at[row]].known for row in hidden]) * scale
    slack = NEARLY * (1 + np.abs(numbers))
    matrix = vstack([atoms.matrix[shown], -atoms.matrix[shown], -atoms.matrix[hidden]]).astype(float)
    limits = np.concatenate([numbers + slack, slack - numbers, NEARLY * (1 + least) - least])
    for row in hidden:
        target = targets[at[row]]
        if target.need or target.width:
            group, known = atoms.matrix[[row]], csr_matrix(matrix)
            most = _most(group, known, limits)
            is_told = most < (target.value + target.need) * scale - 1e-3
            is_told |= bool(target.width) and most + _most(-group, known, limits) < target.width * scale - 1e-3
            yield at[row], is_told


def _most(group: csr_matrix, matrix: csr_matrix, limits: np.ndarray) -> float:
    found = linprog(
        -np.asarray(group.todense()).ravel().astype(float),
        A_ub=matrix,
        b_ub=limits,
        bounds=(0, None),
        method="highs",
        options={"time_limit": SECONDS},
    )
    if found.status == 3:
        return float("inf")
    if found.status != 0:
        raise not_judged(str(found.message) if found.status != 2 else "the sums of the files contradict each other")
    return float(-found.fun)
