"""Nowcast by editions: to what provisional numbers will be revised, from how earlier ones were."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from das_research.chain.series.nowcast import nowcast_result
from das_research.chain.series.observed import observe
from das_research.errors import UsageError
from das_research.result import Recipe, Result

if TYPE_CHECKING:
    from das_research.access.project import Project

FUNCTION = "das_research.chain.nowcast_revisions"
BEYOND = 3  # editions more than it takes a number to be final


def nowcast_revisions(_: "Project", editions: Sequence[Result], final_after: int = 2, **address: str) -> Result:
    """Expect to what the last, provisional numbers of a series will be revised, from how earlier ones were.

    Parameters
    ----------
    _ : Project
        From `das_research.open_project`.
    editions : sequence of Result
        The same series as it was told each time, oldest first: each ends one period after the one before.
    final_after : int
        After how many further editions a number is no longer revised.
    **address
        Column and code of the series; what is not named is at its total.

    Returns
    -------
    Result
        As that of `nowcast`, of the periods that were the last of an edition; the age is how many editions ago.

    Notes
    -----
    Gate 3 computes it again from what left the project before: an edition is known by the hash of its Result as it was
    released, and only the last may be one that is not, which is computed again by its recipe. Where an edition is
    neither, as one of an older extract that never left, the Result is `not checked`.

    Raises
    ------
    UsageError
        When there are too few editions, or one does not end one period after the one before.
    """
    parameters: dict[str, Any] = {"editions": [hash_of(it) for it in editions], "final_after": final_after, **address}
    if editions and (editions[-1].table.disclosure == "not checked").any():
        last = editions[-1].recipe
        parameters["of"] = {"function": last.function, "parameters": last.parameters}
        parameters["editions"].pop()
    return _revised(editions, final_after, address, Recipe(FUNCTION, parameters))


def run_revisions(
    project: "Project", editions: Sequence[str], final_after: int, result: Result | None = None, **address: str
) -> Result:
    """What `nowcast_revisions` gives, from the hashes of released editions and the last one where it is not out yet.

    Raises
    ------
    UsageError
        When no Result of the project that is out has such a hash.
    """
    out = {hash_of(one): one for one in project.released}
    if missing := [edition for edition in editions if edition not in out]:
        raise UsageError(
            f"{len(missing)} of the editions are not among what was released.",
            why="Only numbers that are out, and the last ones, are computed with again.",
            fix="Give the editions as they were released.",
        )
    found = [*(out[edition] for edition in editions), *([] if result is None else [result])]
    return nowcast_revisions(project, found, final_after, **address)


def hash_of(result: Result) -> str:
    """By what an edition is known in a recipe."""
    return hashlib.sha256(result.to_json().encode()).hexdigest()


def _revised(editions: Sequence[Result], final_after: int, address: dict[str, str], recipe: Recipe) -> Result:
    """The Result of editions; see `nowcast_revisions`."""
    told = [observe(edition, address) for edition in editions]
    needed = max(final_after, 1) + BEYOND
    if len(told) < needed:
        raise UsageError(
            f"There are {len(told)} editions, and {needed} are needed.",
            why="How numbers are revised shows in those that were revised.",
            fix="Give older editions too, oldest first.",
        )
    last, first = told[-1], len(told[-1].periods) - len(told)
    ends = last.periods[max(first, 0) :]
    if [edition.periods[-1] for edition in told] != list(ends) or len({edition.season for edition in told}) > 1:
        raise UsageError(
            "An edition does not end one period after the one before.",
            why="The age of a number is how many editions ago its period was the last one.",
            fix="Give one edition a period, oldest first.",
        )
    triangle = np.full((len(told), max(final_after, 1) + 1), np.nan)
    for row, period in enumerate(ends):
        for age, edition in enumerate(told[row : row + triangle.shape[1]]):
            if period not in edition.periods:
                raise UsageError(f"A later edition lacks {period}.", fix="Give editions of the whole series.")
            triangle[row, age] = edition.values[edition.periods.index(period)]
    whole = replace(last, periods=ends, values=last.values[first:], rows=last.rows[first:])
    return nowcast_result(editions[-1], whole, triangle, recipe)
