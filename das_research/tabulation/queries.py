"""A researcher's own query: whose project it is of, and its words, from which gate 3 makes the same table again."""

from collections.abc import Collection
from typing import Any, Literal, Protocol

import ibis.expr.types as ir

from das_research.catalog.models import Catalog
from das_research.errors import UsageError
from das_research.tabulation.leaves import check_leaves

OWNER = "_das_project"


class Project(Protocol):
    """What is needed of an open project."""

    @property
    def id(self) -> str: ...
    @property
    def catalog(self) -> Catalog: ...
    @property
    def snapshot(self) -> str: ...
    @property
    def synthetic(self) -> bool: ...
    @property
    def linkage(self) -> dict[str, float]: ...
    @property
    def engine(self) -> Any: ...
    @property
    def tables(self) -> Collection[str]: ...
    @property
    def person_links(self) -> Literal["none", "same", "differ"]: ...
    def linked(self, table: ir.Table, query: str) -> ir.Table: ...


def belongs_to(engine: Any, project: Project) -> None:
    """Note on an engine whose project it serves, so that `tabulate` knows the project of a table.

    The note lives on the engine: it goes when the engine goes, and a table alone keeps its project.
    """
    setattr(engine, OWNER, project)


def project_of(table: ir.Table) -> Project:
    """The open project whose tables this one was made from.

    Raises
    ------
    UsageError
        When it was made from none, or from those of two.
    """
    try:
        owner = getattr(table.get_backend(), OWNER, None)
    except Exception:  # Ibis has no common error for a table of no engine or of several
        owner = None
    if owner is None:
        raise UsageError(
            "The table belongs to no open project.",
            why="It was not made from project.tables, or from those of two projects.",
            fix="Make it from the tables of one project, or give project=.",
        )
    return owner


def query_of(project: Project, table: ir.Table) -> str:
    """A table in the words of the project's engine, for a recipe.

    Raises
    ------
    UsageError
        When it reads anything but tables of the project.
    """
    query = str(project.engine.compile(table))
    check_leaves(query, project.engine.dialect, project.tables)
    return query


def table_of(project: Project, query: str) -> ir.Table:
    """The table of a query that `query_of` gave; the project's engine is read-only, and it runs there.

    Raises
    ------
    UsageError
        When the query reads more than the extract, or can't be run there.
    """
    check_leaves(query, project.engine.dialect, project.tables)
    try:
        return project.engine.sql(query)
    except Exception:
        raise UsageError(
            "The query of this table can't be run again.",
            why="It reads something that is not in the extract.",
            fix="Make the table from project.tables alone, and tabulate it again.",
        ) from None
