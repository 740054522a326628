"""Whose rows: those that name somebody on a list, and those of their cases, in the deliveries of one partner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.engines import keep
from das_research.home import Home
from das_research.intake.delivery import ACCEPTED, QUARANTINED, Delivery
from das_research.intake.stored import read_stored, standing_files
from das_research.linkage.keys import KEY_ROWS, complete_keys

PLACE = {"delivery": "string", "file": "string", "row": "int64"}
Files = dict[tuple[str, str], ir.Table]  # delivery and file to its rows


@dataclass(frozen=True)
class Theirs:
    """Rows to erase.

    Parameters
    ----------
    files : dict
        Delivery and file name to its rows as they stand.
    rows : Table
        ``delivery, file, row`` of those to erase.
    """

    files: Files
    rows: ir.Table


def read_files(engine: Backend, home: Home, deliveries: Sequence[Delivery]) -> Files:
    """Every table that stands of some deliveries."""
    return {
        (delivery.id, name): keep(engine, read_stored(engine, home, delivery.id, name))
        for delivery in deliveries
        for name in standing_files(home, delivery.id)
    }


def find_theirs(
    engine: Backend, home: Home, catalog: Catalog, deliveries: Sequence[Delivery], domain: str, who: ir.Table
) -> Theirs:
    """Find the rows of some persons.

    A row is theirs when an identifier of the domain in it is on the list. A row of their case is one that shows a key
    of a case that such a row shows, and names nobody else; and so on, until no further key is found.

    Parameters
    ----------
    engine : Backend
        Where it is found.
    home : Home
        Where the deliveries lie.
    catalog : Catalog
        What names a case.
    deliveries : sequence of Delivery
        Those of the partner.
    domain : str
        The identifier domain of the list.
    who : Table
        ``pseudonym`` of everybody on the list.
    """
    files = read_files(engine, home, deliveries)
    named = {delivery.id: _columns(delivery, domain) for delivery in deliveries}
    rows = keep(engine, _union(PLACE, [_own(place, table, named[place[0]], who) for place, table in files.items()]))
    shown = keep(engine, _shown(catalog, deliveries, files))
    others = keep(engine, _union(PLACE, [_other(place, table, named[place[0]], who) for place, table in files.items()]))
    while True:
        keys = shown.semi_join(rows, list(PLACE)).select("domain", "pseudonym").distinct()
        of_cases = shown.semi_join(keys, ["domain", "pseudonym"]).select(*PLACE).distinct()
        more = keep(engine, ibis.union(rows, of_cases.anti_join(others, list(PLACE)), distinct=True))
        if more.count().execute() == rows.count().execute():
            return Theirs(files, rows)
        rows = more


def keys_of(catalog: Catalog, deliveries: Sequence[Delivery], files: Mapping[tuple[str, str], ir.Table]) -> ir.Table:
    """Every complete key that accepted rows show: ``delivery, row, domain, pseudonym``."""
    found = []
    for delivery in deliveries:
        rows = files[delivery.id, ACCEPTED].mutate(delivery=ibis.literal(delivery.id))
        if dataset := catalog.datasets.get(delivery.dataset):
            known = [it for it in (*dataset.case_keys, *dataset.person_keys) if set(it) <= set(rows.columns)]
            found += complete_keys(rows, dataset, tuple(known))
    return _union(KEY_ROWS, found)


def count_named(deliveries: Sequence[Delivery], domain: str, files: Files, who: ir.Table) -> int:
    """How many of the pseudonyms stand in some row of these deliveries."""
    columns = {delivery.id: _columns(delivery, domain) for delivery in deliveries}
    shown = [table.select(pseudonym=table[name]) for place, table in files.items() for name in columns[place[0]]]
    known = _union({"pseudonym": "string"}, shown)
    return int(who.semi_join(known, "pseudonym").count().execute())


def _columns(delivery: Delivery, domain: str) -> list[str]:
    return [name for name, it in delivery.identifiers.items() if it.domain == domain]


def _own(place: tuple[str, str], table: ir.Table, columns: Sequence[str], who: ir.Table) -> ir.Table:
    found = [table.semi_join(who, table[name] == who.pseudonym) for name in columns]
    return _union(PLACE, [_placed(place, rows) for rows in found]).distinct()


def _other(place: tuple[str, str], table: ir.Table, columns: Sequence[str], who: ir.Table) -> ir.Table:
    """Rows that name somebody who is not on the list."""
    found = [table.filter(table[name].notnull()).anti_join(who, table[name] == who.pseudonym) for name in columns]
    return _union(PLACE, [_placed(place, rows) for rows in found]).distinct()


def _shown(catalog: Catalog, deliveries: Sequence[Delivery], files: Files) -> ir.Table:
    """The keys of cases that rows show, quarantined ones too."""
    found = []
    for delivery in deliveries:
        dataset = catalog.datasets.get(delivery.dataset)
        for name in (ACCEPTED, QUARANTINED):
            table = files.get((delivery.id, name))
            if dataset is None or table is None:
                continue
            sets = tuple(it for it in dataset.case_keys if set(it) <= set(table.columns))
            rows = table.mutate(delivery=ibis.literal(delivery.id))
            found += [keys.mutate(file=ibis.literal(name)) for keys in complete_keys(rows, dataset, sets)]
    return _union(PLACE | {"domain": "string", "pseudonym": "string"}, found)


def _placed(place: tuple[str, str], rows: ir.Table) -> ir.Table:
    return rows.select("row", delivery=ibis.literal(place[0]), file=ibis.literal(place[1]))


def _union(schema: Mapping[str, str], tables: Sequence[ir.Table]) -> ir.Table:
    return ibis.union(ibis.memtable([], schema=dict(schema)), *(it.select(*schema) for it in tables))
