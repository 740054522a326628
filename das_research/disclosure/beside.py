"""Protecting what is handed over together, each own table beside those of the project that are out already."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from das_research.catalog.models import Catalog
from das_research.disclosure.near import Nearness, Queries, compare, earlier_tables, too_near
from das_research.disclosure.own_tables import is_own
from das_research.disclosure.releases import list_releases
from das_research.disclosure.rules import Decision, protect, withheld
from das_research.home import Home
from das_research.presentation.bands import Place
from das_research.result import Result


@dataclass(frozen=True)
class OwnTables:
    """What comparing own tables takes: the recipes that earlier releases keep, and who is under two of them.

    Parameters
    ----------
    queries : callable
        From a release to its recipes by name; see `das_research.monitors.queries`.
    nearness : callable
        From a project and pairs of recipes to the cells that nearly the same persons are under; computed in a process
        of its own.
    """

    queries: Queries
    nearness: Nearness


@dataclass
class Beside:
    """The own tables of a hand-over, as they are protected one after the other.

    Parameters
    ----------
    catalog : Catalog
        The minimum.
    home : Home
        Where the releases lie.
    project, run : str
        Of the hand-over: its own earlier check is no other release.
    computed : mapping
        Name to Result, computed again.
    own_tables : OwnTables or None
        None: nothing is compared.
    """

    catalog: Catalog
    home: Home
    project: str
    run: str
    computed: Mapping[str, Result]
    own_tables: OwnTables | None
    released: dict[str, Result] = field(default_factory=dict)

    def __post_init__(self) -> None:
        own = {name: result for name, result in self.computed.items() if is_own(result)}
        releases = [it for it in list_releases(self.home) if it.project == self.project and it.run != self.run]
        compares = self.own_tables is not None and bool(own)
        self._earlier = earlier_tables(releases, self.own_tables.queries) if self.own_tables and own else []
        self._near = compare(own, self._earlier, self.own_tables.nearness, self.project) if self.own_tables else {}
        self._compares = compares

    def protect(self, name: str, result: Result) -> tuple[Result, Decision]:
        """A Result as it may leave beside what is out, and what leaves with it before it."""
        if not (self._compares and is_own(result)):
            return protect(result, self.catalog)
        gone = sorted({before.release for before in self._earlier if before.recipe is None})
        if gone or any(near is None for (mine, _), near in self._near.items() if mine == name):
            reason = (
                f"The query of an own table that left before can't be compared: {', '.join(gone) or 'it does not run'}."
            )
            return withheld(result, self.catalog, "not checked", reason)
        places = self._places(name, result)
        released, decision = protect(result, self.catalog, places)
        self.released[name] = released
        beside = f"; {len(places)} cells are near those of another own table" if places else ""
        return released, replace(decision, compared=True, rule=decision.rule + beside)

    def _places(self, name: str, result: Result) -> frozenset[Place]:
        found: set[Place] = set()
        for (mine, other), near in self._near.items():
            if mine == name and near is not None:
                out = self._earlier[other].result if isinstance(other, int) else self.released.get(other)
                found |= too_near(result, out, near, self.catalog.disclosure.minimum) if out is not None else set()
        return frozenset(found)
