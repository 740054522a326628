"""What an account tells of a figure: its lines above and below, its breaks, and where it is computed."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text as Line

from das_research.catalog import models
from das_research.catalog.breaks import breaks_between
from das_research.catalog.show_account import Account

EVER = 1900, 2999


def figure_parts(account: Account, entry: models.Figure) -> Iterator[RenderableType]:
    """Units and term; of a key figure also every line that is executed, its sources and its breaks."""
    yield from account.facts(version=entry.version, theme=entry.theme, unit=entry.unit, term=entry.term)
    yield from account.facts(numerator=entry.numerator, denominator=entry.denominator, across_units=entry.across_units)
    if not entry.is_key:
        return
    for word, countings in (("above", entry.count), ("below", (entry.per,) if entry.per else ())):
        for counting in countings:
            yield Line("")
            yield Line(account.heading(word if entry.per else "counted"), style="bold")
            yield from _counting(account, counting)
    yield Line("")
    yield from account.facts(
        scale=entry.scale if entry.per else None,
        by=entry.by,
        datasets=list(dict.fromkeys(counting.table for counting in entry.countings)),
        monitor=entry.monitor,
        computed_in=f"das_research/figures/{entry.theme}.py: {entry.function}" if entry.function else None,
    )
    broken = breaks_between(account.catalog, entry.id, *EVER)
    rows = [[it.date, f"{account.text(it.title)}{account.mark(it)}", it.id] for it in broken]
    yield from account.table("date", "break", "id", rows=rows)


def _counting(account: Account, counting: models.Counting) -> Iterator[RenderableType]:
    yield from account.facts(
        table=counting.table,
        what=account.word(f"what_{counting.what}"),
        of_column=counting.column,
        days=counting.days,
        year_of=counting.moment,
        weight=counting.weight,
    )
    if counting.stock:
        stock = counting.stock
        yield from account.facts(on_day=f"{stock.day} ({stock.begin} – {stock.end})")
    yield from (Line(f"  - {account.text(condition)}") for condition in counting.where)
