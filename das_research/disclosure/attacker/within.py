"""Parts that overlap, as a reader takes them: each lies within its whole, and they add up to nothing.

Of persons by year one stands in several years. All years together tell no year; but who is in the whole and not in a
year is a number of persons all the same. Of every part that holds no other, with all that hold it, the units are told
apart by which of those they are in: who is in a part is in all that hold it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from das_research.disclosure.attacker.known import Seen
from das_research.errors import ReleaseRefused

WITH = "~with"
MOST = 2_000  # ways to be in the parts that hold one: those of four dimensions, which all overlap, are 167
Key = tuple[frozenset[str], ...]


def within_wholes(cells: Iterable[Seen], names: Sequence[str], words: dict[Key, str]) -> Iterator[Seen]:
    """The cells of one kind of units, told apart by which overlapping parts they are in.

    Parameters
    ----------
    cells : iterable of Seen
        With the finest codes of the dimensions of `names` as if these added up.
    names : sequence of str
        The dimensions whose parts overlap.
    words : dict of tuple of frozenset to str
        Every place that any file has, by the finest codes of these dimensions in their order, to its codes in words.

    Yields
    ------
    Seen
        Each once for every part without parts that lies within it; what is counted names that part.
    """
    by_key: dict[Key, list[Seen]] = defaultdict(list)
    for cell in cells:
        where = dict(cell.where)
        by_key[tuple(where[name] for name in names)].append(cell)
    smallest = [key for key in words if not any(_holds(key, other) for other in words if other != key)]
    whole = {key for key in words if all(_holds(key, other) for other in words)}
    for key in sorted({*smallest, *whole}, key=lambda key: words[key]):
        holding = [key] if key in whole else sorted((it for it in words if _holds(it, key)), key=lambda it: words[it])
        ways = _ways(holding)
        for it in holding:
            those = frozenset(",".join(map(str, sorted(way))) for way in ways if holding.index(it) in way)
            for cell in by_key.get(it, ()):
                where = {name: codes for name, codes in cell.where if name not in names}
                where |= {WITH: those} if len(holding) > 1 else {}
                yield replace(cell, counted=f"{cell.counted}/{words[key]}", where=tuple(sorted(where.items())))


def _holds(whole: Key, part: Key) -> bool:
    return all(one >= other for one, other in zip(whole, part, strict=True))


def _ways(keys: Sequence[Key]) -> list[frozenset[int]]:
    """Which of these a unit can be in together: with a part in all that hold it.

    Examples
    --------
    >>> year, other, both = frozenset({"2023"}), frozenset({"2024"}), frozenset({"2023", "2024"})
    >>> sorted(map(sorted, _ways([(year,), (other,), (both,)])))
    [[0, 1, 2], [0, 2], [1, 2], [2]]
    """
    above = {at: {of for of, key in enumerate(keys) if of != at and _holds(key, keys[at])} for at in range(len(keys))}
    ways = {frozenset[int]()}
    for at in sorted(above, key=lambda at: len(above[at])):  # what holds others comes before them
        ways |= {way | {at} for way in ways if above[at] <= way}
        if len(ways) > MOST:
            raise ReleaseRefused(
                "Whether the release is safe could not be judged.",
                why=f"Its parts overlap in more than {MOST:,} ways.",
                fix="Release tables of fewer dimensions together, or with fewer codes.",
            )
    return sorted(ways - {frozenset()}, key=sorted)
