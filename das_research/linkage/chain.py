"""The links of a whole chain: the case and the person of every delivered row, and the person of every case."""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog, Subject
from das_research.catalog.tables import PERSON, PERSON_LINKS
from das_research.engines import keep
from das_research.linkage.exact import Linked, complete_keys, link
from das_research.linkage.quality import LinkageReport, known_before
from das_research.linkage.register import Entity, KeyRegister


@dataclass(frozen=True)
class Links:
    """What linking gave.

    Parameters
    ----------
    rows : Table
        ``dataset, delivery, row, case_id, person_id, person_id_strict, person_id_loose``: the case of every row that
        tells of one, and the person the row itself names, or else that of its case; of a row that tells of a person,
        that person. The last two are the same person by the strict and by the loose link.
    cases : Table
        ``case_id, person_id, person_id_strict, person_id_loose``: every case once.
    report : LinkageReport
        How well it went.
    """

    rows: ir.Table
    cases: ir.Table
    report: LinkageReport


def link_chain(engine: Backend, register: KeyRegister, catalog: Catalog, accepted: Mapping[str, ir.Table]) -> Links:
    """Link the accepted rows of every dataset.

    A case is one person in one case. When the rows of a case name several persons, the case is of the one that is named
    first, by moment and then by delivery and row; the report counts such cases.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    register : KeyRegister
        Knows earlier surrogates and learns the new ones.
    catalog : Catalog
        Key sets of the datasets; whether the chain knows persons.
    accepted : mapping of str to Table
        Dataset to its accepted rows, with ``delivery``, ``row`` and ``moment``.

    Returns
    -------
    Links
        Expressions over tables that the engine keeps.
    """
    cases = _link(engine, register, catalog, accepted, "cases")
    persons = _link(engine, register, catalog, accepted, "persons") if catalog.chain.person else None
    every = _origins(catalog, accepted, "case")
    rows = every.join(cases.rows, ["delivery", "row"]).rename(case_id="surrogate")
    if persons is None:
        rows = rows.mutate(named=ibis.null("int64"))
    else:
        rows = rows.left_join(persons.rows, ["delivery", "row"]).rename(named="surrogate")
    rows = keep(engine, rows.select(*ORIGIN, "case_id", "named"))
    first = rows.named.first(order_by=["moment", "delivery", "row"])
    of_case = rows.group_by("case_id").agg(person_id=first, persons=rows.named.nunique())
    of_case = keep(engine, of_case)
    person_id = ibis.coalesce(rows.named, of_case.person_id)
    linked = rows.join(of_case, "case_id").select(
        rows.dataset, rows.delivery, rows.row, rows.case_id, person_id=person_id
    )
    if persons is not None:
        told = _origins(catalog, accepted, "person").join(persons.rows, ["delivery", "row"])
        told = told.select("dataset", "delivery", "row", case_id=ibis.null("int64"), person_id="surrogate")
        linked = linked.union(told)
    linked = keep(engine, _at_every_link(linked))
    report = LinkageReport(
        datasets=known_before(catalog.chain, rows.select("dataset", "case_id")),
        conflicts=of_case.filter(of_case.persons > 1).count().execute(),
        aliases=cases.aliases + (persons.aliases if persons else 0),
    )
    return Links(linked, _at_every_link(of_case.select("case_id", "person_id")), report)


def _at_every_link(table: ir.Table) -> ir.Table:
    """The persons by the strict and the loose link too: the same ones, as long as every link is exact."""
    return table.mutate(**dict.fromkeys(PERSON_LINKS.values(), table[PERSON]))


ORIGIN = {"dataset": "string", "delivery": "string", "row": "int64", "moment": "date"}


def _origins(catalog: Catalog, accepted: Mapping[str, ir.Table], subject: Subject) -> ir.Table:
    """Where every row stands that tells of a case, or of a person."""
    told = [_origin(name, table) for name, table in accepted.items() if catalog.datasets[name].subject == subject]
    return ibis.union(ibis.memtable([], schema=ORIGIN), *told) if told else ibis.memtable([], schema=ORIGIN)


def _origin(dataset: str, table: ir.Table) -> ir.Table:
    return table.mutate(dataset=ibis.literal(dataset)).select(*ORIGIN)


def _link(
    engine: Backend, register: KeyRegister, catalog: Catalog, accepted: Mapping[str, ir.Table], entity: Entity
) -> Linked:
    found = []
    for name, table in accepted.items():
        dataset = catalog.datasets[name]
        key_sets = dataset.case_keys if entity == "cases" else dataset.person_keys
        found += complete_keys(table, dataset, key_sets)
    nothing = ibis.memtable(
        [], schema={"delivery": "string", "row": "int64", "domain": "string", "pseudonym": "string"}
    )
    return link(engine, register, entity, keep(engine, ibis.union(nothing, *found)))
