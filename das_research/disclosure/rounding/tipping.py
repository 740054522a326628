"""Rounded tables of nearly the same persons: by which of them a number goes a multiple up, it is told exactly."""

from collections.abc import Mapping, Sequence

from das_research.disclosure.near import Earlier, Near, numbers_at
from das_research.disclosure.together.earlier import name_of
from das_research.errors import ReleaseRefused
from das_research.result import Result

Numbers = tuple[str, list[float]]  # the unit of a cell, and its numbers of units


def check_tipping(
    rounded: Mapping[str, Result],
    computed: Mapping[str, Result],
    earlier: Sequence[Earlier],
    near: Mapping[tuple[str, str | int], Near | None],
    minimum: int,
) -> None:
    """Refuse to round a table beside another of nearly the same persons.

    Parameters
    ----------
    rounded, computed : mapping of str to Result
        Those of a hand-over that are rounded, and all as they were computed.
    earlier : sequence of Earlier
        What left before; what did on another snapshot is told to the reviewers alone.
    near : mapping
        Of `das_research.disclosure.near.compare`. Beside a curve nothing is judged here.
    minimum : int
        Fewer persons than this are few; and so are fewer rows or cases of the same persons.

    Raises
    ------
    ReleaseRefused
        Names the tables.
    """
    found = set()
    for (mine, other), places in near.items():
        before = earlier[other] if isinstance(other, int) else None
        out = before.result if before else computed[str(other)]
        is_rounded = mine in rounded or other in rounded
        bears = is_rounded and out.snapshot == computed[mine].snapshot and out.shape == computed[mine].shape == "counts"
        if bears and _tells_of_few(computed[mine], out, places or (), minimum):
            found.add((mine, name_of(before.release, before.name) if before else str(other)))
    if found:
        names, elsewhere = (", ".join(sorted(set(it))) for it in zip(*found, strict=True))
        raise ReleaseRefused(
            f"Tables of nearly the same persons can't leave where one is rounded: {names}.",
            why=f"Cells of them and of {elsewhere} differ by fewer than {minimum}: by which of them goes a multiple "
            "up, the number under it is told.",
            fix="Leave one of them out, or make them differ by more.",
            ask="the output checkers",
        )


def _tells_of_few(new: Result, old: Result, near: Near, minimum: int) -> bool:
    """Whether cells differ by few; but not where both stand in one table, which is rounded in one model, as well."""
    here, there = numbers_at(new, old.snapshot), numbers_at(old, new.snapshot)
    told = [(mine, other, apart) for mine, other, apart in near if mine in here and other in there]
    same = [(mine, other) for mine, other, apart in told if apart == 0]
    within = old.rounded.within if old.rounded else 1
    alike = [pair for pair in same if all(apart < within for apart in _apart(here[pair[0]], there[pair[1]]))]
    mine_too, other_too = ({pair[side] for pair in alike} for side in (0, 1))
    if any(0 < apart < minimum and mine not in mine_too and other not in other_too for mine, other, apart in told):
        return True
    rows = ((here[mine], there[other]) for mine, other in same if old.rounded is None)
    return any(
        min(*one[1], *two[1]) >= minimum and any(0 < apart < minimum for apart in _apart(one, two))
        for one, two in rows
        if one[1] and two[1]
    )


def _apart(one: Numbers, other: Numbers) -> list[float]:
    """How far the numbers of two cells lie apart, where they are of one unit."""
    return [abs(mine - theirs) for mine, theirs in zip(one[1], other[1], strict=False) if one[0] == other[0]]
