"""The Results of a hand-over as they leave rounded: all their counts in one model, so that every sum stays true."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from das_research.catalog.models import Catalog
from das_research.disclosure.breakdowns import whole_period
from das_research.disclosure.hide import codes_of_the_chain, known_codes, with_codes
from das_research.disclosure.own_tables import is_own
from das_research.disclosure.rounding.controlled import Rounding, rounded_under_control
from das_research.disclosure.rounding.one_method import same_kinds, told_of
from das_research.disclosure.tables.hierarchies import hierarchies_of
from das_research.disclosure.together.alike import classes_of
from das_research.disclosure.together.cells import cells_of
from das_research.disclosure.together.nested_codes import nested_of
from das_research.disclosure.together.numbers import Number, Role
from das_research.disclosure.together.protect import Spot, pairs_of
from das_research.disclosure.together.sums import sums_of
from das_research.errors import ReleaseRefused
from das_research.presentation.bands import place_of
from das_research.presentation.rounding import EXACT_BESIDE
from das_research.result import TOTAL, Result, Rounded

LINKED = 2  # decimals of a share that was linked


def can_be_rounded(result: Result, numbers: Sequence[Number]) -> bool:
    """Whether every number of a Result is a count, or a percentage of two, and of none most rows are one person's."""
    if result.shape != "counts" or not numbers or (result.dominance is not None and result.dominance.rows):
        return False
    roles: dict[int, set[str]] = defaultdict(set)
    for number in numbers:
        roles[number.row].add(number.role)
    for label, row in zip(result.table.index, result.table.to_dict("records"), strict=True):
        if row["kind"] == "cannot occur":
            continue
        is_share = row["unit"] == "percent" and "numerator" in roles[int(label)]
        if not is_share and roles[int(label)] != {"value"}:
            return False
    return True


def round_together(
    results: Mapping[str, Result],
    base: int,
    catalog: Catalog,
    *,
    left: Mapping[str, tuple[Result, bool]],
    same: Iterable[tuple[Spot, Spot]] = (),
) -> dict[str, Result]:
    """Round the counts of Results that leave together to multiples of a base.

    Parameters
    ----------
    results : mapping of str to Result
        Those of which `can_be_rounded`.
    base : int
        Of which every count becomes a multiple.
    catalog : Catalog
        The stages of the chain, the minimum, and the codes it publishes.
    left : mapping of str to (Result, bool)
        What left rounded before, the latest first, and whether it must be kept: the project's own on the same snapshot.
        Of other snapshots and projects a multiple is kept where it is still beside the number, and it can be.
    same : iterable of (Spot, Spot)
        Cells of which it is known that the same units are under them.

    Returns
    -------
    dict of str to Result

    Raises
    ------
    ReleaseRefused
        When there is no rounding that adds up and fits what left before, or a code would tell of few by being there.
    """
    minimum, stages = catalog.disclosure.minimum, [stage.id for stage in catalog.chain.stages]
    for name, result in results.items():
        _check_persons(name, result, base, minimum)
        _check_codes(name, result, base, catalog)
    numbers = [number for name, it in results.items() for number in told_of(name, it, minimum)]
    pairs, known = list(same), dict(results)
    above = hierarchies_of(catalog, {name for it in results.values() for name in it.dimensions})
    sums = sums_of(numbers, known, stages, minimum, nested_of(numbers, above))
    cells = cells_of(numbers, classes_of(numbers, minimum, pairs_of(numbers, known, pairs)), sums, minimum)
    must, may = _kept(numbers, cells.of, results, left, pairs, base, minimum)
    try:
        rounding = rounded_under_control(cells.model, base, must | may)
    except ReleaseRefused:
        if not may:
            raise
        rounding = rounded_under_control(cells.model, base, must)
    values: dict[str, dict[int, dict[Role, int]]] = {name: defaultdict(dict) for name in results}
    for number, cell in zip(numbers, cells.of, strict=True):
        values[number.result][number.row][number.role] = int(rounding.numbers[cell])
    return {name: _rounded(result, values[name], rounding) for name, result in results.items()}


def _kept(
    numbers: Sequence[Number],
    of: Sequence[int],
    results: Mapping[str, Result],
    left: Mapping[str, tuple[Result, bool]],
    same: Sequence[tuple[Spot, Spot]],
    base: int,
    minimum: int,
) -> tuple[dict[int, int], dict[int, int]]:
    """The cells that must, and those that may, be the multiples as which they left before."""
    spots = {(it.result, it.row, it.role): at for at, it in enumerate(numbers)}
    places = {(name, place): row for name, it in results.items() for place, row in _rows(it).items()}
    must: dict[int, int] = {}
    may: dict[int, int] = {}
    for name, (result, is_kept) in left.items():
        theirs = told_of(name, result, minimum)
        within = result.rounded.within if result.rounded else 1
        alike = defaultdict(list)
        for mine, other in same_kinds(numbers, theirs, within):
            alike[other].append(mine)
        here: dict[tuple[str, frozenset[tuple[str, str]]], list[int]] = defaultdict(list)
        for at, number in enumerate(numbers):
            here[number.kind, number.place].append(at)
        found = [(at, it.value) for it in theirs for kind in alike[it.kind] for at in here[kind, it.place]]
        rows = _rows(result)
        for one, (other, there) in same:
            if other == name and one in places and there in rows:
                told = [it for it in theirs if it.row == rows[there]]
                found += [
                    (spot, it.value)
                    for it in told
                    if (spot := spots.get((one[0], places[one], it.role))) is not None
                    and abs(it.value - numbers[spot].value) < base  # of the same persons another number may be told
                ]
        for at, value in found:
            if is_kept:
                must.setdefault(of[at], value)
            elif abs(value - numbers[at].value) < base and value % base == 0:
                may.setdefault(of[at], value)
    return must, {cell: value for cell, value in may.items() if cell not in must}


def _rows(result: Result) -> dict[tuple[str, ...], int]:
    rows = zip(result.table.index, result.table.to_dict("records"), strict=True)
    return {place_of(row, result.dimensions): int(label) for label, row in rows}


def _rounded(result: Result, values: Mapping[int, Mapping[Role, int]], rounding: Rounding) -> Result:
    """The Result with these numbers; what is exact beside them goes."""
    table = _with_counts(result, values)
    table[list(EXACT_BESIDE)] = float("nan")
    band = result.band if result.band is not None and not result.band.cells else None
    return replace(
        result.with_table(table.assign(disclosure="rounded")),
        attrition=(),
        linkage={dataset: round(share, LINKED) for dataset, share in result.linkage.items()},
        band=band,
        dominance=None,
        rounded=Rounded(rounding.base, (rounding.steps + 1) * rounding.base),
    )


def _with_counts(result: Result, values: Mapping[int, Mapping[Role, int]]) -> pd.DataFrame:
    """The table of a Result with other counts in some rows, and shares that follow from them.

    No kind tells a true zero, and a share of nothing is unknown.
    """
    table = result.table.copy()
    for row, told in values.items():
        if "value" in told:
            table.loc[row, "value"] = told["value"]
            table.loc[row, "kind"] = "number" if told["value"] else "zero"
            table.loc[row, ["numerator", "denominator"]] = float("nan")
            continue
        above, below = told["numerator"], told["denominator"]
        table.loc[row, ["numerator", "denominator"]] = above, below
        table.loc[row, "value"] = 100 * above / below if below else float("nan")
        table.loc[row, "kind"] = "unknown" if not below else "number" if above else "zero"
    return table


def _check_persons(name: str, result: Result, base: int, minimum: int) -> None:
    """Refuse a number that is large since few persons have many rows: its rounding hides rows, and not one of them.

    Of a share it is looked at as far as it tells persons: the fewer of those for whom it holds and for whom it does
    not. An own table of few persons in all is refused as well, since its author can choose them one by one.
    """
    table = result.table[result.table.value.notna()]
    above = table[["numerator"]].assign(other=table.denominator - table.numerator).min(axis=1)
    counted = above.where(table.numerator.notna(), table.value)
    few = table[(counted >= base) & (table.n > 0) & (table.n < base)]
    if len(few):
        places = {
            tuple(name for name in (*result.dimensions, "period") if row[name] != TOTAL) for _, row in few.iterrows()
        }
        said = "; ".join(sorted(", ".join(place) or "the total" for place in places))
        raise ReleaseRefused(
            f"The result '{name}' can't be rounded.",
            why=f"Some of its numbers are of fewer than {base} persons with several rows each, by: {said}.",
            fix='Count "persons" or "cases", take coarser codes or longer periods, or leave these out.',
        )
    units = table.n.fillna(table.value).where(table.denominator.isna(), table.denominator)
    if is_own(result) and not units.max() >= minimum:
        raise ReleaseRefused(
            f"The result '{name}' can't be rounded.",
            why=f"It is an own table of fewer than {minimum} in all: tables of one more each time tell how many.",
            fix="Tabulate more of the extract, or leave it out.",
        )


def _check_codes(name: str, result: Result, base: int, catalog: Catalog) -> None:
    """Refuse a code that stands in the table since a few have it: its row tells that somebody does.

    A code that the catalogue does not publish could itself be a value of a person, and takes the minimum of persons:
    where their number is not told it is refused. One that it does publish takes as many units as the base, where a
    single number tells them all at once: in an own table, beside a total of all periods, or in one period alone.
    """
    table, known, always = result.table[result.table.value.notna()], known_codes(catalog), codes_of_the_chain(catalog)
    counted = table.denominator.where(table.denominator.notna(), table.value)
    at_once = is_own(result) or whole_period(table.period) is not None
    for column in with_codes(result):
        if column == "period" and not is_own(result):
            continue  # those that the recipe asked for
        by_code = table[column]
        most, persons = counted.groupby(by_code).max(), table.n.groupby(by_code).max()
        periods = table.period.groupby(by_code).nunique()
        few = sum(
            (most[code] < base and (at_once or periods[code] == 1))
            if code in known
            else not persons[code] >= catalog.disclosure.minimum
            for code in set(most.index) - always
        )
        if few:
            raise ReleaseRefused(
                f"The result '{name}' can't be rounded.",
                why=f"{few} codes of {column} stand there for too few units: that a row is there tells that somebody "
                "has its code, which no rounding hides.",
                fix="Take coarser codes, longer periods, or leave these out.",
            )
