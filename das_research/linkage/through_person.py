"""Cases found through the person: what stands beside the person in a case's number, and the person, name the case."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.engines import keep, stacked
from das_research.intake.units import beside_person
from das_research.linkage.keys import KEY_ROWS, complete_keys

THROUGH = "through-person"


def through_person(
    engine: Backend, catalog: Catalog, accepted: Mapping[str, ir.Table], cases: ir.Table, persons: ir.Table
) -> ir.Table:
    """Links between cases that the keys leave apart: the same report, and rows of the same person.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    catalog : Catalog
        Its case keys say what stands beside a person.
    accepted : mapping of str to Table
        Dataset to its accepted rows.
    cases : Table
        ``delivery, row, node, label``: the key of a case in every row, and its component by keys alone.
    persons : Table
        ``delivery, row, person_id``: the person that each row names itself.

    Returns
    -------
    Table
        Links by the numbers of their nodes.
    """
    found = []
    for name, rows in accepted.items():
        dataset = catalog.datasets[name]
        if dataset.subject == "case":
            found += complete_keys(rows, dataset, beside_person(dataset))
    beside = stacked(found, KEY_ROWS).join(cases, ["delivery", "row"]).select(*KEY_ROWS, "node", "label")
    told = _with_person(engine, beside, cases, persons)
    same = ["domain", "pseudonym", "surrogate"]
    labels = told.group_by(*same).agg(least=told.label.min(), most=told.label.max())
    apart = told.semi_join(labels.filter(labels.least < labels.most), same)
    parts = apart.group_by(*same, "label").agg(node=apart.node.min(), delivery=apart.delivery.min())
    first = ibis.row_number().over(group_by=same, order_by="label")
    parts = keep(engine, parts.mutate(place=first))
    centre, others = parts.filter(parts.place == 0), parts.filter(parts.place > 0).view()
    joined = centre.join(others, same)
    pairs = joined.select(
        left=centre.node,
        right=others.node,
        kind=ibis.literal(THROUGH),
        probability=ibis.literal(1.0),
        delivery=centre.delivery,
        other=others.delivery,
    )
    return keep(engine, pairs)


def _with_person(engine: Backend, rows: ir.Table, cases: ir.Table, persons: ir.Table) -> ir.Table:
    """The rows with the person that each names, else the only one whom its case names; not those without."""
    own = persons.select("delivery", "row", surrogate="person_id")
    told = rows.left_join(own, ["delivery", "row"]).select(*rows.columns, "surrogate")
    told = keep(engine, told)
    nameless = told.filter(told.surrogate.isnull()).drop("surrogate")
    named = cases.semi_join(nameless, "label").join(own, ["delivery", "row"])
    of_label = named.group_by("label").agg(least=named.surrogate.min(), most=named.surrogate.max())
    only = of_label.filter(of_label.least == of_label.most).select("label", surrogate="least")
    found = nameless.join(only, "label").select(*told.columns)
    return told.filter(told.surrogate.notnull()).union(found)


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
