"""From the file into the engine: every value as the text that was delivered, every row with its number."""

from collections.abc import Iterator
from contextlib import contextmanager

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from ibis.backends.duckdb import Backend

from das_research import engines
from das_research.catalog.models import Dataset
from das_research.intake.dependencies import for_linkage, taken
from das_research.intake.file import LONGEST, DeliveredFile
from das_research.intake.header import file_columns
from das_research.intake.layout import CODECS
from das_research.intake.workbook import read_workbook


@contextmanager
def reading(engine: Backend, file: DeliveredFile, dataset: Dataset) -> Iterator[ir.Table]:
    """The columns that DAS takes, to be computed with once, in the block; those it doesn't need never reach the engine.

    Yields
    ------
    Table
        ``row`` (1 is the first after the header) and each taken variable under its own name, as text.

    Raises
    ------
    DeliveryRefused
        When the file can't be read to its end, or changed meanwhile.
    """
    broken: list[bool] = []
    try:
        with (
            _batches(file, dataset) as (schema, batches),
            engines.streamed_as_text(engine, _numbered(schema, _watched(batches, broken), dataset)) as rows,
        ):
            yield rows
    except (pa.ArrowException, OSError):
        broken.append(True)
    except engines.EngineError:
        if not broken:
            raise
    if broken:
        raise file.refuse("It could not be read to its end.", "Send the file again.")
    if not file.unchanged():
        raise file.refuse("It changed while it was read.", "Deliver it again when nobody writes to it.")


@contextmanager
def _batches(file: DeliveredFile, dataset: Dataset) -> Iterator[tuple[pa.Schema, Iterator[pa.RecordBatch]]]:
    if dataset.file.format == "parquet":
        with file.stored() as stored, pq.ParquetFile(stored) as content:
            yield content.schema_arrow, content.iter_batches(columns=list(_columns(dataset).values()))
    elif dataset.file.format == "xlsx":
        yield read_workbook(file, dataset)
    else:
        with file.content() as content:
            stream = _csv(content, dataset)
            yield stream.schema, stream


def _watched(batches: Iterator[pa.RecordBatch], broken: list[bool]) -> Iterator[pa.RecordBatch]:
    """The same batches; it is noted where they break off, since the engine tells that as an error of its own."""
    try:
        yield from batches
    except Exception:
        broken.append(True)
        raise


def _columns(dataset: Dataset) -> dict[str, str]:
    names = file_columns(dataset)
    return {name: names[name] for name in taken(dataset) | for_linkage(dataset)}


def _csv(content: object, dataset: Dataset) -> pa.csv.CSVStreamingReader:
    columns = list(_columns(dataset).values())
    return pa.csv.open_csv(
        content,
        read_options=pa.csv.ReadOptions(
            block_size=LONGEST, encoding=CODECS[dataset.file.encoding].removesuffix("-sig")
        ),
        parse_options=pa.csv.ParseOptions(delimiter=dataset.file.delimiter, newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()), include_columns=columns, strings_can_be_null=False
        ),
    )


def _numbered(schema: pa.Schema, batches: Iterator[pa.RecordBatch], dataset: Dataset) -> pa.RecordBatchReader:
    """The same rows with their number in front, under the names of the variables."""
    columns = _columns(dataset)
    types = [_without_zone(schema.field(column).type) for column in columns.values()]
    numbered = pa.schema([("row", pa.int64()), *zip(columns, types, strict=True)])

    def with_numbers() -> Iterator[pa.RecordBatch]:
        seen = 0
        for batch in batches:
            numbers = pa.array(np.arange(seen + 1, seen + batch.num_rows + 1))
            values = [_of_the_clock(batch.column(column)) for column in columns.values()]
            yield pa.RecordBatch.from_arrays([numbers, *values], schema=numbered)
            seen += batch.num_rows

    return pa.RecordBatchReader.from_batches(numbered, with_numbers())


def _without_zone(kind: pa.DataType) -> pa.DataType:
    return pa.timestamp(kind.unit) if pa.types.is_timestamp(kind) else kind


def _of_the_clock(values: pa.Array) -> pa.Array:
    """Moments with a time zone as the clock showed them there, whose day is the day that is meant."""
    zoned = pa.types.is_timestamp(values.type) and values.type.tz is not None
    return pc.local_timestamp(values) if zoned else values
