"""From weights to probabilities: how likely two nodes are one person, given all others that are as like.

A node is what numbers already hold together. Before anything is compared, the person of a row without a number is as
likely any of the persons with one; after it, candidates of one node compete, since it is only one person. So two
persons who are equally like the same row each get less than a half.
"""

import math
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import LinkageModel
from das_research.engines import keep

ROUNDS = 20
MARGIN = 10  # in powers of two: what is so much less likely than the prior of any person needs no place


@dataclass(frozen=True)
class Priors:
    """Before anything is compared: the share of nodes whose person stands under another node too."""

    with_keys: float
    without_keys: float


def least_weight(persons: int) -> float:
    """The weight below which no pair can come near a half, where so many persons have a number."""
    return max(0.0, math.log2(max(persons, 1)) - MARGIN)


def node_pairs(engine: Backend, records: ir.Table, pairs: ir.Table) -> ir.Table:
    """Pairs of records as pairs of nodes: the best of them counts.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    records : Table
        ``record, node, key, keyed, rows, delivery``; ``rows`` counts those of the node.
    pairs : Table
        ``left, right, weight``, by number of record.

    Returns
    -------
    Table
        ``left, right`` (nodes, the first the smaller), ``weight``, and of both sides ``keyed``, ``rows``,
        and ``record``, ``key`` and ``delivery`` of the record that was compared.
    """
    nodes = records.select("record", "node", "key", "keyed", "rows", "delivery")
    left = nodes.rename({f"left_{name}": name for name in nodes.columns})
    right = nodes.rename({f"right_{name}": name for name in nodes.columns})
    told = pairs.join(left, pairs.left == left.left_record).join(right, pairs.right == right.right_record)
    swap = told.left_node > told.right_node
    sides: dict[str, ir.Value] = {}
    for name in ("node", "record", "key", "keyed", "rows", "delivery"):
        one, other = told[f"left_{name}"], told[f"right_{name}"]
        sides |= {f"left_{name}": ibis.ifelse(swap, other, one), f"right_{name}": ibis.ifelse(swap, one, other)}
    told = told.select("weight", **sides)
    records_of = (ibis.least(told.left_record, told.right_record), ibis.greatest(told.left_record, told.right_record))
    best = ibis.row_number().over(group_by=["left_node", "right_node"], order_by=[ibis.desc("weight"), *records_of])
    told = told.mutate(place=best)
    told = told.filter(told.place == 0).drop("place")
    return keep(engine, told.rename(left="left_node", right="right_node"))


def with_probability(candidates: ir.Table, priors: Priors | LinkageModel, persons: int) -> ir.Table:
    """The probability that each pair of nodes is one person.

    Parameters
    ----------
    candidates : Table
        As `node_pairs` gives them.
    priors : Priors or LinkageModel
        Shares before anything is compared.
    persons : int
        Nodes with a number, among which the person of another is looked for.

    Returns
    -------
    Table
        The same with ``probability``, ``both`` (both have a number) and ``focal`` (the node that looks for its person).
    """
    shares = {True: priors.with_keys, False: priors.without_keys}
    odds = {both: share / (1 - share) / max(persons, 1) for both, share in shares.items()}
    table = candidates.mutate(both=candidates.left_keyed & candidates.right_keyed)
    table = table.mutate(odds=ibis.ifelse(table.both, odds[True], odds[False]) * ibis.literal(2.0) ** table.weight)
    left = ibis.ifelse(table.both, table.left_rows <= table.right_rows, ~table.left_keyed)
    right = ibis.ifelse(table.both, table.right_rows <= table.left_rows, ~table.right_keyed)
    table = table.mutate(from_left=left, from_right=right)
    rivals = ibis.ifelse(table.left_keyed | table.right_keyed, table.odds, 0.0)
    totals = ibis.union(
        table.select("both", node="left", odds=ibis.ifelse(table.from_left & table.right_keyed, rivals, 0.0)),
        table.select("both", node="right", odds=ibis.ifelse(table.from_right & table.left_keyed, rivals, 0.0)),
    )
    totals = totals.group_by("both", "node").agg(total=totals.odds.round(9).sum())
    of_left = totals.rename(left="node", left_total="total")
    of_right = totals.rename(right="node", right_total="total")
    table = table.join(of_left, ["both", "left"]).join(of_right, ["both", "right"])
    total = ibis.greatest(
        table.odds,
        ibis.ifelse(table.from_left, table.left_total, 0.0),
        ibis.ifelse(table.from_right, table.right_total, 0.0),
    )
    return table.mutate(
        probability=(table.odds / (1 + total)).round(6), focal=ibis.ifelse(table.from_left, table.left, table.right)
    )


def estimated_priors(engine: Backend, records: ir.Table, pairs: ir.Table, model: LinkageModel) -> Priors:
    """The shares that the pairs themselves tell of, found by asking again and again with the answer before.

    Returns
    -------
    Priors
        Rounded; a share that cannot be told, since there are no such nodes, stays as it was.
    """
    candidates, persons = node_pairs(engine, records, pairs), persons_of(records)
    nodes = records.group_by("node").agg(keyed=records.keyed.any())
    sizes = {True: persons, False: int(nodes.filter(~nodes.keyed).count().execute())}
    found = {True: model.with_keys, False: model.without_keys}
    for _ in range(ROUNDS):
        table = with_probability(candidates, Priors(found[True], found[False]), persons)
        table = table.filter(table.left_keyed | table.right_keyed)
        told = table.group_by("both").agg(expected=table.probability.sum()).to_pyarrow().to_pylist()
        for row in told:
            if sizes[row["both"]]:
                found[row["both"]] = min(max(row["expected"] / sizes[row["both"]], 1e-6), 0.999)
    return Priors(round(found[True], 6), round(found[False], 6))


def persons_of(records: ir.Table) -> int:
    """How many nodes have a number."""
    return int(records.filter(records.keyed).node.nunique().execute())
