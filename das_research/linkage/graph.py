"""Keys as a graph: every key is a node, every live link an edge; cases and persons are its connected components."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.engines import keep, keep_numbered, only_row, some, stacked
from das_research.linkage.components import components
from das_research.linkage.register import Entity, KeyRegister, dead, live

EXACT = "exact"
GIVEN = ("surrogate", "given", "segment")
LINK = ("left", "right", "kind", "probability", "delivery", "other")
EDGE = {"left": "int64", "right": "int64", "delivery": "string"}


class SameNumber(Exception):
    """Two keys have the same number, once in many million builds: another attempt gives them others."""


@dataclass(frozen=True)
class Graph:
    """The keys of one kind of entity: those of a build's rows and those that the register knows.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    nodes : Table
        ``node`` (numbered in the order of the pseudonyms, which tells nothing of the order of the file),
        ``domain, pseudonym``, of a key that rows show now its ``number`` in them and the first ``delivery``, and of one
        that the register knows ``surrogate, given, segment``.
    size : int
        How many.
    last : int
        The highest surrogate ever given.
    alone : Table
        The nodes without their pseudonyms, and as ``label`` the smallest node that keys alone hold together with each.
    exact : Table
        The links between keys that one row shows: `LINK`, by their nodes.
    stored : Table
        Links of the register whose deliveries count, in the same form.
    lost : Table
        Those whose deliveries no longer count.
    """

    engine: Backend
    nodes: ir.Table
    size: int
    last: int
    alone: ir.Table
    exact: ir.Table
    stored: ir.Table
    lost: ir.Table

    @property
    def likely(self) -> ir.Table:
        """Of the stored links those that rest on more than keys."""
        return self.stored.filter(self.stored.kind != EXACT)

    def labelled(self, links: ir.Table) -> ir.Table:
        """The nodes as in `alone`, but each with the smallest node that keys and these links hold together with it."""
        one, other = (self.alone.select(**{end: "node", f"{end}_label": "label"}) for end in ("left", "right"))
        ends = links.join(one, "left").join(other, "right").select(left="left_label", right="right_label")
        return _labelled(self.alone, components(ends, self.size))

    def held(self, rows: ir.Table, columns: Sequence[str]) -> ir.Table:
        """Rows with the first node of their keys, and the smallest that keys alone hold together with it.

        Parameters
        ----------
        rows : Table
            Rows with numbers of keys.
        columns : sequence of str
            The columns with those of this graph; in their place come ``node`` and ``label``.
        """
        found = _looked_up(rows, columns, self.alone.select("number", "node", "label"))
        node, label = (ibis.least(*(found[f"{at}:{it}"] for at in columns)) for it in ("node", "label"))
        return found.select(*(it for it in rows.columns if it not in columns), node=node, label=label)

    def new(self, links: ir.Table) -> ir.Table | None:
        """The links that the register does not hold yet on the evidence of these deliveries, as it holds them."""
        held = self.stored.union(self.lost)
        if some(held):
            links = keep(self.engine, links.anti_join(held, ["left", "right", "kind", "delivery"]))
        one, other = _ends(self.nodes)
        return links.join(one, "left").join(other, "right") if some(links) else None


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
    alone = keep(engine, _labelled(each, held))
    return Graph(engine, nodes, counts["all"], last, alone, exact, stored, dead(known, gone))


def _labelled(nodes: ir.Table, found: ir.Table) -> ir.Table:
    """Nodes with, in the place of their labels, the smaller ones that `components` found for these."""
    joined = nodes.left_join(found.select(before="node", smaller="label"), [("label", "before")])
    return joined.mutate(label=ibis.coalesce(joined.smaller, joined.label)).drop("before", "smaller")


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
    found = keep(engine, _looked_up(several, columns, nodes.select("number", "node")))
    ends = {name: found[f"{name}:node"] for name in columns}
    first = ibis.least(*ends.values())
    pairs = [found.filter(it != first).select(left=first, right=it, delivery="delivery") for it in ends.values()]
    return stacked(pairs, EDGE).distinct()


def _looked_up(rows: ir.Table, columns: Sequence[str], of_keys: ir.Table) -> ir.Table:
    """Rows with all that is known of each of their keys: of ``case:0`` its ``node`` as ``case:0:node``, and so on."""
    for name in columns:
        of_key = of_keys.rename({f"{name}:{column}": column for column in of_keys.columns})
        rows = rows.left_join(of_key, rows[name] == of_key[f"{name}:number"]).drop(f"{name}:number")
    return rows


def _numbered(nodes: ir.Table, links: ir.Table) -> ir.Table:
    """Links of the register by their nodes: `LINK`."""
    one, other = _ends(nodes)
    ends = (["left_domain", "left_pseudonym"], ["right_domain", "right_pseudonym"])
    return links.join(one, ends[0]).join(other, ends[1]).select(*LINK)


def _ends(nodes: ir.Table) -> tuple[ir.Table, ir.Table]:
    """The nodes as left and as right ends of links."""
    one = nodes.select(left="node", left_domain="domain", left_pseudonym="pseudonym")
    other = nodes.select(right="node", right_domain="domain", right_pseudonym="pseudonym")
    return one, other
