"""The person at three strengths of evidence: strict refines standard, standard refines loose."""

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Linkage
from das_research.engines import keep
from das_research.linkage.conclude import Linked
from das_research.linkage.graph import NODE, Graph


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
    strict, loose = _strict(graph, nodes, linked.likely, linkage), _loose(graph, nodes, linked.likely, linkage)
    found = nodes.left_join(strict, "node").drop("node_right").left_join(loose, "node")
    keys = {name: ibis.coalesce(found[name], found.person_id) for name in ("person_id_strict", "person_id_loose")}
    return keep(graph.engine, found.select("node", "person_id", **keys))


def _strict(graph: Graph, nodes: ir.Table, likely: ir.Table, linkage: Linkage) -> ir.Table:
    """The strict label of the nodes that stronger evidence leaves apart from the first of their person."""
    weaker = likely.filter(likely.probability >= linkage.standard, likely.probability < linkage.strict)
    persons = nodes.semi_join(_ends(weaker), "node").select("person_id").distinct()
    labels = graph.labelled(likely.filter(likely.probability >= linkage.strict)).select("node", "label")
    members = keep(graph.engine, nodes.semi_join(persons, "person_id").join(labels, "node"))
    parts = members.group_by("person_id", "label").agg(first=members.node.min())
    parts = parts.mutate(place=ibis.row_number().over(group_by="person_id", order_by="first"))
    last = nodes.person_id.max().as_scalar()
    apart = parts.filter(parts.place > 0).mutate(number=ibis.row_number().over(order_by="first"))
    return members.join(apart, ["person_id", "label"]).select(
        "node", person_id_strict=(ibis._.number + 1 + last).cast(NODE)
    )


def _loose(graph: Graph, nodes: ir.Table, likely: ir.Table, linkage: Linkage) -> ir.Table:
    """The loose label of the nodes of persons that weaker evidence takes together."""
    weaker = likely.filter(likely.probability >= linkage.loose, likely.probability < linkage.standard)
    labels = graph.labelled(likely.filter(likely.probability >= linkage.loose)).select("node", "label")
    asked = labels.semi_join(_ends(weaker), "node").select("label").distinct()
    members = keep(graph.engine, labels.semi_join(asked, "label").join(nodes, "node"))
    least = members.group_by("label").agg(person_id_loose=members.person_id.min())
    return members.join(least, "label").select("node", "person_id_loose")


def _ends(links: ir.Table) -> ir.Table:
    return links.select(node="left").union(links.select(node="right"))
