"""What other projects released, as far as this project's extract can tell who is under it.

Pseudonyms of two projects don't join. But what the catalogue alone defines can be computed on this extract too, and so
can an own table whose columns this project was given; where that gives every number that the other project showed, it
is of the same rows. Any other own table of theirs is for the reviewers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from das_research.disclosure.compare import still_shown
from das_research.disclosure.near import Earlier, Queries
from das_research.disclosure.own_tables import has_query, is_of_own_choice, is_of_persons, recipe_of
from das_research.disclosure.releases import Release
from das_research.disclosure.together.earlier import Again, name_of


def of_other_projects(releases: Iterable[Release], project: str) -> list[Earlier]:
    """What other projects released that the catalogue alone defines."""
    return [
        Earlier(release.id, name, result, result.recipe)
        for release in releases
        if release.project != project
        for name, result in release.results.items()
        if is_of_persons(result) and not is_of_own_choice(result) and len(result.table)
    ]


def own_choices_of_others(releases: Iterable[Release], project: str, queries: Queries) -> list[Earlier]:
    """What authors of other projects chose and released, with the recipe where their run keeps it."""
    found = []
    for release in releases:
        chosen = {name: it for name, it in release.results.items() if is_of_persons(it) and is_of_own_choice(it)}
        if release.project != project and chosen:
            kept = queries(release) if any(map(has_query, chosen.values())) else {}
            found += [Earlier(release.id, name, it, recipe_of(it, kept.get(name))) for name, it in chosen.items()]
    return [it for it in found if len(it.result.table)]


def other_rows(
    releases: Sequence[Release],
    earlier: Sequence[Earlier],
    near: Mapping[tuple[str, str | int], Sequence[Any] | None],
    again: Again | None,
) -> tuple[set[int], set[int]]:
    """The positions of what other projects released of other rows, and of what could not be computed again here.

    Parameters
    ----------
    releases : sequence of Release
        Those of other projects.
    earlier : sequence of Earlier
        With them those of the project itself, which are of its own rows.
    near : mapping
        Of `das_research.disclosure.near.compare`, and of `das_research.disclosure.near_sums.compare_sums` where that
        found any: nothing of the catalogue's is computed again that is near nothing.
    again : callable, optional
        As of `das_research.disclosure.side_by_side.OwnTables`. Without it nothing can be computed again.

    Returns
    -------
    set of int, set of int
        Those that are of rows that this extract has not, or not all, or near nothing; and those near something of
        which it is not known.
    """
    by_id = {it.id: it for it in releases}
    asked: dict[str, dict[str, int]] = {}
    for at in sorted({at for (_, at), found in near.items() if found is not None and isinstance(at, int)}):
        found_any = any(found for (_, other), found in near.items() if other == at)
        if (it := earlier[at]).release in by_id and (found_any or is_of_own_choice(it.result)):
            asked.setdefault(it.release, {})[it.name] = at
    theirs = [
        replace(by_id[id], results={name: by_id[id].results[name] for name in names}) for id, names in asked.items()
    ]
    here = again(theirs) if again and theirs else {}
    found = {at: here.get(name_of(id, name)) for id, names in asked.items() for name, at in names.items()}
    lost = {at for at, computed in found.items() if computed is None}
    same = {at for at, it in found.items() if it is not None and still_shown(earlier[at].result, it)}
    return {at for at, it in enumerate(earlier) if it.release in by_id and at not in same | lost}, lost
