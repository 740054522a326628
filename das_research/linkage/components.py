"""The connected components of a graph."""

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from ibis.backends.duckdb import Backend
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def components(engine: Backend, edges: ir.Table, nodes: int) -> ir.Table:
    """Every node of a graph with the smallest node that it is connected to.

    The engine has no answer to this but round after round of joins, so the pairs of numbers leave it for a while.

    Parameters
    ----------
    engine : Backend
        Holds the edges, and what comes out.
    edges : Table
        ``left`` and ``right``, nodes as integers from 0; the direction doesn't matter.
    nodes : int
        How many nodes there are.

    Returns
    -------
    Table
        ``node, label``; a node without an edge has itself as its label.

    Examples
    --------
    >>> from das_research.engines import memory_engine
    >>> with memory_engine() as engine:
    ...     found = components(engine, ibis.memtable({"left": [2, 1], "right": [1, 3]}), 4)
    ...     found.order_by("node").to_pyarrow()["label"].to_pylist()
    [0, 1, 1, 1]
    """
    ends = edges.select("left", "right").to_pyarrow()
    left, right = (ends[name].to_numpy() for name in ("left", "right"))
    graph = coo_array((np.ones(len(left), dtype=bool), (left, right)), shape=(nodes, nodes))
    _, component = connected_components(graph, directed=False)
    _, smallest = np.unique(component, return_index=True)
    label = smallest[component].astype("int64")
    table = pa.table({"node": np.arange(nodes, dtype="int64"), "label": label})
    return engine.create_table(ibis.util.gen_name("kept"), table, temp=True)
