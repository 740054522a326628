"""The graph of the keys that rows show, made: every key a number, and each pair that one row shows a link."""

from collections.abc import Collection

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.engines import for_now, keep, keep_numbered, only_row
from das_research.linkage.components import components
from das_research.linkage.graph import EXACT, LINK, Graph, ends_of, labelled_by
from das_research.linkage.register import Entity, KeyRegister, dead, live

GIVEN = ("surrogate", "given", "segment")


class SameNumber(Exception):
    """Two keys have the same number, once in many million builds: another attempt gives them others."""


def key_graph(
    engine: Backend,
    register: KeyRegister,
    entity: Entity,
    keys: ir.Table,
    beside: ir.Table,
    gone: Collection[str] = (),
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
        ``domain, pseudonym, number, delivery``: every key that rows show, and the first delivery that does.
    beside : Table
        ``left, right, delivery``: pairs of numbers of keys that a row shows.
    gone : collection of str
        Deliveries that were withdrawn or superseded: what rests on them is no evidence any more.

    Returns
    -------
    Graph
        Its tables are kept in the engine.

    Raises
    ------
    SameNumber
        When the number of a key is that of another one.
    """
    last = register.last(entity)
    with for_now(engine) as stay:
        nodes = _nodes(engine, keys, register.known(entity) if last else None)
        counts = only_row(nodes.agg(shown=nodes.number.count(), different=nodes.number.nunique()))
        if counts["shown"] != counts["different"]:
            raise SameNumber
        exact = keep(engine, _exact(beside, nodes))
        known = keep(engine, _numbered(nodes, register.links(entity)))
        stored = live(known, gone)
        held = components(exact.union(stored.filter(stored.kind == EXACT)))
        each = nodes.select("number", "node", label="node")
        alone = keep(engine, labelled_by(each, held))
        stay += [nodes, exact, known, alone]
    return Graph(engine, nodes, last, alone, exact, stored, dead(known, gone))


def _nodes(engine: Backend, keys: ir.Table, known: ir.Table | None) -> ir.Table:
    if known is None:
        numbered = keep_numbered(engine, keys.order_by("pseudonym", "domain"), "node")
        return numbered.mutate(dict.fromkeys(GIVEN, ibis.null("int64")))
    joined = keys.outer_join(known, ["domain", "pseudonym"])
    names = {name: ibis.coalesce(keys[name], known[name]) for name in ("domain", "pseudonym")}
    every = joined.select(**names, number=keys.number, delivery=keys.delivery, **{it: known[it] for it in GIVEN})
    return keep_numbered(engine, every.order_by("pseudonym", "domain"), "node")


def _exact(beside: ir.Table, nodes: ir.Table) -> ir.Table:
    """What rows show beside each other, by its nodes: `LINK`."""
    one, other = (nodes.select(**{end: "number", f"{end}_node": "node"}) for end in ("left", "right"))
    ends = beside.join(one, "left").join(other, "right")
    return ends.select(
        left=ibis.least(ends.left_node, ends.right_node),
        right=ibis.greatest(ends.left_node, ends.right_node),
        kind=ibis.literal(EXACT),
        probability=ibis.literal(1.0),
        delivery="delivery",
        other=ibis.null("string"),
    )


def _numbered(nodes: ir.Table, links: ir.Table) -> ir.Table:
    """Links of the register by their nodes: `LINK`."""
    one, other = ends_of(nodes)
    ends = (["left_domain", "left_pseudonym"], ["right_domain", "right_pseudonym"])
    return links.join(one, ends[0]).join(other, ends[1]).select(*LINK)
