"""The engines under Ibis, and what is particular to each: DuckDB everywhere, PostgreSQL where a host shares projects.

What rooms use of DuckDB is named here; of PostgreSQL, which needs packages of its own, the module is named.
"""

from das_research.engines.duckdb import (
    MEMORY,
    EngineError,
    create_extract,
    days,
    hmac_sha256,
    keep,
    literal_date,
    load_as_text,
    memory_engine,
    only_row,
    open_extract,
    parse_date,
    read_parquet,
    register_keys,
    sha256,
    splink_database,
    unhex,
    with_columns_replaced,
    without_accents,
    write_parquet,
)

__all__ = [
    "MEMORY",
    "EngineError",
    "create_extract",
    "days",
    "hmac_sha256",
    "keep",
    "literal_date",
    "load_as_text",
    "memory_engine",
    "only_row",
    "open_extract",
    "parse_date",
    "read_parquet",
    "register_keys",
    "sha256",
    "splink_database",
    "unhex",
    "with_columns_replaced",
    "without_accents",
    "write_parquet",
]
