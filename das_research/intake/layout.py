"""The delivered file against its layout: is it whole, in the agreed encoding, with the agreed columns in every row?

Nothing of the file's content is quoted in a refusal but names of columns that the catalogue has too.
"""

import codecs
import csv
import re
from io import TextIOWrapper
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from das_research.catalog.models import Dataset
from das_research.errors import DeliveryRefused
from das_research.intake.dependencies import taken
from das_research.intake.file import CHUNK, LONGEST, DeliveredFile, listed
from das_research.intake.header import check_columns, check_header, file_columns, other_delimiter
from das_research.intake.packing import refuse_damaged_packing
from das_research.intake.shape import fields_of_rows
from das_research.intake.workbook import count_workbook_rows

PARQUET = b"PAR1"
NUL = b"\0"
CODECS = {"utf-8": "utf-8-sig", "windows-1252": "cp1252"}


def count_rows(file: DeliveredFile, dataset: Dataset) -> int:
    """Check encoding, header and the shape of every row.

    Returns
    -------
    int
        Rows after the header.

    Raises
    ------
    DeliveryRefused
        With the first thing that is wrong.
    """
    rows = {"csv": _csv_rows, "parquet": _parquet_rows, "xlsx": count_workbook_rows}[dataset.file.format](file, dataset)
    if rows == 0:
        raise file.refuse(
            "It has a header and no rows.", "Send a file with rows; a period without cases needs no delivery."
        )
    return rows


def _parquet_rows(file: DeliveredFile, dataset: Dataset) -> int:
    if file.start != PARQUET:
        raise file.refuse("It is not a Parquet file, which the catalogue says it is.", "Send the file as Parquet.")
    try:
        with file.stored() as stored, pq.ParquetFile(stored) as content:
            schema, rows = content.schema_arrow, content.metadata.num_rows
    except (pa.ArrowException, OSError):
        schema = None
    if schema is None:
        raise file.refuse("It is not a whole Parquet file.", "Send the file again.")
    check_columns(file, schema.names, dataset)
    names = file_columns(dataset)
    for name in taken(dataset, "identifier"):
        if pa.types.is_floating(schema.field(names[name]).type) or pa.types.is_decimal(schema.field(names[name]).type):
            raise file.refuse(
                f"Column {names[name]} holds numbers with a fraction where identifiers are texts.",
                "Make the column one of texts before the identifiers are put in, and send the file again.",
            )
    return rows


def _csv_rows(file: DeliveredFile, dataset: Dataset) -> int:
    if file.start == PARQUET:
        raise file.refuse("It is a Parquet file; the catalogue says CSV.", "Send the file as CSV.")
    refuse_damaged_packing(file)
    decoded = _decoded(file, CODECS[dataset.file.encoding])
    if decoded is None:
        raise _wrong_encoding(file, dataset)
    if decoded == "no text":
        raise _no_text(file)
    if dataset.file.encoding == "windows-1252" and decoded == "beyond ASCII" and _decoded(file, "utf-8"):
        raise file.refuse(
            "It is written in UTF-8; the catalogue says windows-1252.",
            "Send it as agreed, or have the catalogue changed.",
        )
    lengths = _lengths(file, dataset)
    filled = lengths[lengths > 0]
    ragged = np.flatnonzero(filled != _width(dataset)) + 1
    if len(ragged):
        raise file.refuse(
            f"{listed(ragged.tolist())}: the number of fields is not that of the header.",
            "A delimiter within a value must stand between quotes. Send the file again.",
        )
    return len(filled)


def _decoded(file: DeliveredFile, codec: str) -> Literal["ASCII", "beyond ASCII", "no text"] | None:
    """Which characters the file has in an encoding; None where it isn't written in it."""
    decoder, beyond = codecs.getincrementaldecoder(codec)(), False
    try:
        with file.content() as content:
            while chunk := content.read(CHUNK):
                if beyond or not chunk.isascii():
                    beyond = True
                    decoder.decode(chunk)
                if NUL in chunk:
                    return "no text"
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return "beyond ASCII" if beyond else "ASCII"


def _lengths(file: DeliveredFile, dataset: Dataset) -> np.ndarray:
    """The number of fields of every row after the header; 0 for a blank line."""
    layout, fault = dataset.file, None
    csv.field_size_limit(LONGEST)
    with file.content() as content:
        text = TextIOWrapper(content, encoding=CODECS[layout.encoding], newline="")
        reader = csv.reader(text, delimiter=layout.delimiter, strict=True)
        try:
            check_header(file, next(reader, []), dataset)
            with file.content() as again:
                plain = fields_of_rows(again, layout.delimiter)
            return np.fromiter(map(len, reader), dtype=np.int64) if plain is None else plain[1:]
        except csv.Error as error:
            fault = _unparted(file, reader.line_num, "field larger" in str(error))
    if reader.line_num <= 1:
        with file.content() as content:
            first = TextIOWrapper(content, encoding=CODECS[layout.encoding]).readline(LONGEST)
        if other_delimiter(first, dataset):
            check_header(file, [first], dataset)
    raise fault


def _unparted(file: DeliveredFile, line: int, long: bool) -> DeliveryRefused:
    if long:
        return file.refuse(
            f"A value at or before line {line} is longer than {LONGEST >> 20} MiB.",
            "See whether a quote opens there that is never closed, and send the file again.",
        )
    return file.refuse(
        f"The quotes around a value don't match, at or before line {line}.",
        "A quote within a value must be doubled. Send the file again.",
    )


def _wrong_encoding(file: DeliveredFile, dataset: Dataset) -> DeliveryRefused:
    agreed = dataset.file.encoding
    with file.content() as content:
        line = next(number for number, raw in enumerate(content, 1) if not _decodes(raw, CODECS[agreed]))
    guess = "; it looks like UTF-16" if re.match(rb"\xff\xfe|\xfe\xff", file.start) else ""
    return file.refuse(
        f"Line {line} is not written in {agreed}, which the catalogue says it is{guess}.",
        f"Send the file in {agreed}, or have the catalogue changed.",
    )


def _no_text(file: DeliveredFile) -> DeliveryRefused:
    with file.content() as content:
        line = next(number for number, raw in enumerate(content, 1) if NUL in raw)
    guess = "; it looks like UTF-16" if line == 1 else ""
    return file.refuse(f"Line {line} holds a byte that no text has (NUL){guess}.", "Send the file again, as text.")


def _decodes(raw: bytes, codec: str) -> bool:
    try:
        raw.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _width(dataset: Dataset) -> int:
    return len(dataset.variables)
