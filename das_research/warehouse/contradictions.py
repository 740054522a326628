"""What contradicts itself in a snapshot, counted and not hidden: nothing is mended for it."""

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Catalog
from das_research.catalog.tables import PERSON, variable_of
from das_research.warehouse.across import Counts

FIXED = {"date": "date", "year": "int64", "code": "string"}  # kinds of fields in which a person doesn't change


def contradictions(catalog: Catalog, datasets: Mapping[str, ir.Table], orders: Counts, conflicts: int) -> dict:
    """Count what can't be true together.

    Parameters
    ----------
    catalog : Catalog
        Fields of the linkage in which a person doesn't change.
    datasets : mapping of str to Table
        Dataset to its harmonised table.
    orders : dict
        ``earlier -> later`` to ``cases``, those that have both, and ``reversed``.
    conflicts : int
        Cases whose rows name several persons.

    Returns
    -------
    dict
        ``persons`` (field to ``known``, persons with a value, and ``several``, those with more than one),
        ``cases_with_several_persons``, and ``orders``.
    """
    return {
        "persons": _persons(catalog, datasets),
        "cases_with_several_persons": conflicts,
        "orders": orders,
    }


def _persons(catalog: Catalog, datasets: Mapping[str, ir.Table]) -> dict[str, dict[str, int]]:
    linkage = catalog.chain.linkage
    counts: dict[str, ir.Table] = {}
    for name, field in linkage.fields.items() if linkage else ():
        if field.kind not in FIXED:
            continue
        told = []
        for source in field.sources:
            dataset, _, variable = source.partition(".")
            described = variable_of(catalog, source)
            if described is None or not described.take:
                continue
            value: Any = datasets[dataset][variable]
            if field.kind == "year" and described.type == "date":
                value = value.year()
            told.append(datasets[dataset].select(PERSON, value=value.cast(FIXED[field.kind])))
        if told:
            every = ibis.union(*told)
            every = every.filter(every[PERSON].notnull(), every.value.notnull())
            persons = every.group_by(PERSON).agg(least=every.value.min(), most=every.value.max())
            several = (persons.least != persons.most).sum().fill_null(0)
            counts[name] = persons.agg(known=persons.count(), several=several).mutate(field=ibis.literal(name))
    rows = ibis.union(*counts.values()).to_pyarrow().to_pylist() if counts else []
    found = {row.pop("field"): row for row in rows}
    return {name: found[name] for name in counts}
