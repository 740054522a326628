"""The person at three strengths of evidence: strict refines standard, standard refines loose."""

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Linkage
from das_research.engines import keep
from das_research.linkage.conclude import Linked
from das_research.linkage.graph import Graph


def three_keys(graph: Graph, linked: Linked, linkage: Linkage | None) -> ir.Table:
    """The surrogate of every key, and its labels where stronger or weaker evidence is asked.

    A strict label is the surrogate itself for the part of a person that holds its first key, and a number above every
    surrogate for the others; a loose label is the smallest surrogate among the persons it takes together. Both are
    labels of this build: only surrogates stay.

    Parameters
    ----------
    graph : Graph
        Of persons.
    linked : Linked
        Its components at the standard threshold.
    linkage : Linkage, optional
        The thresholds; without it there are exact links alone, and three equal keys.

    Returns
    -------
    Table
        ``node, person_id, person_id_strict, person_id_loose``.
    """
    nodes = linked.nodes.select("node", person_id="given")
    if linkage is None:
        return nodes.mutate(person_id_strict=nodes.person_id, person_id_loose=nodes.person_id)
    engine, edges = graph.engine, linked.edges
    strict = nodes.join(graph.labels(edges.filter(edges.probability >= linkage.strict)), "node")
    parts = strict.group_by("person_id", "label").agg(first=strict.node.min())
    place = ibis.row_number().over(group_by="person_id", order_by="first")
    parts = keep(engine, parts.mutate(place=place))
    number = ibis.row_number().over(order_by=[parts.place == 0, parts["first"]])
    last = int(nodes.person_id.max().fill_null(0).execute())
    parts = parts.mutate(person_id_strict=ibis.ifelse(parts.place == 0, parts.person_id, last + 1 + number))
    strict = strict.join(parts, ["person_id", "label"]).select("node", "person_id", "person_id_strict")
    loose = nodes.join(graph.labels(edges.filter(edges.probability >= linkage.loose)), "node")
    least = loose.group_by("label").agg(person_id_loose=loose.person_id.min())
    loose = loose.join(least, "label").select("node", "person_id_loose")
    joined = strict.join(loose, "node")
    return keep(engine, joined.select("node", "person_id", "person_id_strict", "person_id_loose"))
