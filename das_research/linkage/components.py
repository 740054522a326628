"""The connected components of a graph, computed in the engine."""

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.engines import keep


def components(engine: Backend, edges: ir.Table) -> ir.Table:
    """The connected components of a graph: every node with the smallest node that it is connected to.

    Each round a node, and the node it is labelled with, take the smallest label among its neighbours, then the label of
    their label: chains fold up, so that rounds grow with the logarithm of the longest. Labels only fall, so it ends
    with the round that leaves their sum as it was.

    Parameters
    ----------
    engine : Backend
        Where it is computed, round by round.
    edges : Table
        ``left`` and ``right``, nodes as integers from 0; the direction doesn't matter.

    Returns
    -------
    Table
        ``node, label`` for every node that has an edge.
    """
    there = edges.select(node="left", neighbour="right")
    both = keep(engine, ibis.union(there, edges.select(node="right", neighbour="left"), distinct=True))
    labels = keep(engine, both.select("node").distinct().mutate(label=ibis._.node))
    before = 0  # which the labels add up to when there is nothing, or node 0 alone
    while (total := int(labels.label.sum().fill_null(0).execute())) != before:
        before, own, other = total, labels, labels.view()
        near = both.join(own, both.node == own.node).join(other, both.neighbour == other.node)
        near = near.select(both.node, own.label, nearest=other.label)
        taken = ibis.union(near.select("node", "nearest"), near.select(node="label", nearest="nearest"))
        taken = ibis.union(taken, labels.select("node", nearest="label"))
        taken = keep(engine, taken.group_by("node").agg(label=taken.nearest.min()))
        of_label = taken.view()
        labels = keep(engine, taken.join(of_label, taken.label == of_label.node).select(taken.node, of_label.label))
    return labels
