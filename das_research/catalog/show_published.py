"""What an account tells of published totals: the numbers by year, and what stands beside them in a synthetic chain."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text as Line

from das_research.catalog import models
from das_research.catalog.published import Total, total_of
from das_research.catalog.show_account import Account


def published_parts(account: Account, entry: models.Published) -> Iterator[RenderableType]:
    """Its theme and unit, and every series."""
    yield from account.facts(theme=entry.theme, unit=entry.unit)
    for name, series in entry.series.items():
        numbers = [total_of(entry, name, series, value) for value in series.values]
        yield Line("")
        yield Line(f"{account.text(numbers[0].title)} ({account.text(numbers[0].unit)})", style="bold")
        rows = [
            [it.year, _number(it), [account.word(f"status_{each}") for each in it.status], it.rounding, it.words]
            for it in numbers
        ]
        yield from account.table("year", "value", "status", "rounding", "words", rows=rows)
        sources = tuple(dict.fromkeys(it.source for it in numbers if it.source and it.source != entry.source))
        yield from account.facts(
            headline=series.headline or None,
            counted_in=_tables(series.count),
            divided_by=_tables(series.per),
            function=series.function,
            not_counted=numbers[0].not_counted,
            miss=series.miss,
            sources=sources,
        )


def _number(total: Total) -> str:
    return f"{total.value:g}" if isinstance(total.value, float) else str(total.value)


def _tables(countings: tuple[models.Counting, ...]) -> tuple[str, ...]:
    return tuple(f"{it.table} ({it.what})" for it in countings)
