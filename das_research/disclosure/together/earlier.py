"""What left before, as it bears on what leaves now: shown numbers are known, hidden ones must stay hidden."""

from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from das_research.disclosure.compare import still_shown
from das_research.disclosure.near import among, shown_places
from das_research.disclosure.releases import Release
from das_research.disclosure.together.numbers import Told
from das_research.result import Result

Again = Callable[[Release], Mapping[str, Result | None]]


def told_before(
    releases: Iterable[Release], project: str, again: Again | None, unsafe: Callable[[Result], "pd.Series[bool]"]
) -> tuple[dict[str, Told], list[str]]:
    """The Results of counts and shares that left before, each beside what was hidden of it.

    Parameters
    ----------
    releases : iterable of Release
        On the same snapshot: numbers of another one are other numbers.
    project : str
        Only its own Results can be computed again on its extract.
    again : callable, optional
        From a release to its Results as they are computed again.
    unsafe : callable
        From a Result to the rows that may not be shown by themselves.

    Returns
    -------
    dict of str to Told, list of str
        By release and name; and those of the project of which what was hidden is not known any more.
    """
    told, unknown = {}, []
    for release in releases:
        counts = {name: it for name, it in release.results.items() if it.shape == "counts" and len(it.table)}
        hidden = [name for name in counts if release.decisions.get(name, {}).get("hidden")]
        is_own = release.project == project
        computed = again(release) if again is not None and is_own and hidden else {}
        for name, released in counts.items():
            full = computed.get(name)
            if full is not None and still_shown(released, full):
                told[f"{release.id}/{name}"] = Told(full, unsafe(full), ~among(full, shown_places(released)))
                continue
            nothing = pd.Series(False, index=released.table.index)
            told[f"{release.id}/{name}"] = Told(released, nothing, released.table.disclosure == "hidden")
            if name in hidden and is_own:
                unknown.append(f"{release.id}/{name}")
    return told, unknown
