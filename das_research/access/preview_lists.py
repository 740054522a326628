"""A project's own files in its preview: their rows as safe counts, and of how many the chain knows the person."""

from collections.abc import Mapping
from contextlib import suppress

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.access.contents import rows_to_give
from das_research.access.own_rows import linked_counts, own_tables
from das_research.access.scope import granted_tables
from das_research.catalog.models import Catalog, Grant, Text
from das_research.catalog.own_files import is_own
from das_research.catalog.tables import PERSON, table_columns
from das_research.errors import AccessRefused
from das_research.home import Home
from das_research.style.numbers import Language
from das_research.warehouse.snapshot import Snapshot

LINKED = {
    "linked": Text(nl="gevonden in wat het project krijgt", en="found in what the project gets"),
    "not_linked": Text(nl="niet gevonden", en="not found"),
}
HEADS = {"nl": ("Personen op de lijst", "Rijen"), "en": ("Persons on the list", "Rows")}

Counts = dict[str, dict[str, int | None]]  # own file to its rows with and without a person


def lists_in_preview(
    catalog: Catalog, grant: Grant, home: Home, snapshot: Snapshot, sources: Mapping[str, ir.Table], engine: Backend
) -> tuple[dict[str, ir.Table], Counts]:
    """The own files of a grant as tables, and of how many of their rows the project would be told the person.

    Without a list that can be linked there is nothing of both: what is wrong is told when the extract is made.
    """
    tables: dict[str, ir.Table] = {}
    with suppress(AccessRefused):
        tables = own_tables(catalog, grant, home, snapshot, sources, engine)
    if not tables:
        return {}, {}
    scopes = [scope for scope in granted_tables(catalog, grant) if scope.table in {*sources, *tables}]
    rows = rows_to_give(catalog, grant, scopes, {**sources, **tables}, engine)
    minimum = catalog.disclosure.minimum
    told = {scope.table for scope in scopes if is_own(catalog, grant, scope.table) and PERSON in scope.columns}
    return tables, {name: linked_counts(rows[name], minimum) for name in sorted(told)}


def of_list_alone(catalog: Catalog, grant: Grant, table: str) -> tuple[Text, ...]:
    """The rule that rows are of persons on an own file, in words; nothing where the table has no such rule.

    The numbers of a preview are those without it, so that no list can be tried out on them.
    """
    only = grant.only_persons_of
    if only not in grant.own_files or is_own(catalog, grant, table) or PERSON not in table_columns(catalog, table):
        return ()
    title = grant.own_files[only].title
    return (Text(nl=f"de persoon staat op: {title.nl}", en=f"the person is on: {title.en}"),)


def rows_of(counts: Mapping[str, int | None], below: str, language: Language) -> tuple[tuple[str, str], ...]:
    """The counts of one own file as lines; ``below`` stands where a number is hidden."""
    return tuple((LINKED[name][language], below if count is None else f"{count}") for name, count in counts.items())
