"""Protecting what is handed over together, each table beside those that are out already."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from das_research.catalog.models import Protection
from das_research.disclosure.breakdowns import parts_overlap
from das_research.disclosure.checks import Check
from das_research.disclosure.compare import still_shown
from das_research.disclosure.near import among
from das_research.disclosure.own_tables import asked_as, is_of_own_choice, is_of_persons, is_own, uncounted
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
from das_research.disclosure.side_by_side import SideBySide, without
from das_research.disclosure.steps_beside import beside_steps, without_steps
from das_research.disclosure.tables.hierarchies import hierarchies_of
from das_research.disclosure.together.earlier import name_of, told_before
from das_research.disclosure.together.numbers import Told
from das_research.disclosure.together.protect import protect_together
from das_research.disclosure.together.unions import Standing
from das_research.errors import NotJudged
from das_research.presentation.bands import Place
from das_research.result import Recipe, Result

HIDING = Protection()


@dataclass
class Beside:
    """The Results of a hand-over, as they are protected together.

    Parameters
    ----------
    sides : SideBySide
        What is out and what leaves, laid beside each other.
    unknown : list of str
        Results that left before of which it is not known any more what was hidden, and those of other projects that
        could not be computed again.
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

    sides: SideBySide
    protection: Protection = HIDING
    unknown: list[str] = field(default_factory=list)
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
        self._round()
        self._stand()
        self._protect_together()
        self.unknown += self.sides.lost

    def _round(self) -> None:
        """Round what the monitor rounds; and refuse numbers that would leave by both methods."""
        minimum, same = self.sides.catalog.disclosure.minimum, self.sides.same
        rounds = self.protection.method == "controlled rounding"
        self._other_shapes = [it for one in same for it in one.results.values() if it.shape != "counts"]
        has_left = any(it.rounded is not None for one in same for it in one.results.values())
        if not rounds and not has_left:
            return
        told = {name: told_of(name, it, minimum) for name, it in self.sides.computed.items() if it.shape == "counts"}
        if rounds:
            fit = [name for name, numbers in told.items() if can_be_rounded(self.sides.computed[name], numbers)]
            known = [
                name for name in fit if not self.sides.incomparable(name) and self._judged(self.sides.computed[name])
            ]
            left = {
                name_of(release.id, name): (it, release in self.sides.before)
                for release in sorted([*same, *self.sides.revised], key=lambda it: -it.audit_line)
                for name, it in release.results.items()
                if it.rounded is not None
            }
            self._rounded = round_together(
                {name: self.sides.computed[name] for name in known},
                self.protection.base or minimum,
                self.sides.catalog,
                left=left,
                same=self.sides.the_same(),
            )
            check_tipping(self._rounded, self.sides.computed, self.sides.earlier, self.sides.near, minimum)
        out = {name_of(one.id, name): it for one in same for name, it in one.results.items() if it.shape == "counts"}
        self._is_beside_rounded = bool(self._rounded) or has_left
        check_one_method(
            {name: it for name, it in told.items() if name in self._rounded},
            {name: it for name, it in told.items() if name not in self._rounded},
            out,
            minimum,
            self.sides.rows_of_the_same({**out, **self.sides.computed}),
        )

    def _stand(self) -> None:
        """Find who stands in the cells of tables of counts that were compared with each other.

        And in those of one table by itself, where its numbers are more than one sum holds together, or sums are.
        """
        recipes: dict[str, tuple[Recipe, list[str]]] = {}
        chosen = self.sides.chosen_of_persons()
        several = {
            name
            for name, it in chosen
            if it.table.measure.nunique() > 1 or parts_overlap(it) or (is_own(it) and uncounted(it))
        }
        asked = sorted({it for pair in self.sides.near for it in pair} | several, key=str)
        for one in asked:
            result = self.sides.beside(one)
            recipe = self.sides.earlier[one].recipe if isinstance(one, int) else result.recipe
            is_exact = result.rounded is None and one not in self._rounded
            if recipe is not None and result.shape == "counts" and is_exact and result.snapshot == self.sides.snapshot:
                recipes.setdefault(asked_as(recipe), (recipe, []))[1].append(self.sides.name_at(one))
        if not recipes or (len(recipes) < 2 and not several):
            return
        ask = self.sides.own_tables.standing if self.sides.own_tables else None
        document = ask(self.sides.project, [it for it, _ in recipes.values()]) if ask else None
        names = tuple(tuple(it) for _, it in recipes.values())
        self.summed = {name: len(recipes) * (document is not None) for it in names for name in it}
        self.standing = None if document is None else Standing(document, names)
        told = {name.partition("/")[0] for it in names for name in it if "/" in name}
        self.others = [it for it in self.sides.theirs if it.id in told]

    def _judged(self, result: Result) -> bool:
        return for_people(result, by_person=self.sides.is_compared(result)) is None

    def _protect_together(self) -> None:
        minimum = self.sides.catalog.disclosure.minimum
        told: dict[str, Told] = {}
        for name, result in sorted(self.sides.computed.items(), key=lambda it: is_of_own_choice(it[1])):
            if name in self._rounded:
                continue
            self._places[name] = places = self.sides.too_near(name, result, self._shown)
            if result.shape == "counts" and self._judged(result) and not self.sides.incomparable(name):
                told[name] = Told(result, unsafe_rows(result, minimum, places), near=among(result, places))
            self._shown[name] = (
                without(result, told[name].unsafe) if name in told else self.sides.as_shown(result, places)
            )
        if not told:
            return
        earlier, self.unknown = told_before(
            self.sides.same, self.sides.project, self.sides.again, lambda result: unsafe_rows(result, minimum)
        )
        left = {name_of(release.id, name): it for release in self.sides.before for name, it in release.results.items()}
        self.again = [(it.result, left[name]) for name, it in earlier.items() if name in left]
        stages = [stage.id for stage in self.sides.catalog.chain.stages]
        level = self.sides.catalog.disclosure.level
        above = hierarchies_of(self.sides.catalog, {name for it in told.values() for name in it.result.dimensions})
        together = protect_together(
            told,
            minimum,
            earlier=earlier,
            stages=stages,
            same=self.sides.the_same(),
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
        if gone := self.sides.incomparable(name):
            return withheld(result, self.sides.catalog, "not checked", "compared", gone)
        by_person, minimum = self.sides.is_compared(result), self.sides.catalog.disclosure.minimum
        compared = self.sides.own_tables is not None and is_of_persons(result) and name not in self.sides.uncompared
        if name in self._rounded:
            released, decision = rounded_decision(result, self._rounded[name], self.sides.catalog)
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
        released, decision = protect(result, self.sides.catalog, places, self._covers.get(name), by_person=by_person)
        if result.shape == "counts" and persons_tell(released, self._others(name), minimum):
            released = released.with_table(released.table.assign(n=float("nan")))
        if self._is_beside_rounded and result.shape != "counts":
            released = released.with_table(released.table.assign(n=float("nan")))
            decision = replace(decision, checks=(*decision.checks, *_not_compared([released])))
        released = without_steps(released, self._all_beside(name), minimum)
        near = (Check("near another table", given={"cells": len(places)}),) if places else ()
        left = (it for release in self.sides.same for it in release.results.values())
        here = (it for other, it in self.sides.computed.items() if other != name)
        steps = beside_steps(released, left, here, minimum)
        checks = (*decision.checks, *near, *self._of_sums(name), *steps)
        return released, replace(decision, checks=checks, compared=compared)

    def _of_sums(self, name: str) -> tuple[Check, ...]:
        """Whether sums of its cells and those of other tables were laid beside each other."""
        if name not in self.summed:
            return ()
        tables = self.summed[name]
        return (Check("sums with others", "passed", {"tables": tables}) if tables else Check("sums", "not checked"),)

    def _others(self, name: str) -> Iterator[Result]:
        """What else leaves with a Result, or left the project before: tables of counts on its snapshot."""
        shown = (it for other, it in self._shown.items() if other != name)
        left = (it for release in self.sides.before for it in release.results.values())
        yield from (it for it in (*shown, *left) if it.shape == "counts")

    def _all_beside(self, name: str) -> Iterator[Result]:
        yield from (it for other, it in self.sides.computed.items() if other != name)
        yield from (it for release in self.sides.before for it in release.results.values())


def _not_compared(results: Iterable[Result]) -> list[Check]:
    """Whether beside rounded counts Results stand of other shapes that tell numbers of units: nobody compares them."""
    tell = any(it.shape in ("model", "faults") or it.table.n.notna().any() for it in results)
    return [Check("one method", "not checked")] if tell else []
