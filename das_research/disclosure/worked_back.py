"""The last look of gate 3: whether a reader can work back what is hidden, from what leaves and what left before."""

from collections.abc import Mapping, Sequence
from typing import Any

from das_research.catalog.models import Catalog
from das_research.disclosure.attacker.attack import OF_INSIDERS, attack
from das_research.disclosure.attacker.besides import besides_of
from das_research.disclosure.attacker.seen import Seen, read_release
from das_research.disclosure.outside import WHY, Outside, published_beside
from das_research.disclosure.own_tables import without_query
from das_research.disclosure.releases import Release
from das_research.errors import ReleaseRefused
from das_research.result import Result

MOST_INSIDERS = 400  # hidden cells times cells with one unit: each pair is a question


def work_back(
    catalog: Catalog,
    project: str,
    computed: Mapping[str, Result],
    released: Mapping[str, Result],
    earlier: Sequence[Release],
    again: Sequence[tuple[Result, Result]],
) -> dict[str, Any]:
    """Attack what is about to leave.

    Parameters
    ----------
    catalog : Catalog
        The minimum, and what others published.
    project : str
        Whose Results they are.
    computed, released : mapping of str to Result
        By name: as they were computed, and as they leave.
    earlier : sequence of Release
        Of the project, on the same snapshot.
    again : sequence of (Result, Result)
        Of what left before: as it is computed again, and as it left.

    Returns
    -------
    dict
        ``asked``: how many groups were attacked; ``knowledge``: what the reader was taken to know; ``not_attacked``:
        the Results that tell no number of units, such as a curve or a model; ``published``: series of others that could
        not be compared, each with the reason, and how many were contradicted; None of fictitious data.

    Raises
    ------
    ReleaseRefused
        When a group can be told too closely, or the attack did not come to an end.
    """
    files = {name: it.to_json() for name, it in released.items()}
    whole = {name: without_query(it).to_json() for name, it in computed.items()}
    complete = [*whole.values(), *(it.to_json() for it, _ in again)]
    besides = besides_of(complete, [*(files[name] for name in whole), *(it.to_json() for _, it in again)], project)
    now = read_release(files.values(), None, "", besides, project)
    before = [
        cell
        for release in earlier
        for cell in read_release([it.to_json() for it in release.results.values()], None, release.id, besides, project)
    ]
    alone = _alone(read_release(complete, None, "", besides, project), now)
    minimum = catalog.disclosure.minimum
    outside = published_beside(catalog, now, project, any(it.synthetic for it in released.values()))
    report = attack(now, before, minimum, catalog.disclosure.level, alone=alone or (), outside=outside.bounds)
    if report.leaks:
        ways = sorted({leak.how for leak in report.leaks})
        others = sorted({cell.release for leak in report.leaks for cell in leak.cells} - {""})
        raise ReleaseRefused(
            "What is hidden could be worked back.",
            why=f"{len(report.leaks)} groups of fewer than {minimum} can be told: {', '.join(ways)}."
            + (f" They are told beside what left in {', '.join(others)}." if others else ""),
            fix="Release a coarser table: fewer codes, longer periods, or without a breakdown"
            + (", or the same breakdown as before." if others else "."),
            ask="the output checkers, who can look at it with you",
        )
    return {
        "asked": report.asked,
        "knowledge": [*report.knowledge, *([] if alone is None else [OF_INSIDERS])],
        "not_attacked": [name for name, text in files.items() if not read_release([text])],
        "published": _told(outside, len(report.contradicted)) if outside.applies else None,
    }


def _told(outside: Outside, contradicted: int) -> dict[str, Any]:
    left = [
        {"entry": it.entry, "series": it.series, "title": it.title.model_dump(), "years": list(it.years)}
        | {"reason": WHY[it.reason].model_dump()}
        for it in outside.not_checked
    ]
    return {"not_checked": left, "contradicted": contradicted, "used": len(outside.bounds) - contradicted}


def _alone(complete: Sequence[Seen], now: Sequence[Seen]) -> list[Seen] | None:
    """The hidden cells with one unit; None where they are too many to ask them all."""
    hidden = {(cell.counted, cell.where): cell for cell in now if cell.value is None}
    ones = [cell for cell in complete if cell.value == 1 and (cell.counted, cell.where) in hidden]
    return ones if len(ones) * len(hidden) <= MOST_INSIDERS else None
