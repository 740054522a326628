"""The same numbers leave by one method alone: beside a number that is not rounded, rounding hides nothing.

Numbers of two Results are the same where they agree at every place that both tell, as far as their rounding lets one
see. Equal words for what is counted are enough then; of other words it takes agreement that chance does not give.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from das_research.disclosure.own_tables import TABLES, is_own
from das_research.disclosure.together.numbers import Number, Place, Told, numbers_of
from das_research.errors import ReleaseRefused
from das_research.result import Recipe, Result

Row = tuple[str, Mapping[str, Any]]  # name of a Result, and a row of it
ODDS = 1_000  # against chance: how unlikely agreement is that is taken for sameness


def told_of(name: str, result: Result, minimum: int) -> list[Number]:
    """The numbers that a Result tells as it is; a hidden row tells none."""
    nothing = pd.Series(False, index=result.table.index)
    if is_own(result) and "measures" not in result.recipe.parameters:  # it left without its query
        asked = {"measures": dict.fromkeys(result.table.measure, "count")}
        result = replace(result, recipe=Recipe(result.recipe.function, asked))
    return list(numbers_of(name, Told(result, nothing), minimum))


def same_kinds(mine: Sequence[Number], theirs: Sequence[Number], within: int = 1) -> set[tuple[str, str]]:
    """What is counted in two Results, where it is the same.

    Parameters
    ----------
    mine, theirs : sequence of Number
        Of the two.
    within : int
        Two numbers agree when they lie less than this apart: 1 where neither is rounded.

    Returns
    -------
    set of (str, str)
        A kind of the first and a kind of the second.
    """
    by_place: dict[Place, list[Number]] = defaultdict(list)
    for number in theirs:
        by_place[number.place].append(number)
    odds: dict[tuple[str, str], float] = defaultdict(lambda: 1.0)
    for one in mine:
        for other in by_place.get(one.place, ()):
            pair = one.kind, other.kind
            chance = (2 * within - 1) / max(one.value, 1)
            odds[pair] *= max(1.0, 1 / chance) if abs(one.value - other.value) < within else 0.0
    return {pair for pair, against in odds.items() if against >= (1.0 if _by_words(pair) else ODDS)}


def _by_words(pair: tuple[str, str]) -> bool:
    """Whether two kinds have the same words, of a definition that the catalogue or the code gives."""
    return pair[0] == pair[1] and pair[0].rpartition("/")[0].split("/")[0] not in TABLES


def _agree(one: Mapping[str, Any], other: Mapping[str, Any], within: int) -> bool:
    """Whether two rows tell the same counts, as far as rounding lets one see; a hidden one tells none."""
    counts = [it for it in (one, other) if it["denominator"] != it["denominator"]]
    if len(counts) == 1:  # a count, and the parts of a share of the same persons
        share = one if counts[0] is other else other
        return any(abs(counts[0]["value"] - share[name]) < within for name in ("numerator", "denominator"))
    names = ("value",) if counts else ("numerator", "denominator")
    return all(abs(one[name] - other[name]) < within for name in names)  # nothing is near what is no number


def check_one_method(
    rounded: Mapping[str, Sequence[Number]],
    others: Mapping[str, Sequence[Number]],
    left: Mapping[str, Result],
    minimum: int,
    known: Iterable[tuple[Row, Row]] = (),
) -> None:
    """Refuse numbers that would leave rounded and unrounded.

    Parameters
    ----------
    rounded, others : mapping of str to sequence of Number
        The true numbers of the Results of a hand-over that are rounded, and of those that are not.
    left : mapping of str to Result
        What left before on the same snapshot.
    minimum : int
        The least number of units that is safe.
    known : iterable of (tuple, tuple)
        Cells that the same persons are under, each with the name of its Result and its row: one of the hand-over, and
        one of it or of what left.

    Raises
    ------
    ReleaseRefused
        Names the Results, and where the same numbers are.
    """
    found = {
        (name, other) for name, mine in rounded.items() for other, theirs in others.items() if same_kinds(mine, theirs)
    }
    for other, result in left.items():
        if not (others if result.rounded else rounded):
            continue
        theirs = told_of(other, result, minimum)
        within = result.rounded.within if result.rounded else 1
        mine = others if result.rounded else rounded
        found |= {(name, other) for name, it in mine.items() if same_kinds(it, theirs, within)}
    for (one, row), (other, there) in known:
        is_rounded = other in rounded or (other in left and left[other].rounded is not None)
        before = left[other].rounded if other in left else None
        if (one in rounded) != is_rounded and _agree(row, there, before.within if before else 1):
            found.add((one, other))
    if found:
        names, elsewhere = (", ".join(sorted(set(it))) for it in zip(*found, strict=True))
        raise ReleaseRefused(
            f"The same numbers can't leave both rounded and unrounded: {names}.",
            why=f"They stand with the other protection in {elsewhere}: the one tells what the other hides.",
            fix="Hand them over with the protection that they left with, or leave them out.",
            ask="the output checkers",
        )
