"""The links of a whole chain: the case and the person of every delivered row, and the person of every case."""

from collections.abc import Collection, Mapping

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.engines import for_now, forget, keep, keep_packed
from das_research.linkage.conclude import conclude
from das_research.linkage.graph import Graph
from das_research.linkage.key_graph import SameNumber, key_graph
from das_research.linkage.likely import likely_links
from das_research.linkage.records import records
from das_research.linkage.register import KeyRegister
from das_research.linkage.shown import Shown, shown_keys
from das_research.linkage.three_keys import three_keys
from das_research.linkage.through_person import still_through_person, through_person
from das_research.linkage.told import Links, tell

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
    cases, persons, rows = _by_keys(engine, register, catalog, accepted, gone)
    if persons is None:
        return tell(engine, catalog, rows, conclude(register, "cases", cases))
    linkage = catalog.chain.linkage
    with for_now(engine) as stay:
        found = likely_links(engine, catalog, accepted, names or {}, persons, rows)
        linked = conclude(register, "persons", persons, found, least=linkage.standard if linkage else 0.0)
        keys = three_keys(persons, linked, linkage)
        stay.append(keys)
    forget(engine, *persons.tables)
    with for_now(engine) as stay:
        links = through_person(engine, rows, keys)
        present = rows.select("delivery").distinct()
        joined = conclude(register, "cases", cases, links, still_through_person(cases.stored, present))
        stay.append(joined.nodes)
    forget(engine, *cases.tables)
    return tell(engine, catalog, rows, joined, linked, keys)


def training_records(engine: Backend, register: KeyRegister, catalog: Catalog, accepted: Rows, names: Rows) -> ir.Table:
    """The records that a build over these rows would compare, for `train`; the register learns nothing."""
    linkage = catalog.chain.linkage
    assert linkage is not None, "who trains has a linkage"
    *_, rows = _by_keys(engine, register, catalog, accepted, ())
    return records(engine, catalog, linkage, accepted, names, rows)


def _by_keys(
    engine: Backend, register: KeyRegister, catalog: Catalog, accepted: Rows, gone: Collection[str], attempt: int = 0
) -> tuple[Graph, Graph | None, ir.Table]:
    """The graphs of cases and of persons, and what keys alone say of every row.

    Returns
    -------
    Graph, Graph or None, Table
        The rows with ``case``, their first key of a case, ``exact_case``, what keys alone hold together with it, and
        ``person`` and ``exact_person`` alike, where the chain knows persons.
    """
    try:
        return _attempt(engine, register, catalog, accepted, gone, attempt)
    except SameNumber:
        return _by_keys(engine, register, catalog, accepted, gone, attempt + 1)


def _attempt(
    engine: Backend, register: KeyRegister, catalog: Catalog, accepted: Rows, gone: Collection[str], attempt: int
) -> tuple[Graph, Graph | None, ir.Table]:
    """What `_by_keys` gives, if no two keys have the same number."""
    with for_now(engine) as stay:
        shown = shown_keys(engine, catalog, accepted, attempt)
        cases = _graph_of_cases(engine, register, shown, gone)
        persons = _graph_of_persons(engine, register, shown, cases, gone) if catalog.chain.person else None
        rows = cases.held(shown.rows, "case").drop("names_case")
        rows = keep_packed(engine, rows if persons is None else persons.held(rows, "person"))
        stay += [rows, *cases.tables, *(persons.tables if persons else ())]
    return cases, persons, rows


def _graph_of_cases(engine: Backend, register: KeyRegister, shown: Shown, gone: Collection[str]) -> Graph:
    rows = shown.rows
    unnamed = rows.filter(rows.case.notnull(), ~rows.names_case)
    keys = shown.cases.union(shown.themselves(unnamed, "case"))
    return key_graph(engine, register, "cases", keys, shown.with_cases, gone)


def _graph_of_persons(
    engine: Backend, register: KeyRegister, shown: Shown, cases: Graph, gone: Collection[str]
) -> Graph:
    rows = shown.rows
    # a linkage could find the person of a row where no number names one, nor does another row of the case
    nameless = keep(engine, cases.held(rows.filter(rows.person.notnull(), ~rows.names_person), "case"))
    of_cases = keep(engine, cases.alone.semi_join(nameless, [("label", "exact_case")]))
    named = rows.filter(rows.names_person).join(of_cases, [("case", "number")])
    alone = nameless.anti_join(named, [("exact_case", "label")])
    keys = shown.persons.union(shown.themselves(alone, "person"))
    return key_graph(engine, register, "persons", keys, shown.with_persons, gone)
