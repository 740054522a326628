"""Identifiers become pseudonyms: nothing after this step holds a raw identifier."""

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research import engines
from das_research.catalog.models import Catalog, Dataset
from das_research.intake.dependencies import domains
from das_research.keys.store import KeyStore


def pseudonymised(rows: ir.Table, engine: Backend, keys: KeyStore, catalog: Catalog, dataset: Dataset) -> ir.Table:
    """The rows with HMAC-SHA256 of each normalised identifier, under the key of its domain."""
    of = domains(catalog, dataset)
    pads = engines.register_keys(
        engine, {domain.id: keys.get_or_create(f"identifier-{domain.id}") for domain in of.values()}
    )
    joined = rows.cross_join(pads)
    hashed = {name: engines.hmac_sha256(pads, domain.id, joined[name]) for name, domain in of.items()}
    return joined.mutate(hashed).drop(*pads.columns)
