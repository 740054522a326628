"""What gate 2 writes, beside plain Python: pseudonyms, the order of the rows, the hash of what then stands there."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa
import pytest
from access_world import pseudonym_under
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from ibis.backends.duckdb import Backend

from das_research.access import pseudonyms
from das_research.access.contents import write_tables
from das_research.access.pseudonyms import SURROGATES, block_cmacs, pseudonymised, pseudonyms_of, spelled
from das_research.engines import keep, lay_rows, memory_engine, new_extract, with_few_texts
from das_research.hashing import RowsHash

KEY = b"k" * 32
ROWS_OF_A_GROUP = 122_880  # the engine's own
TEXTS = ["", "a", "b", "'", '"', "é", "zaak é €", "\U0001f512", "A", "aa", " ", "_"]
SCHEMA = {"case_id": "int64", "code": "string", "note": "string", "amount": "float64", "marks": "array<string>"}
ROW = st.tuples(
    st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.integers(1, 3)),
    st.one_of(st.none(), st.sampled_from(TEXTS)),
    st.one_of(st.none(), st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=4)),
    st.one_of(st.none(), st.sampled_from([0.5, -1.0, 3.0])),
    st.one_of(st.none(), st.lists(st.sampled_from(TEXTS), max_size=2)),
)


@pytest.fixture
def engine() -> Iterator[Backend]:
    with memory_engine() as engine:
        yield engine


def pseudonym(surrogate: int | None) -> str | None:
    return None if surrogate is None else pseudonym_under(KEY, "case", surrogate)


def written(engine: Backend, folder: Path, rows: list[tuple]) -> tuple[pa.Table, str]:
    """What stands in the file after gate 2 wrote these rows, in its order, and the content that it tells."""
    named = [dict(zip(SCHEMA, row, strict=True)) for row in rows]
    table = keep(engine, ibis.memtable(pa.Table.from_pylist(named, ibis.schema(SCHEMA).to_pyarrow())))
    made = pseudonymised(table, tuple(SCHEMA), {"case_id": pseudonyms_of(engine, "case_id", [table], KEY)})
    path = folder / f"{len(list(folder.iterdir()))}.duckdb"
    with new_extract(engine, path, KEY) as database:
        told = write_tables(engine, database, {"zaken": with_few_texts(engine, made, table)})["zaken"]
        stored = engine.table("zaken", database=database).to_pyarrow_batches().read_all()
    assert (told.rows, told.columns) == (len(rows), tuple(SCHEMA))
    return stored, told.content


def in_order(rows: list[tuple]) -> list[tuple]:
    """By all columns, texts by code point, what is missing last."""

    def place(value: Any) -> tuple:
        if isinstance(value, list):
            return (False, [place(it) for it in value])
        return (value is None, value.encode() if isinstance(value, str) else value or 0)

    return sorted(rows, key=lambda row: [place(value) for value in row])


@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(ROW, max_size=12))
def test_rows_stand_under_pseudonyms_in_the_order_of_their_content_and_hash_as_they_stand(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple]
) -> None:
    with memory_engine() as engine:
        stored, content = written(engine, tmp_path_factory.mktemp("file"), rows)
    expected = in_order([(pseudonym(row[0]), *row[1:]) for row in rows])
    assert [tuple(row.values()) for row in stored.to_pylist()] == expected
    hashed = RowsHash(stored.schema)
    for batch in stored.to_batches():
        hashed.add(batch)
    assert hashed.hexdigest() == content


def test_more_rows_than_a_group_and_more_texts_than_are_few(engine: Backend, tmp_path: Path) -> None:
    number = ROWS_OF_A_GROUP + 5_000
    rows = [(it // 3, f"c{it % 300:03}", TEXTS[it % 7], float(it % 10), None) for it in range(number)]
    stored, content = written(engine, tmp_path, rows)
    expected = in_order([(pseudonym(row[0]), *row[1:]) for row in rows])
    assert list(zip(*(stored[name].to_pylist() for name in SCHEMA), strict=True)) == expected
    assert written(engine, tmp_path, rows[::-1])[1] == content


@pytest.mark.parametrize("name", SURROGATES)
def test_a_pseudonym_is_a_cmac_and_every_surrogate_has_one(engine: Backend, name: str) -> None:
    surrogates = [1, 2, 2, None, -(2**63), 2**63 - 1, 0]
    table = keep(engine, ibis.memtable(pa.table({name: pa.array(surrogates, pa.int64())})))
    other = keep(engine, ibis.memtable({name: [2, 7]}, schema={name: "int64"}))
    without = keep(engine, ibis.memtable({"moment": [1]}))
    made = pseudonyms_of(engine, name, [table, without, other], KEY).to_pyarrow()
    kind = {"case_id": "case", "person_id": "person", "person_id_strict": "strict", "person_id_loose": "loose"}[name]
    expected = {it: int(pseudonym_under(KEY, kind, it), 16) for it in {*surrogates, 7} - {None}}
    assert dict(zip(made[name].to_pylist(), made["pseudonym"].to_pylist(), strict=True)) == expected
    assert len(made) == len(expected)


@pytest.mark.parametrize(
    ("key", "code"),
    [  # of the first block of their examples: RFC 4493, section 4, and SP 800-38B, appendix D.2 and D.3
        ("2b7e151628aed2a6abf7158809cf4f3c", "070a16b46b4d4144f79bdd9dd04a287c"),
        ("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", "9e99a7bf31e710900662f65e617c5184"),
        ("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", "28a7023f452e8f82bd4bf28d8c37c35c"),
    ],
)
def test_codes_are_those_of_the_standard(key: str, code: str) -> None:
    block = bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")
    assert block_cmacs(3 * block, bytes.fromhex(key)).hex() == 3 * code
    assert block_cmacs(b"", bytes.fromhex(key)) == b""


@given(st.binary(min_size=32, max_size=32), st.lists(st.binary(min_size=16, max_size=16), max_size=5))
def test_codes_are_those_of_the_library_block_by_block(key: bytes, blocks: list[bytes]) -> None:
    expected = []
    for block in blocks:
        one = CMAC(AES(key))
        one.update(block)
        expected.append(one.finalize())
    assert block_cmacs(b"".join(blocks), key) == b"".join(expected)


def test_more_surrogates_than_are_made_at_once_have_a_pseudonym_each(engine: Backend, monkeypatch) -> None:
    monkeypatch.setattr(pseudonyms, "BATCH", 2048)
    numbers = 5_000
    table = keep(engine, ibis.memtable({name: range(numbers) for name in SURROGATES}))
    made = {name: pseudonyms_of(engine, name, [table], KEY).to_pyarrow().to_pylist() for name in SURROGATES}
    assert {it["case_id"]: it["pseudonym"] for it in made["case_id"]} == {
        it: int(pseudonym_under(KEY, "case", it), 16) for it in range(numbers)
    }
    every = {it["pseudonym"] for rows in made.values() for it in rows}
    assert len(every) == numbers * len(SURROGATES), "no two kinds have one pseudonym"


@pytest.mark.parametrize("numbers", [[], [7, 10, 2**64 - 1], [7, None, 10], [None, None]])
def test_digits_are_those_of_the_numbers_wherever_an_array_begins(numbers: list[int | None]) -> None:
    whole = pa.array([1, *numbers, 2], pa.uint64())
    expected = [None if it is None else f"{it:016x}" for it in numbers]
    made = spelled(whole.slice(1, len(numbers)))
    made.validate(full=True)
    assert made.to_pylist() == expected


def test_a_query_that_fails_on_its_way_leaves_no_row(engine: Backend, tmp_path: Path) -> None:
    table = keep(engine, ibis.memtable({"text": [*["1"] * 3 * ROWS_OF_A_GROUP, "MERKTEKEN"]}))
    with new_extract(engine, tmp_path / "new.duckdb", KEY) as database:
        engine.create_table("zaken", schema=ibis.schema({"text": "int64"}), database=database)
        with pytest.raises(duckdb.Error):
            lay_rows(engine, database, "zaken", table.select(text=table.text.cast("int64")), lambda rows: rows)
        assert engine.table("zaken", database=database).count().execute() == 0


def test_what_stops_on_its_way_is_told_and_leaves_no_row(engine: Backend, tmp_path: Path) -> None:
    table = keep(engine, ibis.memtable({"number": range(3 * ROWS_OF_A_GROUP)}))
    seen = []

    def passed(rows: pa.RecordBatch) -> pa.RecordBatch:
        seen.append(rows.num_rows)
        if len(seen) == 3:
            raise ValueError("stop")
        return rows

    with new_extract(engine, tmp_path / "new.duckdb", KEY) as database:
        engine.create_table("zaken", schema=ibis.schema({"number": "int64"}), database=database)
        with pytest.raises(duckdb.Error, match="stop"):
            lay_rows(engine, database, "zaken", table, passed)
        assert engine.table("zaken", database=database).count().execute() == 0
    assert seen == [ROWS_OF_A_GROUP] * 3
