"""The links of a whole chain: the case and the person of every delivered row, and the person of every case."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.engines import few, keep, stacked
from das_research.linkage.conclude import conclude
from das_research.linkage.graph import EXACT, Graph, key_graph
from das_research.linkage.keys import KEY_ROWS, ROW, complete_keys, key_domains, row_keys, without_key
from das_research.linkage.likely import likely_links
from das_research.linkage.records import linkage_datasets, records
from das_research.linkage.register import Entity, KeyRegister
from das_research.linkage.three_keys import three_keys
from das_research.linkage.through_person import still_through_person, through_person
from das_research.linkage.told import ROWS, Links, row_origins, tell

Rows = Mapping[str, ir.Table]


def link_chain(
    engine: Backend,
    register: KeyRegister,
    catalog: Catalog,
    accepted: Rows,
    names: Rows | None = None,
    gone: Collection[str] = (),
) -> Links:
    """Link the accepted rows of every dataset.

    A case is one person in one case. When the rows of a case name several persons, the case is of the one that is named
    first, by moment and then by delivery and row; the report counts such cases. A row without a number for its person
    has the person of its case; where its case names nobody either, it is looked for by what the linkage of the
    catalogue compares, and is a person of its own where that finds nobody.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    register : KeyRegister
        Knows earlier surrogates and links, and learns the new ones.
    catalog : Catalog
        Key sets of the datasets; whether the chain knows persons, and how they are compared.
    accepted : mapping of str to Table
        Dataset to its accepted rows, with ``delivery``, ``row`` and ``moment``.
    names : mapping of str to Table, optional
        Dataset to ``delivery, row`` and what is kept for linkage alone; what was linked with before may be missing.
    gone : collection of str
        Deliveries that were withdrawn or superseded: what rests on them is no evidence any more.

    Returns
    -------
    Links
        Expressions over tables that the engine keeps.
    """
    cases, by_keys = _cases_by_keys(engine, register, catalog, accepted, gone)
    origins = partial(row_origins, few(engine, accepted), catalog, accepted)
    if not catalog.chain.person:
        return tell(engine, catalog, origins, conclude(register, "cases", cases), by_keys)
    persons, nodes = _persons_by_keys(engine, register, catalog, accepted, gone, by_keys)
    found = likely_links(engine, catalog, accepted, names or {}, persons, nodes)
    linkage = catalog.chain.linkage
    linked = conclude(register, "persons", persons, found, least=linkage.standard if linkage else 0.0)
    present = origins("case").select("delivery").distinct()
    keys = three_keys(persons, linked, linkage)
    named = nodes.select("delivery", "row", exact_person="node")
    standard = keys.select("person_id", exact_person="node")
    links = through_person(engine, catalog, accepted, by_keys, named.join(standard, "exact_person"))
    joined = conclude(register, "cases", cases, links, still_through_person(cases.stored, present))
    return tell(engine, catalog, origins, joined, by_keys, linked, (named, keys))


def training_records(engine: Backend, register: KeyRegister, catalog: Catalog, accepted: Rows, names: Rows) -> ir.Table:
    """The records that a build over these rows would compare, for `train`; the register learns nothing."""
    linkage = catalog.chain.linkage
    assert linkage is not None, "who trains has a linkage"
    _, by_keys = _cases_by_keys(engine, register, catalog, accepted, ())
    _, nodes = _persons_by_keys(engine, register, catalog, accepted, (), by_keys)
    return records(engine, catalog, linkage, accepted, names, nodes)


def _cases_by_keys(
    engine: Backend, register: KeyRegister, catalog: Catalog, accepted: Rows, gone: Collection[str]
) -> tuple[Graph, ir.Table]:
    """The graph of cases, and of every row the key of its case and what keys alone hold together with it."""
    keys = _case_keys(engine, few(engine, key_domains(catalog)), catalog, accepted)
    cases = _graph(engine, register, "cases", keys, gone)
    labels = cases.labels(cases.exact.union(cases.stored.filter(cases.stored.kind == EXACT)))
    return cases, keep(engine, cases.rows.join(labels, "node").select("delivery", "row", "node", "label"))


def _graph(
    engine: Backend, register: KeyRegister, entity: Entity, keys: Iterable[list[ir.Table]], gone: Collection[str]
) -> Graph:
    """The graph of keys, given as tables by the rows that show them: those of the same rows in one list."""
    keys = list(keys)
    several = stacked([it for tables in keys if len(tables) > 1 for it in tables], KEY_ROWS)
    single = stacked([it for tables in keys if len(tables) == 1 for it in tables], KEY_ROWS)
    return key_graph(engine, register, entity, several, gone, single)


def _persons_by_keys(
    engine: Backend,
    register: KeyRegister,
    catalog: Catalog,
    accepted: Rows,
    gone: Collection[str],
    by_keys: ir.Table,
) -> tuple[Graph, ir.Table]:
    """The graph of persons, and of every row its key and what keys alone hold together with it."""
    written = few(engine, key_domains(catalog))
    numbered = [
        complete_keys(table, catalog.datasets[name], catalog.datasets[name].person_keys, written)
        for name, table in accepted.items()
    ]
    alone = row_keys(_alone(engine, catalog, accepted, numbered, by_keys), written)
    persons = _graph(engine, register, "persons", [*numbered, [alone]], gone)
    return persons, _person_nodes(persons)


def _case_keys(engine: Backend, written: Callable, catalog: Catalog, accepted: Rows) -> list[list[ir.Table]]:
    """Of each dataset the complete keys of cases, and of a row that names none, the row itself."""
    found = []
    for name, table in accepted.items():
        dataset = catalog.datasets[name]
        keys = complete_keys(table, dataset, dataset.case_keys, written)
        # a key of several identifiers is a hash, which is dear and asked for twice
        found.append([keep(engine, it) if len(of) > 1 else it for it, of in zip(keys, dataset.case_keys, strict=True)])
        if dataset.subject == "case" and dataset.case_keys:
            found.append([row_keys(without_key(table, dataset.case_keys), written)])
    return found


def _alone(
    engine: Backend, catalog: Catalog, accepted: Rows, numbered: Iterable[list[ir.Table]], by_keys: ir.Table
) -> ir.Table:
    """The rows of which a linkage could find the person: no number names one, nor does another row of the case."""
    asked = [
        without_key(accepted[name], catalog.datasets[name].person_keys).select("delivery", "row")
        for name in linkage_datasets(catalog)
        if name in accepted and catalog.datasets[name].person_keys
    ]
    rows = stacked(asked, ROWS).left_join(by_keys, ["delivery", "row"])
    rows = keep(engine, rows.select("delivery", "row", "label"))
    known = stacked([it.select("delivery", "row") for tables in numbered for it in tables], ROWS)
    named = by_keys.semi_join(rows, "label").semi_join(known, ["delivery", "row"])
    return keep(engine, rows.anti_join(named, "label").select("delivery", "row"))


def _person_nodes(persons: Graph) -> ir.Table:
    """Of every row its own key, what exact links hold together with it, and whether a number names its person."""
    exact = persons.stored.filter(persons.stored.kind == EXACT)
    labels = persons.labels(persons.exact.union(exact)).join(persons.nodes, "node")
    labels = labels.select("node", "label", keyed=labels.domain != ROW)
    rows = persons.rows.join(labels, "node").select("delivery", "row", "keyed", node="label", key="node")
    return keep(persons.engine, rows)
