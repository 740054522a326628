"""What other projects released, as far as this project's extract can tell who is under it.

Pseudonyms of two projects don't join. But what the catalogue alone defines can be computed on this extract too, and
where that gives every number that the other project showed, it is of the same rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from das_research.disclosure.compare import still_shown
from das_research.disclosure.near import Earlier
from das_research.disclosure.own_tables import is_of_own_choice, is_of_persons
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
        found any: nothing is computed again that is near nothing.
    again : callable, optional
        As of `das_research.disclosure.beside.OwnTables`. Without it nothing can be computed again.

    Returns
    -------
    set of int, set of int
        Those that are of rows that this extract has not, or not all, or near nothing; and those near something of
        which it is not known.
    """
    by_id = {it.id: it for it in releases}
    asked: dict[str, dict[str, int]] = {}
    for _, at in sorted({pair for pair, found in near.items() if found and isinstance(pair[1], int)}, key=str):
        if isinstance(at, int) and (it := earlier[at]).release in by_id:
            asked.setdefault(it.release, {})[it.name] = at
    theirs = [
        replace(by_id[id], results={name: by_id[id].results[name] for name in names}) for id, names in asked.items()
    ]
    here = again(theirs) if again and theirs else {}
    found = {at: here.get(name_of(id, name)) for id, names in asked.items() for name, at in names.items()}
    lost = {at for at, computed in found.items() if computed is None}
    same = {at for at, it in found.items() if it is not None and still_shown(earlier[at].result, it)}
    return {at for at, it in enumerate(earlier) if it.release in by_id and at not in same | lost}, lost
