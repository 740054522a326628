"""A readable account of any entry of the catalogue, in Dutch or English, for a terminal."""

import difflib
from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text as Line

from das_research.catalog import models
from das_research.catalog.names import named_entries
from das_research.catalog.show_account import Account
from das_research.catalog.show_parts import PARTS
from das_research.errors import UsageError


def show_entry(catalog: models.Catalog, name: str, language: str) -> RenderableType:
    """What people want to know of one entry.

    Parameters
    ----------
    catalog : Catalog
        Where it stands.
    name : str
        Its id; entries of several kinds that share an id are shown one after the other.
    language : {'nl', 'en'}
        Language of the texts and headings.

    Returns
    -------
    RenderableType
        For rich to print.

    Raises
    ------
    UsageError
        When nothing has this id; names the nearest ones.
    """
    found = [(kind, entry) for kind, entry_id, _, entry in named_entries(catalog) if entry_id == name]
    if not found:
        ids = sorted({entry_id for _, entry_id, _, _ in named_entries(catalog)})
        near = difflib.get_close_matches(name, ids, 5, 0.4)
        raise UsageError(
            f"Nothing in the catalogue has the id '{name}'.",
            why=f"The nearest are: {', '.join(near)}." if near else "",
            fix=f"das catalog show {near[0]}" if near else "das catalog search TEXT",
        )
    account = Account(catalog, language)
    return Group(*(part for kind, entry in found for part in _parts(account, kind, name, entry)))


def show_one(catalog: models.Catalog, kind: str, entry: models.Entry, language: str) -> RenderableType:
    """What people want to know of one entry whose kind is known: entries of several kinds can share an id."""
    return Group(*_parts(Account(catalog, language), kind, entry.id, entry))


def _parts(account: Account, kind: str, name: str, entry: Any) -> Iterator[RenderableType]:
    yield Line(f"{account.text(entry.title)}{account.mark(entry)}", style="bold")
    yield Line(f"{account.heading(kind)} {name}", style="dim")
    for field in ("description", "definition"):
        if getattr(entry, field, None):
            yield Line(account.text(getattr(entry, field)))
    yield from PARTS[kind](account, entry)
    yield from account.facts(source=getattr(entry, "source", None))
    yield Line("")
