"""What a grant gives, before any row moves: columns, reasons for what is left out, rows by year, the rule for rows.

A preview may be read by people outside the project, so its numbers are those of `safe_counts`, and of the people only
how many there are of each organisation: who they are stands on the page for those who approve.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from html import escape

import ibis.expr.types as ir

from das_research.access import clock
from das_research.access.about import table_title
from das_research.access.cover import Reason
from das_research.access.grants import find_grant
from das_research.access.preview_lists import HEADS, Counts, lists_in_preview, of_list_alone, rows_of
from das_research.access.rows import covered_rows, snapshot_tables
from das_research.access.safe_counts import YearRows, hidden_below, rows_by_year
from das_research.access.scope import TableScope, table_scope
from das_research.catalog.coarsening import coarsening_in_words, coarsenings
from das_research.catalog.condition_words import YES_NO, condition_in_words
from das_research.catalog.models import Catalog, Grant, Text
from das_research.catalog.own_files import seen_by
from das_research.catalog.tables import table_columns, table_names
from das_research.catalog.uses import PURPOSE_TITLES
from das_research.conditions import condition_to_expression
from das_research.engines import memory_engine
from das_research.home import Home
from das_research.style.numbers import SYNTHETIC, Language, format_number
from das_research.style.tables import Align, Cell, Row, TableView, facts_html, to_notebook_html
from das_research.warehouse.snapshot import read_snapshot

REASONS: dict[Reason, Text] = {
    "not granted": Text(nl="staat niet in de vergunning", en="not granted"),
    "direct identifier": Text(nl="direct identificerend", en="direct identifier"),
    "dataset not in the agreements": Text(
        nl="dataset valt buiten de overeenkomsten", en="dataset not in the agreements"
    ),
    "no permission of the partner": Text(nl="geen toestemming van de ketenpartner", en="no permission of the partner"),
    "not for every organisation of the project": Text(
        nl="niet voor elke organisatie in het project", en="not for every organisation of the project"
    ),
    "not beside a list of persons": Text(
        nl="niet naast een eigen lijst van personen", en="not beside a list of persons"
    ),
}
ALL_COLUMNS = Text(nl="alle kolommen", en="all columns")
COLUMN_HEADS = {"nl": ("Kolom", "In het project", "Reden"), "en": ("Column", "In the project", "Reason")}
YEAR_HEADS = {"nl": ("Jaar", "Rijen"), "en": ("Year", "Rows")}
FACTS = {
    "nl": ("Doel", "Grondslag", "Van en tot en met", "Mensen"),
    "en": ("Purpose", "Legal basis", "From and until", "People"),
}


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
        Conditions on the rows, in words; all must hold. Empty: every row. That the person is on an own file is one of
        them, and the only one that the rows by year leave aside.
    years : tuple of YearRows or None
        Rows by year of the current snapshot; None when there is no snapshot or the project gets nothing of the table.
    hidden_below : int
        Fewer rows than this are not shown.
    coarser : dict
        Of the columns that the project gets coarser than they were delivered: how coarse, in words.
    """

    scope: TableScope
    title: Text
    row_rule: tuple[Text, ...]
    years: tuple[YearRows, ...] | None
    hidden_below: int
    coarser: dict[str, Text] = field(default_factory=dict)

    def number(self, rows: int | None, language: Language) -> str:
        """A number of rows as it is printed."""
        if rows is not None:
            return format_number(rows, "", language)
        return {"nl": f"minder dan {self.hidden_below}", "en": f"fewer than {self.hidden_below}"}[language]

    def rule(self, language: Language) -> str:
        """The conditions on the rows as one sentence; empty where there are none."""
        return {"nl": " en ", "en": " and "}[language].join(text[language] for text in self.row_rule)


@dataclass(frozen=True)
class Block:
    """One table to print: a title, the heads of its columns, its rows, all as text; and where its numbers stand."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: Align = "right"


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
        The catalogue's minimum, see `safe_counts`.
    tables : tuple of TablePreview
        Every table that a grant can name, also those of which the project gets nothing.
    synthetic : bool
        True when the rows that were counted are fictitious.
    day : date
        The day for which it is: today, or the nearest day on which the grant is in force.
    catalog : Catalog
        The catalogue.
    grant : Grant
        The grant, with all its people and permissions.
    linked : dict
        Own file to how many of its rows have a person in the project, and how many have none; see `safe_counts`.
    """

    project: str
    snapshot: str | None
    minimum: int
    tables: tuple[TablePreview, ...]
    synthetic: bool
    day: date
    catalog: Catalog = field(repr=False)
    grant: Grant = field(repr=False)
    linked: Counts = field(default_factory=dict)

    def lines(self, language: Language) -> list[Block]:
        """The preview as tables of text: for every table its columns, then its rows by year.

        Parameters
        ----------
        language : {'nl', 'en'}
            The reader's language.
        """
        return [block for table in self.tables for block in self._blocks(table, language)]

    def _repr_html_(self) -> str:
        language = self.catalog.language
        grant = self.grant
        people = Counter(person.organisation for person in grant.on(self.day).people)
        told = (
            PURPOSE_TITLES[grant.purpose][language],
            grant.legal_basis[language],
            f"{grant.begin} – {grant.end}",
            ", ".join(f"{name} ({count})" for name, count in sorted(people.items())),
        )
        facts = facts_html(dict(zip(FACTS[language], told, strict=True)))
        mark = f"<p><strong>{SYNTHETIC[language]}</strong></p>" if self.synthetic else ""
        tables = "".join(to_notebook_html(_view(block, language)) for block in self.lines(language))
        return f"<h3>{escape(grant.title[language])}</h3>{mark}{facts}{tables}"

    def _blocks(self, table: TablePreview, language: Language) -> Iterator[Block]:
        title = f"{table.title[language]} ({table.scope.table})"
        words = {column: text[language] for column, text in table.coarser.items()}
        given = [(column, YES_NO[True][language], words.get(column, "")) for column in table.scope.columns]
        left_out = [(it.column, YES_NO[False][language], REASONS[it.reason][language]) for it in table.scope.left_out]
        if not given:
            reasons = dict.fromkeys(reason for _, _, reason in left_out)
            left_out = [(ALL_COLUMNS[language], YES_NO[False][language], "; ".join(reasons))]
        yield Block(title, COLUMN_HEADS[language], (*given, *left_out), "left")
        if table.years is not None:
            rule = table.rule(language)
            rows = tuple((year.year[language], table.number(year.rows, language)) for year in table.years)
            yield Block(f"{title}: {rule}" if rule else title, YEAR_HEADS[language], rows)
        if counts := self.linked.get(table.scope.table):
            below = replace(table, hidden_below=hidden_below(self.minimum, True)).number(None, language)
            yield Block(title, HEADS[language], rows_of(counts, below, language))


def preview(catalog: Catalog, home: Home, project: str, today: date | None = None) -> Preview:
    """What the grant of a project gives, whether or not it is in force yet.

    Parameters
    ----------
    catalog : Catalog
        The catalogue.
    home : Home
        The home folder; without a snapshot in it that this account may read, only columns and rules are told.
    project : str
        The project.
    today : date, optional
        The day for which it is; default the current day.

    Returns
    -------
    Preview
        Numbers of rows as `safe_counts` shows them; never a value of a row.

    Raises
    ------
    UsageError
        No such project.
    """
    catalog = seen_by(catalog, project)
    grant = find_grant(catalog, project)
    day = min(max(today or clock.today(), grant.begin), grant.end)
    # in a project's own account the warehouse is closed: then there are columns and no numbers
    open_to_us = all(os.access(path, os.R_OK) for path in (home.snapshots / "current", home.steward_keys))
    snapshot = read_snapshot(home) if open_to_us else None
    with memory_engine(home.warehouse if snapshot else None) as engine:
        sources = snapshot_tables(home, snapshot, engine) if snapshot else {}
        linked: Counts = {}
        if snapshot:
            lists, linked = lists_in_preview(catalog, grant.on(day), home, snapshot, sources, engine)
            sources |= lists
        tables = tuple(_table(catalog, grant.on(day), name, sources) for name in table_names(catalog))
    synthetic = bool(snapshot and snapshot.synthetic)
    found = snapshot.id if snapshot else None
    return Preview(project, found, catalog.disclosure.minimum, tables, synthetic, day, catalog, grant, linked)


def _table(catalog: Catalog, grant: Grant, name: str, sources: dict[str, ir.Table]) -> TablePreview:
    scope, minimum = table_scope(catalog, grant, name), catalog.disclosure.minimum
    conditions = grant.tables[name].rows if scope.columns else ()
    years = None
    if scope.columns and name in sources:
        rows = covered_rows(catalog, grant, name, sources)
        condition = condition_to_expression(rows, conditions) if conditions else None
        years = rows_by_year(sources[name], rows, condition, minimum, "moment" in table_columns(catalog, name))
    rule = (*(condition_in_words(condition) for condition in conditions), *of_list_alone(catalog, grant, name))
    coarser = {column: coarsening_in_words(catalog, how) for column, how in coarsenings(grant, name).items()}
    below = hidden_below(minimum, bool(conditions))
    return TablePreview(scope, table_title(catalog, name), rule, years, below, coarser)


def _view(block: Block, language: Language) -> TableView:
    rows = tuple(Row((head,), tuple(Cell(cell, block.align) for cell in cells)) for head, *cells in block.rows)
    return TableView(block.title, block.heads[:1], block.heads[1:], rows, language)
