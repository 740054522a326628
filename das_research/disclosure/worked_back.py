"""The last look of gate 3: whether a reader can work back what is hidden, from what leaves and what left before."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from das_research.catalog.models import Catalog
from das_research.disclosure.attacker.amounts import OF_CONTRIBUTORS, AmountReport, attack_amounts
from das_research.disclosure.attacker.attack import OF_INSIDERS, Leak, attack
from das_research.disclosure.attacker.besides import besides_of
from das_research.disclosure.attacker.certificates import certificates_of
from das_research.disclosure.attacker.kinds import File
from das_research.disclosure.attacker.known import Bound, Seen
from das_research.disclosure.attacker.seen import Hierarchies, places_of, read_release
from das_research.disclosure.attacker.unions import OF_PERSONS, attack_unions
from das_research.disclosure.contradictions import contradiction
from das_research.disclosure.filled import filled, with_rows_that_left
from das_research.disclosure.outside import WHY, Outside, published_beside
from das_research.disclosure.own_tables import is_of_own_choice, without_query
from das_research.disclosure.releases import Release
from das_research.disclosure.tables.hierarchies import hierarchies_of
from das_research.disclosure.together.earlier import name_of
from das_research.disclosure.together.unions import Standing
from das_research.errors import ReleaseRefused
from das_research.result import Result


@dataclass(frozen=True)
class LastLook:
    """What working back found.

    Parameters
    ----------
    leaks : tuple of Leak
        Groups that can be told too closely; where there is one, nothing leaves.
    told : dict
        ``asked``: how many groups were attacked, and ``sums``, those among them that stay behind with a whole breakdown
        as ``sums_by_breakdown``; ``knowledge``: what the reader was taken to know;
        ``certificates``: how many tables that might have been were ``given`` and ``verified``, how many ``groups``
        they alone show to be safe, their ``hash``, and the versions of the ``solvers`` that found them and that
        attacked; ``unions``: how many sums of how many ``tables``, by who is under them, were ``asked``;
        ``insiders``: of how many cells the only one in it was ``asked``, and of how many ``not_asked``;
        ``not_attacked``: the Results that tell no number of units, such as a curve or a model; ``published``: series
        of others that could not be compared, each with the reason, and how many were contradicted; None of fictitious
        data.
    now, before : tuple of Seen
        What was read of the files that were to leave, in the order of their names, and of what left before.
    outside : tuple of Bound
        What others published and was used.
    alone : tuple of Seen
        Hidden and rounded cells that somebody is the only one in, with their numbers.
    """

    leaks: tuple[Leak, ...]
    told: dict[str, Any]
    now: tuple[Seen, ...] = ()
    before: tuple[Seen, ...] = ()
    outside: tuple[Bound, ...] = ()
    alone: tuple[Seen, ...] = ()


NOTHING_FOUND = LastLook((), {})


def look_back(
    catalog: Catalog,
    project: str,
    computed: Mapping[str, Result],
    released: Mapping[str, Result],
    earlier: Sequence[Release],
    again: Sequence[tuple[Result, Result]],
    possible: Sequence[Mapping[str, Result]] = (),
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
    possible : sequence of mapping of str to Result
        Certificates: all of these as they might have been, those that left before by release and name.

    Raises
    ------
    ReleaseRefused
        When the numbers contradict each other or what left before, or the attack did not come to an end.
    """
    # what is counted is known by its recipe as it left
    full = {id(left): it if it is left else without_query(it) for it, left in again}
    full |= {id(it): without_query(computed[name]) for name, it in released.items() if name in computed}
    names = {id(it): name for name, it in released.items()}
    names |= {id(it): name_of(release.id, name) for release in earlier for name, it in release.results.items()}
    codes: dict[str, set[str]] = defaultdict(set)
    for it in (*released.values(), *(it for release in earlier for it in release.results.values())):
        for name in it.dimensions:
            codes[name] |= set(it.table[name])

    seen = (*released.values(), *(it for one in earlier for it in one.results.values()), *(left for _, left in again))
    wholes = {id(it): with_rows_that_left(it, full.get(id(it)), codes) for it in seen}

    texts = {key: it.to_json() for key, it in wholes.items()}

    def whole(left: Result) -> str:
        return texts[id(left)]

    def complete(left: Result) -> str:
        return filled(wholes[id(left)], full.get(id(left)), ("hidden", "rounded")).to_json()

    def as_if(table: Mapping[str, Result], left: Result) -> str:
        return filled(wholes[id(left)], table.get(names[id(left)])).to_json()

    pairs = [(full[id(it)], it) for name, it in released.items() if name in computed]
    pairs += [(full[id(left)], left) for _, left in again]
    pairs += [(it, it) for one in earlier for it in one.results.values() if id(it) not in full and not it.rounded]
    above = hierarchies_of(catalog, {name for it in seen for name in it.dimensions})
    besides = besides_of([it.to_json() for it, _ in pairs], [whole(it) for _, it in pairs], project, above)
    besides = replace(besides, places=places_of(texts.values(), project))

    def read(of: Callable[[Result], str]) -> tuple[list[Seen], list[Seen]]:
        """The cells that leave now, and those that left before."""
        files = {release.id: [of(it) for it in release.results.values()] for release in earlier}
        left = [cell for id, it in files.items() for cell in read_release(it, above, id, besides, project)]
        return read_release([of(it) for it in released.values()], above, "", besides, project), left

    now, before = read(whole)
    alone = _alone(read(complete), [*before, *now])
    tables = (read(partial(as_if, table)) for table in possible)
    given = certificates_of(tables, [*before, *now])
    certificates = json.dumps(given)
    rules = catalog.disclosure
    outside = published_beside(catalog, now, project, any(it.synthetic for it in released.values()), before)
    try:
        report = attack(
            now, before, rules.minimum, rules.level, alone=alone, outside=outside.bounds, certificates=certificates
        )
    except ReleaseRefused as error:
        named = {"": list(released)} | {release.id: list(release.results) for release in earlier}
        raise contradiction(now, before, named) or error from None
    sums = _attack_sums(released, computed, again, names, rules.minimum, above)
    told = {
        "asked": report.asked,
        "sums": sums.asked,
        "sums_by_breakdown": sums.by_breakdown,
        "knowledge": [
            *report.knowledge,
            *([] if report.not_asked else [OF_INSIDERS]),
            *([OF_CONTRIBUTORS] if sums.asked > sums.by_breakdown else []),
        ],
        "certificates": {
            "given": len(given),
            "verified": report.verified,
            "groups": report.by_certificate,
            "hash": sha256(certificates.encode()).hexdigest(),
            "solvers": {name: version(name) for name in ("highspy", "scipy")},
        },
        "insiders": {"asked": report.insiders, "not_asked": report.not_asked},
        "not_attacked": [name for name, it in released.items() if not read_release([it.to_json()])],
        "published": _told(outside, len(report.contradicted)) if outside.applies else None,
    }
    used = tuple(bound for bound in outside.bounds if bound not in report.contradicted)
    return LastLook(report.leaks, told, tuple(now), tuple(before), used, tuple(alone))


def look_at_unions(
    catalog: Catalog,
    look: LastLook,
    released: Mapping[str, Result],
    earlier: Sequence[Release],
    standing: Standing | None,
) -> LastLook:
    """Attack what numbers of several tables tell together, by who is under their cells.

    Parameters
    ----------
    catalog : Catalog
        The minimum.
    look : LastLook
        What was found otherwise.
    released : mapping of str to Result
        As they leave.
    earlier : sequence of Release
        On the same snapshot, those of other projects that bear on it too.
    standing : Standing, optional
        Who is under the cells; None where nobody knows, or there are no several tables.

    Raises
    ------
    ReleaseRefused
        When the attack did not come to an end.
    """
    if standing is None:
        return look
    place = {name: at for at, names in enumerate(standing.names) for name in names}
    files = [
        File(place[known], release, number, it.to_json(), is_of_own_choice(it))
        for release, results in [("", released), *((it.id, it.results) for it in earlier)]
        for number, (name, it) in enumerate(results.items())
        if (known := name_of(release, name) if release else name) in place
    ]
    rules = catalog.disclosure
    leaks, asked = attack_unions(json.dumps(standing.document), files, rules.minimum, rules.level)
    told = look.told | {
        "asked": look.told["asked"] + asked,
        "unions": {"asked": asked, "tables": len(standing.names)},
        "knowledge": [*look.told["knowledge"], OF_PERSONS],
    }
    return replace(look, leaks=(*look.leaks, *leaks), told=told)


def _attack_sums(
    released: Mapping[str, Result],
    computed: Mapping[str, Result],
    again: Sequence[tuple[Result, Result]],
    names: Mapping[int, str],
    minimum: int,
    above: Hierarchies,
) -> AmountReport:
    """Attack the sums and means that leave and left before; how many of them were hidden, and are safe."""
    pairs = [(f"'{name}'", it, computed[name]) for name, it in released.items() if name in computed]
    pairs += [(f"'{names[id(left)]}' that left before", left, whole) for whole, left in again]
    with_sums = [it for it in pairs if it[2].dominance is not None and it[2].dominance.known]
    report = attack_amounts([(it.to_json(), whole.to_json()) for _, it, whole in with_sums], minimum, above)
    if report.leaks:
        tables = ", ".join(with_sums[file][0] for file in report.files)
        raise ReleaseRefused(
            "What is hidden of sums or means could be worked back.",
            why=f"Some can be told more closely than the rules allow, in {tables}.",
            fix="Release a coarser table: fewer codes, longer periods, or without a breakdown.",
            ask="the output checkers, who can look at it with you",
        )
    return report


def _told(outside: Outside, contradicted: int) -> dict[str, Any]:
    left = [
        {"entry": it.entry, "series": it.series, "title": it.title.model_dump(), "years": list(it.years)}
        | {"reason": WHY[it.reason].model_dump()}
        for it in outside.not_checked
    ]
    return {"not_checked": left, "contradicted": contradicted, "used": len(outside.bounds) - contradicted}


def _alone(complete: Iterable[Sequence[Seen]], seen: Iterable[Seen]) -> list[Seen]:
    """The hidden and rounded cells with one unit, or with the units of one person."""
    hidden = {(cell.counted, cell.where) for cell in seen if cell.value is None or cell.within}
    ones = {(it.counted, it.where): it for cells in complete for it in cells if it.value == 1 or it.persons == 1}
    return [cell for at, cell in ones.items() if cell.value and at in hidden]
