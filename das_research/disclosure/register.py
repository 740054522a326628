"""The register of releases: every cell that left, with what it counts, of whom and when, and on which snapshot."""

from collections.abc import Iterable
from typing import Any

from das_research.disclosure.attacker.seen import read_release, register_entry
from das_research.disclosure.releases import Release


def register_of(releases: Iterable[Release]) -> list[dict[str, Any]]:
    """What an attacker keeps of releases; `all_that_left` holds their files to their ids and to the audit log.

    Parameters
    ----------
    releases : iterable of Release
        Those that came back never left, and are left out.

    Returns
    -------
    list of dict
        Of each ``release, state, project, snapshot`` and its ``cells``: ``counted`` (project, function, definition and
        the parameters that change who counts), ``where`` (dimension to its finest codes; of the period its months),
        ``value`` (None where it is hidden). What tells no number of units, as a curve, has no cells.
    """
    return [
        {"state": one.state, "project": one.project, "snapshot": one.snapshot}
        | register_entry(
            one.id,
            read_release([it.to_json() for it in one.results.values()], release=one.id, project=one.project),
        )
        for one in releases
        if one.state != "returned"
    ]
