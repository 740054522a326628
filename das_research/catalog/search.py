"""Searching the catalogue by words, whatever their case and accents, in both languages."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from das_research.catalog.models import Catalog, Text
from das_research.catalog.names import named_entries
from das_research.errors import UsageError

EXACT, PREFIX, NAME, BODY = range(4)


@dataclass(frozen=True)
class Hit:
    """An entry in which every word was found.

    Parameters
    ----------
    kind : str
        Partner, dataset, term, ...; of the chain itself: stage, event, attribute or identifier domain.
    id : str
        What `das catalog show` takes.
    title : str
        In the catalogue's own language.
    where : str
        The first place in which the words were found: id, title, definition, a variable, a code, ...
    """

    kind: str
    id: str
    title: str
    where: str


def search(catalog: Catalog, text: str) -> list[Hit]:
    """Find entries by words.

    Parameters
    ----------
    catalog : Catalog
        Where to search.
    text : str
        One word or more; an entry is found when all of them occur in one of its texts.

    Returns
    -------
    list of Hit
        One an entry; the best first: the id itself, ids that begin so, ids and titles, then everything else.

    Raises
    ------
    UsageError
        When there is nothing to search for.

    Examples
    --------
    >>> from das_research.catalog import load_catalog
    >>> [hit.kind for hit in search(load_catalog("data_catalog"), "opsporing")][:1]
    ['stage']
    """
    wanted = fold(text).split()
    if not wanted:
        raise UsageError("Nothing to search for.", fix="Give a word, as in: das catalog search recidive")
    found: dict[tuple[str, str], tuple[int, Hit]] = {}
    for kind, name, title, entry in named_entries(catalog):
        for where, body in _texts(name, entry):
            folded = fold(body)
            if not all(word in folded for word in wanted):
                continue
            rank = _rank(where, folded, " ".join(wanted))
            if (kind, name) not in found or rank < found[kind, name][0]:
                found[kind, name] = (rank, Hit(kind, name, title[catalog.language], where))
    return [hit for _, hit in sorted(found.values(), key=lambda ranked: (ranked[0], ranked[1].id, ranked[1].kind))]


def fold(text: str) -> str:
    """A text without case and accents.

    Examples
    --------
    >>> fold("Één Café")
    'een cafe'
    """
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def _rank(where: str, body: str, wanted: str) -> int:
    if where == "id" and body == wanted:
        return EXACT
    if where == "id" and body.startswith(wanted):
        return PREFIX
    return NAME if where in ("id", "title") else BODY


def _texts(name: str, entry: Any) -> Iterator[tuple[str, str]]:
    """Every searchable text of an entry and where it stands."""
    yield "id", name
    yield from _both("title", entry.title)
    for field in ("description", "definition", "role", "row", "unit", "reason", "across_units"):
        text = getattr(entry, field, None)
        if isinstance(text, Text):
            yield from _both(field, text)
    for variable_name, variable in getattr(entry, "variables", {}).items():
        where = f"variable {variable_name}"
        yield where, f"{variable_name} {variable.column or ''}"
        yield from _both(where, variable.title)
    for difference in getattr(entry, "differs", ()):
        yield from _both("reason", difference.reason)
    for series_name, series in getattr(entry, "series", {}).items():
        if series.title is not None:
            yield from _both(f"series {series_name}", series.title)
    for code in getattr(entry, "codes", ()):
        yield f"code {code.code}", code.code
        yield from _both(f"code {code.code}", code.label)


def _both(where: str, text: Text) -> Iterator[tuple[str, str]]:
    yield where, text.nl
    yield where, text.en
