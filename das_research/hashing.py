"""The canonical hash of a table's content: equal rows, equal hash, whatever the engine or the order of the rows."""

import hashlib
from collections import defaultdict

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

GROUP = 2  # leading digits of a row's hash by which hashes are gathered, so that no text grows with the whole table


def content_hash(table: ir.Table) -> str:
    """The hash of a table's typed columns in order and of its rows in any order, computed in its engine.

    Parameters
    ----------
    table : Table
        Columns of numbers, texts, dates, booleans, or lists of texts.

    Returns
    -------
    str
        64 hexadecimal digits.

    Examples
    --------
    >>> one, other = ibis.memtable({"zaak": [1, 2]}), ibis.memtable({"zaak": [2, 1]})
    >>> content_hash(one) == content_hash(other), content_hash(one) == content_hash(one.rename(case="zaak"))
    (True, False)
    """
    spelled = [_spelled(table[name]) for name in table.columns]
    rows = table.select(row=ibis.literal("|").join(spelled).hexdigest("sha256"))
    groups = rows.group_by(group=rows.row[:GROUP]).agg(rows=rows.row.group_concat("", order_by=rows.row))
    groups = groups.select("group", digest=groups.rows.hexdigest("sha256"))
    content = groups.agg(content=groups.digest.group_concat("", order_by=groups.group)).to_pyarrow()["content"][0]
    schema = ",".join(f"{name}:{kind.copy(nullable=True)}" for name, kind in table.schema().items())
    return hashlib.sha256(f"{schema}\n{content.as_py() or ''}".encode()).hexdigest()


class RowsHash:
    """The hash of rows that stand in an order of their own content: of their typed columns and their values, in order.

    A third of the time of `content_hash`. Each column is three streams, each hashed by SHA-256: whether a value is
    known, how long it is, what it is. They spell no two tables alike, and how the rows were cut into batches leaves no
    trace; so to find two contents of one hash is to find a collision of SHA-256.

    Parameters
    ----------
    schema : Schema
        Columns of numbers, texts, dates, booleans, or lists of those.

    Examples
    --------
    >>> table = pa.table({"zaak": [1, 2, None]})
    >>> whole, cut = RowsHash(table.schema), RowsHash(table.schema)
    >>> whole.add(table.to_batches()[0])
    >>> for batch in table.to_batches(max_chunksize=1):
    ...     cut.add(batch)
    >>> whole.hexdigest() == cut.hexdigest(), cut.rows
    (True, 3)
    """

    def __init__(self, schema: pa.Schema):
        self.rows = 0
        self._schema = schema
        self._streams: defaultdict[str, hashlib._Hash] = defaultdict(hashlib.sha256)

    def add(self, batch: pa.RecordBatch) -> None:
        """Take in the next rows; a text may stand in them as its place in a dictionary."""
        self.rows += batch.num_rows
        for place, column in enumerate(batch.columns):
            _feed(self._streams, str(place), column)

    def hexdigest(self) -> str:
        """The hash of all rows so far: 64 hexadecimal digits."""
        digests = "".join(
            f"{name}={stream.hexdigest()}\n" for name, stream in sorted(self._streams.items()) if self.rows
        )
        columns = ",".join(f"{field.name!r}:{field.type}" for field in self._schema)
        return hashlib.sha256(f"{columns}\n{self.rows}\n{digests}".encode()).hexdigest()


def _feed(streams: dict[str, "hashlib._Hash"], name: str, column: pa.Array) -> None:
    """Give a part of a column to its streams."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    streams[f"{name}.known"].update(_bytes(column.is_valid().cast(pa.uint8())))
    if pa.types.is_list(column.type):
        streams[f"{name}.length"].update(_bytes(pc.list_value_length(column).fill_null(0).cast(pa.int64())))
        _feed(streams, f"{name}.list", column.flatten())
        return
    if pa.types.is_string(column.type):
        text = column.fill_null("") if column.null_count else column
        _, bounds, values = text.buffers()
        ends = np.frombuffer(bounds, np.int32)[text.offset : text.offset + len(text) + 1]
        streams[f"{name}.length"].update(np.diff(ends).astype(np.int64).data)
        streams[f"{name}.value"].update(memoryview(values or b"")[ends[0] : ends[-1]])
        return
    numbers = column.cast(pa.uint8()) if pa.types.is_boolean(column.type) else column
    nothing = pa.Array.from_buffers(numbers.type, 1, [None, pa.py_buffer(bytes(numbers.type.bit_width // 8))])
    streams[f"{name}.value"].update(_bytes(numbers.fill_null(nothing[0])))


def _bytes(values: pa.Array) -> memoryview:
    """The bytes of values of one width, none of them missing."""
    width = values.type.bit_width // 8
    return memoryview(values.buffers()[1])[values.offset * width : (values.offset + len(values)) * width]


def _spelled(column: ir.Column) -> ir.StringValue:
    """A value as its length and its text, so that no two rows are spelled alike; a missing value as a dash."""
    text = column.map(_spelled).join("") if column.type().is_array() else column.cast("string")
    return (text.length().cast("string") + ":" + text).fill_null("-")
