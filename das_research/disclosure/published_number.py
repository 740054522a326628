"""A number that others published: what it counts, and how closely it tells it."""

from collections.abc import Iterator
from math import ceil, floor

from das_research.catalog.models import Catalog, Counting, NumberKind, PublishedSeries
from das_research.catalog.published import Total, totals
from das_research.disclosure.populations import counts_units, population_of

AS_IT_IS = {"final", "rounded", "realised"}  # of any other status the same count may give another number
STEPS = (5, 10, 50, 100, 500, 1000)
ENOUGH = 4  # numbers of a series: that as many are multiples of 5 by chance happens once in 625 times


def adds_up_units(series: PublishedSeries, kind: NumberKind) -> bool:
    """Whether it is a number of units, as it was counted, of one counting or of several that are added up."""
    is_count = (series.kind or kind) == "count" and not series.per and series.times == series.divided_by
    return is_count and bool(series.count) and all(map(counts_units, series.count))


def is_as_it_is(total: Total) -> bool:
    """Whether an equal count must give it."""
    return bool(total.status) and not set(total.status) - AS_IT_IS and not total.entry.unverified


def least_and_most(total: Total) -> tuple[int, int]:
    """The whole numbers that are rounded to it, half a step either way."""
    half = (total.rounding or _step(total.series)) / 2
    return max(0, ceil(total.value - half)), floor(total.value + half)


def source_of(total: Total) -> str:
    """Which number it is, and where it was read."""
    return f"{total.entry.id}, {total.name}, {total.year}: {total.source}"


def also_published(catalog: Catalog, counting: Counting, year: int) -> Iterator[Total]:
    """What was published of a counting by itself, of one year, so that an equal count must give it."""
    mine = population_of(counting)
    for entry in catalog.published.values():
        alone = {name: len(it.count) == 1 and adds_up_units(it, entry.kind) for name, it in entry.series.items()}
        for total in totals(entry):
            is_alike = alone[total.name] and mine.is_same_as(population_of(total.series.count[0]))
            if is_alike and total.year == year and is_as_it_is(total):
                yield total


def _step(series: PublishedSeries) -> int:
    """The step that a reader sees in a series whose publisher says none; 0 where too few numbers tell of one."""
    values = [it.value for it in series.values]
    steps = [step for step in STEPS if all(value % step == 0 for value in values)]
    return max(steps, default=0) if len(values) >= ENOUGH else 0
