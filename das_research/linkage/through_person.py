"""Cases found through the person: what stands beside the person in a case's number, and the person, name the case."""

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.engines import keep, stacked
from das_research.linkage.graph import NODE
from das_research.linkage.shown import columns_of

THROUGH = "through-person"
TOLD = {"beside": "uint64", "node": NODE, "label": NODE, "delivery": "string", "exact_person": NODE}


def through_person(engine: Backend, rows: ir.Table, keys: ir.Table) -> ir.Table:
    """Links between cases that the keys leave apart: the same report, and rows of the same person.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    rows : Table
        ``delivery``, the numbers of what stands beside a person in the key of a case, ``case, exact_case`` and
        ``exact_person``: the key of the case in every row, and what keys alone hold together of case and person.
    keys : Table
        ``node, person_id``: the person of what keys hold together.

    Returns
    -------
    Table
        Links by their nodes.
    """
    told = _with_person(engine, rows, keys)
    same = ["beside", "surrogate"]
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


def _with_person(engine: Backend, rows: ir.Table, keys: ir.Table) -> ir.Table:
    """What stands beside a person, with the person that a row names, else the only one whom its case names."""
    persons = keys.select("person_id", exact_person="node")
    beside = [
        rows.filter(rows[name].notnull()).select(
            beside=name, node="case", label="exact_case", delivery="delivery", exact_person="exact_person"
        )
        for name in columns_of(rows, "beside")
    ]
    told = stacked(beside, TOLD)
    nameless = keep(engine, told.filter(told.exact_person.isnull()))
    named = rows.semi_join(nameless, rows.exact_case == nameless.label).join(persons, "exact_person")
    of_label = named.group_by(label="exact_case").agg(least=named.person_id.min(), most=named.person_id.max())
    only = of_label.filter(of_label.least == of_label.most).select("label", surrogate="least")
    columns = ["beside", "node", "label", "delivery", "surrogate"]
    own = told.join(persons, "exact_person").rename(surrogate="person_id").select(columns)
    return keep(engine, own.union(nameless.join(only, "label").select(columns)))


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
