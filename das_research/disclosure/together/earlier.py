"""What left before, as it bears on what leaves now: shown numbers are known, hidden ones must stay hidden."""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from das_research.disclosure.compare import still_shown
from das_research.disclosure.near import among, shown_places
from das_research.disclosure.own_tables import TABULATE
from das_research.disclosure.releases import Release
from das_research.disclosure.together.amounts import UNIT
from das_research.disclosure.together.numbers import Told
from das_research.result import Result

Again = Callable[[Sequence[Release]], Mapping[str, Result | None]]  # by `name_of`


def told_before(
    releases: Sequence[Release], project: str, again: Again | None, unsafe: Callable[[Result], "pd.Series[bool]"]
) -> tuple[dict[str, Told], list[str]]:
    """The Results of counts and shares that left before, each beside what was hidden of it.

    Parameters
    ----------
    releases : sequence of Release
        On the same snapshot: numbers of another one are other numbers.
    project : str
        Only its own Results can be computed again on its extract.
    again : callable, optional
        From releases to their Results as they are computed again, all at once.
    unsafe : callable
        From a Result to the rows that may not be shown by themselves.

    Returns
    -------
    dict of str to Told, list of str
        By release and name; and those of the project of which what was hidden, or what somebody gave to a sum, is not
        known any more.
    """
    told, unknown = {}, []
    mine = [
        it
        for it in releases
        if it.project == project and any(_hidden(it, name) or _with_sums(one) for name, one in _counts(it).items())
    ]
    computed = again(mine) if again is not None and mine else {}
    for release in releases:
        for name, released in _counts(release).items():
            known = name_of(release.id, name)
            full = computed.get(known)
            if full is not None and still_shown(released, full):
                told[known] = Told(full, unsafe(full), ~among(full, shown_places(released)))
                continue
            nothing = pd.Series(False, index=released.table.index)
            told[known] = Told(released, nothing, released.table.disclosure == "hidden")
            if release.project == project and (_hidden(release, name) or _with_sums(released)):
                unknown.append(known)
    return told, unknown


def name_of(release_id: str, name: str) -> str:
    """By what a Result of a release is known among those of others."""
    return f"{release_id}/{name}"


def _counts(release: Release) -> dict[str, Result]:
    """What is rounded tells no number, and shares none with what is hidden here."""
    found = release.results.items()
    return {name: it for name, it in found if it.shape == "counts" and len(it.table) and it.rounded is None}


def _with_sums(released: Result) -> bool:
    """Whether a Result as it left tells sums or means: its recipe says no more which measures are."""
    return released.recipe.function == TABULATE and bool((released.table.unit == UNIT).any())


def _hidden(release: Release, name: str) -> int:
    return int(release.decisions.get(name, {}).get("hidden", 0))
