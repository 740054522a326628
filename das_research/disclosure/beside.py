"""Protecting what is handed over together, each table beside those that are out already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from das_research.catalog.models import Catalog
from das_research.disclosure.cohorts import too_near_a_cohort
from das_research.disclosure.near import Nearness, Queries, compare, earlier_tables, too_near
from das_research.disclosure.nested import too_near_a_figure
from das_research.disclosure.own_tables import names_persons
from das_research.disclosure.releases import Release
from das_research.disclosure.rules import Decision, protect, withheld
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
    """The Results of a hand-over, as they are protected one after the other.

    Parameters
    ----------
    catalog : Catalog
        The minimum.
    known : sequence of Release
        Every release there is.
    project, run, snapshot : str
        Of the hand-over: its own earlier check is no other release, and key figures of the same snapshot compare.
    computed : mapping
        Name to Result, computed again.
    own_tables : OwnTables or None
        None: nothing is compared.
    """

    catalog: Catalog
    known: Sequence[Release]
    project: str
    run: str
    snapshot: str
    computed: Mapping[str, Result]
    own_tables: OwnTables | None
    released: dict[str, Result] = field(default_factory=dict)

    def __post_init__(self) -> None:
        own = {name: result for name, result in self.computed.items() if names_persons(result)}
        others = [it for it in self.known if it.run != self.run and it.state != "returned"]
        mine = [it for it in others if it.project == self.project]
        self._figures = [one for it in others if it.snapshot == self.snapshot for one in it.results.values()]
        self._earlier = earlier_tables(mine, self.own_tables.queries) if self.own_tables and own else []
        self._near = compare(own, self._earlier, self.own_tables.nearness, self.project) if self.own_tables else {}

    def protect(self, name: str, result: Result) -> tuple[Result, Decision]:
        """A Result as it may leave beside what is out, and what leaves with it before it."""
        if names_persons(result) and self.own_tables is not None:
            released, decision = self._own(name, result)
        else:
            shown = (*self._figures, *self.released.values())
            minimum = self.catalog.disclosure.minimum
            places = too_near_a_figure(self.catalog, result, shown, minimum)
            places |= too_near_a_cohort(result, shown, minimum)
            released, decision = _told(*protect(result, self.catalog, places), places, "key figure")
        self.released[name] = released
        return released, decision

    def _own(self, name: str, result: Result) -> tuple[Result, Decision]:
        gone = sorted({before.release for before in self._earlier if before.recipe is None})
        if gone or any(near is None for (mine, _), near in self._near.items() if mine == name):
            reason = f"An own table that left before can't be compared: {', '.join(gone) or 'its query does not run'}."
            return withheld(result, self.catalog, "not checked", reason)
        places = self._places(name, result)
        released, decision = _told(*protect(result, self.catalog, places), places, "own table")
        return released, replace(decision, compared=True)

    def _places(self, name: str, result: Result) -> frozenset[Place]:
        found: set[Place] = set()
        for (mine, other), near in self._near.items():
            if mine == name and near is not None:
                out = self._earlier[other].result if isinstance(other, int) else self.released.get(other)
                found |= too_near(result, out, near, self.catalog.disclosure.minimum) if out is not None else set()
        return frozenset(found)


def _told(released: Result, decision: Decision, places: frozenset[Place], other: str) -> tuple[Result, Decision]:
    rule = f"{decision.rule}; {len(places)} cells are near those of another {other}" if places else decision.rule
    return released, replace(decision, rule=rule)
