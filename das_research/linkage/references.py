"""Rules across tables: how many rows name what another dataset should hold, and of how many it does."""

from collections.abc import Iterator, Mapping

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Catalog

Counts = dict[str, dict[str, int]]


def reference_counts(catalog: Catalog, accepted: Mapping[str, ir.Table]) -> Counts:
    """Count for every variable that refers to another dataset's.

    Parameters
    ----------
    catalog : Catalog
        Its variables say what they refer to.
    accepted : mapping of str to Table
        Dataset to its accepted rows, with identifiers as pseudonyms.

    Returns
    -------
    dict
        ``dataset.variable -> dataset.variable`` to ``rows`` (with a value) and ``known`` (whose value the other holds).
        A rule between datasets of which one was not delivered has no counts.
    """
    asked = dict(_rules(catalog, accepted))
    if not asked:
        return {}
    counted = ibis.union(*(table.mutate(rule=ibis.literal(rule)) for rule, table in asked.items()))
    found = counted.group_by("rule").agg(rows=counted.count(), known=counted.known.sum())
    return {
        row["rule"]: {"rows": row["rows"], "known": int(row["known"])}
        for row in found.filter(found.rows > 0).order_by("rule").to_pyarrow().to_pylist()
    }


def _rules(catalog: Catalog, accepted: Mapping[str, ir.Table]) -> Iterator[tuple[str, ir.Table]]:
    for name, dataset in catalog.datasets.items():
        for variable, each in dataset.variables.items():
            if each.references:
                other, _, column = each.references.partition(".")
                held = accepted[other].select(held=accepted[other][column]).distinct()
                rows = accepted[name].filter(accepted[name][variable].notnull())
                joined = rows.left_join(held, rows[variable] == held.held)
                yield f"{name}.{variable} -> {each.references}", joined.select(known=joined.held.notnull())
