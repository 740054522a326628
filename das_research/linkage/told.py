"""The case and the person of every delivered row, and the person of every case, told from what was linked."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.catalog.tables import PERSON, PERSON_KEYS
from das_research.engines import keep, keep_packed, stacked
from das_research.linkage.conclude import Linked
from das_research.linkage.firsts import SEVERAL, first_known
from das_research.linkage.graph import NODE
from das_research.linkage.report import LinkageReport, known_before
from das_research.linkage.shown import ORIGIN

KEYS_OF = dict.fromkeys(("node", *PERSON_KEYS), NODE)


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


def tell(
    engine: Backend,
    catalog: Catalog,
    rows: ir.Table,
    cases: Linked,
    persons: Linked | None = None,
    keys: ir.Table | None = None,
) -> Links:
    """The case and the person of every row, and the person of every case.

    What keys alone hold together is one case and one person. So rows carry the numbers of those, and only at the end
    the surrogates that they stand for.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    catalog : Catalog
        The stages, of which is told how well they found each other.
    rows : Table
        Where every row stands that may tell of a case or a person, and ``exact_case`` and ``exact_person``: what keys
        alone hold together.
    cases : Linked
        The components and surrogates of cases.
    persons : Linked, optional
        The components and surrogates of persons, where the chain knows persons.
    keys : Table, optional
        ``node`` with the three keys of its person.

    Returns
    -------
    Links
        Tables that the engine keeps.
    """
    if keys is None:
        rows, keys = rows.mutate(exact_person=ibis.null(NODE)), stacked([], KEYS_OF)
    of_keys, of_case = _first_persons(engine, rows, cases.nodes.select("given", exact_case="node"))
    linked = rows.join(of_keys.join(of_case, "case_id").drop("several"), "exact_case")
    linked = linked.select(
        *(rows[name] for name in ORIGIN),
        linked.case_id,
        rows.exact_case,
        exact_person=ibis.coalesce(rows.exact_person, linked.first_of_keys),
        known=ibis.coalesce(rows.exact_person, linked.first_of_case),
    )
    of_persons = rows.filter(rows.exact_case.isnull(), rows.exact_person.notnull())
    nothing = {name: ibis.null(NODE) for name in ("case_id", "exact_case")}
    linked = linked.union(of_persons.mutate(nothing, known=of_persons.exact_person).select(*linked.columns))
    linked = linked.left_join(keys.rename(known="node"), "known")
    linked = keep_packed(engine, linked.select(*ORIGIN, "case_id", "exact_case", *PERSON_KEYS, "exact_person"))
    found = of_case.left_join(keys.rename(first_of_case="node"), "first_of_case").select("case_id", *PERSON_KEYS)
    report = LinkageReport(
        datasets=known_before(catalog.chain, list(catalog.datasets), linked.filter(linked.case_id.notnull())),
        conflicts=_conflicts(rows, of_keys, keys),
        aliases=cases.aliases + (persons.aliases if persons else 0),
        splits=cases.splits + (persons.splits if persons else 0),
    )
    return Links(linked, keep(engine, found), report)


def _first_persons(engine: Backend, rows: ir.Table, surrogates: ir.Table) -> tuple[ir.Table, ir.Table]:
    """Who is named first, by what keys hold together and by case.

    Returns
    -------
    Table, Table
        ``exact_case, case_id, first_of_keys``, and ``several`` where the rows of its case may name several persons;
        and ``case_id, first_of_case``.
    """
    of_keys = first_known(rows, "exact_case", ["exact_person"]).join(surrogates, "exact_case")
    of_keys = of_keys.rename(first_of_keys="exact_person", case_id="given")
    of_keys = keep(engine, of_keys)
    parts = of_keys.group_by("case_id").agg(parts=of_keys.count(), first_of_case=of_keys.first_of_keys.min())
    parts = keep(engine, parts)
    joined = parts.filter(parts.parts > 1)
    more = of_keys.semi_join(joined, "case_id").select("case_id", "exact_case")
    of_joined = rows.join(more, "exact_case").select(*ORIGIN, "case_id", "exact_person")
    first = first_known(keep(engine, of_joined), "case_id", ["exact_person"])
    first = first.select("case_id", first_of_case="exact_person")
    of_case = parts.filter(parts.parts == 1).drop("parts").union(first)
    several = of_keys[SEVERAL + "exact_person"] | of_keys.case_id.isin(joined.case_id)
    of_keys = of_keys.select("exact_case", "case_id", "first_of_keys", several=several)
    return of_keys, keep(engine, of_case)


def _conflicts(rows: ir.Table, of_keys: ir.Table, keys: ir.Table) -> int:
    """How many cases have rows that name several persons."""
    asked = of_keys.filter(of_keys.several).select("exact_case", "case_id")
    told = rows.join(asked, "exact_case").join(keys.rename(exact_person="node"), "exact_person")
    persons = told.group_by("case_id").agg(persons=told[PERSON].nunique())
    return int(persons.filter(persons.persons > 1).count().execute())
