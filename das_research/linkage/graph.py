"""Keys as a graph: every key is a node, every live link an edge; cases and persons are its connected components."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.engines import keep, some
from das_research.linkage.components import components
from das_research.linkage.register import Entity, KeyRegister, dead, live

EXACT = "exact"
NODE = ("domain", "pseudonym", "delivery", "surrogate", "given", "segment")
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

    def new(self, links: ir.Table) -> ir.Table | None:
        """The links that the register does not hold yet on the evidence of these deliveries, as it holds them."""
        held = self.stored.union(self.lost)
        found = keep(self.engine, links.anti_join(held, ["left", "right", "kind", "delivery"]))
        one, other = _ends(self.nodes)
        return found.join(one, "left").join(other, "right") if some(found) else None


def key_graph(
    engine: Backend,
    register: KeyRegister,
    entity: Entity,
    keys: ir.Table,
    gone: Collection[str] = (),
    single: ir.Table | None = None,
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
        ``delivery, row, domain, pseudonym``: the complete keys of rows.
    gone : collection of str
        Deliveries that were withdrawn or superseded: what rests on them is no evidence any more.
    single : Table, optional
        The keys of other rows, each of which shows one alone.

    Returns
    -------
    Graph
        Its tables are kept in the engine.
    """
    known = register.known(entity) if register.last(entity) else None
    nodes = _nodes(engine, keys if single is None else keys.union(single), known)
    held = keep(engine, _held(keys, nodes))
    rows = held.group_by("delivery", "row").agg(node=held.node.min())
    first = rows.rename(left="node")
    beside = held.join(first, ["delivery", "row"]).filter(ibis._.node != ibis._.left)
    beside = beside.select("left", "delivery", right="node").distinct()
    exact = beside.mutate(kind=ibis.literal(EXACT), probability=ibis.literal(1.0), other=ibis.null("string"))
    known = keep(engine, _numbered(nodes, register.links(entity)))
    rows = keep(engine, rows if single is None else rows.union(_held(single, nodes)))
    return Graph(engine, nodes, rows, keep(engine, exact.select(*LINK)), live(known, gone), dead(known, gone))


def _held(keys: ir.Table, nodes: ir.Table) -> ir.Table:
    return keys.join(nodes, ["domain", "pseudonym"]).select("delivery", "row", nodes.node)


def _nodes(engine: Backend, keys: ir.Table, known: ir.Table | None) -> ir.Table:
    every = keys.select(*NODE[:3], **_nothing(NODE[3:]))
    if known is not None:
        every = every.union(known.mutate(**_nothing(NODE[2:3])).select(*NODE))
    every = every.group_by(*NODE[:2]).agg(**{name: every[name].min() for name in NODE[2:]})
    return keep(engine, every.mutate(node=ibis.row_number().over(order_by=["pseudonym", "domain"])))


def _nothing(names: Iterable[str]) -> dict[str, ir.Value]:
    return {name: ibis.null("string" if name == "delivery" else "int64") for name in names}


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
