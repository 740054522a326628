"""What others published beside a release: StatLine, annual reports, Criminaliteit en rechtshandhaving.

The catalogue holds such totals, with their rounding and with how the same is counted in a partner's file. Where a key
figure counts just that, or several count what was added up, a reader has one number more. What can't be said to count
the same is not checked, and is told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from das_research.catalog.models import Catalog, Counting, Text
from das_research.catalog.published import Total, totals
from das_research.disclosure.attacker.codes import PERIOD, months_in
from das_research.disclosure.attacker.known import Bound, Seen, Where
from das_research.disclosure.counted_alike import Alike, Codes, Shape, alike_of, is_told, shapes_of
from das_research.disclosure.published_number import (
    adds_up_units,
    also_published,
    is_as_it_is,
    least_and_most,
    source_of,
)

Split = Sequence[tuple[Sequence[Counting], Alike]]  # countings that are added up, each with what counts the same
Reason = Literal["definition", "several", "breakdown", "status", "part"]
WHY: dict[Reason, Text] = {
    "definition": Text(
        nl="geen tabel van deze vrijgave telt aantoonbaar hetzelfde",
        en="no table of this release can be shown to count the same",
    ),
    "several": Text(
        nl="telt meer bij elkaar op, en een deel daarvan telt geen tabel en is niet ook apart gepubliceerd",
        en="adds up several countings, of which one is in no table and was not published by itself as well",
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


def published_beside(
    catalog: Catalog, cells: Sequence[Seen], project: str, synthetic: bool, before: Sequence[Seen] = ()
) -> Outside:
    """Match what the catalogue knows to be published with the cells of a release.

    A published series counts the same units where the catalogue says the same of both: table, what, moment and lines.
    Lines that the series has more must choose codes of a dimension of the table. Where a series adds up several
    countings, each must be counted by a table of this release or of one before, or was published by itself too.

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
    before : sequence of Seen
        What left before: a sum that was published may be of what leaves now and of that.

    Returns
    -------
    Outside
    """
    if synthetic:
        return Outside((), (), applies=False)
    now, shapes, bounds = shapes_of(catalog, cells), shapes_of(catalog, [*before, *cells]), list[Bound]()
    left: dict[tuple[str, str, Reason], list[Total]] = {}
    for entry in catalog.published.values():
        counted = {name: it.count if adds_up_units(it, entry.kind) else () for name, it in entry.series.items()}
        splits = {
            name: [[(some, alike_of(catalog, some, shapes)) for some in split] for split in _splits(count)]
            for name, count in counted.items()
        }
        for total in totals(entry):
            if not any(is_told(total.year, shape) for shape in now.values()):
                continue
            found = _of_total(catalog, project, total, splits[total.name], now, shapes)
            if isinstance(found, str):
                left.setdefault((entry.id, total.name, found), []).append(total)
            else:
                bounds += found
    not_checked = [
        NotChecked(entry, series, several[0].title, tuple(total.year for total in several), reason)
        for (entry, series, reason), several in left.items()
    ]
    return Outside(tuple(bounds), tuple(not_checked))


def _splits(countings: Sequence[Counting]) -> list[list[tuple[Counting, ...]]]:
    """How a number can be found in tables: as one that adds up all of it, or each of the countings apart."""
    apart: list[tuple[Counting, ...]] = [(counting,) for counting in countings]
    return [[tuple(countings)], apart] if len(countings) > 1 else [apart]


def _of_total(
    catalog: Catalog,
    project: str,
    total: Total,
    splits: Sequence[Split],
    now: dict[str, Shape],
    shapes: dict[str, Shape],
) -> list[Bound] | Reason:
    """The published number as a bound on the units that it counts; or why it is none."""

    def tells(some: dict[str, Shape], counted: str) -> bool:
        return counted in some and is_told(total.year, some[counted])

    here = [[(some, {it: alike[it] for it in alike if tells(shapes, it)}) for some, alike in it] for it in splits]
    if not any(tells(now, counted) for split in here for _, alike in split for counted in alike):
        return "definition"
    whole = [(split, others) for split in here if (others := _published_apart(catalog, split, total.year)) is not None]
    if not whole:
        return "several"
    whole = [it for it in whole if not _is_part(catalog, project, _counted(it[0]))]
    if not whole:
        return "part"
    if not is_as_it_is(total):
        return "status"
    year = {PERIOD: frozenset(months_in(str(total.year)))}
    ways = [
        (way, others)
        for split, others in whole
        for way in product(*(_places(alike, year) for _, alike in split if alike))
        if any(tells(now, counted) for counted, _ in way)
    ]
    return [_bound(way, total, others) for way, others in ways] or "breakdown"


def _published_apart(catalog: Catalog, split: Split, year: int) -> list[Total] | None:
    """What was published of the countings that no table counts, each by itself; None where of one nothing was."""
    found = list[Total]()
    for countings, alike in split:
        several = [] if alike or len(countings) > 1 else list(also_published(catalog, countings[0], year))
        if not alike and not several:
            return None
        found += [] if alike else [min(several, key=lambda it: least_and_most(it)[1] - least_and_most(it)[0])]
    return found


def _counted(split: Split) -> list[Counting]:
    """The countings that a table counts."""
    return [counting for countings, alike in split if alike for counting in countings]


def _places(alike: Alike, year: Codes) -> list[tuple[str, Where]]:
    """What counts the same, with the codes and the months it is about."""
    told = {counted: where for counted, where in alike.items() if where is not None}
    return [(counted, tuple(sorted((where | year).items()))) for counted, where in told.items()]


def _bound(places: Sequence[tuple[str, Where]], total: Total, others: Sequence[Total]) -> Bound:
    """What is left of the published number without the parts that were published by themselves."""
    (low, high), apart = least_and_most(total), [least_and_most(it) for it in others]
    low, high = max(0, low - sum(most for _, most in apart)), high - sum(least for least, _ in apart)
    (counted, where), *more = places
    return Bound(counted, where, low, high, "; ".join(map(source_of, (total, *others))), tuple(more))


def _is_part(catalog: Catalog, project: str, countings: Iterable[Counting]) -> bool:
    """Whether the grant gives only some of the rows that are counted."""
    grant = catalog.grants.get(project)
    if grant is None or grant.only_persons_of is not None:
        return True
    tables = [grant.tables.get(counting.table) for counting in countings]
    return any(table is None or bool(table.rows) for table in tables)
