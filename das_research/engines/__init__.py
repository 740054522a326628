"""The engines under Ibis, and what is particular to each: DuckDB everywhere, PostgreSQL where a host shares projects.

What rooms use of DuckDB is named here; of PostgreSQL, which needs packages of its own, the module is named.
"""

from das_research.engines.duckdb import (
    EXTRACT,
    MEMORY,
    EngineError,
    comment,
    comments,
    days,
    keep,
    literal_date,
    memory_engine,
    new_extract,
    one_of,
    only_row,
    open_extract,
    parse_date,
    read_parquet,
    splink_database,
    streamed_as_text,
    tables_read,
    with_columns_replaced,
    without_accents,
    write_parquet,
)

__all__ = [
    "EXTRACT",
    "MEMORY",
    "EngineError",
    "comment",
    "comments",
    "days",
    "keep",
    "literal_date",
    "memory_engine",
    "new_extract",
    "one_of",
    "only_row",
    "open_extract",
    "parse_date",
    "read_parquet",
    "splink_database",
    "streamed_as_text",
    "tables_read",
    "with_columns_replaced",
    "without_accents",
    "write_parquet",
]
