"""Looking up what an entry of the catalogue refers to, and saying so when there is no such thing."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from das_research.catalog.models import Catalog
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
    "grants": "grant",
    "monitors": "monitor",
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


def inverted(begin: date | None, end: date | None, at: Location) -> Iterator[Fault]:
    """A fault when a period ends before it begins."""
    if begin and end and end < begin:
        yield at, f"ends on {end}, before it begins on {begin}"
