"""Protecting what is handed over together, each table beside those that are out already."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from das_research.catalog.models import Catalog, Protection
from das_research.disclosure.checks import Check
from das_research.disclosure.cohorts import too_near_a_cohort
from das_research.disclosure.compare import still_shown
from das_research.disclosure.curves import protect_curve
from das_research.disclosure.elsewhere import of_other_projects, other_rows, own_choices_of_others
from das_research.disclosure.near import Earlier, Nearness, Queries, among, compare, earlier_tables, places_at, too_near
from das_research.disclosure.near_sums import Sums, compare_sums, too_near_together
from das_research.disclosure.nested import too_near_a_figure
from das_research.disclosure.own_tables import asked_as, is_of_own_choice, is_of_persons, names_persons
from das_research.disclosure.persons_beside import persons_tell
from das_research.disclosure.releases import Release
from das_research.disclosure.rounding.one_method import check_one_method, told_of
from das_research.disclosure.rounding.results import can_be_rounded, round_together
from das_research.disclosure.rounding.tipping import check_tipping
from das_research.disclosure.rules import (
    Cover,
    Decision,
    for_people,
    protect,
    rounded_decision,
    unsafe_rows,
    withheld,
)
from das_research.disclosure.tables.hierarchies import hierarchies_of
from das_research.disclosure.together.earlier import Again, name_of, told_before
from das_research.disclosure.together.numbers import Told
from das_research.disclosure.together.protect import Spot, protect_together
from das_research.disclosure.together.unions import Standing
from das_research.disclosure.why import Why
from das_research.errors import NotJudged
from das_research.presentation.bands import Place, place_of
from das_research.result import NUMBERS, Recipe, Result
from das_research.tabulation.standing import Document

HIDING = Protection()


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
class Beside:
    """The Results of a hand-over, as they are protected together.

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
    unknown : list of str
        Results that left before of which it is not known any more what was hidden, and those of other projects that
        could not be computed again.
    elsewhere : list of str
        What authors of other projects chose and released on the same snapshot, and could not be compared here.
    before : list of Release
        Those of the project on the same snapshot.
    again : list of (Result, Result)
        Of what left in them: as it is computed again, and as it left.
    protection : Protection
        How the monitor protects small numbers, by a base that its rules allow.
    hidden : list of dict
        Of every group of ``results`` that share numbers (``of`` counts, or sums): how many are hidden ``beside`` the
        unsafe ones, and what that ``cost`` with the ``bound`` under which no safe pattern goes.
    possible : tuple of dict of str to Result
        Tables that might have been, by the names of Results here and in releases before: for the last look alone.
    standing : Standing or None
        Who stands in the cells of several tables together, where an author chose one of them.
    others : list of Release
        Those of other projects with such a table.
    summed : dict of str to int
        Name of a Result to how many tables its cells were added up with, by who is under them; 0 where that could not
        be done.
    """

    catalog: Catalog
    known: Sequence[Release]
    project: str
    run: str
    snapshot: str
    computed: Mapping[str, Result]
    own_tables: OwnTables | None
    protection: Protection = HIDING
    unknown: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    before: list[Release] = field(default_factory=list)
    again: list[tuple[Result, Result]] = field(default_factory=list)
    hidden: list[dict[str, Any]] = field(default_factory=list)
    possible: tuple[dict[str, Result], ...] = ()
    standing: Standing | None = None
    others: list[Release] = field(default_factory=list)
    summed: dict[str, int] = field(default_factory=dict)
    _shown: dict[str, Result] = field(default_factory=dict)
    _places: dict[str, frozenset[Place]] = field(default_factory=dict)
    _covers: dict[str, Cover] = field(default_factory=dict)
    _rounded: dict[str, Result] = field(default_factory=dict)
    _other_shapes: list[Result] = field(default_factory=list)
    _is_beside_rounded: bool = False

    def __post_init__(self) -> None:
        # what the catalogue chose comes first, so that what its author chose is hidden beside it
        ordered = sorted(self.computed.items(), key=lambda it: is_of_own_choice(it[1]))
        own = {name: self._as_shown(result) for name, result in ordered if is_of_persons(result)}
        others = [it for it in self.known if it.run != self.run and it.state != "returned"]
        mine = [it for it in others if it.project == self.project]
        same = [it for it in others if it.snapshot == self.snapshot]
        self.before = [it for it in same if it.project == self.project]
        self._figures = [one for it in same for one in it.results.values() if one.rounded is None]
        self._earlier = earlier_tables(mine, self.own_tables.queries) if self.own_tables and own else []
        if self.own_tables and any(map(is_of_own_choice, own.values())):
            self._earlier += of_other_projects(same, self.project)
        if self.own_tables and own:
            self._earlier += own_choices_of_others(same, self.project, self.own_tables.queries)
        chosen = {at for at, it in enumerate(self._earlier) if self._is_elsewhere(it) and is_of_own_choice(it.result)}
        self._near = compare(own, self._earlier, self.own_tables.nearness, self.project) if self.own_tables else {}
        added = self.own_tables.sums if self.own_tables else None
        sums = compare_sums(own, self._earlier, self._near, added, self.project)
        self._near |= {pair: None for pair, it in sums.items() if it is None}
        self._sums = {pair: it for pair, it in sums.items() if it}
        theirs = [it for it in same if it.project != self.project]
        gone, lost = other_rows(theirs, self._earlier, {**self._near, **self._sums}, self._again)
        self.elsewhere = [self._name_at(at) for at in sorted(chosen & (gone | lost))]
        gone, lost = gone | chosen & lost, lost - chosen
        self._uncompared = {mine for (mine, other), near in self._near.items() if near and other in lost}
        self._near = {pair: near for pair, near in self._near.items() if pair[1] not in gone | lost}
        self._round(same, [it for it in others if it.snapshot != self.snapshot])
        self._stand(theirs)
        self._protect_together(same)
        self.unknown += sorted(map(self._name_at, lost))

    def _is_elsewhere(self, before: Earlier) -> bool:
        return before.result.project != self.project

    def _name_at(self, at: int) -> str:
        return name_of(self._earlier[at].release, self._earlier[at].name)

    @property
    def _again(self) -> Again | None:
        return self.own_tables.again if self.own_tables else None

    def _round(self, same: Sequence[Release], others: Sequence[Release]) -> None:
        """Round what the monitor rounds; and refuse numbers that would leave by both methods."""
        minimum = self.catalog.disclosure.minimum
        rounds = self.protection.method == "controlled rounding"
        self._other_shapes = [it for one in same for it in one.results.values() if it.shape != "counts"]
        has_left = any(it.rounded is not None for one in same for it in one.results.values())
        if not rounds and not has_left:
            return
        told = {name: told_of(name, it, minimum) for name, it in self.computed.items() if it.shape == "counts"}
        if rounds:
            fit = [name for name, numbers in told.items() if can_be_rounded(self.computed[name], numbers)]
            known = [name for name in fit if not self._incomparable(name) and self._judged(self.computed[name])]
            left = {
                name_of(release.id, name): (it, release in self.before)
                for release in sorted([*same, *others], key=lambda it: -it.audit_line)
                for name, it in release.results.items()
                if it.rounded is not None
            }
            self._rounded = round_together(
                {name: self.computed[name] for name in known},
                self.protection.base or minimum,
                self.catalog,
                left=left,
                same=self._the_same(),
            )
            check_tipping(self._rounded, self.computed, self._earlier, self._near, minimum)
        out = {name_of(one.id, name): it for one in same for name, it in one.results.items() if it.shape == "counts"}
        self._is_beside_rounded = bool(self._rounded) or has_left
        check_one_method(
            {name: it for name, it in told.items() if name in self._rounded},
            {name: it for name, it in told.items() if name not in self._rounded},
            out,
            minimum,
            self._rows_of_the_same({**out, **self.computed}),
        )

    def _stand(self, theirs: Sequence[Release]) -> None:
        """Find who stands in the cells of tables of counts that were compared with each other."""
        recipes: dict[str, tuple[Recipe, list[str]]] = {}
        several = {name for name, it in self._chosen_of_persons() if it.table.measure.nunique() > 1}
        asked = sorted({it for pair in self._near for it in pair} | several, key=str)
        for one in asked:
            result = self._beside(one)
            recipe = self._earlier[one].recipe if isinstance(one, int) else result.recipe
            is_exact = result.rounded is None and one not in self._rounded
            if recipe is not None and result.shape == "counts" and is_exact and result.snapshot == self.snapshot:
                name = name_of(self._earlier[one].release, self._earlier[one].name) if isinstance(one, int) else one
                recipes.setdefault(asked_as(recipe), (recipe, []))[1].append(name)
        if not recipes or (len(recipes) < 2 and not several):
            return
        ask = self.own_tables.standing if self.own_tables else None
        document = ask(self.project, [it for it, _ in recipes.values()]) if ask else None
        names = tuple(tuple(it) for _, it in recipes.values())
        self.summed = {name: len(recipes) * (document is not None) for it in names for name in it}
        self.standing = None if document is None else Standing(document, names)
        told = {name.partition("/")[0] for it in names for name in it if "/" in name}
        self.others = [it for it in theirs if it.id in told]

    def _chosen_of_persons(self) -> Iterator[tuple[str, Result]]:
        return (one for one in self.computed.items() if is_of_own_choice(one[1]) and is_of_persons(one[1]))

    def _rows_of_the_same(self, results: Mapping[str, Result]) -> Iterator[tuple[tuple[str, Any], tuple[str, Any]]]:
        """The rows that the same persons are under."""
        pairs = self._the_same()
        named = {spot[0] for pair in pairs for spot in pair} & results.keys()
        rows = {
            (name, place_of(row, results[name].dimensions)): row
            for name in named
            for row in results[name].table.to_dict("records")
        }
        for one, other in pairs:
            if one in rows and other in rows:
                yield (one[0], rows[one]), (other[0], rows[other])

    def _as_shown(self, result: Result, places: frozenset[Place] = frozenset()) -> Result:
        """A curve with the points that it may show; any other Result as it is."""
        if result.shape != "curve":
            return result
        coarse, hidden, _ = protect_curve(result, self.catalog.disclosure.minimum, places)
        return _without(coarse, hidden)

    def _judged(self, result: Result) -> bool:
        return for_people(result, by_person=self._is_compared(result)) is None

    def _protect_together(self, same: Sequence[Release]) -> None:
        minimum = self.catalog.disclosure.minimum
        told: dict[str, Told] = {}
        for name, result in sorted(self.computed.items(), key=lambda it: is_of_own_choice(it[1])):
            if name in self._rounded:
                continue
            self._places[name] = places = self._too_near(name, result)
            if result.shape == "counts" and self._judged(result) and not self._incomparable(name):
                told[name] = Told(result, unsafe_rows(result, minimum, places), near=among(result, places))
            self._shown[name] = _without(result, told[name].unsafe) if name in told else self._as_shown(result, places)
        if not told:
            return
        earlier, self.unknown = told_before(
            same, self.project, self._again, lambda result: unsafe_rows(result, minimum)
        )
        left = {name_of(release.id, name): it for release in self.before for name, it in release.results.items()}
        self.again = [(it.result, left[name]) for name, it in earlier.items() if name in left]
        stages = [stage.id for stage in self.catalog.chain.stages]
        level = self.catalog.disclosure.level
        above = hierarchies_of(self.catalog, {name for it in told.values() for name in it.result.dimensions})
        together = protect_together(
            told,
            minimum,
            earlier=earlier,
            stages=stages,
            same=self._the_same(),
            standing=self.standing,
            hierarchies=above,
            level=level,
        )
        self.summed |= dict.fromkeys(together.unknown, 0)
        self.possible = together.possible
        self.hidden = [
            {"results": list(names), "of": of, "beside": int(it.secondary.sum()), "cost": it.cost, "bound": it.bound}
            for of, patterns in (("counts", together.patterns), ("sums", together.of_sums))
            for names, it in patterns.items()
            if it.secondary.any()
        ]
        self._covers = {name: Cover(mask, name in together.touched) for name, mask in together.masks.items()}

    def protect(self, name: str, result: Result) -> tuple[Result, Decision]:
        """A Result as it may leave beside what is out, and what leaves with it."""
        if gone := self._incomparable(name):
            return withheld(result, self.catalog, "not checked", "compared", gone)
        by_person = self._is_compared(result)
        compared = self.own_tables is not None and is_of_persons(result) and name not in self._uncompared
        if name in self._rounded:
            released, decision = rounded_decision(result, self._rounded[name])
            if not still_shown(released, result):
                raise NotJudged(
                    f"The result '{name}' is not rounded as it says.",
                    why="A number lies further from the one under it than rounding allows.",
                    ask="the maintainers, with the shape of the table",
                )
            unknown = _not_compared(self._other_shapes)
            checks = tuple(it for it in decision.checks if not unknown or it.name != unknown[0].name)
            return released, replace(decision, checks=(*checks, *unknown), compared=compared)
        places = self._places[name]
        released, decision = protect(result, self.catalog, places, self._covers.get(name), by_person=by_person)
        if result.shape == "counts" and persons_tell(released, self._others(name), self.catalog.disclosure.minimum):
            released = released.with_table(released.table.assign(n=float("nan")))
        if self._is_beside_rounded and result.shape != "counts":
            released = released.with_table(released.table.assign(n=float("nan")))
            decision = replace(decision, checks=(*decision.checks, *_not_compared([released])))
        near = (Check("near another table", given={"cells": len(places)}),) if places else ()
        return released, replace(decision, checks=(*decision.checks, *near, *self._of_sums(name)), compared=compared)

    def _of_sums(self, name: str) -> tuple[Check, ...]:
        """Whether sums of its cells and those of other tables were laid beside each other."""
        if name not in self.summed:
            return ()
        tables = self.summed[name]
        return (Check("sums with others", "passed", {"tables": tables}) if tables else Check("sums", "not checked"),)

    def _others(self, name: str) -> Iterator[Result]:
        """What else leaves with a Result, or left the project before: tables of counts on its snapshot."""
        yield from (it for other, it in self._shown.items() if other != name and it.shape == "counts")
        for release in self.before:
            yield from (it for it in release.results.values() if it.shape == "counts")

    def _is_compared(self, result: Result) -> bool:
        return names_persons(result) and self.own_tables is not None

    def _incomparable(self, name: str) -> Why | None:
        """Which own tables and cohorts a Result can't be compared with; what the catalogue chose, on its snapshot."""
        result = self.computed[name]
        if self.own_tables is None or not is_of_persons(result):
            return None
        ever = names_persons(result) or is_of_own_choice(result)
        known = [it for it in self._earlier if not self._is_elsewhere(it)]
        without = [it for it in known if it.recipe is None and (ever or it.result.snapshot == result.snapshot)]
        gone = sorted({before.release for before in without})
        unknown = any(near is None and self._bears(other) for (mine, other), near in self._near.items() if mine == name)
        if gone:
            return Why("not compared with", {"names": ", ".join(gone)})
        return Why("not compared") if unknown else None

    def _bears(self, other: str | int) -> bool:
        """Whether it must be known who is in it: a figure of another snapshot may be defined no more."""
        result = self._beside(other)
        ever = names_persons(result) or is_of_own_choice(result)
        return result.project == self.project and (ever or result.snapshot == self.snapshot)

    def _too_near(self, name: str, result: Result) -> frozenset[Place]:
        """The cells that tell too much beside what is out, and beside what is about to leave."""
        minimum, shown = self.catalog.disclosure.minimum, (*self._figures, *self._shown.values())
        found = set(too_near_a_figure(self.catalog, result, shown, minimum))
        found |= too_near_a_cohort(result, shown, minimum, by_person=self._is_compared(result))
        for (mine, other), near in self._near.items():
            out = self._earlier[other].result if isinstance(other, int) else self._shown.get(other)
            if mine == name and near is not None and out is not None:
                found |= too_near(result, out, near, minimum)
        return frozenset(found | self._too_near_together(name, result, found))

    def _too_near_together(self, name: str, result: Result, near: set[Place]) -> set[Place]:
        """Those that tell too much when they are added up, beside those that are hidden for what they tell alone."""
        minimum, found = self.catalog.disclosure.minimum, set[Place]()
        for (mine, other), sums in self._sums.items():
            out = self._earlier[other].result if isinstance(other, int) else self._shown.get(other)
            if mine == name and out is not None and self._near.get((mine, other)) is not None:
                unsafe = unsafe_rows(result, minimum, frozenset(near | found))
                found |= too_near_together(result, places_at(result, unsafe), out, sums, minimum)
        return found

    def _the_same(self) -> list[tuple[Spot, Spot]]:
        """Cells of tables of counts that the same persons are under, by other names."""
        return [
            ((mine, here), (self._name_at(other) if isinstance(other, int) else other, there))
            for (mine, other), near in self._near.items()
            if self.computed[mine].shape == self._beside(other).shape == "counts"
            for here, there, apart in near or ()
            if apart == 0
        ]

    def _beside(self, other: str | int) -> Result:
        return self._earlier[other].result if isinstance(other, int) else self.computed[other]


def _without(result: Result, unsafe: "pd.Series[bool]") -> Result:
    """The Result as if only what is unsafe by itself were hidden."""
    table = result.table.assign(disclosure=unsafe.map({True: "hidden", False: "shown"}))
    table.loc[unsafe, list(NUMBERS)] = float("nan")
    return result.with_table(table)


def _not_compared(results: Iterable[Result]) -> list[Check]:
    """Whether beside rounded counts Results stand of other shapes that tell numbers of units: nobody compares them."""
    tell = any(it.shape in ("model", "faults") or it.table.n.notna().any() for it in results)
    return [Check("one method", "not checked")] if tell else []
