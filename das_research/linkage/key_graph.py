"""The graph of the keys that rows show, made: every key a number, and each pair that one row shows a link."""

from collections.abc import Collection, Sequence

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.engines import for_now, keep, keep_numbered, only_row, stacked
from das_research.linkage.components import components
from das_research.linkage.graph import EXACT, LINK, Graph, ends_of, labelled_by, looked_up_in
from das_research.linkage.register import Entity, KeyRegister, dead, live

GIVEN = ("surrogate", "given", "segment")
EDGE = {"left": "int64", "right": "int64", "delivery": "string"}


class SameNumber(Exception):
    """Two keys have the same number, once in many million builds: another attempt gives them others."""


def key_graph(
    engine: Backend,
    register: KeyRegister,
    entity: Entity,
    keys: ir.Table,
    rows: ir.Table,
    columns: Sequence[str],
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
    rows : Table
        ``delivery`` and numbers of keys.
    columns : sequence of str
        The columns of the rows in which their numbers stand.
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
        counts = only_row(nodes.agg(all=nodes.count(), shown=nodes.number.count(), different=nodes.number.nunique()))
        if counts["shown"] != counts["different"]:
            raise SameNumber
        exact = _beside(engine, rows, columns, nodes).mutate(kind=ibis.literal(EXACT), probability=ibis.literal(1.0))
        exact = keep(engine, exact.mutate(other=ibis.null("string")).select(*LINK))
        known = keep(engine, _numbered(nodes, register.links(entity)))
        stored = live(known, gone)
        held = components(exact.union(stored.filter(stored.kind == EXACT)), counts["all"])
        each = nodes.drop("pseudonym").mutate(label=nodes.node)
        alone = keep(engine, labelled_by(each, held))
        stay += [nodes, exact, known, alone]
    return Graph(engine, nodes, counts["all"], last, alone, exact, stored, dead(known, gone))


def _nodes(engine: Backend, keys: ir.Table, known: ir.Table | None) -> ir.Table:
    if known is None:
        every = keys.mutate(dict.fromkeys(GIVEN, ibis.null("int64")))
    else:
        joined = keys.outer_join(known, ["domain", "pseudonym"])
        names = {name: ibis.coalesce(keys[name], known[name]) for name in ("domain", "pseudonym")}
        every = joined.select(**names, number=keys.number, delivery=keys.delivery, **{it: known[it] for it in GIVEN})
    return keep_numbered(engine, every.order_by("pseudonym", "domain"), "node")


def _beside(engine: Backend, rows: ir.Table, columns: Sequence[str], nodes: ir.Table) -> ir.Table:
    """The first key of every row that shows several, and each of the others: `EDGE`."""
    shown = sum((rows[name].notnull().cast("int8") for name in columns), start=ibis.literal(0, "int8"))
    several = rows.filter(shown > 1).select("delivery", *columns)
    found = keep(engine, looked_up_in(several, columns, nodes.select("number", "node")))
    ends = {name: found[f"{name}:node"] for name in columns}
    first = ibis.least(*ends.values())
    pairs = [found.filter(it != first).select(left=first, right=it, delivery="delivery") for it in ends.values()]
    return stacked(pairs, EDGE).distinct()


def _numbered(nodes: ir.Table, links: ir.Table) -> ir.Table:
    """Links of the register by their nodes: `LINK`."""
    one, other = ends_of(nodes)
    ends = (["left_domain", "left_pseudonym"], ["right_domain", "right_pseudonym"])
    return links.join(one, ends[0]).join(other, ends[1]).select(*LINK)
