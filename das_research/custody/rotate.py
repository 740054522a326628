"""A new key for an identifier domain: what is stored is hashed once more, under the new one.

Nobody has the identifiers any more, so a rotation wraps: the new pseudonym is the HMAC of the old one. Whoever holds
all keys can still make a pseudonym of an identifier; whoever holds the old keys alone no longer can. So it ends the use
of a key in the ordinary course. A key that leaked is another matter: its holder may have made the old pseudonyms of
guessed identifiers, and finds them in every copy of the old files. Then partners deliver again, under a fresh domain.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.changes import Change, change, warehouse_lock
from das_research.custody.rewrite import (
    KEY_COLUMNS,
    rewrite_delivery,
    rewrite_epochs,
    rewrite_segment,
    segments,
)
from das_research.engines import keep, memory_engine
from das_research.errors import UsageError
from das_research.home import Home
from das_research.intake.delivery import ACCEPTED, Delivery, read_deliveries
from das_research.intake.pseudonymise import hashed
from das_research.intake.stored import read_stored, standing_files
from das_research.keys.store import KeyStore
from das_research.linkage.keys import complete_keys
from das_research.linkage.register import register_epochs
from das_research.processing_log import of_deliveries

PAIRS = {"domain": "string", "old": "string", "new": "string"}


@dataclass(frozen=True)
class Rotated:
    """What a rotation did: the new epoch of the domain, and how many deliveries were hashed anew."""

    domain: str
    epoch: int
    deliveries: int


def rotate(catalog: Catalog, home: Home, domain: str, account: str) -> Rotated:
    """Hash all that is stored of an identifier domain under a new key; complete a rotation that was broken off.

    Surrogates stay, so that a build afterwards has the same tables.

    Parameters
    ----------
    catalog : Catalog
        Which identifiers together name a case or a person.
    home : Home
        The home folder; its identifier keys are read and one is made.
    domain : str
        An identifier domain.
    account : str
        Who rotates.

    Raises
    ------
    UsageError
        When the domain has no key yet.
    """
    keys = KeyStore(home.keys)
    if domain not in keys.domains():
        known = ", ".join(keys.domains())
        raise UsageError(
            f"The identifier domain '{domain}' has no key here.",
            why="A key is made when the first file with such identifiers is delivered.",
            fix=f"Use one of: {known}." if known else "das deliver DATASET FILE",
        )
    with warehouse_lock(home):
        every = [(sender, it) for sender in home.senders() for it in read_deliveries(sender) if _of([it], domain)]
        epoch = keys.epoch(domain)
        register = register_epochs(home).get(domain, epoch)
        if all(it.epoch == epoch for it in _of([it for _, it in every], domain)) and register == epoch:
            epoch = keys.next_epoch(domain)
        ring = keys.identifier_keys(domain)
        with memory_engine(home.warehouse) as engine, change(home, "custody", "rotated", account) as made:
            pairs = [ibis.memtable([], schema=PAIRS)]
            behind = [it for it in every if any(one.epoch < epoch for one in _of([it[1]], domain))]
            for sender, delivery in behind:
                pairs += _rewrite(replace(made, home=sender), engine, catalog, delivery, domain, ring)
            pair = keep(engine, ibis.union(*pairs, distinct=True))
            for path in segments(home) if register < epoch else ():
                rows = engine.read_parquet(path)
                rewrite_segment(made, engine, path, _wrapped(engine, rows, domain, ring[register:], pair))
            rewrite_epochs(made, domain, epoch)
            made.facts |= {"domain": domain, "epoch": epoch, "deliveries": len(behind)}
            made.touched("rotation", domain, of_deliveries(catalog, [it for _, it in behind]))
    return Rotated(domain, epoch, len(behind))


def _of(deliveries: Sequence[Delivery], domain: str) -> list:
    return [it for delivery in deliveries for it in delivery.identifiers.values() if it.domain == domain]


def _rewrite(
    made: Change, engine: Backend, catalog: Catalog, delivery: Delivery, domain: str, ring: list[bytes]
) -> list[ir.Table]:
    """Have a delivery hashed anew; the result tells the keys of several identifiers that became others."""
    rings = {name: ring[it.epoch :] for name, it in delivery.identifiers.items() if it.domain == domain}
    tables, pairs = {}, []
    for name in standing_files(made.home, delivery.id):
        rows = keep(engine, read_stored(engine, made.home, delivery.id, name))
        tables[name] = keep(engine, hashed(rows, engine, rings))
        if name == ACCEPTED:
            pairs = _pairs(engine, catalog, delivery, domain, rows, tables[name])
    epoch = len(ring)
    identifiers = {n: replace(it, epoch=epoch) if n in rings else it for n, it in delivery.identifiers.items()}
    rewrite_delivery(made, engine, replace(delivery, identifiers=identifiers), tables)
    return pairs


def _pairs(
    engine: Backend, catalog: Catalog, delivery: Delivery, domain: str, old: ir.Table, new: ir.Table
) -> list[ir.Table]:
    """Keys of several identifiers, before and after: they hash pseudonyms together, and so can't be hashed on."""
    if delivery.dataset not in catalog.datasets:
        return []
    dataset = catalog.datasets[delivery.dataset]
    named = {name for name, it in delivery.identifiers.items() if it.domain == domain}
    found = []
    for key_set in (*dataset.case_keys, *dataset.person_keys):
        if len(key_set) > 1 and named & set(key_set) and set(key_set) <= set(old.columns):
            sides = [complete_keys(_told(rows, delivery), dataset, (key_set,))[0] for rows in (old, new)]
            joined = sides[0].join(sides[1].rename(new="pseudonym").drop("domain"), ["delivery", "row"])
            found.append(keep(engine, joined.select("domain", old=joined.pseudonym, new=joined.new).distinct()))
    return found


def _told(rows: ir.Table, delivery: Delivery) -> ir.Table:
    return rows.mutate(delivery=ibis.literal(delivery.id))


def _wrapped(engine: Backend, rows: ir.Table, domain: str, ring: list[bytes], pairs: ir.Table) -> ir.Table:
    """A segment of the register with the new pseudonyms; a key that no delivery shows any more is left out."""
    columns, table = rows.columns, rows
    for kind, pseudonym in KEY_COLUMNS:
        if kind not in columns:
            continue
        table = keep(engine, hashed(table.mutate(on=table[pseudonym]), engine, {"on": ring}))
        joined = table.left_join(pairs, [table[kind] == pairs.domain, table[pseudonym] == pairs.old])
        several = table[kind].contains("+") & (ibis.literal("+") + table[kind] + "+").contains(f"+{domain}+")
        new = ibis.cases((table[kind] == domain, table.on), (several, pairs.new), else_=table[pseudonym])
        table = joined.select(**{name: new if name == pseudonym else table[name] for name in columns}).filter(
            lambda it, name=pseudonym: it[name].notnull()
        )
        table = keep(engine, table)
    return table
