"""What the attacker is told beside the files: which sums don't hold, and what stands in no file at all.

No reader is told so much. It is read from the Results before anything was hidden, by the attacker's own reading.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from das_research.disclosure.attacker.readings import Reading, Row, readings_of
from das_research.disclosure.attacker.seen import ALL, PERIOD, Besides, months_in, unreadable

Address = tuple[tuple[str, Any], ...]
Told = tuple[Row, Reading, tuple[str, ...]]


def besides_of(complete: Sequence[str], released: Sequence[str], project: str = "") -> Besides:
    """What is known beside the files of a release.

    Parameters
    ----------
    complete : sequence of str
        The JSON of its Results as they were computed.
    released : sequence of str
        The same as they leave, in the same order.
    project : str
        Whose they are.

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
        return Besides(
            frozenset(_apart(told)), frozenset(_incomplete(before, after)), frozenset(_hidden_zeros(told, left))
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable("a Result") from error


def _told(documents: Iterable[Mapping[str, Any]], project: str) -> list[Told]:
    return [
        (row, it, tuple(document["dimensions"])) for document in documents for row, it in readings_of(document, project)
    ]


def _apart(told: Iterable[Told]) -> Iterable[tuple[str, str]]:
    """Of what is counted the dimensions whose parts, all together, are not the whole."""
    cells: dict[tuple[str, Address, str], dict[str, int]] = defaultdict(dict)
    for row, reading, dimensions in told:
        if reading.value is None:
            continue
        names = [*dimensions, *((PERIOD,) if reading.by_period else ())]
        which = tuple(sorted((name, tuple(sorted(codes))) for name, codes in reading.which.items()))
        for name in names:
            others = tuple((other, row[other]) for other in sorted(names) if other != name and row[other] != ALL)
            cells[reading.counted, (*others, *which), name][row[name]] = reading.value
    for (counted, _, name), numbers in cells.items():
        for whole, parts in _wholes(numbers, name):
            if parts and numbers[whole] != sum(numbers[part] for part in parts):
                yield counted, name


def _wholes(numbers: Mapping[str, int], name: str) -> Iterable[tuple[str, list[str]]]:
    if name != PERIOD:
        return [(ALL, [code for code in numbers if code != ALL])] if ALL in numbers else []
    months = {code: frozenset(months_in(code)) for code in numbers if code != ALL}
    months |= {ALL: frozenset().union(*months.values())} if ALL in numbers else {}
    found = []
    for whole, all_ in months.items():
        within = {code: some for code, some in months.items() if some < all_}
        largest = [code for code, some in within.items() if not any(some < other for other in within.values())]
        if frozenset().union(*(months[code] for code in largest)) == all_:
            found.append((whole, largest))
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
