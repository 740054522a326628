"""Every sum that holds in a table: one by sub-total and combination of the other dimensions' codes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from das_research.disclosure.tables.cells import TOTAL, Address, Table
from das_research.errors import ReleaseRefused

Relation = tuple[Address, tuple[Address, ...]]


def relations_of(table: Table) -> Iterator[Relation]:
    """The sums of one table: a total, and the parts that are in the table.

    Parameters
    ----------
    table : Table
        With every total of its parts.

    Yields
    ------
    (Address, tuple of Address)
        The total and its parts.

    Raises
    ------
    ReleaseRefused
        When a code is in no hierarchy, a hierarchy goes round, or a total is missing.
    """
    _check_hierarchies(table)
    for place, dimension in enumerate(table.dimensions):
        parts: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
        for codes in table.cells:
            if codes[place] != TOTAL:
                total = (*codes[:place], dimension.parents[codes[place]], *codes[place + 1 :])
                parts[total].append(codes)
        missing = sum(total not in table.cells for total in parts)
        if missing:
            raise ReleaseRefused(
                f"{missing} totals of '{table.measure}' by '{dimension.name}' are missing.",
                why="What is hidden must be safe beside every total that a reader can add up or ask for.",
                fix="Give the table with its totals and sub-totals.",
            )
        for total, codes_of_parts in parts.items():
            yield table.address(total), tuple(table.address(codes) for codes in codes_of_parts)


def bottom_up(relations: Iterable[Relation]) -> list[Relation]:
    """The sums, each once, those of sub-totals before those of what they add up to.

    Examples
    --------
    >>> whole, half, part = (Address("n", place) for place in ((), (("a", "x"),), (("a", "y"),)))
    >>> [total.place for total, _ in bottom_up([(whole, (half,)), (half, (part,)), (whole, (half,))])]
    [(('a', 'x'),), ()]
    """
    once = dict.fromkeys((total, tuple(sorted(parts))) for total, parts in relations)
    below: dict[Address, list[Address]] = defaultdict(list)
    for total, parts in once:
        below[total] += parts
    heights: dict[Address, int] = {}

    def height(address: Address) -> int:
        if address not in heights:
            heights[address] = 1 + max((height(part) for part in below[address]), default=-1) if address in below else 0
        return heights[address]

    return sorted(once, key=lambda relation: (height(relation[0]), relation))


def _check_hierarchies(table: Table) -> None:
    for place, dimension in enumerate(table.dimensions):
        used = {codes[place] for codes in table.cells} - {TOTAL}
        unknown = used - dimension.parents.keys()
        above = {code for code in dimension.parents.values() if code != TOTAL}
        if unknown or above - dimension.parents.keys():
            raise ReleaseRefused(
                f"{len(unknown or above - dimension.parents.keys())} codes of '{dimension.name}' are in no hierarchy.",
                why="It is not known which total they are a part of.",
                fix="Put them into the classification, or leave them out of the table.",
            )
        for code in dimension.parents:
            seen = set[str]()
            while code != TOTAL:
                if code in seen:
                    raise ReleaseRefused(
                        f"The hierarchy of '{dimension.name}' goes round.",
                        why="A code is a part of itself.",
                        fix="Mend the parents in the classification.",
                    )
                seen.add(code)
                code = dimension.parents[code]
