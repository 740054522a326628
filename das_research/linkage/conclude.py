"""From evidence to entities: live links make components, these have surrogates, the register learns what is new."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from das_research.engines import for_now, keep
from das_research.linkage.graph import LINK, Graph, likely_of
from das_research.linkage.register import Entity, KeyRegister
from das_research.linkage.surrogates import MERGE, SPLIT, assign


@dataclass(frozen=True)
class Linked:
    """What linking one kind of entity gave.

    Parameters
    ----------
    nodes : Table
        ``node, label, given``: the component and the surrogate of every key.
    likely : Table
        `LINK`: every link that counts and rests on more than keys, whatever its probability.
    aliases : int
        How many surrogates were found to be another's, in this build.
    splits : int
        How many surrogates fell apart, in this build.
    """

    nodes: ir.Table
    likely: ir.Table
    aliases: int
    splits: int


def conclude(
    register: KeyRegister,
    entity: Entity,
    graph: Graph,
    found: ir.Table | None = None,
    stored: ir.Table | None = None,
    least: float = 0.0,
) -> Linked:
    """Give every key the surrogate of its entity, and tell the register of what is new.

    Parameters
    ----------
    register : KeyRegister
        Learns keys, links and aliases.
    entity : {'cases', 'persons'}
        What is linked.
    graph : Graph
        Keys, exact links, and the stored links that count.
    found : Table, optional
        Links that were found besides the exact ones.
    stored : Table, optional
        Of the stored links those that count; default those of the graph.
    least : float
        The probability from which a link joins.

    Returns
    -------
    Linked
        Tables that the engine keeps.
    """
    engine = graph.engine
    with for_now(engine) as stay:
        stored = graph.stored if stored is None else stored
        likely = likely_of(stored)
        shown = graph.exact
        if found is not None:
            found = keep(engine, found.select(*LINK))
            likely, shown = keep(engine, likely.union(found)), shown.union(found)
        joining, edges = (it.filter(it.probability >= least) for it in (likely, stored.union(shown)))
        assigned = assign(graph, joining, edges, graph.lost)
        kinds = assigned.aliases.group_by("kind").agg(n=ibis._.count()).to_pyarrow().to_pylist()
        counts = {row["kind"]: row["n"] for row in kinds}
        register.append(entity, assigned.keys, assigned.aliases if counts else None, graph.new(shown))
        stay += [assigned.nodes, likely]
    return Linked(assigned.nodes, likely, counts.get(MERGE, 0), counts.get(SPLIT, 0))
