"""Who is under two tables, as it was found out, told of coarser tables too.

Where a breakdown or a measure is left out, the cells that are left are the same. Longer periods are compared anew; and
where anything was compared with a table, its codes are not told by those above them, since of these nothing is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import starmap

from das_research.disclosure.near import Near
from das_research.disclosure.near_sums import NearSums
from das_research.disclosure.own_tables import asked_as
from das_research.disclosure.refused.coarser import Change, dropped
from das_research.disclosure.releases import Release
from das_research.disclosure.side_by_side import OwnTables
from das_research.presentation.bands import Place
from das_research.result import Recipe, Result
from das_research.tabulation.standing import Document, of_some

Moved = tuple[Recipe, tuple[Change, ...], tuple[str, ...]]  # recipe before, what changed, dimensions before


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
