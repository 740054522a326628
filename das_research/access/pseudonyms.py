"""The pseudonyms of a project: numbers while its rows are joined and sorted, 16 hexadecimal digits where they stand."""

import hashlib
from collections.abc import Iterable, Mapping

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from ibis.backends.duckdb import Backend

from das_research.engines import keep

# what stands before the number of each kind, so that equal numbers of two kinds have two pseudonyms
SURROGATES = {"case_id": "case:", "person_id": "person:", "person_id_strict": "strict:", "person_id_loose": "loose:"}
DIGITS = 16  # of an HMAC that make a pseudonym: as many as fit in a number
BLOCK = hashlib.sha256().block_size
BATCH = 1 << 16  # surrogates that are hashed at once, so that no list of Python's grows with the table
PAIRS = np.frombuffer(b"".join(b"%02x" % byte for byte in range(256)), np.uint16)  # the two digits of every byte


def pseudonyms_of(engine: Backend, name: str, tables: Iterable[ir.Table], key: bytes) -> ir.Table:
    """Every surrogate of this name once, with its pseudonym as a number.

    It is the first 16 digits of HMAC-SHA256 (RFC 2104), made by the library that Python has from states that have taken
    in the key already. That takes half the time of a processor of `hmac_sha256`, which takes it in for every text.

    Parameters
    ----------
    engine : Backend
        Where the tables are, and where the answer is kept.
    name : str
        One of `SURROGATES`.
    tables : iterable of Table
        What may hold such a surrogate.
    key : bytes
        The project's own, of 64 bytes at most. It stands in no query.
    """
    surrogates = ibis.union(*(table.select(name) for table in tables if name in table.columns)).distinct()
    surrogates = surrogates.filter(surrogates[name].notnull())
    within, around = (hashlib.sha256(bytes(byte ^ pad for byte in key.ljust(BLOCK, b"\0"))) for pad in (0x36, 0x5C))
    within.update(SURROGATES[name].encode())
    schema = pa.schema({name: pa.int64(), "pseudonym": pa.uint64()})
    batches = surrogates.to_pyarrow_batches(chunk_size=BATCH)
    made = (pa.record_batch([it[0], _numbers(it[0].to_pylist(), within, around)], schema) for it in batches)
    return keep(engine, ibis.memtable(pa.Table.from_batches(made, schema)))


def pseudonymised(rows: ir.Table, columns: tuple[str, ...], pseudonyms: Mapping[str, ir.Table]) -> ir.Table:
    """These columns of some rows, with the number of its pseudonym for every surrogate."""
    rows = rows.select(*columns)
    for name in pseudonyms:
        if name in columns:
            named = rows.left_join(pseudonyms[name], name)
            rows = named.select(**{column: named["pseudonym" if column == name else column] for column in columns})
    return rows


def spelled(numbers: pa.Array) -> pa.Array:
    """The digits of pseudonyms, which sort as their numbers do; of a missing one none.

    Examples
    --------
    >>> spelled(pa.array([255, None, 2**64 - 1], pa.uint64())).to_pylist()
    ['00000000000000ff', None, 'ffffffffffffffff']
    """
    known = numbers.fill_null(0)
    values = np.frombuffer(known.buffers()[1], np.uint64)[known.offset :][: len(known)]
    digits = PAIRS[values.astype(">u8").view(np.uint8)]
    ends = np.arange(0, DIGITS * len(numbers) + 1, DIGITS, dtype=np.int32)
    texts = pa.StringArray.from_buffers(len(numbers), pa.py_buffer(ends), pa.py_buffer(digits))
    return pc.if_else(numbers.is_valid(), texts, None) if numbers.null_count else texts


def _numbers(surrogates: list[int], within: "hashlib._Hash", around: "hashlib._Hash") -> pa.Array:
    """The pseudonyms of surrogates, by the inner and the outer hash of an HMAC that is begun."""
    digests = []
    for surrogate in surrogates:
        inner, outer = within.copy(), around.copy()
        inner.update(b"%d" % surrogate)
        outer.update(inner.digest())
        digests.append(outer.digest())
    words = np.frombuffer(b"".join(digests), ">u8").reshape(len(digests), -1)
    return pa.array(words[:, 0].astype(np.uint64))
