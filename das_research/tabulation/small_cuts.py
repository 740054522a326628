"""Groups of two tables that together hold nearly the same persons, from how many are in both of each two."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

MOST = 200  # parts of which sets are looked for; of more, each by itself
Counts = NDArray[np.int64]


def small_cuts(shared: Any, alone: Counts, alone_there: Counts, minimum: int) -> list[tuple[Counts, Counts]]:
    """The sets of groups here and there whose persons differ by fewer than the minimum.

    Who is in both a group of the one set and one outside it stands in one of the two sums alone: a set is near when the
    weight of what it is cut from is small. Groups that share the minimum are in no such set without each other. Of what
    is left the sets are those of the phases of Stoer and Wagner (A simple min-cut algorithm, JACM 44 (1997), 585-591):
    where there is a small cut, the smallest is among them.

    Parameters
    ----------
    shared : sparse array
        Persons in both, of groups here by groups there.
    alone, alone_there : array
        Persons in each who are in no group of the other side.
    minimum : int
        So many are no small cut.

    Returns
    -------
    list of (array, array)
        Positions here and there. Also sets of the same persons, none of which is shared with others.

    Examples
    --------
    Two groups here exchange six persons there, and one person is there no more.

    >>> shared = coo_array(np.array([[24, 6], [6, 33]]))
    >>> small_cuts(shared, np.array([0, 1]), np.array([0, 0]), 10)
    [(array([0, 1]), array([0, 1]))]
    """
    here, there = shared.shape
    met = coo_array(shared)
    outside = here + there
    ends = (
        np.concatenate([met.row, np.arange(outside)]),
        np.concatenate([met.col + here, np.full(outside, outside)]),
    )
    weights = np.concatenate([met.data, alone, alone_there])
    graph = coo_array((weights, ends), shape=(outside + 1, outside + 1)).tocsr()
    graph, parts = _contracted(graph + graph.T, minimum)
    found = []
    for near in _near_sets(graph, parts[outside], minimum):
        held = np.flatnonzero(near[parts[:outside]])
        if len(held):
            found.append((held[held < here], held[held >= here] - here))
    return found


def _contracted(graph: Any, minimum: int) -> tuple[Any, Counts]:
    """The graph with all that hangs together by the minimum as one, and of every node which one it is."""
    parts = np.arange(graph.shape[0])
    while True:
        number, labels = connected_components(graph >= minimum, directed=False)
        if number == graph.shape[0]:
            return graph, parts
        parts = labels[parts]
        edges = graph.tocoo()
        apart = labels[edges.row] != labels[edges.col]
        ends = labels[edges.row[apart]], labels[edges.col[apart]]
        graph = coo_array((edges.data[apart], ends), shape=(number, number)).tocsr()


def _near_sets(graph: Any, outside: int, minimum: int) -> Iterator[NDArray[np.bool_]]:
    """Sets of nodes without the outside, cut by fewer than the minimum: connected ones by none, others by some."""
    number, labels = connected_components(graph > 0, directed=False)
    for label in range(number):
        nodes = np.flatnonzero(labels == label)
        if outside not in nodes:
            yield _among(graph, nodes)
        if len(nodes) <= MOST:
            cuts = _phases(graph[nodes][:, nodes].toarray(), minimum)
            sets = (nodes[held] for held in cuts)
        else:
            degrees = np.asarray(graph.sum(axis=1)).ravel()
            sets = (np.array([node]) for node in nodes[degrees[nodes] < minimum])
        for held in sets:
            yield _among(graph, np.setdiff1d(nodes, held) if outside in held else held)


def _among(graph: Any, nodes: Counts) -> NDArray[np.bool_]:
    chosen = np.zeros(graph.shape[0], bool)
    chosen[nodes] = True
    return chosen


def _phases(weights: Counts, minimum: int) -> Iterator[list[int]]:
    """The cuts of the phases of Stoer and Wagner that are small."""
    weights, merged = weights.copy(), [[node] for node in range(len(weights))]
    left = np.ones(len(weights), bool)
    for size in range(len(weights), 1, -1):
        before = last = int(np.argmax(left))
        tied, waiting, cut = weights[last].copy(), left.copy(), 0
        waiting[last] = False
        for _ in range(size - 1):
            before, last = last, int(np.argmax(np.where(waiting, tied, -1)))
            waiting[last], cut = False, int(tied[last])
            tied += weights[last]
        if cut < minimum:
            yield sorted(merged[last])
        merged[before] += merged[last]
        weights[before] += weights[last]
        weights[:, before] += weights[:, last]
        weights[before, before] = 0
        left[last] = False
