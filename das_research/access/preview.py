"""What a grant gives, before any row moves: columns, reasons for what is left out, rows by year, the rule for rows.

A preview may be read by people outside the project, so a number under the catalogue's minimum is hidden, and no total
is given from which a hidden one could be reckoned.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir

from das_research.access.grants import find_grant
from das_research.access.scope import Reason, TableScope, granted_rows, snapshot_tables, table_scope
from das_research.catalog.coarsening import coarsening_in_words, coarsenings
from das_research.catalog.condition_words import YES_NO, condition_in_words
from das_research.catalog.models import Catalog, Grant, Text
from das_research.catalog.tables import CHAIN_TABLES, table_columns, table_names
from das_research.engines import memory_engine
from das_research.home import Home
from das_research.warehouse.snapshot import read_snapshot

REASONS: dict[Reason, Text] = {
    "not granted": Text(nl="staat niet in de vergunning", en="not granted"),
    "direct identifier": Text(nl="direct identificerend", en="direct identifier"),
    "dataset not in the agreements": Text(
        nl="dataset valt buiten de overeenkomsten", en="dataset not in the agreements"
    ),
}
CHAIN_TITLES = {
    "persons": Text(nl="Personen", en="Persons"),
    "cases": Text(nl="Zaken", en="Cases"),
    "events": Text(nl="Gebeurtenissen", en="Events"),
}
ALL_COLUMNS = Text(nl="alle kolommen", en="all columns")
ALL_YEARS = Text(nl="alle jaren", en="all years")
UNKNOWN_YEAR = Text(nl="onbekend", en="unknown")
COLUMN_HEADS = {"nl": ("Kolom", "In het project", "Reden"), "en": ("Column", "In the project", "Reason")}
YEAR_HEADS = {"nl": ("Jaar", "Rijen"), "en": ("Year", "Rows")}


@dataclass(frozen=True)
class YearRows:
    """The number of rows of one year; None where it is hidden."""

    year: Text
    rows: int | None


@dataclass(frozen=True)
class TablePreview:
    """What the project gets of one table.

    Parameters
    ----------
    scope : TableScope
        Columns given and left out.
    title : Text
        Name of the table for readers.
    row_rule : tuple of Text
        Conditions on the rows, in words; all must hold. Empty: every row.
    years : tuple of YearRows or None
        Rows by year of the current snapshot; None when there is no snapshot or the project gets nothing of the table.
    coarser : dict
        Of the columns that the project gets coarser than they were delivered: how coarse, in words.
    """

    scope: TableScope
    title: Text
    row_rule: tuple[Text, ...]
    years: tuple[YearRows, ...] | None
    coarser: dict[str, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class Block:
    """One table to print: a title, the heads of its columns, its rows, all as text."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Preview:
    """What a grant gives, table by table.

    Parameters
    ----------
    project : str
        The project.
    snapshot : str or None
        The snapshot whose rows were counted; None when there is none yet.
    minimum : int
        Fewer rows than this are hidden.
    tables : tuple of TablePreview
        Every table that a grant can name, also those of which the project gets nothing.
    """

    project: str
    snapshot: str | None
    minimum: int
    tables: tuple[TablePreview, ...]

    def lines(self, language: str) -> list[Block]:
        """The preview as tables of text: for every table its columns, then its rows by year.

        Parameters
        ----------
        language : {'nl', 'en'}
            The reader's language.
        """
        return [block for table in self.tables for block in self._blocks(table, language)]

    def _blocks(self, table: TablePreview, language: str) -> Iterator[Block]:
        title = f"{table.title[language]} ({table.scope.table})"
        words = {column: text[language] for column, text in table.coarser.items()}
        given = [(column, YES_NO[True][language], words.get(column, "")) for column in table.scope.columns]
        left_out = [(it.column, YES_NO[False][language], REASONS[it.reason][language]) for it in table.scope.left_out]
        if not given:
            reasons = dict.fromkeys(reason for _, _, reason in left_out)
            left_out = [(ALL_COLUMNS[language], YES_NO[False][language], "; ".join(reasons))]
        yield Block(title, COLUMN_HEADS[language], (*given, *left_out))
        if table.years is not None:
            rule = {"nl": " en ", "en": " and "}[language].join(text[language] for text in table.row_rule)
            rows = tuple((year.year[language], self._number(year.rows, language)) for year in table.years)
            yield Block(f"{title}: {rule}" if rule else title, YEAR_HEADS[language], rows)

    def _number(self, rows: int | None, language: str) -> str:
        return (
            {"nl": f"minder dan {self.minimum}", "en": f"fewer than {self.minimum}"}[language]
            if rows is None
            else str(rows)
        )


def preview(catalog: Catalog, home: Home, project: str) -> Preview:
    """What the grant of a project gives, whether or not it is in force yet.

    Parameters
    ----------
    catalog : Catalog
        The catalogue.
    home : Home
        The home folder; without a snapshot in it only columns and rules are told.
    project : str
        The project.

    Returns
    -------
    Preview
        Numbers of rows, those under the minimum hidden; never a value of a row.

    Raises
    ------
    UsageError
        No such project.
    """
    grant = find_grant(catalog, project)
    snapshot = read_snapshot(home) if (home.snapshots / "current").is_file() else None
    with memory_engine(home.warehouse if snapshot else None) as engine:
        sources = snapshot_tables(home, snapshot, engine) if snapshot else {}
        tables = tuple(_table(catalog, grant, name, sources) for name in table_names(catalog))
    return Preview(project, snapshot.id if snapshot else None, catalog.disclosure.minimum, tables)


def _table(catalog: Catalog, grant: Grant, name: str, sources: dict[str, ir.Table]) -> TablePreview:
    scope = table_scope(catalog, grant, name)
    title = CHAIN_TITLES[name] if name in CHAIN_TABLES else catalog.datasets[name].title
    rule = tuple(condition_in_words(condition) for condition in grant.tables[name].rows) if scope.columns else ()
    years = None
    if scope.columns and name in sources:
        years = _years(catalog, granted_rows(catalog, grant, name, sources), "moment" in table_columns(catalog, name))
    coarser = {column: coarsening_in_words(catalog, how) for column, how in coarsenings(grant, name).items()}
    return TablePreview(scope, title, rule, years, coarser)


def _years(catalog: Catalog, rows: ir.Table, dated: bool) -> tuple[YearRows, ...]:
    minimum = catalog.disclosure.minimum
    if not dated:
        return (YearRows(ALL_YEARS, _shown(int(rows.count().execute()), minimum)),)
    by_year = (
        rows.group_by(year=rows.moment.year())
        .aggregate(rows=rows.count())
        .order_by(ibis.asc("year", nulls_first=False))
    )
    counted = by_year.to_pyarrow().to_pylist()
    return tuple(YearRows(_year(line["year"]), _shown(line["rows"], minimum)) for line in counted)


def _year(year: int | None) -> Text:
    return UNKNOWN_YEAR if year is None else Text(nl=str(year), en=str(year))


def _shown(rows: int, minimum: int) -> int | None:
    return None if 0 < rows < minimum else rows
