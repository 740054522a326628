"""Codes of which one is a part of another, where the numbers say so too.

A classification says that youth detention is a part of prison sentence. A table by the code that each case has itself
counts it there not: only where the numbers do not say so is the code above taken for the sum of those below.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from das_research.disclosure.tables.cells import TOTAL
from das_research.disclosure.tables.hierarchies import nearest_above
from das_research.disclosure.together.numbers import DAY, PERIOD, Number, Place

Hierarchies = Mapping[str, Mapping[str, str]]
Nested = Mapping[tuple[str, str], Mapping[str, str]]  # kind and dimension to code to the code above it


def nested_of(numbers: Sequence[Number], hierarchies: Hierarchies) -> Nested:
    """What is a part of what, for every kind of number and dimension of which some codes are parts of others.

    Parameters
    ----------
    numbers : sequence of Number
        Of all Results.
    hierarchies : mapping
        Dimension to code to the code above it, as the catalogue has it.
    """
    values: dict[tuple[str, str, Place, str], dict[str, int]] = defaultdict(dict)
    for number in numbers:
        for name, code in number.place if hierarchies else ():
            if name in hierarchies:
                values[number.result, number.kind, number.place - {(name, code)}, name][code] = number.value
    whole = {(number.result, number.kind, number.place): number.value for number in numbers}
    kinds, apart = set[tuple[str, str]](), set[tuple[str, str]]()
    for (result, kind, place, name), told in values.items():
        kinds.add((kind, name))
        if stand_apart(told, whole.get((result, kind, place)), hierarchies[name]):
            apart.add((kind, name))
    return {it: hierarchies[it[1]] for it in kinds - apart}


def stand_apart(told: Mapping[str, int], whole: int | None, above: Mapping[str, str]) -> bool:
    """Whether numbers say that codes don't hold what is below them: all codes together are the whole, or one has more.

    Examples
    --------
    >>> stand_apart({"gv": 50, "jd": 8}, 58, {"jd": "gv"}), stand_apart({"gv": 58, "jd": 8}, 58, {"jd": "gv"})
    (True, False)
    """
    up = nearest_above(told, above)
    if set(up.values()) <= {TOTAL}:
        return False
    more = any(told[code] > told[parent] for code, parent in up.items() if parent != TOTAL)
    is_tree = sum(told[code] for code, parent in up.items() if parent == TOTAL) == whole
    return more or (not is_tree and sum(told.values()) == whole)


def parts_by_code(
    numbers: Sequence[Number], positions: Sequence[int], nested: Nested
) -> Iterator[tuple[Place, list[int]]]:
    """Numbers of one kind whose codes together are a code above them, or all codes: the place of that, and they.

    Parameters
    ----------
    numbers : sequence of Number
        Of all Results.
    positions : sequence of int
        Those that are asked, all of one kind.
    nested : mapping
        See `nested_of`.
    """
    by_code: dict[tuple[Place, str], dict[str, int]] = defaultdict(dict)
    for at in positions:
        for name, code in numbers[at].place:
            if name != DAY:
                by_code[numbers[at].place - {(name, code)}, name][code] = at
    for (place, name), codes in by_code.items():
        above = {} if name == PERIOD else nested.get((numbers[positions[0]].kind, name), {})
        together: dict[str, list[int]] = defaultdict(list)
        for code, at in codes.items():
            for parent in _upward(code, above):
                together[parent].append(at)
                if parent in codes:
                    break
        for parent, parts in together.items():
            yield (place if parent == TOTAL else place | {(name, parent)}), parts


def _upward(code: str, above: Mapping[str, str]) -> Iterator[str]:
    """The codes above one, the nearest first, and the total."""
    seen = {code}
    while (code := above.get(code, TOTAL)) != TOTAL and code not in seen:
        seen.add(code)
        yield code
    yield TOTAL
