"""Cases found through the person: what stands beside the person in a case's number, and the person, name the case."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Catalog
from das_research.engines import keep
from das_research.intake.units import beside_person
from das_research.linkage.graph import Graph
from das_research.linkage.keys import KEY_ROWS, complete_keys

THROUGH = "through-person"


def through_person(
    catalog: Catalog, accepted: Mapping[str, ir.Table], graph: Graph, labels: ir.Table, persons: ir.Table
) -> ir.Table:
    """Links between cases that the keys leave apart: the same report, and rows of the same person.

    Parameters
    ----------
    catalog : Catalog
        Its case keys say what stands beside a person.
    accepted : mapping of str to Table
        Dataset to its accepted rows.
    graph : Graph
        Of cases.
    labels : Table
        ``node, label``: the components by keys alone.
    persons : Table
        ``delivery, row, surrogate``: the person that each row names itself.

    Returns
    -------
    Table
        Links by the numbers of their nodes.
    """
    nothing = ibis.memtable([], schema=KEY_ROWS)
    found = []
    for name, rows in accepted.items():
        dataset = catalog.datasets[name]
        if dataset.subject == "case":
            found += complete_keys(rows, dataset, beside_person(dataset))
    beside = ibis.union(nothing, *found) if found else nothing
    of_case = keep(graph.engine, graph.rows.join(labels, "node").select("delivery", "row", "node", "label"))
    told = beside.join(_persons_of(of_case, persons), ["delivery", "row"]).join(of_case, ["delivery", "row"])
    told = keep(graph.engine, told.select("domain", "pseudonym", "surrogate", "node", "label", "delivery"))
    parts = told.group_by("domain", "pseudonym", "surrogate", "label").agg(
        node=told.node.min(), delivery=told.delivery.min()
    )
    first = ibis.row_number().over(group_by=["domain", "pseudonym", "surrogate"], order_by="label")
    parts = keep(graph.engine, parts.mutate(place=first))
    centre, others = parts.filter(parts.place == 0), parts.filter(parts.place > 0).view()
    joined = centre.join(others, ["domain", "pseudonym", "surrogate"])
    pairs = joined.select(
        left=centre.node,
        right=others.node,
        kind=ibis.literal(THROUGH),
        probability=ibis.literal(1.0),
        delivery=centre.delivery,
        other=others.delivery,
    )
    return keep(graph.engine, pairs)


def _persons_of(of_case: ir.Table, persons: ir.Table) -> ir.Table:
    """``delivery, row, surrogate``: the person that a row names, else the only one whom its case names."""
    named = of_case.left_join(persons.select("delivery", "row", "surrogate"), ["delivery", "row"])
    named = named.select("delivery", "row", "label", "surrogate")
    of_label = named.group_by("label").agg(least=named.surrogate.min(), most=named.surrogate.max())
    only = of_label.filter(of_label.least == of_label.most).select("label", only="least")
    joined = named.left_join(only, "label")
    told = joined.select("delivery", "row", surrogate=ibis.coalesce(joined.surrogate, joined.only))
    return told.filter(told.surrogate.notnull())


def still_through_person(stored: ir.Table, present: ir.Table) -> ir.Table:
    """Of stored links those that count: through a person only where the rows are gone that would tell it again.

    Parameters
    ----------
    stored : Table
        Links of cases whose deliveries count.
    present : Table
        ``delivery``: the deliveries of this build.
    """
    told_again = stored.semi_join(present, "delivery").filter(ibis._.kind == THROUGH)
    return stored.anti_join(told_again, stored.columns)
