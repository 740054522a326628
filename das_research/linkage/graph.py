"""Keys as a graph: every key is a node, every live link an edge; cases and persons are its connected components."""

from collections.abc import Collection
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.engines import keep
from das_research.linkage.components import components
from das_research.linkage.register import Entity, KeyRegister, dead, live

EXACT = "exact"
LINK = ("left", "right", "kind", "probability", "delivery", "other")


@dataclass(frozen=True)
class Graph:
    """The keys of one kind of entity: those of a build's rows and those that the register knows.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    nodes : Table
        ``node`` (numbered in the order of the pseudonyms, which tells nothing of the order of the file),
        ``domain, pseudonym``, ``delivery`` (the first that shows it now, or null), and of a key that the register knows
        ``surrogate, given, segment``.
    rows : Table
        ``delivery, row, node``: every row that shows a key, with the first of its keys.
    exact : Table
        The links between keys that one row shows: `LINK`, by the numbers of their nodes.
    stored : Table
        Links of the register whose deliveries count, in the same form.
    lost : Table
        Those whose deliveries no longer count.
    """

    engine: Backend
    nodes: ir.Table
    rows: ir.Table
    exact: ir.Table
    stored: ir.Table
    lost: ir.Table

    def labels(self, links: ir.Table) -> ir.Table:
        """Every node with the smallest node of its component: ``node, label``."""
        return components(self.engine, links, int(self.nodes.count().execute()))

    def new(self, links: ir.Table) -> ir.Table:
        """The links that the register does not hold yet on the evidence of these deliveries, as it holds them."""
        held = self.stored.union(self.lost)
        found = links.anti_join(held, ["left", "right", "kind", "delivery"])
        one, other = _ends(self.nodes)
        return found.join(one, "left").join(other, "right").drop("left", "right")


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
    nodes = _nodes(engine, keys, register.known(entity))
    held = keep(engine, keys.join(nodes, ["domain", "pseudonym"]).select("delivery", "row", nodes.node))
    rows = keep(engine, held.group_by("delivery", "row").agg(node=held.node.min()))
    first = rows.rename(left="node")
    beside = held.join(first, ["delivery", "row"]).filter(ibis._.node != ibis._.left)
    beside = beside.select("left", "delivery", right="node").distinct()
    exact = beside.mutate(kind=ibis.literal(EXACT), probability=ibis.literal(1.0), other=ibis.null("string"))
    known = keep(engine, _numbered(nodes, register.links(entity)))
    return Graph(engine, nodes, rows, keep(engine, exact.select(*LINK)), live(known, gone), dead(known, gone))


def _nodes(engine: Backend, keys: ir.Table, known: ir.Table) -> ir.Table:
    shown = keys.group_by("domain", "pseudonym").agg(delivery=keys.delivery.min())
    known = keep(engine, known)
    every = shown.outer_join(known, ["domain", "pseudonym"])
    every = every.select(
        domain=ibis.coalesce(shown.domain, known.domain),
        pseudonym=ibis.coalesce(shown.pseudonym, known.pseudonym),
        delivery=shown.delivery,
        surrogate=known.surrogate,
        given=known.given,
        segment=known.segment,
    )
    return keep(engine, every.mutate(node=ibis.row_number().over(order_by=["pseudonym", "domain"])))


def _numbered(nodes: ir.Table, links: ir.Table) -> ir.Table:
    """Links of the register by the numbers of their nodes: `LINK`."""
    one, other = _ends(nodes)
    ends = (["left_domain", "left_pseudonym"], ["right_domain", "right_pseudonym"])
    return links.join(one, ends[0]).join(other, ends[1]).select(*LINK)


def _ends(nodes: ir.Table) -> tuple[ir.Table, ir.Table]:
    """The nodes as left and as right ends of links."""
    one = nodes.select(left="node", left_domain="domain", left_pseudonym="pseudonym")
    other = nodes.select(right="node", right_domain="domain", right_pseudonym="pseudonym")
    return one, other
