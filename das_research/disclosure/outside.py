"""What others published beside a release: StatLine, annual reports, Criminaliteit en rechtshandhaving.

The catalogue holds such totals, with their rounding and with how the same is counted in a partner's file. Where a key
figure counts just that, a reader has one number more. What can't be said to count the same is not checked, and is told.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Literal

from das_research.catalog.models import Catalog, Counting, Figure, NumberKind, PublishedSeries, Text
from das_research.catalog.published import Total, totals
from das_research.disclosure.attacker.readings import definition_of
from das_research.disclosure.attacker.seen import ALL, OTHERS, PERIOD, Bound, Seen, months_in, upward
from das_research.disclosure.populations import ONE_OF, Line, Population, counts_units, population_of
from das_research.disclosure.tables.hierarchies import hierarchies_of

AS_IT_IS = {"final", "rounded", "realised"}  # of any other status the same count may give another number
Codes = dict[str, frozenset[str]]
APART = re.compile(r"/[^/=]+=([^/]*)")
STEPS = (5, 10, 50, 100, 500, 1000)
ENOUGH = 4  # numbers of a series: that as many are multiples of 5 by chance happens once in 625 times
Reason = Literal["definition", "breakdown", "status", "part"]
WHY: dict[Reason, Text] = {
    "definition": Text(
        nl="geen tabel van deze vrijgave telt aantoonbaar hetzelfde",
        en="no table of this release can be shown to count the same",
    ),
    "breakdown": Text(
        nl="een tabel telt hetzelfde, maar splitst niet uit naar deze groep",
        en="a table counts the same, but does not tell this group apart",
    ),
    "status": Text(
        nl="voorlopig, benaderd, anders geteld of niet nagelezen: gelijke tellingen kunnen verschillen",
        en="provisional, approximate, counted otherwise or not read in a source: equal counts may differ",
    ),
    "part": Text(
        nl="het project ziet een deel van de rijen, dus zijn getallen zijn van een deel van de keten",
        en="the project sees a part of the rows, so its numbers are of a part of the chain",
    ),
}


@dataclass(frozen=True)
class NotChecked:
    """A published series of the years of a release that is compared with nothing, and why."""

    entry: str
    series: str
    title: Text
    years: tuple[int, ...]
    reason: Reason


@dataclass(frozen=True)
class Outside:
    """What others published beside a release.

    Parameters
    ----------
    bounds : tuple of Bound
        Of the same units: for `attack`.
    not_checked : tuple of NotChecked
        The rest of what was published of these years.
    applies : bool
        False of synthetic data: what was published is about the real chain, and about none of these rows.
    """

    bounds: tuple[Bound, ...]
    not_checked: tuple[NotChecked, ...]
    applies: bool = True


@dataclass(frozen=True)
class _Shape:
    """The dimensions of one kind of units: all finest codes that the files tell of, and those without a total."""

    codes: dict[str, set[str]]
    without_total: frozenset[str]


def published_beside(catalog: Catalog, cells: Sequence[Seen], project: str, synthetic: bool) -> Outside:
    """Match what the catalogue knows to be published with the cells of a release.

    A published series counts the same units where the catalogue says the same of both: table, what, moment and lines.
    Lines that the series has more must choose codes of a dimension of the table.

    Parameters
    ----------
    catalog : Catalog
        The published totals, the key figures, and the grant of the project.
    cells : sequence of Seen
        Of the files about to leave, see `das_research.disclosure.attacker.seen.read_release`.
    project : str
        Whose numbers they are: of a table that its grant gives in part nothing is compared.
    synthetic : bool
        Whether the release is of fictitious data.

    Returns
    -------
    Outside
    """
    if synthetic:
        return Outside((), (), applies=False)
    shapes, bounds = _shapes(cells), list[Bound]()
    left: dict[tuple[str, str, Reason], list[Total]] = {}
    for entry in catalog.published.values():
        alike = {name: _alike(catalog, series, entry.kind, shapes) for name, series in entry.series.items()}
        for total in totals(entry):
            if not any(_is_told(total.year, shape) for shape in shapes.values()):
                continue
            found = _of_total(total, alike[total.name], shapes, _is_part(catalog, project, total.series.count))
            if isinstance(found, str):
                left.setdefault((entry.id, total.name, found), []).append(total)
            else:
                bounds += found
    not_checked = [
        NotChecked(entry, series, several[0].title, tuple(total.year for total in several), reason)
        for (entry, series, reason), several in left.items()
    ]
    return Outside(tuple(bounds), tuple(not_checked))


def _shapes(cells: Iterable[Seen]) -> dict[str, _Shape]:
    """Of everything counted its dimensions."""
    by_counted: dict[str, list[Seen]] = {}
    for cell in cells:
        by_counted.setdefault(cell.counted, []).append(cell)
    shapes = {}
    for counted, several in by_counted.items():
        sets: dict[str, set[frozenset[str]]] = {PERIOD: set()}
        for name, codes in (pair for cell in several for pair in cell.where):
            sets.setdefault(name, set()).add(codes)
        known = {name: set().union(*found) for name, found in sets.items()}
        totals_of = {
            name for name, codes in known.items() if codes in sets[name] and (len(codes) > 1 or codes == {ALL})
        }
        shapes[counted] = _Shape(known, frozenset(known.keys() - totals_of - {PERIOD}))
    return shapes


def _is_told(year: int, shape: _Shape) -> bool:
    return set(months_in(str(year))) <= shape.codes[PERIOD]


def _alike(
    catalog: Catalog, series: PublishedSeries, kind: NumberKind, shapes: dict[str, _Shape]
) -> dict[str, Codes | None]:
    """What counts the same as a series, with the codes it is about; None for codes where they are not told apart."""
    if (series.kind or kind) != "count" or len(series.count) != 1 or series.per or series.times != series.divided_by:
        return {}
    mine, found = population_of(series.count[0]), dict[str, Codes | None]()
    if not counts_units(series.count[0]):
        return {}
    for counted, shape in shapes.items():
        figure = catalog.figures.get(definition_of(counted))
        theirs = _of_figure(figure) if figure and _is_whole(counted) else None
        if theirs is not None and (mine.is_same_as(theirs) or mine.is_part_of(theirs)):
            found[counted] = _where(catalog, mine.beyond(theirs), shape)
    return found


def _is_whole(counted: str) -> bool:
    """Whether it is not one code of a dimension whose codes don't add up, which the attacker counts apart."""
    return all(code == ALL for code in APART.findall(counted))


def _of_figure(figure: Figure) -> Population | None:
    """What the value of a key figure counts; None where it is no number of units."""
    counting = figure.count[0] if len(figure.count) == 1 and figure.per is None else None
    if counting is None or counting.what == "mean_days" or not counts_units(counting):
        return None
    return population_of(counting, figure.function or "")


def _of_total(
    total: Total, alike: dict[str, Codes | None], shapes: dict[str, _Shape], is_part: bool
) -> list[Bound] | Reason:
    """The published number as a bound on each kind of units that it counts; or why it is none."""
    here = {counted: where for counted, where in alike.items() if _is_told(total.year, shapes[counted])}
    if not here:
        return "definition"
    if is_part:
        return "part"
    if not total.status or set(total.status) - AS_IT_IS or total.entry.unverified:
        return "status"
    year = {PERIOD: frozenset(months_in(str(total.year)))}
    return [_bound(counted, where | year, total) for counted, where in here.items() if where is not None] or "breakdown"


def _bound(counted: str, where: Codes, total: Total) -> Bound:
    """Every whole number that is rounded to the published one, half a step either way."""
    half = (total.rounding or _step(total.series)) / 2
    low, high = max(0, ceil(total.value - half)), floor(total.value + half)
    source = f"{total.entry.id}, {total.name}, {total.year}: {total.source}"
    return Bound(counted, tuple(sorted(where.items())), low, high, source)


def _step(series: PublishedSeries) -> int:
    """The step that a reader sees in a series whose publisher says none; 0 where too few numbers tell of one."""
    values = [it.value for it in series.values]
    steps = [step for step in STEPS if all(value % step == 0 for value in values)]
    return max(steps, default=0) if len(values) >= ENOUGH else 0


def _where(catalog: Catalog, lines: Sequence[Line], shape: _Shape) -> Codes | None:
    """The finest codes that the lines choose; None where the table does not tell them apart."""
    # of a dimension without a total the files hold some codes, and others published of all
    where: Codes = {name: frozenset({*shape.codes[name], OTHERS}) for name in shape.without_total}
    chosen: Codes = {}
    for column, operator, values in lines:
        above = hierarchies_of(catalog, [column]).get(column, {})
        inside = {code: upward(code, above) for code in shape.codes.get(column, ())}
        if operator not in ONE_OF or column in chosen or set(values) - set().union(*inside.values()):
            return None
        chosen[column] = frozenset(code for code, those in inside.items() if those & set(values))
    return where | chosen


def _is_part(catalog: Catalog, project: str, countings: Iterable[Counting]) -> bool:
    """Whether the grant gives only some of the rows that are counted."""
    grant = catalog.grants.get(project)
    if grant is None or grant.only_persons_of is not None:
        return True
    tables = [grant.tables.get(counting.table) for counting in countings]
    return any(table is None or bool(table.rows) for table in tables)
