"""The connected components of a graph."""

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def components(edges: ir.Table) -> ir.Table:
    """Every node of a graph that is connected to a smaller one, with the smallest of these.

    The engine has no answer to this but round after round of joins, so the pairs of numbers leave it for a while.

    Parameters
    ----------
    edges : Table
        ``left`` and ``right``, nodes as integers; the direction doesn't matter.

    Returns
    -------
    Table
        ``node, label``; a node that doesn't stand here is itself the smallest.

    Examples
    --------
    >>> components(ibis.memtable({"left": [2, 1], "right": [1, 3]})).to_pyarrow().to_pylist()
    [{'node': 2, 'label': 1}, {'node': 3, 'label': 1}]
    """
    ends = edges.select("left", "right").to_pyarrow()
    both = np.concatenate([ends[name].to_numpy() for name in ("left", "right")])
    nodes, place = np.unique(both, return_inverse=True)
    left, right = np.split(place, 2)
    graph = coo_array((np.ones(len(left), dtype=bool), (left, right)), shape=(len(nodes), len(nodes)))
    number, component = connected_components(graph, directed=False)
    smallest = np.empty(number, dtype=nodes.dtype)
    smallest[component[::-1]] = nodes[::-1]  # of several the last one stays
    label = smallest[component]
    joined = label != nodes
    table = pa.table({"node": nodes[joined], "label": label[joined]})
    return ibis.memtable(table)
