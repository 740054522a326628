"""The links of a whole chain: the case and the person of every delivered row, and the person of every case."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog, Subject
from das_research.catalog.tables import PERSON, PERSON_KEYS
from das_research.engines import few, keep, stacked
from das_research.linkage.conclude import Linked, conclude
from das_research.linkage.firsts import SEVERAL, first_known
from das_research.linkage.graph import EXACT, Graph, key_graph
from das_research.linkage.keys import KEY_ROWS, ROW, complete_keys, key_domains, row_keys, without_key
from das_research.linkage.likely import likely_links
from das_research.linkage.records import linkage_datasets, records
from das_research.linkage.register import Entity, KeyRegister
from das_research.linkage.report import LinkageReport, known_before
from das_research.linkage.three_keys import three_keys
from das_research.linkage.through_person import still_through_person, through_person

Rows = Mapping[str, ir.Table]
PERSONS = (*PERSON_KEYS, "exact_person")
ROWS = {"delivery": "string", "row": "int64"}
ORIGIN = {"place": "int16", "dataset": "string", "delivery": "string", "row": "int64", "moment": "date"}


@dataclass(frozen=True)
class Links:
    """What linking gave.

    Parameters
    ----------
    rows : Table
        ``dataset, delivery, row, moment, case_id, person_id, person_id_strict, person_id_loose``: the case of every
        row that tells of one, and the person the row itself names, or else that of its case; of a row that tells of a
        person, that person. The last two are the person where stronger or weaker evidence is asked. ``place`` is that
        of the dataset in the catalogue; ``exact_case`` and ``exact_person`` number what keys alone hold together, in
        this build.
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
    origins = partial(_origins, few(engine, accepted), catalog, accepted)
    if not catalog.chain.person:
        return _told(engine, catalog, origins, conclude(register, "cases", cases), by_keys, None, None)
    persons, nodes = _persons_by_keys(engine, register, catalog, accepted, gone, by_keys)
    found = likely_links(engine, catalog, accepted, names or {}, persons, nodes)
    linkage = catalog.chain.linkage
    linked = conclude(register, "persons", persons, found, least=linkage.standard if linkage else 0.0)
    present = origins("case").select("delivery").distinct()
    keys = three_keys(persons, linked, linkage)
    named = nodes.join(keys, nodes.key == keys.node).select("delivery", "row", *PERSON_KEYS, exact_person=nodes.node)
    named = keep(engine, named)
    links = through_person(engine, catalog, accepted, by_keys, named)
    joined = conclude(register, "cases", cases, links, still_through_person(cases.stored, present))
    return _told(engine, catalog, origins, joined, by_keys, linked, named)


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
    cases = _graph(engine, register, "cases", _case_keys(few(engine, key_domains(catalog)), catalog, accepted), gone)
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


def _told(
    engine: Backend,
    catalog: Catalog,
    origins: Callable[[Subject], ir.Table],
    cases: Linked,
    by_keys: ir.Table,
    persons: Linked | None,
    named: ir.Table | None,
) -> Links:
    """The case and the person of every row, and the person of every case."""
    held = by_keys.join(cases.nodes.select("node", "given"), "node").rename(case_id="given", exact_case="label")
    rows = origins("case").join(held, ["delivery", "row"])
    if named is None:
        rows = rows.mutate({name: ibis.null("int64") for name in PERSONS})
    else:
        rows = rows.left_join(named, ["delivery", "row"])
    rows = keep(engine, rows.select(*ORIGIN, "case_id", "exact_case", *PERSONS))
    of_case = keep(engine, first_known(rows, "case_id", PERSON_KEYS))
    of_keys = first_known(rows, "exact_case", ["exact_person"])
    person = {name: ibis.coalesce(rows[name], of_case[name]) for name in PERSON_KEYS}
    person["exact_person"] = ibis.coalesce(rows.exact_person, of_keys.exact_person)
    linked = rows.join(of_case, "case_id").join(of_keys, rows.exact_case == of_keys.exact_case)
    linked = linked.select(*(rows[name] for name in (*ORIGIN, "case_id", "exact_case")), **person)
    if named is not None:
        told = origins("person").join(named, ["delivery", "row"])
        nothing = {name: ibis.null("int64") for name in ("case_id", "exact_case")}
        linked = linked.union(told.mutate(**nothing).select(*linked.columns))
    report = LinkageReport(
        datasets=known_before(catalog.chain, rows.select("dataset", "case_id")),
        conflicts=int(of_case.filter(of_case[SEVERAL + PERSON]).count().execute()),
        aliases=cases.aliases + (persons.aliases if persons else 0),
        splits=cases.splits + (persons.splits if persons else 0),
    )
    return Links(keep(engine, linked), of_case.select("case_id", *PERSON_KEYS), report)


def _case_keys(written: Callable, catalog: Catalog, accepted: Rows) -> list[list[ir.Table]]:
    """Of each dataset the complete keys of cases, and of a row that names none, the row itself."""
    found = []
    for name, table in accepted.items():
        dataset = catalog.datasets[name]
        found.append(complete_keys(table, dataset, dataset.case_keys, written))
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


def _origins(written: Callable, catalog: Catalog, accepted: Rows, subject: Subject) -> ir.Table:
    """Where every row stands that tells of a case, or of a person."""
    told = [
        accepted[name].mutate(place=ibis.literal(place, "int16"), dataset=written(name)).select(*ORIGIN)
        for place, (name, dataset) in enumerate(catalog.datasets.items())
        if name in accepted and dataset.subject == subject
    ]
    return stacked(told, ORIGIN)
