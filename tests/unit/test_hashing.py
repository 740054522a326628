"""Values under a key, and membership of a list of texts, beside what Python itself says."""

import hashlib
import hmac

import ibis
import pytest

from das_research.engines import keep, memory_engine, one_of
from das_research.engines.hmac import hmac_sha256

TEXTS = [
    "",
    "1",
    "zaak é €",
    "x" * 64,
    "x" * 1000,
    None,
    "1\n",
    "a.b",
    "(",
    "\\",
    "[x]",
    "$",
    "^a|b",
    "A",
    "een twee",
    "#-~&",
]


@pytest.mark.parametrize("keys", [[], [b"k" * 32], [b"a" * 64, b"", b"c"]], ids=len)
def test_a_text_is_hashed_under_each_key_in_turn(keys: list[bytes]) -> None:
    expected = TEXTS
    for key in keys:
        expected = [None if it is None else hmac.digest(key, it.encode(), hashlib.sha256).hex() for it in expected]
    with memory_engine() as engine:
        many = 500  # several of the engine's vectors
        table = keep(engine, ibis.memtable({"place": range(len(TEXTS) * many), "text": TEXTS * many}))
        hashed = table.select(
            "place", one=hmac_sha256(engine, table.text, keys), both=hmac_sha256(engine, table.text + "!", keys)
        )
        rows = hashed.order_by("place").to_pyarrow()
    assert rows["one"].to_pylist() == expected * many
    assert rows["both"].null_count == many and (not keys or set(rows["both"].to_pylist()) & set(expected) == {None})


def test_a_key_of_more_than_a_block_is_refused() -> None:
    with memory_engine() as engine, pytest.raises(ValueError, match="more than one block"):
        hmac_sha256(engine, ibis.memtable({"text": ["a"]}).text, [bytes(65)])


@pytest.mark.parametrize("number", [0, 1, 4, 5, 9, len(TEXTS)])
def test_a_text_is_one_of_a_list_as_python_says_it(number: int) -> None:
    spellings = [it for it in TEXTS[::-1] if it is not None][:number]
    asked = [*TEXTS, "axb", "a", "b", "x", " (", "1\n\n", "een", "eentwee", "ZAAK É €"]
    with memory_engine() as engine:
        table = keep(engine, ibis.memtable({"text": asked}, schema={"text": "string"}))
        found = table.select("text", known=one_of(table.text, spellings)).to_pyarrow().to_pylist()
    assert {row["text"]: bool(row["known"]) for row in found} == {it: it in spellings for it in asked}
    assert [row["known"] for row in found if row["text"] is None] == [None if number else False]
