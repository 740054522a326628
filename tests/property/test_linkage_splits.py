"""Evidence that goes: components against a plain union-find over the links that count, through merges and splits."""

import tempfile
from pathlib import Path

import ibis
from hypothesis import given, settings
from hypothesis import strategies as st
from linkage_oracle import KEYS, linked_by_keys, union_find

from das_research.engines import memory_engine
from das_research.home import Home
from das_research.linkage.register import open_register

ROWS = st.lists(st.sets(KEYS, min_size=1, max_size=3).map(sorted), min_size=1, max_size=8)
DELIVERIES = st.lists(ROWS, min_size=2, max_size=3)
SCHEMA = {"delivery": "string", "row": "int64", "domain": "string", "pseudonym": "string"}


def build(engine, home, deliveries, gone=()):
    """One build: the surrogate of every row and of every key, and the aliases written down."""
    shown = [
        dict(zip(SCHEMA, (name, number, *key), strict=True))
        for name, rows in deliveries.items()
        for number, keys in enumerate(rows, start=1)
        for key in keys
    ]
    with open_register(home, engine) as register:
        linked = linked_by_keys(engine, register, ibis.memtable(shown, schema=SCHEMA), gone)
        keys = {(it["domain"], it["pseudonym"]): it["surrogate"] for it in rows_of(register.current("cases"))}
        rows = {(it["delivery"], it["row"]): it["surrogate"] for it in rows_of(linked)}
    aliases = [it for path in sorted(home.register.glob("aliases-*")) for it in rows_of(engine.read_parquet(path))]
    return rows, keys, aliases


def rows_of(table):
    return table.to_pyarrow().to_pylist()


def same_partition(one, other):
    """Whether two labellings of the same things put the same ones together."""
    pairs = {(one[it], other[it]) for it in one}
    return len(pairs) == len({left for left, _ in pairs}) == len({right for _, right in pairs})


@settings(max_examples=8, deadline=None)
@given(DELIVERIES, st.randoms(use_true_random=False))
def test_withdrawn_evidence_splits_and_its_return_joins_again(deliveries, random):
    every = {f"d{number}": rows for number, rows in enumerate(deliveries)}
    gone = random.choice(sorted(every))
    left = {name: rows for name, rows in every.items() if name != gone}
    with memory_engine() as engine, tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        _, before, _ = build(engine, home, every)
        rows, after, aliases = build(engine, home, left, gone={gone})
        known = [[key] for key in before]  # a key stays known, linked or not
        oracle = union_find([keys for shown in left.values() for keys in shown] + known)
        assert after.keys() == before.keys() == oracle.keys()
        assert same_partition(after, oracle)
        moved = {(before[key], after[key]) for key in before if before[key] != after[key]}
        splits = {(it["old"], it["new"]) for it in aliases if it["kind"] == "split"}
        assert splits == moved
        assert all(new > max(before.values()) for _, new in moved), "a surrogate is never given twice"
        assert set(before.values()) <= set(after.values()), "one part keeps what all had"
        assert {it["delivery"] for it in aliases if it["kind"] == "split"} <= {gone}
        assert rows == {(at, row): after[keys[0]] for at, shown in left.items() for row, keys in enumerate(shown, 1)}
        again, returned, _ = build(engine, home, every)
        assert same_partition(returned, union_find([keys for shown in every.values() for keys in shown]))
        assert build(engine, home, every)[:2] == (again, returned)


@settings(max_examples=8, deadline=None)
@given(DELIVERIES)
def test_delivery_by_delivery_gives_what_all_at_once_gives_but_for_the_numbers(deliveries):
    taken_in = {}
    with memory_engine() as engine, tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        for number, rows in enumerate(deliveries):
            taken_in[f"d{number}"] = rows
            stepwise, *_ = build(engine, Home(Path(one)), taken_in)
        at_once, *_ = build(engine, Home(Path(other)), taken_in)
    assert same_partition(stepwise, at_once)


def test_the_part_with_the_oldest_key_keeps_the_surrogate():
    """d1: a is case 1. d2 shows a with b: b is case 1 too. d2 goes: a stays 1, b gets 2, and a split says so."""
    a, b = ("pv", "a"), ("pv", "b")
    with memory_engine() as engine, tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        build(engine, home, {"d1": [[a]]})
        _, keys, _ = build(engine, home, {"d1": [[a]], "d2": [[a, b]]})
        assert keys == {a: 1, b: 1}
        _, keys, aliases = build(engine, home, {"d1": [[a]]}, gone={"d2"})
        assert keys == {a: 1, b: 2}
        assert aliases == [{"entity": "cases", "old": 1, "new": 2, "delivery": "d2", "kind": "split"}]


def test_what_merely_expired_stays_evidence():
    a, b = ("pv", "a"), ("pv", "b")
    with memory_engine() as engine, tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        build(engine, home, {"d1": [[a]], "d2": [[a, b]]})
        _, keys, aliases = build(engine, home, {"d3": [[a], [b]]})
        assert keys == {a: 1, b: 1}
        assert aliases == []
