"""Erasure: the rows of persons whom a partner names are destroyed in all that is kept of that partner's deliveries.

A person addresses the partner who holds the data, and each partner has its own: rows that another partner delivered of
the same person stay. Released numbers stay too; they hold counts. What was erased comes back with a later file in which
the person still stands, since nobody keeps the list: the partner leaves them out of what it sends.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.changes import Change, change, warehouse_lock
from das_research.custody.copies import destroy_copies
from das_research.custody.removal import read_removals
from das_research.custody.rewrite import KEY_COLUMNS, rewrite_delivery, rewrite_segment, segments
from das_research.custody.theirs import Theirs, count_named, find_theirs, keys_of, read_files
from das_research.engines import keep, memory_engine, read_parquet, write_parquet
from das_research.errors import UsageError
from das_research.hashing import content_hash
from das_research.home import Home
from das_research.intake.delivery import ACCEPTED, Delivery, read_deliveries
from das_research.keys.data import data_keys
from das_research.keys.store import KeyStore
from das_research.linkage.keys import row_keys
from das_research.linkage.register import register_epochs
from das_research.processing_log import of_deliveries

ERASED = "rows in it were erased"
GONE = "erased"  # the domain of what keeps the highest surrogate from being given again


@dataclass(frozen=True)
class Erased:
    """What an erasure did, in counts: rows, and the deliveries, snapshots and extracts that held them.

    Of the identifiers on the list, each counted once, so many were `listed` and `found`.
    """

    rows: int
    deliveries: int
    snapshots: int
    extracts: int
    listed: int = 0
    found: int = 0


def erase(catalog: Catalog, home: Home, partner: str, domain: str, path: Path, account: str) -> Erased:
    """Destroy the rows of the persons on a list, and of their cases, in all deliveries of a partner.

    Parameters
    ----------
    catalog : Catalog
        What names a case, and how identifiers are written.
    home : Home
        The home folder; its identifier keys are read. Of a project's own file it is `Home.own_files`, and the catalogue
        is that of the project: its list was never linked in the register, which stays as it is.
    partner : str
        Whose deliveries.
    domain : str
        The identifier domain of the list.
    path : Path
        The partner's list, as `das_research.custody.removal.read_removals` reads it. No copy is kept of it.
    account : str
        Who has it done.

    Raises
    ------
    UsageError
        When the list can't be read or holds nothing, or a rotation of keys was not completed.
    """
    with warehouse_lock(home):
        every = read_deliveries(home)
        _refuse_mixed(home, every, domain)
        deliveries = [it for it in every if it.partner == partner]
        with memory_engine(home.warehouse) as engine, change(home, "custody", "erased", account) as made:
            who = read_removals(engine, catalog, KeyStore(home.keys), domain, path)
            theirs = find_theirs(engine, home, catalog, deliveries, domain, who)
            on_list = int(who.count().execute()), count_named(deliveries, domain, theirs.files, who)
            touched = _rewrite(made, engine, deliveries, theirs)
            made.facts |= {"partners": [partner], "domain": domain, "rows": int(theirs.rows.count().execute())}
            made.facts |= {"deliveries": len(touched), "snapshots": 0, "extracts": 0}
            if touched:
                if not home.own_files_of:
                    _forget_keys(made, engine, catalog, every, theirs)
                made.touched("erasure", partner, of_deliveries(catalog, touched))
                destroy_copies(made, catalog, [it.id for it in touched], ERASED)
        facts = made.facts
    rows, changed, snapshots, extracts = (
        int(str(facts[name])) for name in ("rows", "deliveries", "snapshots", "extracts")
    )
    return Erased(rows, changed, snapshots, extracts, *on_list)


def _rewrite(made: Change, engine: Backend, deliveries: Sequence[Delivery], theirs: Theirs) -> list[Delivery]:
    """Have the deliveries written without the rows; the result are those that had any."""
    counts = theirs.rows.group_by("delivery", "file").agg(rows=ibis._.count()).to_pyarrow().to_pylist()
    gone = {(it["delivery"], it["file"]): it["rows"] for it in counts}
    touched = [it for it in deliveries if any(place[0] == it.id for place in gone)]
    for delivery in touched:
        left = {}
        for (id, file), rows in theirs.files.items():
            if id == delivery.id and (id, file) in gone:
                mine = theirs.rows.filter(theirs.rows.delivery == id, theirs.rows.file == file)
                left[file] = keep(engine, rows.anti_join(mine, "row"))
        accepted = gone.get((delivery.id, ACCEPTED), 0)
        erased = sum(count for place, count in gone.items() if place[0] == delivery.id)
        remaining = replace(
            delivery,
            accepted=delivery.accepted - accepted,
            quarantined=delivery.quarantined - (erased - accepted),
            erased=delivery.erased + erased,
            erasure=content_hash(left[ACCEPTED]) if accepted else delivery.erasure,
        )
        rewrite_delivery(made, engine, remaining, left)
        if accepted:
            _rewrite_vault(made, engine, delivery.id, left[ACCEPTED])
    return touched


def _rewrite_vault(made: Change, engine: Backend, id: str, left: ir.Table) -> None:
    path, keys = made.home.vault / f"{id}.parquet", data_keys(made.home)
    if path.is_file() and keys.has(f"vault-{id}"):
        rows = read_parquet(engine, path, keys.get(f"vault-{id}")).semi_join(left.select("row"), "row")
        write_parquet(engine, rows.order_by("row"), made.replace(path), made.new_key(f"vault-{id}"))


def _forget_keys(made: Change, engine: Backend, catalog: Catalog, every: Sequence[Delivery], theirs: Theirs) -> None:
    """Have the register forget the keys of erased rows that no other row of any delivery shows."""
    if not segments(made.home):
        return
    others = [it for it in every if (it.id, ACCEPTED) not in theirs.files]
    shown = keep(engine, keys_of(catalog, every, theirs.files | read_files(engine, made.home, others)))
    erased = theirs.rows.filter(theirs.rows.file == ACCEPTED).select("delivery", "row")
    lost = shown.semi_join(erased, ["delivery", "row"]).select("domain", "pseudonym").distinct()
    still = shown.anti_join(erased, ["delivery", "row"]).select("domain", "pseudonym")
    lost = lost.anti_join(still, ["domain", "pseudonym"]).union(row_keys(erased).select("domain", "pseudonym"))
    lost = keep(engine, lost)
    for path in segments(made.home):
        rows = engine.read_parquet(path)
        left = rows
        for names in KEY_COLUMNS:
            if names[0] in rows.columns:
                known = lost.select(**dict(zip(names, (lost.domain, lost.pseudonym), strict=True)))
                left = keep(engine, left.anti_join(known, list(names)))
        if int(left.count().execute()) == int(rows.count().execute()):
            continue
        if "surrogate" in rows.columns:
            last = int(rows.surrogate.max().execute())
            if int(left.surrogate.max().fill_null(0).execute()) < last:
                left = keep(engine, left.union(_keeping(rows, last)))
        rewrite_segment(made, engine, path, left)


def _keeping(rows: ir.Table, surrogate: int) -> ir.Table:
    """A row that keeps the highest surrogate of a segment, under a key that is nobody's."""
    row = {"domain": GONE, "pseudonym": f"{surrogate}", "surrogate": surrogate, "delivery": GONE}
    schema = rows.schema()
    return ibis.memtable([row], schema={name: schema[name] for name in row}).select(*rows.columns)


def _refuse_mixed(home: Home, deliveries: Sequence[Delivery], domain: str) -> None:
    epochs = {it.epoch for delivery in deliveries for it in delivery.identifiers.values() if it.domain == domain}
    epochs |= {epoch for name, epoch in register_epochs(home).items() if name == domain}
    epochs.add(KeyStore(home.keys).epoch(domain))
    if len(epochs) > 1:
        raise UsageError(
            f"Pseudonyms of {domain} are under several keys, so not everybody would be found.",
            why="A rotation of keys was not completed.",
            fix=f"das key rotate {domain}",
            ask="the custodian of the identifier keys",
        )
