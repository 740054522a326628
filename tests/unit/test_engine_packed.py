"""What is kept packed is the same, and takes less room where memory is scarce; where it is not, nothing is packed."""

import ibis
import pytest

from das_research.engines import forget, keep, keep_packed, memory_engine, tables

ROWS = 300_000


@pytest.fixture
def engine():
    with memory_engine() as engine:
        yield engine


def wide(engine):
    """Narrow columns, as of codes: unpacked each takes blocks of its own in every part of the rows."""
    rows = ibis.range(ROWS).unnest().name("row").as_table()
    return rows.mutate(**{f"code{place}": (rows.row % (place + 2)).cast("int8") for place in range(12)})


def room(engine):
    return engine.con.execute("select sum(memory_usage_bytes) from duckdb_memory()").fetchall()[0][0]


def sums(table):
    return table.agg(**{name: table[name].sum() for name in table.columns}).to_pyarrow().to_pylist()


def test_where_memory_is_scarce_a_table_takes_a_third_or_less(engine, monkeypatch):
    monkeypatch.setattr(tables, "SCARCE", 0)
    plain = keep(engine, wide(engine))
    unpacked = room(engine)
    packed = keep_packed(engine, wide(engine))
    assert room(engine) - unpacked < unpacked / 3
    assert sums(packed) == sums(plain)
    forget(engine, packed)
    assert room(engine) == unpacked


def test_where_there_is_room_enough_nothing_is_packed(engine):
    keep(engine, wide(engine))
    unpacked = room(engine)
    keep_packed(engine, wide(engine))
    assert room(engine) == 2 * unpacked
