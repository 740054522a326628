"""The rows of a project's own file as its extract gets them: who of the list is found in the chain, and who is not.

A person on the list is found by numbers alone: where a row that the snapshot was built from shows the same pseudonym.
What is found is told only of persons of whom the extract holds another row. Of all others it can't be told whether the
chain knows them. They are persons all the same, who count in every number: each has a key that no chain has.
"""

from collections.abc import Iterable, Mapping

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.access.manifest import ExtractedOwnFile, ExtractedTable
from das_research.access.safe_counts import parts_of
from das_research.catalog.models import Catalog, Dataset, Grant
from das_research.catalog.own_files import is_own
from das_research.catalog.tables import LINKED, PERSON, PERSON_KEYS
from das_research.engines import keep, only_row
from das_research.errors import AccessRefused
from das_research.home import Home
from das_research.intake.delivery import Delivery, read_deliveries, read_delivery
from das_research.intake.dependencies import definition_hash
from das_research.intake.stored import read_stored, stored_rows
from das_research.linkage.keys import KEY_ROWS, complete_keys
from das_research.warehouse.accepted import in_force
from das_research.warehouse.harmonise import with_unified_codes
from das_research.warehouse.snapshot import Snapshot

OWN_ROW = {"own_delivery": "string", "own_row": "int64"}
LISTED = ":listed"  # the key of a person on the list whom the chain does not know; no variable can be named so
HEX_DIGITS = 15  # of a pseudonym that make that key: as many as fit in a number


def own_deliveries(catalog: Catalog, grant: Grant, home: Home) -> dict[str, Delivery]:
    """The list that counts of every own file of a grant: the one that was delivered last; without those never sent."""
    sent = sorted(read_deliveries(home.own_files(grant.id)), key=lambda it: (it.received, it.id))
    return {it.dataset: it for it in sent if is_own(catalog, grant, it.dataset)}


def own_tables(
    catalog: Catalog, grant: Grant, home: Home, snapshot: Snapshot, sources: Mapping[str, ir.Table], engine: Backend
) -> dict[str, ir.Table]:
    """Every own file of a grant as a table of the snapshot would be, with whomever the chain knows by these numbers.

    Parameters
    ----------
    catalog : Catalog
        The catalogue of the project.
    grant : Grant
        The grant.
    home : Home
        Where lists and deliveries lie.
    snapshot : Snapshot
        In which persons are looked for.
    sources : mapping
        Its tables by name.
    engine : Backend
        Where it is computed.

    Raises
    ------
    AccessRefused
        When a list was not delivered yet, was read by another layout, is real where the chain is fictitious or the
        other way round, or has its pseudonyms under another key.
    """
    found = own_deliveries(catalog, grant, home)
    tables = {}
    for name in grant.own_files:
        if name not in found:
            raise _refused(grant, name, "It was not delivered yet, or was destroyed.")
        _check(catalog, grant, home, snapshot, found[name])
        dataset, delivery = catalog.datasets[name], found[name]
        stored = {name: stored_rows(engine, home.own_files(grant.id), dataset, [delivery])}
        rows = keep(engine, in_force(catalog, [delivery], stored)[name])
        persons = _persons(engine, catalog, home, snapshot, sources, dataset, rows)
        joined = rows.left_join(persons, [rows.delivery == persons.own_delivery, rows["row"] == persons.own_row])
        told = keep(engine, joined.drop(*OWN_ROW).mutate(**{LINKED: persons[PERSON].notnull()}))
        unified = with_unified_codes(engine, catalog, name, told)
        tables[name] = keep(engine, unified.join(_listed(rows, dataset), ["delivery", "row"]))
    return tables


def told_of(engine: Backend, rows: ir.Table, others: Iterable[ir.Table]) -> ir.Table:
    """The rows of an own file, linked where other tables hold a row about the person, and else with a key of the list.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    rows : Table
        Of the own file, with the person of everybody who was found.
    others : iterable of Table
        What else the extract holds, of tables that give the person.
    """
    nobody = ibis.memtable([], schema={PERSON: "int64"})
    given = keep(engine, ibis.union(nobody, *(table.select(PERSON) for table in others)).distinct())
    known = rows[PERSON].isin(given[PERSON]).fill_null(False)
    keys = {key: ibis.ifelse(known, ibis.coalesce(rows[key], rows[LISTED]), rows[LISTED]) for key in PERSON_KEYS}
    return keep(engine, rows.mutate({**keys, LINKED: known}))


def extracted_own_files(
    catalog: Catalog,
    grant: Grant,
    home: Home,
    engine: Backend,
    database: tuple[str, str],
    tables: Mapping[str, ExtractedTable],
) -> dict[str, ExtractedOwnFile]:
    """What a manifest says of the own files in what was written."""
    found = {}
    for name, delivery in own_deliveries(catalog, grant, home).items():
        told: dict[str, int | None] = {}
        if name in tables and LINKED in tables[name].columns:
            told = linked_counts(engine.table(name, database=database), catalog.disclosure.minimum)
        found[name] = ExtractedOwnFile(delivery.id, **told)
    return found


def linked_counts(rows: ir.Table, minimum: int) -> dict[str, int | None]:
    """How many rows of an own file are ``linked`` and ``not_linked``, as `safe_counts` shows them."""
    linked = rows.count(where=rows[LINKED])
    return parts_of(only_row(rows.agg(linked=linked, not_linked=rows.count() - linked)), minimum)


def _persons(
    engine: Backend,
    catalog: Catalog,
    home: Home,
    snapshot: Snapshot,
    sources: Mapping[str, ir.Table],
    dataset: Dataset,
    rows: ir.Table,
) -> ir.Table:
    """The person of every row by each of the three links; none where its numbers lead to several."""
    keys = _keys(rows, dataset)
    keys = keep(engine, keys.select("domain", "pseudonym", own_delivery="delivery", own_row="row"))
    seen = [ibis.memtable([], schema=OWN_ROW | dict.fromkeys(PERSON_KEYS, "int64"))]
    for id in snapshot.deliveries:
        delivery = read_delivery(home.deliveries / id)
        other = catalog.datasets.get(delivery.dataset)
        if other is None or not other.person_keys or PERSON not in sources[delivery.dataset].columns:
            continue
        told = read_stored(engine, home, id).mutate(delivery=ibis.literal(id))
        shown = _keys(told, other).join(keys, ["domain", "pseudonym"]).select("delivery", "row", *OWN_ROW)
        chain = sources[delivery.dataset].select("delivery", "row", *PERSON_KEYS)
        seen.append(keep(engine, shown.join(chain, ["delivery", "row"]).select(*OWN_ROW, *PERSON_KEYS).distinct()))
    every = ibis.union(*seen, distinct=True)
    one = {key: ibis.ifelse(every[key].nunique() == 1, every[key].max(), ibis.null("int64")) for key in PERSON_KEYS}
    found = every.group_by(list(OWN_ROW)).agg(**one)
    return keep(engine, found.filter(found[PERSON].notnull()))


def _listed(rows: ir.Table, dataset: Dataset) -> ir.Table:
    """The key of every row as a person of the list alone: below zero, where no surrogate of the chain is.

    It follows from the person's first number, so that it stays from one list to the next.
    """
    keys = _keys(rows, dataset)
    first = keys.group_by("delivery", "row").agg(pseudonym=keys.pseudonym.first(order_by=["domain", "pseudonym"]))
    number = ibis.literal("0x").concat(first.pseudonym.substr(0, HEX_DIGITS)).cast("int64")
    return first.select("delivery", "row", **{LISTED: -number - 1})


def _keys(rows: ir.Table, dataset: Dataset) -> ir.Table:
    """The complete keys of persons that the rows of a dataset show."""
    sets = tuple(key for key in dataset.person_keys if set(key) <= set(rows.columns))
    return ibis.union(ibis.memtable([], schema=KEY_ROWS), *complete_keys(rows, dataset, sets))


def _check(catalog: Catalog, grant: Grant, home: Home, snapshot: Snapshot, delivery: Delivery) -> None:
    name = delivery.dataset
    if delivery.definition_hash != definition_hash(catalog, name):
        raise _refused(grant, name, "Its layout in the grant changed since it was delivered.")
    if delivery.synthetic != snapshot.synthetic:
        kinds = ("fictitious", "real") if delivery.synthetic else ("real", "fictitious")
        raise _refused(grant, name, f"Its numbers are {kinds[0]}, and the chain is {kinds[1]}: nobody can be found.")
    under: dict[str, set[int]] = {}
    for it in (delivery, *(read_delivery(home.deliveries / id) for id in snapshot.deliveries)):
        for one in it.identifiers.values():
            under.setdefault(one.domain, set()).add(one.epoch)
    mixed = [it.domain for it in delivery.identifiers.values() if len(under[it.domain]) > 1]
    if mixed:
        raise AccessRefused(
            f"The own file '{name}' of the project '{grant.id}' can't be linked.",
            why="Its pseudonyms are under another key than those of the chain: a rotation was not completed.",
            fix=f"das key rotate {mixed[0]}",
            ask="the custodian of the identifier keys",
        )


def _refused(grant: Grant, name: str, why: str) -> AccessRefused:
    return AccessRefused(
        f"The project '{grant.id}' gets no extract without its own file '{name}'.",
        why=why,
        fix=f"Type: das deliver {name} FILE",
        ask=grant.own_files[name].contact,
    )
