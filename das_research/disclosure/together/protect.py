"""Hiding as few rows of Results as it takes, over all that leave together and beside what left before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from das_research.disclosure.breakdowns import smallest_cover
from das_research.disclosure.suppression.levels import Level, count_needs
from das_research.disclosure.suppression.suppress import SECONDS, Suppression, suppress
from das_research.disclosure.together.alike import classes_of
from das_research.disclosure.together.amounts import amount_rows, is_fit, protect_amounts
from das_research.disclosure.together.cells import Cells, cells_of, groups_of, hidden_rows, rows_of
from das_research.disclosure.together.nested_codes import Hierarchies, nested_of
from das_research.disclosure.together.numbers import ROLES, Number, Told, numbers_of
from das_research.disclosure.together.possible import possible_tables
from das_research.disclosure.together.sums import sums_of, within_wholes
from das_research.disclosure.together.under_sums import under_sums
from das_research.disclosure.together.unions import Standing, Unions, unions_of
from das_research.errors import NotJudged, ReleaseRefused
from das_research.presentation.bands import Place, place_of
from das_research.result import Result

Spot = tuple[str, Place]  # name of a Result, and the address of a cell in it


@dataclass(frozen=True, eq=False)
class Together:
    """What is hidden of Results that leave together.

    Parameters
    ----------
    masks : dict
        Name of a Result to the rows to hide; without those that could not be protected cell by cell.
    touched : frozenset of str
        The Results of which more is hidden than is unsafe by itself, and those that share numbers with them.
    patterns : dict of tuple of str to Suppression
        Names of the Results of a group that shares numbers, to its pattern with its bound and its proof.
    possible : tuple of dict of str to Result
        Certificates, see `possible.possible_tables`: for the last look alone.
    of_sums : dict of tuple of str to Suppression
        The same of the sums of own tables.
    unknown : frozenset of str
        The Results of which it is not known what they tell with others by who is under them.
    """

    masks: dict[str, "pd.Series[bool]"]
    touched: frozenset[str] = frozenset()
    patterns: dict[tuple[str, ...], Suppression] = field(default_factory=dict)
    possible: tuple[dict[str, Result], ...] = ()
    of_sums: dict[tuple[str, ...], Suppression] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()


def protect_together(
    results: Mapping[str, Told],
    minimum: int,
    *,
    earlier: Mapping[str, Told] | None = None,
    stages: Sequence[str] = (),
    same: Iterable[tuple[Spot, Spot]] = (),
    standing: Standing | None = None,
    hierarchies: Hierarchies | None = None,
    level: Level = "threshold",
    seconds: float = SECONDS,
) -> Together:
    """Hide as few rows as it takes.

    Parameters
    ----------
    results : mapping of str to Told
        Those that leave together.
    minimum : int
        The least number of units that is safe.
    earlier : mapping of str to Told, optional
        Those that left before, by other names, with what was hidden.
    stages : sequence of str
        Of the chain, in order.
    same : iterable of (Spot, Spot)
        Cells of which it is known that the same units are under them.
    standing : Standing, optional
        Who is under the cells of these, and of those that left before.
    hierarchies : mapping, optional
        Dimension to code to the code above it, as the catalogue has it.
    level : {'exact', 'threshold', 'wide'}
        See `levels.count_needs`.
    seconds : float
        How long to look for fewer, see `suppress`.

    Returns
    -------
    Together
        Results that tell no number of units have no mask; nor have those of a group that can't be protected so, since
        nothing that may be hidden is enough or nothing would be left.

    Raises
    ------
    NotJudged
        When the solver fails.
    """
    told = {**results, **(earlier or {})}
    numbers = [number for name, it in told.items() for number in numbers_of(name, it, minimum)]
    counted: dict[str, set[int]] = defaultdict(set)
    for number in numbers:
        counted[number.result].add(number.row)
    numbers += under_sums(standing, told, minimum) if standing is not None else ()
    of_names, nested = {name: it.result for name, it in told.items()}, nested_of(numbers, hierarchies or {})
    sums = sums_of(numbers, of_names, stages, minimum, nested)
    within = within_wholes(numbers, of_names, minimum, nested)
    unions = unions_of(standing, numbers, of_names, minimum) if standing is not None else Unions()
    classes = classes_of([*numbers, *unions.numbers], minimum, pairs_of(numbers, of_names, same))
    numbers += unions.numbers
    cells = cells_of(numbers, classes, sums, minimum, unions.sums, within)
    masks, patterns, touched = {}, dict[tuple[str, ...], Suppression](), set[str]()
    proofs = list[tuple[Cells, Suppression]]()
    failed: set[str] = set()
    told_by = rows_of(numbers, cells)
    for names, part in groups_of(numbers, cells):
        mine = [name for name in names if name in results]
        if not mine:
            continue
        work = seconds * len(part.model) / max(len(cells.model), 1)
        # beside what left, who is the only one outside a part may know of others outside; that hides no more then
        overlap = any(numbers[at].result in names for pair in within for at in pair)
        pattern = _pattern(part, minimum, level, work, (True, False) if overlap else (True,))
        if pattern is None:
            failed |= set(mine)
            continue
        patterns[tuple(mine)] = pattern
        proofs.append((part, pattern))
        rows = hidden_rows(told_by, part.places[pattern.hidden])
        for name in mine:
            mask = results[name].unsafe.copy()
            mask.loc[sorted(rows[name])] = True
            masks[name] = mask
        touched |= set(mine) if any(rows.values()) else set()
    fit = {name: it for name, it in results.items() if is_fit(it) and name not in failed}
    crude = {
        name: replace(it, hidden=_by_breakdowns(it, counted[name], minimum) if name in masks else _whole(it, minimum))
        for name, it in results.items()
        if name not in fit and len(amount_rows(it))
    }
    amounts = protect_amounts(fit, {**crude, **(earlier or {})}, minimum, level, seconds, hierarchies or {})
    masks |= {name: results[name].unsafe.copy() for name in amounts.rows.keys() - masks.keys() - failed}
    for name, mask in masks.items():
        masks[name] = _with_what_tells_none(results[name], mask, counted[name], amounts.rows.get(name, set()), minimum)
        masks[name].loc[sorted(amounts.hidden.get(name, ()))] = True
    touched |= {name for name, rows in amounts.hidden.items() if rows}
    possible = tuple(possible_tables(told, numbers, cells.of, proofs))
    return Together(masks, frozenset(touched), patterns, possible, amounts.patterns, unions.unknown)


def _pattern(part: Cells, minimum: int, level: Level, seconds: float, insiders: Iterable[bool]) -> Suppression | None:
    """What is hidden of a group, the first that can be; None where nothing that may be hidden is enough."""
    for asked in insiders:
        try:
            needs = count_needs(part.model, minimum, level)
            return suppress(part.model, needs, part.cost, seconds=seconds, insiders=asked)
        except NotJudged:
            raise
        except ReleaseRefused:
            continue
    return None


def pairs_of(
    numbers: Sequence[Number], results: Mapping[str, Result], same: Iterable[tuple[Spot, Spot]]
) -> Iterator[tuple[int, int]]:
    """The numbers of cells that are the same, by their positions."""
    spots = {
        (name, place_of(row, it.dimensions)): (name, label)
        for name, it in results.items()
        for label, row in zip(it.table.index, it.table.to_dict("records"), strict=True)
    }
    at = {(number.result, number.row, number.role): position for position, number in enumerate(numbers)}
    for one, other in same:
        for role in ROLES if one in spots and other in spots else ():
            here, there = at.get((*spots[one], role)), at.get((*spots[other], role))
            if here is not None and there is not None and numbers[here].value == numbers[there].value:
                yield here, there


def _with_what_tells_none(
    told: Told, mask: "pd.Series[bool]", counted: set[int], summed: set[int], minimum: int
) -> "pd.Series[bool]":
    """The rows to hide, of those too that tell no number of units: beside a hidden one, and by whole breakdowns.

    Sums that were protected cell by cell stay where the counts beside them do; others go by whole breakdowns, with the
    means under which they stand.
    """
    table = told.result.table
    places = pd.Series([*table[[*told.result.dimensions, "period"]].itertuples(index=False, name=None)], table.index)
    sums = amount_rows(told)
    loose = table.index.isin(sums.difference(list(summed)))
    rest = table.index[(~table.index.isin(counted) | loose) & (table.kind != "cannot occur")]
    if not len(rest):
        return mask
    of_counts = mask & ~table.index.isin(sums)
    kept = rest.intersection(list(summed))
    beside = places[rest].isin(places[mask]) & ~rest.isin(kept) | places[rest].isin(places[of_counts])
    mask.loc[rest] |= beside
    return mask | _hidden_of(told, rest.difference(list(summed)), minimum)


def _by_breakdowns(told: Told, counted: set[int], minimum: int) -> "pd.Series[bool]":
    """What is hidden of sums that go by whole breakdowns, beside counts that don't: at least this."""
    table = told.result.table
    rest = ~table.index.isin(counted) | table.index.isin(amount_rows(told))
    return _hidden_of(told, table.index[rest & (table.kind != "cannot occur")], minimum)


def _whole(told: Told, minimum: int) -> "pd.Series[bool]":
    """What is hidden of a Result that goes by whole breakdowns with all that it tells."""
    return smallest_cover(told.result, told.unsafe, minimum)[0]


def _hidden_of(told: Told, rows: pd.Index, minimum: int) -> "pd.Series[bool]":
    """The whole breakdowns to hide of some rows."""
    mask = pd.Series(False, index=told.result.table.index)
    if len(rows):
        of_rows = told.result.with_table(told.result.table.loc[rows])
        cover, _ = smallest_cover(of_rows, pd.Series(told.unsafe.loc[rows].to_numpy()), minimum)
        mask.loc[rows] = cover.to_numpy()
    return mask
