"""Which likely pairs become links: the likeliest first, and never two that contradict."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Values = tuple[Any, ...]


@dataclass
class _Group:
    """What is known of nodes that are taken for one person."""

    once: int = 0
    values: set[tuple[int, Values]] = field(default_factory=set)


@dataclass(frozen=True)
class Candidate:
    """Two nodes, how likely they are one person, and the records, keys and deliveries that say so."""

    left: int
    right: int
    probability: float
    left_record: int
    right_record: int
    left_key: int
    right_key: int
    delivery: str
    other: str


def decide(
    candidates: Iterable[Candidate],
    together: Mapping[int, int],
    once: Mapping[int, int],
    values: Mapping[int, Iterable[tuple[int, Values]]],
) -> list[Candidate]:
    """Take candidates from the likeliest on, unless what is linked so far speaks against it.

    Parameters
    ----------
    candidates : iterable of Candidate
        In any order.
    together : mapping of int to int
        Node to the component it is in already.
    once : mapping of int to int
        Component to bits: datasets in which it stands and a person stands once. Two with one in common are two persons.
    values : mapping of int to iterable
        Component to what its records say: number of a contradiction, and values of its fields. Two of the same number
        that differ in every place contradict.

    Returns
    -------
    list of Candidate
        Those that join two components, in the order in which they were taken.
    """
    parent: dict[int, int] = {}
    groups: dict[int, _Group] = defaultdict(_Group)

    def find(node: int) -> int:
        at = together.get(node, node)
        if at not in parent:
            parent[at] = at
            groups[at] = _Group(once.get(at, 0), set(values.get(at, ())))
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    taken = []
    for it in sorted(candidates, key=_likeliest_first):
        low, high = sorted((find(it.left), find(it.right)))
        if low == high or groups[low].once & groups[high].once or _contradict(groups[low], groups[high]):
            continue
        parent[high] = low
        groups[low].once |= groups[high].once
        groups[low].values |= groups.pop(high).values
        taken.append(it)
    return taken


def _likeliest_first(it: Candidate) -> tuple[float, int, int]:
    """Of equally likely ones by their records: nodes are numbered anew wherever the keys of pseudonyms are others."""
    return -it.probability, min(it.left_record, it.right_record), max(it.left_record, it.right_record)


def _contradict(one: _Group, other: _Group) -> bool:
    return any(
        kind == same and all(left != right for left, right in zip(mine, theirs, strict=True))
        for kind, mine in one.values
        for same, theirs in other.values
    )
