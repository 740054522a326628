"""Keys as a graph: every key is a node, every live link an edge; cases and persons are its connected components."""

from collections.abc import Collection
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.engines import keep
from das_research.linkage.components import components
from das_research.linkage.register import LINKS, Entity, KeyRegister, live

ENDS = ("left_domain", "left_pseudonym", "right_domain", "right_pseudonym")
COLUMNS = tuple(name for name in LINKS if name != "entity")
EXACT = "exact"


@dataclass(frozen=True)
class Graph:
    """The keys of one kind of entity: those of a build's rows and those that the register knows.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    nodes : Table
        ``node`` (numbered in the order of the keys' hashes, so that it tells nothing of the order of the file),
        ``domain, pseudonym``, ``delivery`` (the first that shows it now, or null), and of a key that the register knows
        ``surrogate, given, segment``.
    rows : Table
        ``delivery, row, node``: every row that shows a key, with the first of its keys.
    exact : Table
        The links between keys that one row shows, as the register holds links.
    stored : Table
        Links of the register whose deliveries count.
    """

    engine: Backend
    nodes: ir.Table
    rows: ir.Table
    exact: ir.Table
    stored: ir.Table

    def edges(self, links: ir.Table) -> ir.Table:
        """Links as pairs of nodes: ``left, right, kind, probability, delivery``."""
        one, other = self._ends()
        joined = links.join(one, ENDS[:2]).join(other, ENDS[2:])
        return joined.select("left", "right", "kind", "probability", "delivery")

    def labels(self, edges: ir.Table) -> ir.Table:
        """Every node with the smallest node of its component: ``node, label``."""
        return components(self.engine, edges, int(self.nodes.count().execute()))

    def links_of(self, pairs: ir.Table) -> ir.Table:
        """Pairs of nodes as links: ``left, right, kind, probability, delivery, other`` become those of the register."""
        one, other = self._ends()
        return keep(self.engine, pairs.join(one, "left").join(other, "right").select(*COLUMNS))

    def _ends(self) -> tuple[ir.Table, ir.Table]:
        """The nodes as left and as right ends of links."""
        one = self.nodes.select(left="node", left_domain="domain", left_pseudonym="pseudonym")
        other = self.nodes.select(right="node", right_domain="domain", right_pseudonym="pseudonym")
        return one, other


def key_graph(
    engine: Backend, register: KeyRegister, entity: Entity, keys: ir.Table, gone: Collection[str] = ()
) -> Graph:
    """The graph of the keys that rows show, with all that the register knows.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    register : KeyRegister
        Keys and links of before.
    entity : {'cases', 'persons'}
        What is linked.
    keys : Table
        ``delivery, row, domain, pseudonym``: the complete keys of all rows.
    gone : collection of str
        Deliveries that were withdrawn or superseded: what rests on them is no evidence any more.

    Returns
    -------
    Graph
        Its tables are kept in the engine.
    """
    keys = keep(engine, keys)
    shown = keys.group_by("domain", "pseudonym").agg(delivery=keys.delivery.min())
    known = keep(engine, register.known(entity))
    every = shown.outer_join(known, ["domain", "pseudonym"])
    every = every.select(
        domain=ibis.coalesce(shown.domain, known.domain),
        pseudonym=ibis.coalesce(shown.pseudonym, known.pseudonym),
        delivery=shown.delivery,
        surrogate=known.surrogate,
        given=known.given,
        segment=known.segment,
    )
    order = [(every.domain + "|" + every.pseudonym).hexdigest("sha256"), every.domain, every.pseudonym]
    nodes = keep(engine, every.mutate(node=ibis.row_number().over(order_by=order)))
    held = keys.join(nodes, ["domain", "pseudonym"]).select(keys.delivery, keys["row"], nodes.node).distinct()
    held = keep(engine, held)
    rows = keep(engine, held.group_by("delivery", "row").agg(node=held.node.min()))
    first = rows.rename(left="node")
    beside = held.join(first, ["delivery", "row"]).filter(ibis._.node != ibis._.left)
    beside = beside.select("left", "delivery", right="node").distinct()
    beside = beside.mutate(kind=ibis.literal(EXACT), probability=ibis.literal(1.0), other=ibis.null("string"))
    graph = Graph(engine, nodes, rows, beside, keep(engine, live(register.links(entity), gone)))
    return Graph(engine, nodes, rows, graph.links_of(beside), graph.stored)


def not_stored(found: ir.Table, stored: ir.Table) -> ir.Table:
    """The links that the register does not hold yet, on the evidence of these deliveries."""
    same = [*ENDS, "kind", "delivery"]
    return found.anti_join(stored, same)
