"""The engines under Ibis, and what is particular to each: DuckDB everywhere, PostgreSQL where a host shares projects.

What rooms use of DuckDB is named here; of PostgreSQL, which needs packages of its own, the module is named.
"""

from das_research.engines.behind import behind, waited
from das_research.engines.closed_files import PACKING, read_parquet, write_parquet, write_segment
from das_research.engines.expressions import (
    days,
    in_first_row,
    literal_date,
    number_of,
    one_of,
    parse_date,
    short,
    without_accents,
)
from das_research.engines.few import few, looked_up, one_of_few
from das_research.engines.laying import lay_rows, with_few_texts
from das_research.engines.opening import (
    EXTRACT,
    MEMORY,
    EngineError,
    comment,
    comments,
    memory_engine,
    new_extract,
    open_extract,
    streamed_as_text,
)
from das_research.engines.queries import tables_read, with_columns_replaced
from das_research.engines.tables import (
    for_now,
    forget,
    keep,
    keep_numbered,
    keep_packed,
    only_row,
    some,
    splink_database,
    stacked,
    view,
)

__all__ = [
    "EXTRACT",
    "MEMORY",
    "PACKING",
    "EngineError",
    "behind",
    "comment",
    "comments",
    "days",
    "few",
    "for_now",
    "forget",
    "in_first_row",
    "keep",
    "keep_numbered",
    "keep_packed",
    "lay_rows",
    "literal_date",
    "looked_up",
    "memory_engine",
    "new_extract",
    "number_of",
    "one_of",
    "one_of_few",
    "only_row",
    "open_extract",
    "parse_date",
    "read_parquet",
    "short",
    "some",
    "splink_database",
    "stacked",
    "streamed_as_text",
    "tables_read",
    "view",
    "waited",
    "with_columns_replaced",
    "with_few_texts",
    "without_accents",
    "write_parquet",
    "write_segment",
]
