"""Links that no number gives: records compared, probabilities weighed, contradictions kept apart."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog, Linkage
from das_research.engines import keep
from das_research.linkage.decide import Candidate, decide
from das_research.linkage.graph import NODE, Graph, likely_of
from das_research.linkage.priors import least_weight, node_pairs, persons_of, with_probability
from das_research.linkage.records import records
from das_research.linkage.scoring import scored_pairs

PROBABILISTIC = "probabilistic"
PAIRS = {
    "left": NODE,
    "right": NODE,
    "kind": "string",
    "probability": "float64",
    "delivery": "string",
    "other": "string",
}


def likely_links(
    engine: Backend,
    catalog: Catalog,
    accepted: Mapping[str, ir.Table],
    names: Mapping[str, ir.Table],
    graph: Graph,
    rows: ir.Table,
) -> ir.Table | None:
    """Links between persons that agree so well that they are likely one.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    catalog : Catalog
        Its linkage and trained model.
    accepted, names, rows
        As for `records`.
    graph : Graph
        Of persons: what is linked already stays so.

    Returns
    -------
    Table or None
        New links by the numbers of their nodes; None without names, linkage or model.
    """
    linkage, model = catalog.chain.linkage, catalog.trained
    if linkage is None or model is None or not names:
        return None
    compared = records(engine, catalog, linkage, accepted, names, rows)
    persons = persons_of(compared)
    pairs = node_pairs(engine, compared, scored_pairs(engine, compared, linkage, model, least_weight(persons)))
    told = with_probability(pairs, model, persons)
    taken = decide(*_questions(graph, compared, linkage, told))
    rows = [
        {
            "left": it.left_key,
            "right": it.right_key,
            "kind": PROBABILISTIC,
            "probability": it.probability,
            "delivery": it.delivery,
            "other": it.other,
        }
        for it in taken
    ]
    return ibis.memtable(rows, schema=PAIRS)


def _questions(
    graph: Graph, compared: ir.Table, linkage: Linkage, told: ir.Table
) -> tuple[list[Candidate], dict[int, int], dict[int, int], dict[int, list]]:
    """What `decide` asks for, of the nodes in question alone."""
    engine = graph.engine
    told = keep(engine, told.filter(told.probability >= linkage.loose))
    columns = ("left", "right", "probability", "left_record", "right_record", "left_key", "right_key")
    likely = told.select(*columns, delivery="left_delivery", other="right_delivery")
    candidates = [Candidate(**row) for row in likely.to_pyarrow().to_pylist()]
    labels = graph.labelled(likely_of(graph.stored)).select("node", "label")
    asked = ibis.union(told.select(node="left"), told.select(node="right"), distinct=True)
    asked = asked.join(labels, "node").select("label").distinct()
    members = keep(engine, labels.join(asked, "label").select("node", "label"))
    together = {row["node"]: row["label"] for row in members.to_pyarrow().to_pylist()}
    once: dict[int, int] = {}
    values: dict[int, list] = {}
    fields = sorted({name for names in linkage.contradictions for name in names})
    said = compared.join(members, "node").select("label", "once", *fields).distinct()
    for row in said.to_pyarrow().to_pylist():
        once[row["label"]] = once.get(row["label"], 0) | row["once"]
        for number, names in enumerate(linkage.contradictions):
            known = tuple(row[name] for name in names)
            if None not in known:
                values.setdefault(row["label"], []).append((number, known))
    return candidates, together, once, values
