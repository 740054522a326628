"""Identifiers become pseudonyms: nothing after this step holds a raw identifier."""

from collections.abc import Mapping

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research import engines
from das_research.catalog.models import Catalog, Dataset
from das_research.intake.dependencies import domains
from das_research.keys.store import KeyStore


def pseudonymised(rows: ir.Table, engine: Backend, keys: KeyStore, catalog: Catalog, dataset: Dataset) -> ir.Table:
    """The rows with the pseudonym of each normalised identifier: HMAC-SHA256 under the keys of all epochs in order."""
    of = {name: domain.id for name, domain in domains(catalog, dataset).items()}
    return hashed(rows, engine, {name: keys.identifier_keys(domain) for name, domain in of.items()})


def hashed(rows: ir.Table, engine: Backend, keys: Mapping[str, list[bytes]]) -> ir.Table:
    """The rows with HMAC-SHA256 of some text columns, under several keys one after the other.

    Parameters
    ----------
    rows : Table
        Texts or pseudonyms.
    engine : Backend
        Where they are hashed; it holds one set of keys at a time.
    keys : mapping of str to list of bytes
        Column to its keys, first to last.
    """
    named = {f"{place}_{epoch}": key for place, each in enumerate(keys.values()) for epoch, key in enumerate(each)}
    if not named:
        return rows
    pads = engines.register_keys(engine, named)
    joined = rows.cross_join(pads)
    done = {}
    for place, (name, each) in enumerate(keys.items()):
        value = joined[name]
        for epoch in range(len(each)):
            value = engines.hmac_sha256(pads, f"{place}_{epoch}", value)
        done[name] = value
    return joined.mutate(done).drop(*pads.columns)
