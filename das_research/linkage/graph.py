"""Keys as a graph: every key is a node, every live link an edge; cases and persons are its connected components."""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.engines import keep, some
from das_research.linkage.components import components

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
    def tables(self) -> tuple[ir.Table, ...]:
        """All that the engine keeps for it."""
        return self.nodes, self.alone, self.exact, self.stored, self.lost

    def labelled(self, links: ir.Table) -> ir.Table:
        """The nodes as in `alone`, but each with the smallest node that keys and these links hold together with it."""
        one, other = (self.alone.select(**{end: "node", f"{end}_label": "label"}) for end in ("left", "right"))
        ends = links.join(one, "left").join(other, "right").select(left="left_label", right="right_label")
        return labelled_by(self.alone, components(ends, self.size))

    def held(self, rows: ir.Table, columns: Sequence[str]) -> ir.Table:
        """Rows with the first node of their keys, and the smallest that keys alone hold together with it.

        Parameters
        ----------
        rows : Table
            Rows with numbers of keys.
        columns : sequence of str
            The columns with those of this graph; in their place come ``node`` and ``label``.
        """
        found = looked_up_in(rows, columns, self.alone.select("number", "node", "label"))
        node, label = (ibis.least(*(found[f"{at}:{it}"] for at in columns)) for it in ("node", "label"))
        return found.select(*(it for it in rows.columns if it not in columns), node=node, label=label)

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


def looked_up_in(rows: ir.Table, columns: Sequence[str], of_keys: ir.Table) -> ir.Table:
    """Rows with all that is known of each of their keys: of ``case:0`` its ``node`` as ``case:0:node``, and so on."""
    for name in columns:
        of_key = of_keys.rename({f"{name}:{column}": column for column in of_keys.columns})
        rows = rows.left_join(of_key, rows[name] == of_key[f"{name}:number"]).drop(f"{name}:number")
    return rows


def ends_of(nodes: ir.Table) -> tuple[ir.Table, ir.Table]:
    """The nodes as left and as right ends of links."""
    one = nodes.select(left="node", left_domain="domain", left_pseudonym="pseudonym")
    other = nodes.select(right="node", right_domain="domain", right_pseudonym="pseudonym")
    return one, other
