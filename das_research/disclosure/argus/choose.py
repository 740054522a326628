"""Which tables of a Result tau-ARGUS can read, with what is unsafe in them and what gate 3 hides."""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

import pandas as pd

from das_research.catalog.models import Catalog, Disclosure, Text
from das_research.disclosure.argus import left
from das_research.disclosure.argus.files import ArgusTable
from das_research.disclosure.argus.subtotals import no_sums_by, with_subtotals
from das_research.disclosure.near import among, shown_places
from das_research.disclosure.own_tables import is_own, uncounted
from das_research.disclosure.rules import unsafe_rows
from das_research.disclosure.tables.cells import Cell, Status, Table
from das_research.disclosure.tables.hierarchies import hierarchies_of
from das_research.disclosure.tables.results import tables_of
from das_research.errors import ReleaseRefused
from das_research.presentation.bands import Place, place_of
from das_research.result import Result

DECIMALS = 6  # of sums, as own tables compute them


def tables_for_argus(
    name: str, result: Result, released: Result, catalog: Catalog
) -> tuple[list[ArgusTable], dict[str, Text]]:
    """The tables of counts and of sums in a Result.

    Parameters
    ----------
    name : str
        Of the Result.
    result, released : Result
        As it was computed again, and as gate 3 would let it leave.
    catalog : Catalog
        Its rules and hierarchies.

    Returns
    -------
    list of ArgusTable, dict of str to Text
        The tables, and of each measure that is none the reason. A number is unsafe where gate 3 hides it for itself.
    """
    if result.shape != "counts":
        return [], {"": left.NO_NUMBERS}
    shown = released if released.rounded else shown_places(released)
    sums = uncounted(result) if is_own(result) else []
    found: list[ArgusTable] = []
    without: dict[str, Text] = {}
    for measure in result.table.measure.unique():
        part = result.with_table(result.table[result.table.measure == measure])
        is_sum = measure in sums
        unjudged = is_sum and result.dominance is None
        read = left.NOT_JUDGED if unjudged else _read(name, part, shown, is_sum, catalog)
        if isinstance(read, Text):
            without[measure] = read
            continue
        wrong = {it.table.measure: apart for it in read if (apart := no_sums_by(it.table))}
        found += [it for it in read if it.table.measure not in wrong]
        if len(wrong) == len(read):  # else each by its words
            wrong = {measure: set().union(*wrong.values())}
        without |= {words.removeprefix(f"{name}/"): left.no_sum_of(sorted(apart)) for words, apart in wrong.items()}
    return [replace(it, name=f"{name}-{number:02}") for number, it in enumerate(found, 1)], without


def _read(
    name: str, part: Result, shown: frozenset[Place] | Result, is_sum: bool, catalog: Catalog
) -> list[ArgusTable] | Text:
    """The tables of one measure, or why there are none."""
    if part.table.denominator.notna().any():
        return left.SHARES
    if (part.table.value < 0).any():
        return left.NOT_WHOLE
    try:
        return list(_tables(name, part, shown, is_sum, catalog)) or left.ALONE
    except ReleaseRefused:
        return left.NOT_WHOLE


def _tables(
    name: str, part: Result, shown: frozenset[Place] | Result, is_sum: bool, catalog: Catalog
) -> Iterator[ArgusTable]:
    """The tables of one measure, whether or not they add up."""
    rounded = _rounded(part, shown) if isinstance(shown, Result) else {}
    unsafe = unsafe_rows(part, catalog.disclosure.minimum)
    hidden = unsafe & False if isinstance(shown, Result) else ~among(part, shown)
    status = unsafe.map({True: Status.PRIMARY, False: Status.FREE})
    decimals = _decimals(part.table.value) if is_sum else 0
    scaled = part.table.value * 10**decimals
    whole = part.with_table(part.table.assign(value=scaled.round() if decimals or is_sum else scaled))
    hierarchies = hierarchies_of(catalog, part.dimensions)
    labels = {
        dimension: {code: text[catalog.language] for code, text in part.labels.get(dimension, {}).items()}
        for dimension in part.dimensions
    }
    for table, places in tables_of(whole, status, name):
        if not table.dimensions:
            continue
        gone = frozenset(codes for codes, row in places.items() if hidden.loc[row])
        leaves = {codes: rounded[row] for codes, row in places.items() if row in rounded}
        flat = ArgusTable(name, table, {}, gone, decimals, labels, leaves)
        full = with_subtotals(flat, hierarchies, is_sum, catalog.disclosure.minimum, catalog.language)
        known = _with_zeros_shown(full.table)
        levels = {
            codes: _level(cell, catalog.disclosure, is_sum)
            for codes, cell in known.cells.items()
            if cell.status == Status.PRIMARY
        }
        yield replace(full, table=known, levels=levels)


def _rounded(part: Result, released: Result) -> dict[int, int]:
    """The label of each row of a measure to the number as which it leaves."""
    rows = released.table[released.table.value.notna()].to_dict("records")
    leaves = {place_of(row, released.dimensions): int(row["value"]) for row in rows}
    labels = zip(part.table.index, part.table.to_dict("records"), strict=True)
    found = {int(label): place_of(row, part.dimensions) for label, row in labels}
    return {label: leaves[place] for label, place in found.items() if place in leaves}


def _with_zeros_shown(table: Table) -> Table:
    """The table; a zero that everybody sees protects nothing, and is none of the unsafe cells."""
    zeros = {codes: replace(cell, status=Status.FREE) for codes, cell in table.cells.items() if cell.value == 0}
    return replace(table, cells={**table.cells, **zeros})


def _level(cell: Cell, rules: Disclosure, is_sum: bool) -> tuple[int, int]:
    """How far below and above an unsafe number a reader must be able to believe it.

    A count: up to the minimum. A sum: by no less than the p% rule and dominance can ask, since a Result does not tell
    who contributes how much: p% of the largest is at most p% of all, and 100/k times the largest less all at most
    (100/k - 1) times all.

    Examples
    --------
    >>> rules = Disclosure(minimum=10, dominance=50, p_percent=10)
    >>> _level(Cell(3), rules, False), _level(Cell(40, units=4), rules, False), _level(Cell(40), rules, True)
    ((0, 7), (0, 6), (40, 40))
    """
    if not is_sum:
        return 0, max(rules.minimum - cell.contributors, 0)
    share = max((rules.p_percent or 0) / 100, 100 / rules.dominance - 1 if rules.dominance else 0)
    level = ceil(share * cell.value)
    return min(level, cell.value), level


def _decimals(values: "pd.Series[float]") -> int:
    """How many decimals make whole numbers of all."""
    known = values.dropna()
    for decimals in range(DECIMALS):
        scaled = known * 10**decimals
        if ((scaled - scaled.round()).abs() <= 1e-9 * scaled.abs().clip(lower=1)).all():
            return decimals
    return DECIMALS
