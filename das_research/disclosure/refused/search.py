"""The coarser hand-over that gate 3 would let pass: found by trying, those first that lose the fewest numbers.

Each is judged as a hand-over is, by the same rules and the same last look.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from das_research.catalog.models import Catalog
from das_research.disclosure.judge import Judged
from das_research.disclosure.own_tables import asked_as
from das_research.disclosure.refused.coarser import Change, coarser
from das_research.disclosure.refused.compared import Compared, Moved
from das_research.disclosure.side_by_side import OwnTables
from das_research.errors import ReleaseRefused
from das_research.result import Recipe, Result

MOST_TRIES = 24
MOST_NUMBERS = 60_000  # of all tries together: what is large is tried less often
Again = Mapping[str, Result | None]
Judge = Callable[[Again, OwnTables | None], Judged]


@dataclass(frozen=True)
class Coarser:
    """What was found.

    Parameters
    ----------
    changes : tuple of Change
        What to hand over instead; empty where nothing that was tried would pass.
    tried : int
        How many hand-overs were tried.
    all_tried : bool
        Whether there were no others.
    """

    changes: tuple[Change, ...]
    tried: int
    all_tried: bool


NONE_TRIED = Coarser((), 0, all_tried=True)


def safe_coarser(
    catalog: Catalog,
    again: Again,
    judged: Judged,
    own: Sequence[str],
    compared: Compared | None,
    judge: Judge,
    rerun: Callable[[Recipe], Result | None] | None = None,
) -> Coarser:
    """Look for a coarser hand-over that passes.

    Parameters
    ----------
    catalog : Catalog
        As the project sees it.
    again : mapping
        Name to the Result, computed again, as it was refused.
    judged : Judged
        The decisions then: what passed by itself must pass again.
    own : sequence of str
        The Results that tell too much, or of which nothing is left: only these are changed.
    compared : Compared, optional
        How own tables were compared.
    judge : callable
        What gate 3 makes of Results, with what compares own tables.
    rerun : callable, optional
        Computes longer periods from their recipe. Without it they are added up, and have no more persons for sure than
        one of the periods in them.

    Returns
    -------
    Coarser
    """
    tried = numbers = 0
    size = sum(len(result.table) for result in again.values() if result is not None)
    for changes, results, recipes in _candidates(catalog, again, own, compared):
        if tried == MOST_TRIES or (numbers + size > MOST_NUMBERS and tried):
            return Coarser((), tried, all_tried=False)
        tried, numbers = tried + 1, numbers + size
        try:
            if rerun is not None:
                results |= _computed(results, changes, rerun)
            found = judge(results, None if compared is None else compared.for_changed(recipes))
        except ReleaseRefused:
            continue
        if not found.look.leaks and _passes(found, judged, changes):
            return Coarser(changes, tried, all_tried=False)
    return Coarser((), tried, all_tried=True)


def _computed(
    results: Again, changes: Sequence[Change], rerun: Callable[[Recipe], Result | None]
) -> dict[str, Result | None]:
    """The Results by longer periods, from their recipes; those that can't be computed so are left as they are."""
    longer = {change.table: results[change.table] for change in changes if change.kind == "period"}
    return {name: rerun(it.recipe) or it for name, it in longer.items() if it is not None}


def _passes(found: Judged, judged: Judged, changes: Sequence[Change]) -> bool:
    """Whether each passes that passed before, and something is left of what was changed, and of all together."""
    same = all(it.status == judged.decisions[name].status for name, it in found.decisions.items())
    changed = {change.table for change in changes if change.table in found.results}
    return same and not found.is_nothing and not changed & set(found.nothing_of)


def _candidates(
    catalog: Catalog, again: Again, own: Sequence[str], compared: Compared | None
) -> Iterator[tuple[tuple[Change, ...], dict[str, Result | None], dict[str, Moved]]]:
    """One change, or two; and the Results and recipes then. Those first that lose the fewest rows."""
    steps: list[tuple[int, tuple[Change, ...], dict[str, Result | None]]] = []

    def ones_of(name: str, result: Result) -> list[tuple[Change, Result]]:
        was = again[name]
        fixed = was is not None and compared is not None and compared.knows(was.recipe)
        return [it for it in coarser(name, result, catalog) if not (fixed and it[0].kind == "upward")]

    ones = {name: ones_of(name, result) for name in own if (result := again[name]) is not None}
    for name, found in ones.items():
        before = again[name]
        for change, result in found:
            steps.append((_lost(before, result), (change,), {name: result}))
            for second, both in ones_of(name, result):
                if (second.kind, second.name) > (change.kind, change.name):
                    steps.append((_lost(before, both), (change, second), {name: both}))
        steps.append((_lost(before, None), (Change(name, "table"),), {name: None}))
    single = [step for step in steps if len(step[1]) == 1]
    for (lost, some, one), (more, others, other) in combinations(single, 2):
        if not one.keys() & other.keys():
            steps.append((lost + more, (*some, *others), one | other))
    for _, changes, changed in sorted(steps, key=lambda step: (step[0], len(step[1]))):
        gone = {change.table for change in changes if change.kind == "table"}
        results = {name: changed.get(name, result) for name, result in again.items() if name not in gone}
        if results:
            yield (
                changes,
                results,
                {
                    asked_as(result.recipe): _moved(name, again, changes)
                    for name, result in changed.items()
                    if result is not None
                },
            )


def _moved(name: str, again: Again, changes: tuple[Change, ...]) -> Moved:
    before = again[name]
    assert before is not None  # only what was computed is changed
    return before.recipe, tuple(change for change in changes if change.table == name), before.dimensions


def _lost(before: Result | None, result: Result | None) -> int:
    return (0 if before is None else len(before.table)) - (0 if result is None else len(result.table))
