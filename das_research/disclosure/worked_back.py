"""The last look of gate 3: whether a reader can work back what is hidden, from what leaves and what left before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from das_research.catalog.models import Catalog
from das_research.disclosure.attacker.attack import OF_INSIDERS, Leak, attack
from das_research.disclosure.attacker.besides import besides_of
from das_research.disclosure.attacker.seen import Bound, Seen, read_release
from das_research.disclosure.outside import WHY, Outside, published_beside
from das_research.disclosure.own_tables import without_query
from das_research.disclosure.releases import Release
from das_research.result import Result

MOST_INSIDERS = 400  # hidden cells times cells with one unit: each pair is a question


@dataclass(frozen=True)
class LastLook:
    """What working back found.

    Parameters
    ----------
    leaks : tuple of Leak
        Groups that can be told too closely; where there is one, nothing leaves.
    told : dict
        ``asked``: how many groups were attacked; ``knowledge``: what the reader was taken to know; ``not_attacked``:
        the Results that tell no number of units, such as a curve or a model; ``published``: series of others that could
        not be compared, each with the reason, and how many were contradicted; None of fictitious data.
    now, before : tuple of Seen
        What was read of the files that were to leave, in the order of their names, and of what left before.
    outside : tuple of Bound
        What others published and was used.
    """

    leaks: tuple[Leak, ...]
    told: dict[str, Any]
    now: tuple[Seen, ...] = ()
    before: tuple[Seen, ...] = ()
    outside: tuple[Bound, ...] = ()


NOTHING_FOUND = LastLook((), {})


def look_back(
    catalog: Catalog,
    project: str,
    computed: Mapping[str, Result],
    released: Mapping[str, Result],
    earlier: Sequence[Release],
    again: Sequence[tuple[Result, Result]],
) -> LastLook:
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

    Raises
    ------
    ReleaseRefused
        When the attack did not come to an end.
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
    rules = catalog.disclosure
    outside = published_beside(catalog, now, project, any(it.synthetic for it in released.values()))
    report = attack(now, before, rules.minimum, rules.level, alone=alone or (), outside=outside.bounds)
    told = {
        "asked": report.asked,
        "knowledge": [*report.knowledge, *([] if alone is None else [OF_INSIDERS])],
        "not_attacked": [name for name, text in files.items() if not read_release([text])],
        "published": _told(outside, len(report.contradicted)) if outside.applies else None,
    }
    used = tuple(bound for bound in outside.bounds if bound not in report.contradicted)
    return LastLook(report.leaks, told, tuple(now), tuple(before), used)


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
