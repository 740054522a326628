"""The coarser hand-over that gate 3 would let pass: found by trying, those first that lose the fewest numbers.

Each is judged as a hand-over is, by the same rules and the same last look. Who is under two tables was compared
already: where a breakdown or a measure is left out, the cells that are left are the same. Longer periods are compared
anew; and where anything was compared with a table, its codes are not told by those above them, since of these nothing
is known.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, starmap

from das_research.catalog.models import Catalog
from das_research.disclosure.judge import Judged
from das_research.disclosure.near import Near
from das_research.disclosure.near_sums import NearSums
from das_research.disclosure.own_tables import asked_as
from das_research.disclosure.refused.coarser import Change, coarser, dropped
from das_research.disclosure.releases import Release
from das_research.disclosure.side_by_side import OwnTables
from das_research.errors import ReleaseRefused
from das_research.presentation.bands import Place
from das_research.result import Recipe, Result
from das_research.tabulation.standing import Document, of_some

MOST_TRIES = 24
MOST_NUMBERS = 60_000  # of all tries together: what is large is tried less often
Again = Mapping[str, Result | None]
Judge = Callable[[Again, OwnTables | None], Judged]


@dataclass(frozen=True)
class Coarser:
    """What was found.

    Parameters
    ----------
    changes : tuple of Change
        What to hand over instead; empty where nothing that was tried would pass.
    tried : int
        How many hand-overs were tried.
    all_tried : bool
        Whether there were no others.
    """

    changes: tuple[Change, ...]
    tried: int
    all_tried: bool


NONE_TRIED = Coarser((), 0, all_tried=True)


def safe_coarser(
    catalog: Catalog,
    again: Again,
    judged: Judged,
    own: Sequence[str],
    compared: "Compared | None",
    judge: Judge,
    rerun: Callable[[Recipe], Result | None] | None = None,
) -> Coarser:
    """Look for a coarser hand-over that passes.

    Parameters
    ----------
    catalog : Catalog
        As the project sees it.
    again : mapping
        Name to the Result, computed again, as it was refused.
    judged : Judged
        The decisions then: what passed by itself must pass again.
    own : sequence of str
        The Results that tell too much, or of which nothing is left: only these are changed.
    compared : Compared, optional
        How own tables were compared.
    judge : callable
        What gate 3 makes of Results, with what compares own tables.
    rerun : callable, optional
        Computes longer periods from their recipe. Without it they are added up, and have no more persons for sure than
        one of the periods in them.

    Returns
    -------
    Coarser
    """
    tried = numbers = 0
    size = sum(len(result.table) for result in again.values() if result is not None)
    for changes, results, recipes in _candidates(catalog, again, own, compared):
        if tried == MOST_TRIES or (numbers + size > MOST_NUMBERS and tried):
            return Coarser((), tried, all_tried=False)
        tried, numbers = tried + 1, numbers + size
        try:
            if rerun is not None:
                results |= _computed(results, changes, rerun)
            found = judge(results, None if compared is None else compared.for_changed(recipes))
        except ReleaseRefused:
            continue
        if not found.look.leaks and _passes(found, judged, changes):
            return Coarser(changes, tried, all_tried=False)
    return Coarser((), tried, all_tried=True)


def _computed(
    results: Again, changes: Sequence[Change], rerun: Callable[[Recipe], Result | None]
) -> dict[str, Result | None]:
    """The Results by longer periods, from their recipes; those that can't be computed so are left as they are."""
    longer = {change.table: results[change.table] for change in changes if change.kind == "period"}
    return {name: rerun(it.recipe) or it for name, it in longer.items() if it is not None}


def _passes(found: Judged, judged: Judged, changes: Sequence[Change]) -> bool:
    """Whether each passes that passed before, and something is left of what was changed, and of all together."""
    same = all(it.status == judged.decisions[name].status for name, it in found.decisions.items())
    changed = {change.table for change in changes if change.table in found.results}
    return same and not found.is_nothing and not changed & set(found.nothing_of)


Moved = tuple[Recipe, tuple[Change, ...], tuple[str, ...]]  # recipe before, what changed, dimensions before


def _candidates(
    catalog: Catalog, again: Again, own: Sequence[str], compared: "Compared | None"
) -> Iterator[tuple[tuple[Change, ...], dict[str, Result | None], dict[str, Moved]]]:
    """One change, or two; and the Results and recipes then. Those first that lose the fewest rows."""
    steps: list[tuple[int, tuple[Change, ...], dict[str, Result | None]]] = []

    def ones_of(name: str, result: Result) -> list[tuple[Change, Result]]:
        was = again[name]
        fixed = was is not None and compared is not None and compared.knows(was.recipe)
        return [it for it in coarser(name, result, catalog) if not (fixed and it[0].kind == "upward")]

    ones = {name: ones_of(name, result) for name in own if (result := again[name]) is not None}
    for name, found in ones.items():
        before = again[name]
        for change, result in found:
            steps.append((_lost(before, result), (change,), {name: result}))
            for second, both in ones_of(name, result):
                if (second.kind, second.name) > (change.kind, change.name):
                    steps.append((_lost(before, both), (change, second), {name: both}))
        steps.append((_lost(before, None), (Change(name, "table"),), {name: None}))
    single = [step for step in steps if len(step[1]) == 1]
    for (lost, some, one), (more, others, other) in combinations(single, 2):
        if not one.keys() & other.keys():
            steps.append((lost + more, (*some, *others), one | other))
    for _, changes, changed in sorted(steps, key=lambda step: (step[0], len(step[1]))):
        gone = {change.table for change in changes if change.kind == "table"}
        results = {name: changed.get(name, result) for name, result in again.items() if name not in gone}
        if results:
            yield (
                changes,
                results,
                {
                    asked_as(result.recipe): _moved(name, again, changes)
                    for name, result in changed.items()
                    if result is not None
                },
            )


def _moved(name: str, again: Again, changes: tuple[Change, ...]) -> Moved:
    before = again[name]
    assert before is not None  # only what was computed is changed
    return before.recipe, tuple(change for change in changes if change.table == name), before.dimensions


def _lost(before: Result | None, result: Result | None) -> int:
    return (0 if before is None else len(before.table)) - (0 if result is None else len(result.table))


class Compared:
    """What comparing own tables gave, kept, and told at the addresses of coarser tables too.

    Parameters
    ----------
    own_tables : OwnTables
        What compares.
    """

    def __init__(self, own_tables: OwnTables):
        self._own_tables = own_tables
        self._near: dict[tuple[str, str], Near | None] = {}
        self._again: dict[tuple[str, ...], Mapping[str, Result | None]] = {}
        self._standing: dict[tuple[str, ...], Document | None] = {}

    def knows(self, recipe: Recipe) -> bool:
        """Whether anything was compared with what this recipe gives."""
        return any(asked_as(recipe) in pair for pair in self._near)

    def for_changed(self, moved: Mapping[str, Moved]) -> OwnTables:
        """The same, where some tables are coarser than they were."""

        def nearness(project: str, pairs: Sequence[tuple[Recipe, Recipe]]) -> list[Near | None]:
            same = {recipe: it for recipe, it in moved.items() if _keeps_its_cells(it)}
            before = [(_before(one, same), _before(other, same)) for one, other in pairs]
            new = list({_key(*pair): pair for pair in before if _key(*pair) not in self._near}.values())
            found = self._own_tables.nearness(project, new) if new else []
            self._near |= {_key(*pair): near for pair, near in zip(new, found, strict=True)}
            return [
                _told(self._near[_key(*was)], same.get(asked_as(one)), same.get(asked_as(other)))
                for (one, other), was in zip(pairs, before, strict=True)
            ]

        def sums(project: str, pairs: Sequence[tuple[Recipe, Recipe]]) -> Sequence[NearSums | None]:
            """Of coarser tables nothing is added up: it is when one is handed over."""
            same = [it for it in pairs if not {asked_as(one) for one in it} & moved.keys()]
            found = self._own_tables.sums(project, same) if self._own_tables.sums else []
            told = dict(zip(starmap(_key, same), found, strict=True))
            return [told.get(_key(*pair), []) for pair in pairs]

        def standing(project: str, recipes: Sequence[Recipe]) -> Document | None:
            same = {recipe: it for recipe, it in moved.items() if _keeps_its_cells(it)}
            found = self._stood(project, [_before(recipe, same) for recipe in recipes])
            return None if found is None else _of_coarser(found, [same.get(asked_as(recipe)) for recipe in recipes])

        return replace(
            self._own_tables,
            nearness=nearness,
            again=self._kept if self._own_tables.again else None,
            sums=sums if self._own_tables.sums else None,
            standing=standing if self._own_tables.standing else None,
        )

    def _stood(self, project: str, recipes: Sequence[Recipe]) -> Document | None:
        """Who stands in Results together: of some of those that were asked after together before, at their places."""
        keys = tuple(map(asked_as, recipes))
        wider = next((it for it in self._standing if set(keys) <= set(it)), None)
        if wider is None and self._own_tables.standing is not None:
            wider = keys
            self._standing[keys] = self._own_tables.standing(project, recipes)
        found = None if wider is None else self._standing[wider]
        places = {key: place for place, key in enumerate(keys)}
        return None if found is None or wider is None else of_some(found, [places.get(key) for key in wider])

    def _kept(self, releases: Sequence[Release]) -> Mapping[str, Result | None]:
        key = tuple(part for release in releases for part in (release.id, *release.results))
        if key not in self._again and self._own_tables.again is not None:
            self._again[key] = self._own_tables.again(releases)
        return self._again[key]


def _key(one: Recipe, other: Recipe) -> tuple[str, str]:
    return asked_as(one), asked_as(other)


def _before(recipe: Recipe, same: Mapping[str, Moved]) -> Recipe:
    """The recipe that was compared, where the cells that are left are the same."""
    return same[asked_as(recipe)][0] if asked_as(recipe) in same else recipe


def _keeps_its_cells(moved: Moved) -> bool:
    return all(change.kind in ("breakdown", "measure") for change in moved[1])


def _told(near: Near | None, here: Moved | None, there: Moved | None) -> Near | None:
    if near is None:
        return None
    pairs = ((_place(one, here), _place(other, there), apart) for one, other, apart in near)
    return [(one, other, apart) for one, other, apart in pairs if one is not None and other is not None]


def _of_coarser(standing: Document, moved: Sequence[Moved | None]) -> Document:
    """Who stands in the cells of the coarser tables."""
    cells = [(it[0], _place(tuple(it[1]), moved[it[0]]), *it[2:]) for it in standing["cells"]]
    return {**standing, "cells": [[it[0], list(it[1]), *it[2:]] for it in cells if it[1] is not None]}


def _place(place: Place, moved: Moved | None) -> Place | None:
    """Where a cell stands in the coarser table; None where it is not there any more."""
    if moved is None:
        return place
    _, changes, dimensions = moved
    at: Place | None = tuple(place)
    for change in changes:
        if at is not None and change.kind == "breakdown":
            at = dropped(at, dimensions, change.name)
            dimensions = tuple(name for name in dimensions if name != change.name)
        elif at is not None and change.kind == "measure" and at[0] == change.name:
            at = None
    return at
