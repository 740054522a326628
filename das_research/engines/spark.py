"""Spark as an engine: what is particular to it, for a host where one machine is too small.

Needs the packages of the extra ``spark``, and Java. The functions of the chain, recidivism, key figures, own tables,
models and estimates give the same numbers there. No command lays an extract in Spark: a host brings session and tables.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SETTINGS = {
    "spark.sql.execution.arrow.pyspark.enabled": "true",  # without it an unknown text can become the text NaN
    "spark.sql.ansi.enabled": "true",  # what overflows is refused, as on the other engines, and never cut
}


def open_tables(session: "SparkSession", tables: Mapping[str, pa.Table]) -> Any:
    """These tables as those of an engine, so that an open project, or anything of this package, reads them there.

    Parameters
    ----------
    session : SparkSession
        A host's own, classic or Connect; `SETTINGS` are set on it.
    tables : mapping
        Name to rows. They become temporary views of the session.

    Returns
    -------
    Backend
        For ``das_research.access.project.Project(..., engine=...)``. To disconnect it is to stop the session.
    """
    for name, rows in tables.items():
        session.createDataFrame(rows).createOrReplaceTempView(name)
    return ibis.pyspark.connect(session, **SETTINGS)
