"""How an account of an entry is put together: words, facts and tables in one language."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text as Line

from das_research.catalog import models
from das_research.catalog.condition_words import condition_in_words
from das_research.catalog.show_words import WORDS


class Account:
    """The parts of an account in one language."""

    def __init__(self, catalog: models.Catalog, language: str):
        self.catalog, self.language = catalog, language

    def word(self, word: str) -> str:
        """A word of the account in its language."""
        return WORDS[word][self.language]

    def heading(self, word: str) -> str:
        """The word with a capital."""
        return self.word(word)[0].upper() + self.word(word)[1:]

    def mark(self, entry: Any) -> str:
        """The mark of what was remembered and not read in a source."""
        return f" ({self.word('unverified')})" if getattr(entry, "unverified", False) else ""

    def text(self, value: Any) -> str:
        """One value as people read it."""
        if isinstance(value, models.Text):
            return value[self.language]
        if isinstance(value, models.Condition):
            return condition_in_words(value)[self.language]
        if isinstance(value, bool):
            return self.word("yes" if value else "no")
        if isinstance(value, tuple | list):
            return "; ".join(self.text(item) for item in value)
        return value.isoformat() if isinstance(value, date) else str(value)

    def facts(self, **facts: Any) -> Iterator[RenderableType]:
        """Lines of a word and a value, a list of sentences below each other; what is empty is left out."""
        for word, value in facts.items():
            if isinstance(value, tuple) and any(isinstance(item, models.Text) for item in value):
                yield Line(f"{self.heading(word)}:")
                yield from (Line(f"  - {self.text(item)}") for item in value)
            elif value is not None and value not in ("", (), []):
                yield Line(f"{self.heading(word)}: {self.text(value)}")

    def period(self, begin: date | None, end: date | None) -> str:
        """From when to when, open where it is not known; empty when neither is."""
        return f"{begin or '…'} – {end or '…'}" if begin or end else ""

    def table(self, *words: str, rows: list[list[Any]]) -> Iterator[RenderableType]:
        """A table with translated headings; columns without any value are left out."""
        yield from self.table_of([self.heading(word) for word in words], rows)

    def table_of(self, heads: list[str], rows: list[list[Any]]) -> Iterator[RenderableType]:
        """A table with these headings; columns without any value are left out."""
        cells = [["" if value is None else self.text(value) for value in row] for row in rows]
        kept = [column for column in range(len(heads)) if any(row[column] for row in cells)]
        if kept:
            table = Table(box=None, pad_edge=False, header_style="bold")
            for column in kept:
                table.add_column(heads[column], overflow="fold")
            for row in cells:
                table.add_row(*(Line(row[column]) for column in kept))
            yield table
