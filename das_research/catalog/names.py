"""Everything in the catalogue by its name; and what to say where a name leads to nothing."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from das_research.catalog.models import Catalog, Text
from das_research.catalog.uses import Uses
from das_research.catalog.yaml_lines import Location

Fault = tuple[Location, str]

SINGULAR = {
    "partners": "partner",
    "agreements": "agreement",
    "datasets": "dataset",
    "classifications": "classification",
    "terms": "term",
    "units": "unit",
    "figures": "figure",
    "breaks": "break",
    "published": "published total",
    "recidivism": "recidivism method",
    "grants": "grant",
    "monitors": "monitor",
    "synthetic": "synthetic chain",
}


@dataclass(frozen=True)
class Names:
    """What the entries of a catalogue can refer to.

    Parameters
    ----------
    catalog : Catalog
        What could be read.
    unread : frozenset of (kind, id)
        Entries whose file is there but is faulty in itself: a reference to one of them is no second fault.
    """

    catalog: Catalog
    unread: frozenset[tuple[str, str]] = frozenset()
    beside: dict[str, Any] = field(default_factory=dict, init=False)  # what `columns_beside` found once

    def missing(self, kind: str, name: str, at: Location) -> Iterator[Fault]:
        """A fault when no entry of this kind has this id."""
        entries = getattr(self.catalog, kind)
        if name not in entries and (kind, name) not in self.unread:
            yield at, unknown(SINGULAR[kind], name, entries)

    def any_unread(self, kind: str) -> bool:
        """Whether a file of this kind is faulty in itself, so that nobody can say what it would have held."""
        return any(unread == kind for unread, _ in self.unread)


def unknown(noun: str, name: str, known: Iterable[str]) -> str:
    """That there is no such thing, and the nearest name that there is.

    Examples
    --------
    >>> unknown("partner", "politei", ["politie", "om"])
    "there is no partner 'politei'; did you mean 'politie'?"
    """
    near = difflib.get_close_matches(name, list(known), 1)
    return f"there is no {noun} '{name}'" + (f"; did you mean '{near[0]}'?" if near else "")


def repeated(names: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Position and name of everything that was named before."""
    seen: set[str] = set()
    for position, name in enumerate(names):
        if name in seen:
            yield position, name
        seen.add(name)


def circles(leads_to: Mapping[str, str]) -> Iterator[list[str]]:
    """Every circle of names of which each leads to one other; its first name stands at its end too.

    Examples
    --------
    >>> list(circles({"a": "b", "b": "c", "c": "b"}))
    [['b', 'c', 'b']]
    """
    settled: set[str] = set()
    for start in leads_to:
        path: list[str] = []
        name: str | None = start
        while name is not None and name not in settled and name not in path:
            path.append(name)
            name = leads_to.get(name)
        if name in path:
            yield [*path[path.index(name) :], name]
        settled.update(path)


def inverted(begin: date | None, end: date | None, at: Location) -> Iterator[Fault]:
    """A fault when a period ends before it begins."""
    if begin and end and end < begin:
        yield at, f"ends on {end}, before it begins on {begin}"


def named_entries(catalog: Catalog) -> Iterator[tuple[str, str, Text, Any]]:
    """Everything in the catalogue that has an id: its kind, id, title and the model itself."""
    yield "catalogue", catalog.id, catalog.title, catalog
    yield "overview", Uses.id, Uses.title, Uses()
    chain = catalog.chain
    for kind, entries in (
        ("stage", chain.stages),
        ("event", chain.events),
        ("identifier domain", chain.identifiers),
    ):
        for entry in entries:
            yield kind, entry.id, entry.title, entry
    for attributes in (chain.case_attributes, chain.person_attributes):
        for name, attribute in attributes.items():
            yield "attribute", name, attribute.title, attribute
    for name, span in chain.spans.items():
        yield "span", name, span.title, span
    for within, kind in SINGULAR.items():
        for name, entry in getattr(catalog, within).items():
            yield kind, name, entry.title, entry
