"""Identifiers become pseudonyms: nothing after this step holds a raw identifier."""

from collections.abc import Mapping

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog, Dataset
from das_research.engines.hmac import hmac_sha256
from das_research.intake.dependencies import domains
from das_research.keys.store import KeyStore


def pseudonymised(rows: ir.Table, engine: Backend, keys: KeyStore, catalog: Catalog, dataset: Dataset) -> ir.Table:
    """The rows with the pseudonym of each normalised identifier: HMAC-SHA256 under the keys of all epochs in order."""
    of = {name: domain.id for name, domain in domains(catalog, dataset).items()}
    return hashed(rows, engine, {name: keys.identifier_keys(domain) for name, domain in of.items()})


def hashed(rows: ir.Table, engine: Backend, keys: Mapping[str, list[bytes]]) -> ir.Table:
    """The rows with HMAC-SHA256 of some text columns, each under its keys one after the other."""
    return rows.mutate({name: hmac_sha256(engine, rows[name], each) for name, each in keys.items()})
