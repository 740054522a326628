"""What the attacker is told beside the files: which sums don't hold, and what stands in no file at all.

No reader is told so much. It is read from the Results before anything was hidden, by the attacker's own reading.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from das_research.disclosure.attacker.codes import ALL, PERIOD, months_in, parents_among
from das_research.disclosure.attacker.known import Besides
from das_research.disclosure.attacker.readings import Reading, Row, readings_of
from das_research.disclosure.attacker.seen import Hierarchies, unreadable

Address = tuple[tuple[str, Any], ...]
Told = tuple[Row, Reading, tuple[str, ...]]


def besides_of(
    complete: Sequence[str], released: Sequence[str], project: str = "", hierarchies: Hierarchies | None = None
) -> Besides:
    """What is known beside the files of a release.

    Parameters
    ----------
    complete : sequence of str
        The JSON of its Results as they were computed.
    released : sequence of str
        The same as they leave, in the same order.
    project : str
        Whose they are.
    hierarchies : mapping, optional
        Dimension to code to the code above it, as the catalogue publishes it.

    Returns
    -------
    Besides

    Raises
    ------
    ReleaseRefused
        When one can't be read.
    """
    try:
        before, after = ([json.loads(text) for text in texts] for texts in (complete, released))
        told, left = _told(before, project), _told(after, project)
        parts = _parts(told, hierarchies or {})
        return Besides(
            apart=frozenset(parts.apart),
            loose=frozenset(parts.loose),
            alone=frozenset(parts.alone),
            incomplete=frozenset(_incomplete(before, after)),
            hidden_zeros=frozenset(_hidden_zeros(told, left)),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable("a Result") from error


def _told(documents: Iterable[Mapping[str, Any]], project: str) -> list[Told]:
    return [
        (row, it, tuple(document["dimensions"])) for document in documents for row, it in readings_of(document, project)
    ]


@dataclass
class _Parts:
    """What is counted, and by which dimension, where parts are not what they seem; see `Besides`."""

    apart: set[tuple[str, str]] = field(default_factory=set)
    loose: set[str] = field(default_factory=set)
    alone: set[tuple[str, str]] = field(default_factory=set)


def _parts(told: Iterable[Told], hierarchies: Hierarchies) -> _Parts:
    """Where the parts, all together, are not the whole."""
    cells: dict[tuple[str, Address, str], dict[str, int]] = defaultdict(dict)
    hidden: dict[tuple[str, Address, str], set[str]] = defaultdict(set)  # of what left and is computed no more
    for row, reading, dimensions in told:
        names = [*dimensions, *((PERIOD,) if reading.by_period else ())]
        which = tuple(sorted((name, tuple(sorted(codes))) for name, codes in reading.which.items()))
        for name in names:
            others = tuple((other, row[other]) for other in sorted(names) if other != name and row[other] != ALL)
            at = reading.counted, (*others, *which), name
            if reading.value is None:
                hidden[at].add(row[name])
            else:
                cells[at][row[name]] = reading.value
    found = _Parts()
    for (counted, _, name), numbers in cells.items():
        if name in hierarchies and _each_by_itself(numbers, parents_among(numbers, hierarchies[name])):
            found.alone.add((counted, name))
    for at, numbers in cells.items():
        counted, _, name = at
        above = {} if (counted, name) in found.alone else hierarchies.get(name, {})
        for whole, parts, are_all in _wholes(numbers, name, above):
            more = sum(numbers[part] for part in parts) - numbers[whole]
            is_more = any(numbers[part] > numbers[whole] for part in parts)
            are_all &= not hidden[at] - numbers.keys()
            if parts and more and (are_all or (more > 0 and not is_more)):  # else the files contradict each other
                found.apart.add((counted, name))
                found.loose |= {counted} if is_more else set()
    return found


def _each_by_itself(numbers: Mapping[str, int], parents: Mapping[str, str]) -> bool:
    """Whether a code that has others below it holds nothing of them: it has less, or all codes add up to the total."""
    below = {code: parent for code, parent in parents.items() if parent != ALL}
    if any(numbers[code] > numbers[parent] for code, parent in below.items()):
        return True
    highest = sum(numbers[code] for code in parents.keys() - below.keys())
    return bool(below) and sum(numbers[code] for code in parents) == numbers.get(ALL) != highest


def _wholes(numbers: Mapping[str, int], name: str, above: Mapping[str, str]) -> Iterable[tuple[str, list[str], bool]]:
    """Every whole with its largest parts, and whether these should be all of it."""
    if name != PERIOD:
        parents = parents_among(numbers, above)
        return [
            (whole, [code for code, up in parents.items() if up == whole], True)
            for whole in {*parents.values(), ALL}
            if whole in numbers
        ]
    months = {code: frozenset(months_in(code)) for code in numbers if code != ALL}
    months |= {ALL: frozenset().union(*months.values())} if ALL in numbers else {}
    found = []
    for whole, all_ in months.items():
        within = {code: some for code, some in months.items() if some < all_ or (whole == ALL != code)}
        largest = [code for code, some in within.items() if not any(some < other for other in within.values())]
        found.append((whole, largest, frozenset().union(*(months[code] for code in largest)) == all_))
    return found


def _incomplete(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    """The dimensions with a code that no file holds."""
    names = {name for document in before for name in document["dimensions"]}
    return [name for name in names if _codes(before, name) - _codes(after, name)]


def _codes(documents: Iterable[Mapping[str, Any]], name: str) -> set[str]:
    having = [document for document in documents if name in document["dimensions"]]
    return {row[document["columns"].index(name)] for document in having for row in document["rows"]}


def _hidden_zeros(told: Iterable[Told], left: Sequence[Told]) -> Iterable[str]:
    """What is counted where a zero was computed and a number is hidden."""
    hidden = {reading.counted for _, reading, _ in left if reading.value is None}
    zeros = {
        (reading.counted, _address(row, dimensions))
        for row, reading, dimensions in told
        if reading.value == 0 and reading.zero_is_told
    }
    shown = {(reading.counted, _address(row, dimensions)) for row, reading, dimensions in left if reading.value == 0}
    return {counted for counted, _ in zeros - shown} & hidden


def _address(row: Row, dimensions: tuple[str, ...]) -> Address:
    return tuple((name, row[name]) for name in sorted({*dimensions, PERIOD}) if row[name] != ALL)
