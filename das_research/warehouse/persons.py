"""The table of persons, by each of the three links at once.

A stricter link takes a person apart, a looser one brings persons together. Every group of rows that is a person by any
link stands here once, and has a key for each link by which it is one: its attributes then are those of these rows.
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.catalog.tables import PERSON, PERSON_LINKS, person_keys
from das_research.engines import keep, some
from das_research.linkage.graph import NODE
from das_research.linkage.told import Links
from das_research.warehouse.chain import with_attributes
from das_research.warehouse.harmonise import conform


def person_groups(engine: Backend, catalog: Catalog, links: Links) -> dict[str, ir.Table]:
    """Every person that a row names, by the key that tells of which rows.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    catalog : Catalog
        Whether the chain knows persons.
    links : Links
        The persons of every row; the strict ones are parts of the standard ones, and those of the loose ones.

    Returns
    -------
    dict of str to Table
        One row for each person by the standard link, with the keys of the other two where they hold the same rows.
        Only where they don't, one row more for each person by the strict or the loose link, with that key alone.
    """
    rows = links.rows
    if not catalog.chain.person:
        return {PERSON: rows.limit(0).select(PERSON)}
    known = rows.filter(rows[PERSON].notnull()).select(*person_keys(catalog)).distinct()
    strict, loose = PERSON_LINKS.values()
    known = keep(engine, known)
    parts = known.group_by(PERSON).agg(parts=known[strict].nunique())
    whole = known.group_by(loose).agg(whole=known[PERSON].nunique())
    alone = keep(engine, known.join(parts, PERSON).join(whole, loose).select(*known.columns, "parts", "whole"))
    nobody = ibis.null(NODE)
    is_one, is_all = alone.parts == 1, alone.whole == 1
    kept = {strict: ibis.ifelse(is_one, alone[strict], nobody), loose: ibis.ifelse(is_all, alone[loose], nobody)}
    found = {PERSON: alone.select(PERSON, **kept).distinct()}
    for key, apart in ((strict, ~is_one), (loose, ~is_all)):
        others = alone.filter(apart).select(key).distinct()
        if some(others):
            found[key] = others.mutate(**{name: nobody for name in person_keys(catalog) if name != key})
    return found


def persons(catalog: Catalog, datasets: Mapping[str, ir.Table], groups: Mapping[str, ir.Table]) -> ir.Table:
    """Every person that a row names, with the person attributes of the chain.

    Parameters
    ----------
    catalog : Catalog
        The attributes.
    datasets : mapping of str to Table
        Dataset to its harmonised table.
    groups : mapping of str to Table
        As `person_groups` gives them.
    """
    attributes = catalog.chain.person_attributes
    described = (with_attributes(known, key, attributes, datasets) for key, known in groups.items())
    return ibis.union(*(conform(it, catalog, "persons") for it in described))
