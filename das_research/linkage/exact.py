"""Exact links: rows that share a key belong together, and so do the keys that one row shows together.

Cases and persons are the connected components of that. Everything is an expression; only the number of labels that
changed in a round comes to Python.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Dataset
from das_research.engines import keep
from das_research.linkage.register import Entity, KeyRegister

KeySets = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Linked:
    """What linking one kind of entity gave.

    Parameters
    ----------
    rows : Table
        ``delivery, row, surrogate``: one row for every delivered row that shows a complete key.
    aliases : int
        How many surrogates were found to be another's, in this build.
    """

    rows: ir.Table
    aliases: int


def complete_keys(rows: ir.Table, dataset: Dataset, key_sets: KeySets) -> list[ir.Table]:
    """Every complete key that the rows of one dataset show.

    Parameters
    ----------
    rows : Table
        Accepted rows: ``delivery``, ``row`` and the identifiers as pseudonyms.
    dataset : Dataset
        Their layout.
    key_sets : tuple of tuple of str
        Identifier variables that together name one entity.

    Returns
    -------
    list of Table
        For each key set ``delivery, row, domain, pseudonym`` of the rows in which it is complete. A key of several
        identifiers has their domains joined with '+', and the hash of their pseudonyms.
    """
    found = []
    for key_set in key_sets:
        parts = sorted((str(dataset.variables[name].identifier), name) for name in key_set)
        domain = ibis.literal("+".join(domain for domain, _ in parts))
        pseudonyms = [rows[name] for _, name in parts]
        together = pseudonyms[0] if len(parts) == 1 else ibis.literal("+").join(pseudonyms).hexdigest("sha256")
        known = rows.filter(ibis.and_(*(pseudonym.notnull() for pseudonym in pseudonyms)))
        found.append(known.select("delivery", "row", domain=domain, pseudonym=together))
    return found


def link(engine: Backend, register: KeyRegister, entity: Entity, keys: ir.Table) -> Linked:
    """Give every row the surrogate of its entity, and tell the register of what is new.

    A component without a known surrogate gets the next one; with one it keeps it; with several the smallest stays and
    the others become its aliases. New surrogates follow the order of the keys' hashes, so that they tell nothing of the
    order of the file.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    register : KeyRegister
        Surrogates given before; new keys and aliases are appended.
    entity : {'cases', 'persons'}
        What is linked.
    keys : Table
        The complete keys of all rows, as `complete_keys` gives them.

    Returns
    -------
    Linked
        The surrogate of every row, and the number of new aliases.
    """
    nodes = _nodes(engine, keys, register.current(entity))
    held = keys.join(nodes, ["domain", "pseudonym"]).select("delivery", "row", "node").distinct()
    held = keep(engine, held)
    rows = keep(engine, held.group_by("delivery", "row").agg(node=held.node.min()))
    edges = keep(engine, _edges(held, rows, nodes))
    labels = components(engine, edges)
    labelled = nodes.left_join(labels, "node").drop("node_right")
    labelled = keep(engine, labelled.mutate(label=labelled.label.fill_null(labelled.node)))
    surrogates = keep(engine, _surrogates(labelled, register.last(entity)))
    aliases = keep(engine, _aliases(labelled, surrogates, edges))
    given = labelled.join(surrogates, "label").select("node", "domain", "pseudonym", "given", "surrogate", "delivery")
    given = keep(engine, given)
    new = given.filter(given.surrogate.isnull()).drop("surrogate").rename(surrogate="given")
    register.append(entity, new, aliases)
    surrogate_of = rows.join(given, "node").select(rows.delivery, rows.row, surrogate=given.given)
    return Linked(surrogate_of, int(aliases.count().execute()))


def components(engine: Backend, edges: ir.Table) -> ir.Table:
    """The connected components of a graph: every node with the smallest node that it is connected to.

    Each round a node, and the node it is labelled with, take the smallest label among its neighbours, then the label of
    their label: chains fold up, so that rounds grow with the logarithm of the longest. Labels only fall, so it ends
    with the round that leaves their sum as it was.

    Parameters
    ----------
    engine : Backend
        Where it is computed, round by round.
    edges : Table
        ``left`` and ``right``, nodes as integers from 0; the direction doesn't matter.

    Returns
    -------
    Table
        ``node, label`` for every node that has an edge.
    """
    there = edges.select(node="left", neighbour="right")
    both = keep(engine, ibis.union(there, edges.select(node="right", neighbour="left"), distinct=True))
    labels = keep(engine, both.select("node").distinct().mutate(label=ibis._.node))
    before = 0  # which the labels add up to when there is nothing, or node 0 alone
    while (total := int(labels.label.sum().fill_null(0).execute())) != before:
        before, own, other = total, labels, labels.view()
        near = both.join(own, both.node == own.node).join(other, both.neighbour == other.node)
        near = near.select(both.node, own.label, nearest=other.label)
        taken = ibis.union(near.select("node", "nearest"), near.select(node="label", nearest="nearest"))
        taken = ibis.union(taken, labels.select("node", nearest="label"))
        taken = keep(engine, taken.group_by("node").agg(label=taken.nearest.min()))
        of_label = taken.view()
        labels = keep(engine, taken.join(of_label, taken.label == of_label.node).select(taken.node, of_label.label))
    return labels


def _nodes(engine: Backend, keys: ir.Table, known: ir.Table) -> ir.Table:
    """Every distinct key, numbered in the order of its hash, with the surrogate it has already."""
    distinct = keys.group_by("domain", "pseudonym").agg(delivery=keys.delivery.min())
    order = [(distinct.domain + "|" + distinct.pseudonym).hexdigest("sha256"), distinct.domain, distinct.pseudonym]
    numbered = distinct.mutate(node=ibis.row_number().over(order_by=order))
    joined = numbered.left_join(known, ["domain", "pseudonym"])
    return keep(engine, joined.select(*numbered.columns, "surrogate"))


def _edges(held: ir.Table, rows: ir.Table, nodes: ir.Table) -> ir.Table:
    """What connects keys: a row that shows several (with the first delivery that did), or a surrogate they share."""
    first = rows.rename(left="node")
    shown = held.join(first, ["delivery", "row"]).filter(ibis._.node != ibis._.left)
    shown = shown.group_by("left", right="node").agg(delivery=ibis._.delivery.min())
    known = nodes.filter(nodes.surrogate.notnull())
    smallest = known.group_by("surrogate").agg(left=known.node.min())
    shared = known.join(smallest, "surrogate").filter(ibis._.node != ibis._.left)
    return shown.union(shared.select("left", right="node", delivery=ibis.null("string")))


def _surrogates(labelled: ir.Table, last: int) -> ir.Table:
    """The surrogate of every component: the smallest known, or the next one."""
    kept = labelled.group_by("label").agg(kept=labelled.surrogate.min())
    # the known ones stand behind, so that the new are numbered without a gap
    position = ibis.row_number().over(order_by=[kept.kept.notnull(), kept.label])
    return kept.select("label", given=kept.kept.fill_null(position + last + 1).cast("int64"))


def _aliases(labelled: ir.Table, surrogates: ir.Table, edges: ir.Table) -> ir.Table:
    """Known surrogates that a component lost, with the first delivery that connected what was apart."""
    lost = labelled.join(surrogates, "label").filter(ibis._.surrogate != ibis._.given)
    lost = lost.select("label", old="surrogate", new="given").distinct()
    left, right = labelled, labelled.view()
    ends = edges.join(left, edges.left == left.node).join(right, edges.right == right.node)
    ends = ends.select(left.label, edges.delivery, one=left.surrogate, other=right.surrogate)
    causes = ends.filter(~ends.one.identical_to(ends.other)).group_by("label").agg(delivery=ends.delivery.min())
    return lost.join(causes, "label").select("old", "new", "delivery")
