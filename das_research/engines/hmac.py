"""HMAC-SHA256 within DuckDB, where all its threads hash at once."""

import hashlib
from collections.abc import Sequence

import ibis.expr.types as ir
from ibis import udf
from ibis.backends.duckdb import Backend

BLOCK = 64  # bytes of a SHA-256 block, which a key is padded to


@udf.scalar.builtin
def sha256(data: bytes) -> str:
    """The hash of bytes, as 64 hexadecimal digits."""


@udf.scalar.builtin
def unhex(text: str) -> bytes:
    """The bytes that hexadecimal digits spell."""


@udf.scalar.builtin(name="encode")
def _bytes(text: str) -> bytes: ...


@udf.scalar.builtin(name="concat")
def _join(left: bytes, right: bytes) -> bytes: ...


def hmac_sha256(engine: Backend, text: ir.StringValue, keys: Sequence[bytes]) -> ir.StringValue:
    """HMAC-SHA256 (RFC 2104) of a text as 64 hexadecimal digits; of those again under each further key.

    The keys lie in the engine as a table of one row each, so that none stands in the text of a query.

    Parameters
    ----------
    engine : Backend
        Where it is hashed.
    text : StringValue
        Null stays null.
    keys : sequence of bytes
        From first to last, each of 64 bytes at most.

    Examples
    --------
    >>> import ibis
    >>> from das_research.engines import keep, memory_engine
    >>> with memory_engine() as engine:
    ...     table = keep(engine, ibis.memtable({"nummer": ["what do ya want for nothing?"]}))
    ...     hmac_sha256(engine, table.nummer, [b"Jefe"]).to_list()  # RFC 4231, test case 2
    ['5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843']
    """
    for key in keys:
        pads = _pads(engine, key)
        within = unhex(sha256(_join(pads.select("inside").as_scalar(), _bytes(text))))
        text = sha256(_join(pads.select("outside").as_scalar(), within))
    return text


def _pads(engine: Backend, key: bytes) -> ir.Table:
    """The two blocks that an HMAC under this key begins with, as a table of one row."""
    if len(key) > BLOCK:
        raise ValueError("an HMAC key of more than one block")
    padded = key.ljust(BLOCK, b"\0")
    name = f"_pads_{hashlib.sha256(padded).hexdigest()[:16]}"
    engine.con.execute(f"create or replace temp table {name} (inside blob, outside blob)")
    blocks = [bytes(byte ^ pad for byte in padded) for pad in (0x36, 0x5C)]
    engine.con.execute(f"insert into {name} values (?, ?)", blocks)
    return engine.table(name)
