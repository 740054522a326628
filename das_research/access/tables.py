"""The tables of an open project: by attribute, by item, on Tab; what isn't granted says what it would need."""

import difflib
from collections.abc import Iterator
from typing import Any

import ibis.expr.types as ir
import yaml
from ibis.backends.sql import SQLBackend

from das_research.access.refusals import roles
from das_research.catalog.models import Catalog, Grant
from das_research.catalog.tables import (
    PERSON,
    PERSON_KEYS,
    PERSON_LINKS,
    STANDARD,
    PersonLink,
    table_columns,
    table_names,
)
from das_research.errors import AccessRefused


class MissingTableError(AccessRefused, AttributeError, KeyError):
    """The project has no table of this name."""

    __str__ = Exception.__str__


class Tables:
    """The granted tables of a project, as Ibis tables.

    ``project.tables.strafzaken`` and ``project.tables["strafzaken"]`` are the same; Tab completes exactly the tables
    that are there.
    """

    def __init__(
        self,
        catalog: Catalog,
        grant: Grant,
        database: SQLBackend,
        names: tuple[str, ...],
        link: PersonLink = STANDARD,
    ):
        self._catalog, self._grant, self._database, self._names = catalog, grant, database, names
        self._person = PERSON_LINKS.get(link, PERSON)

    def __getattr__(self, name: str) -> ir.Table:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> ir.Table:
        if name not in self._names:
            raise self._no_such_table(name)
        table = self._database.table(name)
        if self._person != PERSON and self._person in table.columns:
            table = table.mutate(**{PERSON: table[self._person]})
        if name == "persons" and set(PERSON_KEYS) <= set(table.columns):
            table = table.filter(table[PERSON].notnull())  # the others are persons by another link alone
        return table

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __dir__(self) -> list[str]:
        return sorted(self._names)

    def _ipython_key_completions_(self) -> list[str]:
        return sorted(self._names)

    def __repr__(self) -> str:
        return f"Tables({', '.join(self._names)})"

    def _no_such_table(self, name: str) -> MissingTableError:
        what = f"The project '{self._grant.id}' has no table '{name}'."
        has = f"It has: {', '.join(self._names)}."
        if name not in table_names(self._catalog):
            close = difflib.get_close_matches(name, self._names, n=1)
            return MissingTableError(
                what, why=has, fix=f"Did you mean '{close[0]}'?" if close else "Choose one of those."
            )
        columns = [
            column.name for column in table_columns(self._catalog, name).values() if column.identifying != "direct"
        ]
        change: dict[str, Any] = {"tables": {name: {"columns": columns}}}
        own = [agreement for agreement in self._catalog.agreements.values() if name in agreement.datasets]
        if own and not any(agreement.id in self._grant.agreements for agreement in own):
            change = {"agreements": [*self._grant.agreements, own[0].id]} | change
        text = yaml.safe_dump(change, sort_keys=False, default_flow_style=None, width=100)
        return MissingTableError(
            what,
            why=f"The grant gives nothing of it. {has}",
            fix=f"with only the columns the purpose needs, put in grants/{self._grant.id}.yaml:\n"
            + "\n".join(f"      {line}" for line in text.splitlines()),
            ask=roles(self._grant),
        )
