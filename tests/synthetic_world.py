"""The true rows of a synthetic chain, as tests look at them."""

from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow as pa

from das_research.catalog.load import load_catalog
from das_research.catalog.models import Catalog
from das_research.synthetic.generate import aims_of
from das_research.synthetic.parts import blocks_of, census, parts, rows_of
from das_research.synthetic.truth import true_table

ROOT = Path(__file__).resolve().parent.parent


@cache
def dutch() -> Catalog:
    """The Dutch catalogue."""
    return load_catalog(ROOT / "data_catalog")


def chain(years: tuple[int, int], scale: float, seed: int) -> dict[str, pd.DataFrame]:
    """Dataset to its true rows; every dataset of the chain has one, if need be without rows."""
    aims, catalog = aims_of(dutch(), years, scale, seed), dutch()
    counted = [census(aims, block) for block in range(blocks_of(aims))]
    tables: dict[str, list[pa.Table]] = {}
    for part in parts(aims, counted):
        for rows in rows_of(aims, part):
            tables.setdefault(rows.dataset, []).append(
                true_table(catalog.datasets[rows.dataset], rows, part.order, {}, [])
            )
    found = {name: _plain(pa.concat_tables(each, promote_options="permissive")) for name, each in tables.items()}
    empty = {name: pd.DataFrame(columns=[*dataset.variables, "case_id", "person_id"])
             for name, dataset in catalog.datasets.items()}  # fmt: skip
    return empty | found


def _plain(table: pa.Table) -> pd.DataFrame:
    texts = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
    for name in texts:
        table = table.set_column(table.column_names.index(name), name, table[name].cast(pa.string()))
    frame = table.to_pandas(date_as_object=False)
    for name in ("case_id", "person_id"):
        frame[name] = frame[name].astype("Int64")
    return frame
