"""The truth under the fictitious files: of every row the true values, links, and what is wrong with it."""

import json
from collections.abc import Mapping
from pathlib import Path

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Dataset
from das_research.synthetic.chance import Flags, Whole
from das_research.synthetic.columns import Rows, true_values

FOLDER = "waarheid"
COUNTS = "fouten.json"
NUMBERS = {"integer": pa.int64(), "decimal": pa.float64()}


def true_table(dataset: Dataset, rows: Rows, part: int, planted: Mapping[str, Flags], twice: Whole) -> pa.Table:
    """The truth of one part of a file.

    Parameters
    ----------
    dataset : Dataset
        The layout.
    rows : Rows
        The true rows.
    part : int
        Which part it is.
    planted : mapping
        Name of an error to the rows that have it.
    twice : array of int
        The rows that stand a second time behind the others.

    Returns
    -------
    Table
        ``part, row`` (within the part), every variable, ``case_id, person_id`` (null where the row is of none) and
        ``faults``.
    """
    columns = {}
    for name, variable in dataset.variables.items():
        values = true_values(rows.columns[name])
        columns[name] = values.cast(NUMBERS[variable.type]) if variable.type in NUMBERS else values
    for name in ("case_id", "person_id"):
        key = getattr(rows, name)
        columns[name] = pa.array(key, mask=key < 0)
    columns["faults"] = _faults(planted, len(rows))
    table = pa.table(columns)
    if len(twice):
        again = table.take(pa.array(twice))
        table = pa.concat_tables([table, again.set_column(again.num_columns - 1, "faults", _all_doubled(again))])
    table = table.add_column(0, "row", pa.array(np.arange(1, table.num_rows + 1)))
    return table.add_column(0, "part", pa.array(np.full(table.num_rows, part)))


def read_truth(engine: Backend, folder: Path, dataset: str) -> ir.Table:
    """The truth of a dataset, of a folder that the generator wrote.

    Returns
    -------
    Table
        ``row`` (1 = first row of the file), every variable under its name in the catalogue with its true value,
        ``case_id, person_id, faults``.
    """
    before = json.loads((folder / FOLDER / COUNTS).read_text(encoding="utf-8"))[dataset]["before"]
    known = {"part": [int(part) for part in before], "before": list(before.values())}
    offsets = ibis.memtable(known, schema={"part": "int64", "before": "int64"})
    rows = engine.read_parquet(str(folder / FOLDER / dataset / "*.parquet")).join(offsets, "part")
    return rows.mutate(row=rows["row"] + rows["before"]).drop("part", "before")


def write_part(folder: Path, dataset: str, order: int, table: pa.Table) -> None:
    """Write one part of a dataset's truth."""
    (folder / FOLDER / dataset).mkdir(parents=True, exist_ok=True)
    pq.write_table(table, folder / FOLDER / dataset / f"{order:06d}.parquet", compression="zstd", compression_level=1)


def write_counts(folder: Path, counts: Mapping[str, Mapping[str, object]]) -> None:
    """Write of each file its rows, how often each error stands in it, and where its parts begin."""
    (folder / FOLDER / COUNTS).write_text(json.dumps(counts, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _faults(planted: Mapping[str, Flags], size: int) -> pa.Array:
    """The names of the errors of each row, as a list."""
    names = list(planted)
    if not names:
        return _lists(np.zeros(size, np.int64), names, [])
    there = np.stack([planted[name] for name in names], axis=1)
    return _lists(there.sum(axis=1), names, np.nonzero(there)[1])


def _lists(lengths: Whole, names: list[str], places: Whole | list[int]) -> pa.Array:
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))
    texts = pa.array([names[place] for place in places], pa.string())
    return pa.ListArray.from_arrays(offsets, texts)


def _all_doubled(table: pa.Table) -> pa.Array:
    return _lists(np.ones(table.num_rows, np.int64), ["doubled"], [0] * table.num_rows)
