"""Codes of which one is a part of another, as the levels that tau-ARGUS asks of a hierarchy.

A table that counts by code counts what has a code itself: youth detention does not stand under prison sentence too,
though it is a part of it. tau-ARGUS takes the code above for the sum of those below. So the table gets the level that
it lacks, `gevangenisstraf+`, of which `gevangenisstraf` is what no code below has.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

from das_research.disclosure.argus.files import ArgusTable, Codes
from das_research.disclosure.tables.cells import TOTAL, Cell, Dimension, Status, Table
from das_research.disclosure.tables.hierarchies import nearest_above
from das_research.style.numbers import Language

MARK = "+"
WITH_PARTS: dict[Language, str] = {"nl": "met alles wat eronder valt", "en": "with all that is under it"}


def with_subtotals(
    it: ArgusTable, hierarchies: Mapping[str, Mapping[str, str]], is_sum: bool, minimum: int, language: Language
) -> ArgusTable:
    """The table with a sub-total for every code that has parts in it.

    Parameters
    ----------
    it : ArgusTable
        Every code of it a part of the total.
    hierarchies : mapping
        Dimension to code to the code above it.
    is_sum : bool
        Whether its numbers are sums of amounts.
    minimum : int
        A sub-total of fewer units is unsafe.
    language : {'nl', 'en'}
        Of the labels.

    Returns
    -------
    ArgusTable
        Where a code is the sum of its parts as it stands, it is the sub-total itself, and nothing is added.
    """
    nested = no_sums_by(it.table)
    for place, dimension in enumerate(it.table.dimensions):
        up = nearest_above(dimension.parents, hierarchies.get(dimension.name, {}))
        if not set(up.values()) - {TOTAL}:
            continue
        if dimension.name in nested:
            it = replace(it, table=_with_parents(it.table, place, up))
        else:
            it = _with_levels(it, place, up, is_sum, minimum, language)
    return it


def no_sums_by(table: Table) -> set[str]:
    """The dimensions by which some total is not the sum of its parts."""
    found = set()
    for place, dimension in enumerate(table.dimensions):
        sums: dict[Codes, int] = defaultdict(int)
        for codes, cell in table.cells.items():
            if codes[place] != TOTAL:
                sums[*codes[:place], dimension.parents[codes[place]], *codes[place + 1 :]] += cell.value
        if any(codes not in table.cells or table.cells[codes].value != total for codes, total in sums.items()):
            found.add(dimension.name)
    return found


def _with_parents(table: Table, place: int, parents: Mapping[str, str]) -> Table:
    before, after = table.dimensions[:place], table.dimensions[place + 1 :]
    return replace(table, dimensions=(*before, Dimension(table.dimensions[place].name, parents), *after))


def _with_levels(
    it: ArgusTable, place: int, up: Mapping[str, str], is_sum: bool, minimum: int, language: Language
) -> ArgusTable:
    level = _names(up)
    parents = {code: level.get(code, level.get(above, TOTAL)) for code, above in up.items()}
    parents |= {name: level.get(up[code], TOTAL) for code, name in level.items()}
    parts: dict[Codes, list[Codes]] = defaultdict(list)
    for codes in it.table.cells:
        above = parents.get(codes[place], TOTAL)
        while above != TOTAL:
            parts[*codes[:place], above, *codes[place + 1 :]].append(codes)
            above = parents[above]
    cells = {codes: _sum([it.table.cells[part] for part in those], is_sum, minimum) for codes, those in parts.items()}
    table = replace(_with_parents(it.table, place, parents), cells={**it.table.cells, **cells})
    name = table.dimensions[place].name
    known = it.labels.get(name, {})
    told = {level[code]: f"{known.get(code, code)} ({WITH_PARTS[language]})" for code in level}
    rounded = {codes: sum(it.rounded[part] for part in those) for codes, those in parts.items()} if it.rounded else {}
    return replace(
        it,
        table=table,
        hidden=it.hidden | {codes for codes, those in parts.items() if not it.hidden.isdisjoint(those)},
        labels={**it.labels, name: {**known, **told}},
        rounded={**it.rounded, **rounded},
        added=it.added | cells.keys(),
    )


def _names(up: Mapping[str, str]) -> dict[str, str]:
    """Each code that has parts to the code of the level that it gets.

    Examples
    --------
    >>> _names({"jd": "gv", "gv": "_T", "ws": "ts", "ts": "_T", "ts+": "_T"})
    {'gv': 'gv+', 'ts': 'ts++'}
    """
    names: dict[str, str] = {}
    for code in sorted(set(up.values()) - {TOTAL}):
        names[code] = code + MARK
        while names[code] in up:
            names[code] += MARK
    return names


def _sum(parts: Collection[Cell], is_sum: bool, minimum: int) -> Cell:
    """The sub-total, unsafe where it is not sure that it is safe.

    Who stands under two parts is one unit: of persons no more are sure than the largest part has. Where nobody makes up
    too much of any part of an amount, nobody does of the whole; else nobody knows.

    Examples
    --------
    >>> few = Cell(8, Status.PRIMARY), Cell(7, Status.PRIMARY)
    >>> _sum(few, False, 10).status.name, _sum(few, True, 10).status.name
    ('FREE', 'PRIMARY')
    >>> _sum([Cell(18, units=7), Cell(17, units=6)], False, 10)
    Cell(value=35, status=<Status.PRIMARY: 3>, units=7)
    """
    value, are_rows = sum(cell.value for cell in parts), all(cell.contributors == cell.value for cell in parts)
    units = value if are_rows else max(cell.contributors for cell in parts)
    unsure = is_sum and any(cell.status == Status.PRIMARY for cell in parts)
    return Cell(value, Status.PRIMARY if value and (units < minimum or unsure) else Status.FREE, units)
