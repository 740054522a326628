"""Surrogates for components: kept as long as the evidence holds, merged and split where it changes, never reused."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.engines import keep, some
from das_research.linkage.graph import NODE, Graph
from das_research.linkage.keys import ROW

MERGE, SPLIT = "merge", "split"


@dataclass(frozen=True)
class Assigned:
    """The surrogate of every component, and what is new to the register.

    Parameters
    ----------
    nodes : Table
        ``node, label, given``: every key's surrogate.
    keys : Table or None
        ``node, domain, pseudonym, surrogate, delivery`` of new keys and of those that a split moved; not without rows.
    aliases : Table
        ``old, new, delivery, kind`` of merges and splits.
    """

    nodes: ir.Table
    keys: ir.Table | None
    aliases: ir.Table


def assign(graph: Graph, likely: ir.Table, edges: ir.Table, lost: ir.Table) -> Assigned:
    """Give every component one surrogate.

    Of a known surrogate whose keys fell apart, the component with its oldest key keeps it, a number before a row that
    shows none. A component keeps the smallest surrogate that is its own, the others become aliases of that; one that
    has none gets the next. New surrogates follow the order of the pseudonyms, so that they tell nothing of the order of
    the file.

    Parameters
    ----------
    graph : Graph
        Keys and what the register knows of them.
    likely : Table
        ``left, right``: the live links that rest on more than keys.
    edges : Table
        ``left, right, delivery``: all live links.
    lost : Table
        ``left, right, delivery``: links that no longer count, with the delivery that went.

    Returns
    -------
    Assigned
        Tables that the engine keeps.
    """
    engine = graph.engine
    labels = keep(engine, graph.labelled(likely).select("node", "label"))
    known = graph.nodes.filter(graph.nodes.surrogate.notnull()).drop("pseudonym", "number").join(labels, "node")
    owners, torn = _owners(engine, keep(engine, known))
    kept = owners.group_by(label="owner").agg(given=owners.surrogate.min().cast(NODE))
    new = labels.filter(labels.node == labels.label).anti_join(kept, "label")
    position = ibis.row_number().over(order_by="label")
    of_label = keep(engine, kept.union(new.select("label", given=(position + graph.last + 1).cast(NODE))))
    told = keep(engine, labels.join(of_label, "label").select("node", "label", "given"))
    moved = torn.join(owners, "surrogate").filter(ibis._.owner != ibis._.label).drop("given").join(of_label, "label")
    causes = keep(engine, _causes_of_splits(graph.nodes, lost))
    moved = moved.left_join(causes, "surrogate").drop("surrogate_right")
    moved = keep(engine, moved.mutate(delivery=ibis.coalesce(moved.cause, moved.delivery, ibis.literal(""))))
    merged = of_label.join(owners, of_label.label == owners.owner).filter(ibis._.surrogate != ibis._.given)
    merged = keep(engine, merged.select("label", old="surrogate", new="given"))
    of_merged = labels.semi_join(merged, "label").join(graph.nodes.select("node", "surrogate"), "node")
    causes = _causes_of_merges(of_merged, edges)
    merged = merged.join(causes, "label").select("old", "new", "delivery")
    splits = moved.group_by(old="surrogate", new="given").agg(delivery=moved.delivery.min())
    aliases = ibis.union(
        merged.mutate(kind=ibis.literal(MERGE)), splits.mutate(kind=ibis.literal(SPLIT)).select(*merged.columns, "kind")
    )
    columns = ("node", "domain", "pseudonym", "delivery")
    unknown = graph.nodes.filter(graph.nodes.surrogate.isnull()).select(*columns)
    moved = moved.join(graph.nodes.select("node", "pseudonym"), "node").select(*columns, surrogate="given")
    keys = unknown.join(told, "node").select(*columns, surrogate="given").union(moved)
    return Assigned(told, keys if some(unknown) or some(moved) else None, keep(engine, aliases))


def _owners(engine: Backend, known: ir.Table) -> tuple[ir.Table, ir.Table]:
    """Of every known surrogate the component that keeps it; and the keys of those that fell apart, which few do.

    Returns
    -------
    Table, Table
        ``surrogate, owner``; and the nodes of which others with their surrogate are of another component.
    """
    ends = keep(engine, known.group_by("surrogate").agg(owner=known.label.min(), most=known.label.max()))
    whole = ends.owner == ends.most
    torn = keep(engine, known.semi_join(ends.filter(~whole), "surrogate"))
    oldest = ibis.row_number().over(
        group_by="surrogate", order_by=[torn.given != torn.surrogate, torn.segment, torn.domain == ROW, torn.node]
    )
    first = torn.mutate(place=oldest).filter(ibis._.place == 0).select("surrogate", owner="label")
    return keep(engine, ends.filter(whole).drop("most").union(first)), torn


def _causes_of_merges(nodes: ir.Table, edges: ir.Table) -> ir.Table:
    """Of every component the first delivery that connected what was apart."""
    left, right = nodes, nodes.view()
    ends = edges.join(left, edges.left == left.node).join(right, edges.right == right.node)
    ends = ends.select(left.label, edges.delivery, one=left.surrogate, other=right.surrogate)
    return ends.filter(~ends.one.identical_to(ends.other)).group_by("label").agg(delivery=ends.delivery.min())


def _causes_of_splits(nodes: ir.Table, lost: ir.Table) -> ir.Table:
    """Of every known surrogate the first delivery whose going took a link of its keys away."""
    held = lost.join(nodes, lost.left == nodes.node).select("surrogate", lost.delivery)
    return held.filter(held.surrogate.notnull()).group_by("surrogate").agg(cause=held.delivery.min())
