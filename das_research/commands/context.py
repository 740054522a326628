"""What every sub-command shares: the catalogue and home asked for, and how lists are printed."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from das_research.catalog import Catalog, load_catalog
from das_research.home import Home

PIPE_WIDTH = 200  # of lines that go to a file or another program, which nobody wraps by hand

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


@dataclass
class State:
    """Where the catalogue and the home are; the catalogue is read when a command first asks for it."""

    catalog_dir: Path
    home: Home
    _catalog: Catalog | None = field(default=None, init=False, repr=False)

    def catalog(self) -> Catalog:
        """The checked catalogue.

        Raises
        ------
        CatalogError
            With every problem found.
        """
        if self._catalog is None:
            self._catalog = load_catalog(self.catalog_dir)
        return self._catalog


def state_of(context: typer.Context) -> State:
    """The state that the global options made."""
    return context.find_root().obj


def console(*, stderr: bool = False) -> Console:
    """A console that colours on a terminal only, and takes no text for markup."""
    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    return Console(stderr=stderr, width=None if terminal else PIPE_WIDTH, markup=False, highlight=False, emoji=False)


def print_text(text: RenderableType) -> None:
    """Print a text, or anything rich can render."""
    console().print(text, soft_wrap=isinstance(text, str))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], empty: str = "Nothing to list.") -> None:
    """Print a list for people.

    Parameters
    ----------
    columns : sequence of str
        The headings.
    rows : iterable of sequences
        One value a column; numbers are aligned right.
    empty : str
        What to print when there are no rows.
    """
    rows = [list(row) for row in rows]
    if not rows:
        print_text(empty)
        return
    table = Table(box=None, pad_edge=False)
    for position, column in enumerate(columns):
        numeric = all(isinstance(row[position], int | float) and not isinstance(row[position], bool) for row in rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    print_text(table)


def print_list(columns: Sequence[str], rows: Iterable[Sequence[Any]], as_json: bool, empty: str) -> None:
    """Print a list as a table, or as JSON: one object a row, with the headings as names.

    Parameters
    ----------
    columns, rows, empty
        As for `print_table`; an empty list is ``[]`` in JSON.
    as_json : bool
        What the user asked for with ``--json``.
    """
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(columns, rows, empty)


def yes_or_no(holds: bool) -> str:
    """How a list says whether something holds."""
    return "yes" if holds else "no"


def print_json(document: Any) -> None:
    """Print a document for programs; dates and paths as text."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n")


def progress_bar() -> Progress:
    """The one way in which long work shows how far it is."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
    return Progress(*columns, console=console(), transient=True)
