"""Small surveys: a project whose victim survey has these rows, drawn as a test says."""

from typing import Any

import ibis
import pandas as pd
from plain_project import plain_project

from das_research.catalog.models import Sample

NAME = "veiligheidsmonitor"


def project(rows: pd.DataFrame, strata: tuple[str, ...] = (), cluster: str | None = None, engine: Any = None) -> Any:
    """A project with one survey."""
    engine = engine or ibis.duckdb.connect()
    engine.create_table(NAME, ibis.memtable(rows))
    made = plain_project(engine)
    dataset = made.catalog.datasets[NAME].model_copy(
        update={"sample": Sample(weight="gewicht", strata=strata, cluster=cluster)}
    )
    made.catalog = made.catalog.model_copy(update={"datasets": made.catalog.datasets | {NAME: dataset}})
    return made


def table(rows: pd.DataFrame, **design: Any) -> Any:
    """The table of that survey."""
    return project(rows, **design).engine.table(NAME)
