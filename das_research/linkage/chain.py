"""The links of a whole chain: the case and the person of every delivered row, and the person of every case."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog, Subject
from das_research.catalog.tables import PERSON_KEYS
from das_research.engines import keep
from das_research.linkage.conclude import Linked, conclude
from das_research.linkage.graph import EXACT, Graph, key_graph
from das_research.linkage.keys import KEY_ROWS, complete_keys, row_keys, without_key
from das_research.linkage.likely import likely_links
from das_research.linkage.records import linkage_datasets, records
from das_research.linkage.register import KeyRegister
from das_research.linkage.report import LinkageReport, known_before
from das_research.linkage.three_keys import three_keys
from das_research.linkage.through_person import still_through_person, through_person

Rows = Mapping[str, ir.Table]
PERSONS = (*PERSON_KEYS, "exact_person")
ORIGIN = {"dataset": "string", "delivery": "string", "row": "int64", "moment": "date"}


@dataclass(frozen=True)
class Links:
    """What linking gave.

    Parameters
    ----------
    rows : Table
        ``dataset, delivery, row, moment, case_id, person_id, person_id_strict, person_id_loose``: the case of every
        row that tells of one, and the person the row itself names, or else that of its case; of a row that tells of a
        person, that person. The last two are the person where stronger or weaker evidence is asked.
        ``exact_case`` and ``exact_person`` number what keys
        alone hold together, in this build.
    cases : Table
        ``case_id`` and the three keys of its person: every case once.
    report : LinkageReport
        How well it went.
    """

    rows: ir.Table
    cases: ir.Table
    report: LinkageReport


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
    if not catalog.chain.person:
        return _told(engine, catalog, accepted, conclude(register, "cases", cases), by_keys, None, None)
    persons, nodes = _persons_by_keys(engine, register, catalog, accepted, gone, cases, by_keys)
    found = likely_links(engine, catalog, accepted, names or {}, persons, nodes)
    linkage = catalog.chain.linkage
    linked = conclude(register, "persons", persons, found, least=linkage.standard if linkage else 0.0)
    present = _origins(catalog, accepted, "case").select("delivery").distinct()
    links = through_person(catalog, accepted, cases, by_keys, linked.rows)
    stored = still_through_person(cases.stored, present)
    joined = conclude(register, "cases", cases, links, stored)
    exact = nodes.select("delivery", "row", exact_person="node")
    named = linked.rows.join(three_keys(persons, linked, linkage), "node").join(exact, ["delivery", "row"])
    return _told(
        engine, catalog, accepted, joined, by_keys, linked, keep(engine, named.select("delivery", "row", *PERSONS))
    )


def training_records(engine: Backend, register: KeyRegister, catalog: Catalog, accepted: Rows, names: Rows) -> ir.Table:
    """The records that a build over these rows would compare, for `train`; the register learns nothing."""
    linkage = catalog.chain.linkage
    assert linkage is not None, "who trains has a linkage"
    cases, by_keys = _cases_by_keys(engine, register, catalog, accepted, ())
    _, nodes = _persons_by_keys(engine, register, catalog, accepted, (), cases, by_keys)
    return records(engine, catalog, linkage, accepted, names, nodes)


def _cases_by_keys(
    engine: Backend, register: KeyRegister, catalog: Catalog, accepted: Rows, gone: Collection[str]
) -> tuple[Graph, ir.Table]:
    """The graph of cases, and the components that keys alone make of it."""
    cases = key_graph(engine, register, "cases", _case_keys(catalog, accepted), gone)
    return cases, cases.labels(cases.exact.union(cases.stored.filter(cases.stored.kind == EXACT)))


def _persons_by_keys(
    engine: Backend,
    register: KeyRegister,
    catalog: Catalog,
    accepted: Rows,
    gone: Collection[str],
    cases: Graph,
    by_keys: ir.Table,
) -> tuple[Graph, ir.Table]:
    """The graph of persons, and of every row its key and what keys alone hold together with it."""
    numbered = keep(engine, _person_keys(catalog, accepted))
    alone = _alone(engine, catalog, accepted, numbered, cases, by_keys)
    persons = key_graph(engine, register, "persons", numbered.union(row_keys(alone)), gone)
    return persons, _person_nodes(persons, numbered)


def _told(
    engine: Backend,
    catalog: Catalog,
    accepted: Rows,
    cases: Linked,
    by_keys: ir.Table,
    persons: Linked | None,
    named: ir.Table | None,
) -> Links:
    """The case and the person of every row, and the person of every case."""
    held = cases.rows.join(by_keys, "node").rename(case_id="surrogate", exact_case="label")
    rows = _origins(catalog, accepted, "case").join(held, ["delivery", "row"])
    if named is None:
        rows = rows.mutate({name: ibis.null("int64") for name in PERSONS})
    else:
        rows = rows.left_join(named, ["delivery", "row"])
    rows = keep(engine, rows.select(*ORIGIN, "case_id", "exact_case", *PERSONS))
    order = ["moment", "delivery", "row"]
    first = {name: rows[name].first(order_by=order) for name in PERSON_KEYS}
    of_case = keep(engine, rows.group_by("case_id").agg(**first, persons=rows.person_id.nunique()))
    of_keys = rows.group_by("exact_case").agg(exact_person=rows.exact_person.first(order_by=order))
    person = {name: ibis.coalesce(rows[name], of_case[name]) for name in PERSON_KEYS}
    person["exact_person"] = ibis.coalesce(rows.exact_person, of_keys.exact_person)
    linked = rows.join(of_case, "case_id").join(of_keys, rows.exact_case == of_keys.exact_case)
    linked = linked.select(*(rows[name] for name in (*ORIGIN, "case_id", "exact_case")), **person)
    if named is not None:
        told = _origins(catalog, accepted, "person").join(named, ["delivery", "row"])
        nothing = {name: ibis.null("int64") for name in ("case_id", "exact_case")}
        linked = linked.union(told.mutate(**nothing).select(*linked.columns))
    report = LinkageReport(
        datasets=known_before(catalog.chain, rows.select("dataset", "case_id")),
        conflicts=int(of_case.filter(of_case.persons > 1).count().execute()),
        aliases=cases.aliases + (persons.aliases if persons else 0),
        splits=cases.splits + (persons.splits if persons else 0),
    )
    return Links(keep(engine, linked), of_case.select("case_id", *PERSON_KEYS), report)


def _case_keys(catalog: Catalog, accepted: Rows) -> ir.Table:
    """The complete keys of cases, and of a row that tells of a case but names none, the row itself."""
    found = []
    for name, table in accepted.items():
        dataset = catalog.datasets[name]
        found += complete_keys(table, dataset, dataset.case_keys)
        if dataset.subject == "case" and dataset.case_keys:
            found.append(row_keys(without_key(table, dataset.case_keys)))
    return ibis.union(ibis.memtable([], schema=KEY_ROWS), *found)


def _person_keys(catalog: Catalog, accepted: Rows) -> ir.Table:
    found = []
    for name, table in accepted.items():
        found += complete_keys(table, catalog.datasets[name], catalog.datasets[name].person_keys)
    return ibis.union(ibis.memtable([], schema=KEY_ROWS), *found)


def _alone(
    engine: Backend, catalog: Catalog, accepted: Rows, numbered: ir.Table, cases: Graph, labels: ir.Table
) -> ir.Table:
    """The rows of which a linkage could find the person: no number names one, nor does another row of the case."""
    found = [ibis.memtable([], schema={"delivery": "string", "row": "int64"})]
    for name in linkage_datasets(catalog):
        if name in accepted and catalog.datasets[name].person_keys:
            found.append(without_key(accepted[name], catalog.datasets[name].person_keys).select("delivery", "row"))
    asked = ibis.union(*found)
    of_case = keep(engine, cases.rows.join(labels, "node").select("delivery", "row", "label"))
    named = of_case.semi_join(numbered, ["delivery", "row"]).select("label").distinct()
    covered = of_case.semi_join(named, "label")
    return keep(engine, asked.anti_join(covered, ["delivery", "row"]))


def _person_nodes(persons: Graph, numbered: ir.Table) -> ir.Table:
    """Of every row its own key, what exact links hold together with it, and whether a number names its person."""
    exact = persons.stored.filter(persons.stored.kind == EXACT)
    labels = persons.labels(persons.exact.union(exact))
    told = numbered.select("delivery", "row").distinct().mutate(numbered=ibis.literal(True))
    rows = persons.rows.join(labels, "node").left_join(told, ["delivery", "row"])
    rows = rows.select("delivery", "row", node="label", key="node", keyed=ibis.coalesce(told.numbered, False))
    return keep(persons.engine, rows)


def _origins(catalog: Catalog, accepted: Rows, subject: Subject) -> ir.Table:
    """Where every row stands that tells of a case, or of a person."""
    told = [_origin(name, table) for name, table in accepted.items() if catalog.datasets[name].subject == subject]
    return ibis.union(ibis.memtable([], schema=ORIGIN), *told)


def _origin(dataset: str, table: ir.Table) -> ir.Table:
    return table.mutate(dataset=ibis.literal(dataset)).select(*ORIGIN)
