"""What is out and what leaves with it, laid beside each Result of a hand-over by who is under its cells."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from das_research.catalog.models import Catalog
from das_research.disclosure.cohorts import too_near_a_cohort
from das_research.disclosure.curves import protect_curve
from das_research.disclosure.elsewhere import of_other_projects, other_rows, own_choices_of_others
from das_research.disclosure.near import Earlier, Near, Nearness, Queries, compare, earlier_tables, places_at, too_near
from das_research.disclosure.near_sums import NearSums, Sums, compare_sums, too_near_together
from das_research.disclosure.nested import too_near_a_figure
from das_research.disclosure.own_tables import is_of_own_choice, is_of_persons, names_persons
from das_research.disclosure.releases import Release
from das_research.disclosure.revisions import own_revisions
from das_research.disclosure.rules import unsafe_rows
from das_research.disclosure.together.earlier import Again, name_of
from das_research.disclosure.together.protect import Spot
from das_research.disclosure.why import Why
from das_research.presentation.bands import Place, place_of
from das_research.result import NUMBERS, Recipe, Result
from das_research.tabulation.standing import Document


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
    sums : callable, optional
        As nearness, from pairs of recipes to the cells that nearly the same persons are under when they are added up.
    again : callable, optional
        From earlier releases of the project to their Results as they are computed again, by release and name: what was
        hidden of them has numbers then. Without it only what they showed is reckoned with.
    standing : callable, optional
        From a project and recipes to who stands in their cells together, see `das_research.tabulation.standing`; None
        where that is too much. Without it no sums of cells of several tables are laid beside each other.
    """

    queries: Queries
    nearness: Nearness
    again: Again | None = None
    sums: Sums | None = None
    standing: Callable[[str, Sequence[Recipe]], Document | None] | None = None


@dataclass
class SideBySide:
    """The Results of a hand-over beside those that left before, and beside each other.

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
        None: no own table is compared.
    same, before, theirs : list of Release
        On the same snapshot: all that did not come back, those of the project, and those of other projects.
    revised : list of Release
        Those on other snapshots.
    earlier : list of Earlier
        What left before and bears on who is under a Result here.
    near : dict
        Name of a Result, and the position of an earlier one or the name of one here, to what is near; see
        `das_research.disclosure.near.compare`.
    sums : dict
        The same of cells that are added up.
    uncompared : set of str
        Results that are near what could not be computed again.
    elsewhere, lost : list of str
        What authors of other projects chose and released on the same snapshot, and could not be compared here; and
        what else of them could not be computed again.
    """

    catalog: Catalog
    known: Sequence[Release]
    project: str
    run: str
    snapshot: str
    computed: Mapping[str, Result]
    own_tables: OwnTables | None
    same: list[Release] = field(init=False)
    before: list[Release] = field(init=False)
    theirs: list[Release] = field(init=False)
    revised: list[Release] = field(init=False)
    earlier: list[Earlier] = field(init=False)
    near: dict[tuple[str, str | int], Near | None] = field(init=False)
    sums: dict[tuple[str, str | int], NearSums] = field(init=False)
    uncompared: set[str] = field(init=False)
    elsewhere: list[str] = field(init=False)
    lost: list[str] = field(init=False)

    def __post_init__(self) -> None:
        # what the catalogue chose comes first, so that what its author chose is hidden beside it
        ordered = sorted(self.computed.items(), key=lambda it: is_of_own_choice(it[1]))
        own = {name: self.as_shown(result) for name, result in ordered if is_of_persons(result)}
        others = [it for it in self.known if it.run != self.run and it.state != "returned"]
        self.same = [it for it in others if it.snapshot == self.snapshot]
        self.revised = [it for it in others if it.snapshot != self.snapshot]
        self.before = [it for it in self.same if it.project == self.project]
        self.theirs = [it for it in self.same if it.project != self.project]
        self.earlier = self._earlier([it for it in others if it.project == self.project], own)
        chosen = {at for at, it in enumerate(self.earlier) if self._is_elsewhere(it) and is_of_own_choice(it.result)}
        self.near = compare(own, self.earlier, self.own_tables.nearness, self.project) if self.own_tables else {}
        added = self.own_tables.sums if self.own_tables else None
        sums = compare_sums(own, self.earlier, self.near, added, self.project)
        self.near |= {pair: None for pair, it in sums.items() if it is None}
        self.sums = {pair: it for pair, it in sums.items() if it}
        gone, lost = other_rows(self.theirs, self.earlier, {**self.near, **self.sums}, self.again)
        self.elsewhere = [self.name_at(at) for at in sorted(chosen & (gone | lost))]
        gone, lost = gone | chosen & lost, lost - chosen
        self.uncompared = {mine for (mine, other), near in self.near.items() if near and other in lost}
        self.near = {pair: near for pair, near in self.near.items() if pair[1] not in gone | lost}
        self.lost = sorted(map(self.name_at, lost))

    def _earlier(self, mine: Sequence[Release], own: Mapping[str, Result]) -> list[Earlier]:
        if self.own_tables is None:
            return []
        found = earlier_tables(mine, self.own_tables.queries) if own else []
        if any(map(is_of_own_choice, own.values())):
            found += of_other_projects(self.same, self.project)
        return found + (own_choices_of_others(self.same, self.project, self.own_tables.queries) if own else [])

    def _is_elsewhere(self, before: Earlier) -> bool:
        return before.result.project != self.project

    @property
    def again(self) -> Again | None:
        """What computes earlier Results again."""
        return self.own_tables.again if self.own_tables else None

    def name_at(self, other: str | int) -> str:
        """By what a Result here, or an earlier one, is known among all."""
        return name_of(self.earlier[other].release, self.earlier[other].name) if isinstance(other, int) else other

    def beside(self, other: str | int) -> Result:
        """An earlier Result as it left, or one of those here as it was computed."""
        return self.earlier[other].result if isinstance(other, int) else self.computed[other]

    def chosen_of_persons(self) -> Iterator[tuple[str, Result]]:
        """The Results of which their author chose who is under them."""
        return (one for one in self.computed.items() if is_of_own_choice(one[1]) and is_of_persons(one[1]))

    def rows_of_the_same(self, results: Mapping[str, Result]) -> Iterator[tuple[tuple[str, Any], tuple[str, Any]]]:
        """The rows that the same persons are under."""
        pairs = self.the_same()
        named = {spot[0] for pair in pairs for spot in pair} & results.keys()
        rows = {
            (name, place_of(row, results[name].dimensions)): row
            for name in named
            for row in results[name].table.to_dict("records")
        }
        for one, other in pairs:
            if one in rows and other in rows:
                yield (one[0], rows[one]), (other[0], rows[other])

    def the_same(self) -> list[tuple[Spot, Spot]]:
        """Cells of tables of counts that the same persons are under, by other names."""
        return [
            ((mine, here), (self.name_at(other), there))
            for (mine, other), near in self.near.items()
            if self.computed[mine].shape == self.beside(other).shape == "counts"
            for here, there, apart in near or ()
            if apart == 0
        ]

    def revisions(self, released: Mapping[str, Result]) -> Iterator[dict[str, Any]]:
        """Numbers that differ by few from those of own tables of the same persons, on another snapshot."""
        for (mine, other), near in self.near.items():
            before = self.earlier[other] if isinstance(other, int) else None
            if before is not None and near and before.result.snapshot != self.snapshot:
                yield from own_revisions(mine, released[mine], before, near, self.catalog.disclosure.minimum)

    def as_shown(self, result: Result, places: frozenset[Place] = frozenset()) -> Result:
        """A curve with the points that it may show; any other Result as it is."""
        if result.shape != "curve":
            return result
        coarse, hidden, _ = protect_curve(result, self.catalog.disclosure.minimum, places)
        return without(coarse, hidden)

    def is_compared(self, result: Result) -> bool:
        """Whether the persons of a cohort or an own table are compared."""
        return names_persons(result) and self.own_tables is not None

    def incomparable(self, name: str) -> Why | None:
        """Which own tables and cohorts a Result can't be compared with; what the catalogue chose, on its snapshot."""
        result = self.computed[name]
        if self.own_tables is None or not is_of_persons(result):
            return None
        ever = names_persons(result) or is_of_own_choice(result)
        known = [it for it in self.earlier if not self._is_elsewhere(it)]
        unkept = [it for it in known if it.recipe is None and (ever or it.result.snapshot == result.snapshot)]
        gone = sorted({before.release for before in unkept})
        unknown = any(near is None and self._bears(other) for (mine, other), near in self.near.items() if mine == name)
        if gone:
            return Why("not compared with", {"names": ", ".join(gone)})
        return Why("not compared") if unknown else None

    def _bears(self, other: str | int) -> bool:
        """Whether it must be known who is in it: a figure of another snapshot may be defined no more."""
        result = self.beside(other)
        ever = names_persons(result) or is_of_own_choice(result)
        return result.project == self.project and (ever or result.snapshot == self.snapshot)

    def too_near(self, name: str, result: Result, shown: Mapping[str, Result]) -> frozenset[Place]:
        """The cells that tell too much beside what is out, and beside what is about to leave and is shown so far."""
        minimum = self.catalog.disclosure.minimum
        figures = (one for it in self.same for one in it.results.values() if one.rounded is None)
        seen = (*figures, *shown.values())
        found = set(too_near_a_figure(self.catalog, result, seen, minimum))
        found |= too_near_a_cohort(result, seen, minimum, by_person=self.is_compared(result))
        for (mine, other), near in self.near.items():
            out = self.beside(other) if isinstance(other, int) else shown.get(other)
            if mine == name and near is not None and out is not None:
                found |= too_near(result, out, near, minimum)
        return frozenset(found | self._too_near_together(name, result, found, shown))

    def _too_near_together(
        self, name: str, result: Result, near: set[Place], shown: Mapping[str, Result]
    ) -> set[Place]:
        """Those that tell too much when they are added up, beside those that are hidden for what they tell alone."""
        minimum, found = self.catalog.disclosure.minimum, set[Place]()
        for (mine, other), sums in self.sums.items():
            out = self.beside(other) if isinstance(other, int) else shown.get(other)
            if mine == name and out is not None and self.near.get((mine, other)) is not None:
                unsafe = unsafe_rows(result, minimum, frozenset(near | found))
                found |= too_near_together(result, places_at(result, unsafe), out, sums, minimum)
        return found


def without(result: Result, unsafe: "pd.Series[bool]") -> Result:
    """The Result as if only what is unsafe by itself were hidden."""
    table = result.table.assign(disclosure=unsafe.map({True: "hidden", False: "shown"}))
    table.loc[unsafe, list(NUMBERS)] = float("nan")
    return result.with_table(table)
