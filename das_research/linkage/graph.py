"""Keys as a graph: every key is a node, every live link an edge; cases and persons are its connected components."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.engines import keep, some
from das_research.linkage.components import components

NODE = "int32"  # also of cases and persons: 2^31 are more than the chain of a country has, and take half the room
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
        ``domain, pseudonym``, of a key that rows show now its ``number`` in them and the first ``delivery``, and of one
        that the register knows ``surrogate, given, segment``.
    last : int
        The highest surrogate ever given.
    alone : Table
        ``number, node``, and as ``label`` the smallest node that keys alone hold together with it.
    exact : Table
        The links between keys that one row shows: `LINK`, by their nodes.
    stored : Table
        Links of the register whose deliveries count, in the same form.
    lost : Table
        Those whose deliveries no longer count.
    """

    engine: Backend
    nodes: ir.Table
    last: int
    alone: ir.Table
    exact: ir.Table
    stored: ir.Table
    lost: ir.Table

    @property
    def tables(self) -> tuple[ir.Table, ...]:
        """All that the engine keeps for it."""
        return self.nodes, self.alone, self.exact, self.stored, self.lost

    def labelled(self, links: ir.Table) -> ir.Table:
        """The nodes as in `alone`, but each with the smallest node that keys and these links hold together with it."""
        one, other = (self.alone.select(**{end: "node", f"{end}_label": "label"}) for end in ("left", "right"))
        ends = links.join(one, "left").join(other, "right").select(left="left_label", right="right_label")
        return labelled_by(self.alone, components(ends))

    def held(self, rows: ir.Table, what: str) -> ir.Table:
        """Rows with the node of a key, and the smallest that keys alone hold together with it.

        Parameters
        ----------
        rows : Table
            Rows with numbers of keys.
        what : str
            The column with that of a key of this graph; in it stands the node now, and ``exact_<what>`` is the other.
        """
        found = rows.left_join(self.alone, rows[what] == self.alone.number)
        others = (it for it in rows.columns if it != what)
        return found.select(*(rows[it] for it in others), **{what: found.node, f"exact_{what}": found.label})

    def new(self, links: ir.Table) -> ir.Table | None:
        """The links that the register does not hold yet on the evidence of these deliveries, as it holds them."""
        held = self.stored.union(self.lost)
        if some(held):
            links = keep(self.engine, links.anti_join(held, ["left", "right", "kind", "delivery"]))
        one, other = ends_of(self.nodes)
        return links.join(one, "left").join(other, "right") if some(links) else None


def likely_of(links: ir.Table) -> ir.Table:
    """Of some links those that rest on more than keys."""
    return links.filter(links.kind != EXACT)


def labelled_by(nodes: ir.Table, found: ir.Table) -> ir.Table:
    """Nodes with, in the place of their labels, the smaller ones that `components` found for these."""
    joined = nodes.left_join(found.select(before="node", smaller="label"), [("label", "before")])
    return joined.mutate(label=ibis.coalesce(joined.smaller, joined.label)).drop("before", "smaller")


def ends_of(nodes: ir.Table) -> tuple[ir.Table, ir.Table]:
    """The nodes as left and as right ends of links."""
    one = nodes.select(left="node", left_domain="domain", left_pseudonym="pseudonym")
    other = nodes.select(right="node", right_domain="domain", right_pseudonym="pseudonym")
    return one, other
