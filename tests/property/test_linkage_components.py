"""Linking against a plain union-find: random key tables, random orders of delivery, several builds."""

import tempfile
from pathlib import Path

import ibis
from hypothesis import given, settings
from hypothesis import strategies as st
from linkage_oracle import KEYS, linked_by_keys, union_find

from das_research.engines import memory_engine
from das_research.home import Home
from das_research.linkage.components import components
from das_research.linkage.register import open_register

ROWS = st.lists(st.sets(KEYS, min_size=1, max_size=3).map(sorted), min_size=1, max_size=20)
DELIVERIES = st.lists(ROWS, min_size=1, max_size=3)


def build(engine, home, deliveries):
    """One build over some deliveries: surrogate of every row, and the register after it."""
    long = {"delivery": [], "row": [], "domain": [], "pseudonym": []}
    for name, rows in deliveries.items():
        for number, keys in enumerate(rows, start=1):
            for domain, pseudonym in keys:
                for column, value in zip(long, (name, number, domain, pseudonym), strict=True):
                    long[column].append(value)
    with open_register(home, engine) as register:
        linked = linked_by_keys(engine, register, ibis.memtable(long))
        current = register.current("cases").order_by("domain", "pseudonym").to_pyarrow().to_pylist()
        raw = register.keys("cases").to_pyarrow().to_pylist()
        aliases = register.aliases("cases").to_pyarrow().to_pylist()
        rows = {(row["delivery"], row["row"]): row["surrogate"] for row in linked.to_pyarrow().to_pylist()}
        return rows, current, raw, aliases


@settings(max_examples=6, deadline=None)
@given(DELIVERIES, st.randoms(use_true_random=False))
def test_components_are_those_of_a_union_find_and_surrogates_never_change(deliveries, random):
    names = [f"d{number}" for number in range(len(deliveries))]
    random.shuffle(names)
    taken_in, given_to = {}, {}
    with memory_engine() as engine, tempfile.TemporaryDirectory() as folder:
        for name, rows in zip(names, deliveries, strict=True):
            taken_in[name] = rows
            surrogate_of, current, raw, aliases = build(engine, Home(Path(folder)), taken_in)

            oracle = union_find([keys for rows in taken_in.values() for keys in rows])
            component_of = {
                (at, row): oracle[keys[0]] for at, rows in taken_in.items() for row, keys in enumerate(rows, 1)
            }
            assert surrogate_of.keys() == component_of.keys()
            pairs = {(surrogate_of[row], component_of[row]) for row in component_of}
            assert len(pairs) == len({surrogate for surrogate, _ in pairs}) == len({label for _, label in pairs})

            now = {(key["domain"], key["pseudonym"]): key["surrogate"] for key in current}
            for (at, row), surrogate in surrogate_of.items():
                assert {now[key] for key in taken_in[at][row - 1]} == {surrogate}

            first_given = {(key["domain"], key["pseudonym"]): key["surrogate"] for key in raw}
            assert len(first_given) == len(raw) == len(current)
            assert given_to.items() <= first_given.items()
            last = max(given_to.values(), default=0)
            new = set(first_given.values()) - set(given_to.values())
            assert sorted(new) == list(range(last + 1, last + 1 + len(new)))
            assert all(alias["new"] < alias["old"] for alias in aliases)
            assert not {alias["new"] for alias in aliases} & {alias["old"] for alias in aliases}
            given_to = first_given


@settings(max_examples=2, deadline=None)
@given(DELIVERIES)
def test_the_same_deliveries_again_change_nothing(deliveries):
    taken_in = {f"d{number}": rows for number, rows in enumerate(deliveries)}
    with memory_engine() as engine, tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        first = build(engine, home, taken_in)
        files = sorted(path.name for path in home.register.glob("*.parquet"))
        assert build(engine, home, taken_in) == first
        assert sorted(path.name for path in home.register.glob("*.parquet")) == files


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40))
def test_components_of_a_graph(edges):
    ends = {"left": [left for left, _ in edges], "right": [right for _, right in edges]}
    found = components(ibis.memtable(ends, schema={"left": "int64", "right": "int64"})).to_pyarrow().to_pylist()
    assert {row["node"]: row["label"] for row in found} == {
        node: smallest for node, smallest in union_find(edges).items() if node != smallest
    }


def test_a_long_chain_in_scrambled_order():
    """A path of 1,000 nodes."""
    nodes = [(number * 7919) % 1000 for number in range(1000)]
    found = components(ibis.memtable({"left": nodes[:-1], "right": nodes[1:]}))
    assert found.to_pyarrow().to_pylist() == [{"node": node, "label": 0} for node in range(1, 1000)]


def test_keys_that_once_were_one_case_stay_one_when_that_delivery_is_gone():
    """a and b were joined by d2 (case 2). d2 is withdrawn; then b turns out to be c's case 1, and so is a at once."""
    a, b, c = ("pv", "a"), ("pv", "b"), ("pv", "c")
    with memory_engine() as engine, tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        build(engine, home, {"d1": [[c]]})
        rows, *_ = build(engine, home, {"d1": [[c]], "d2": [[a, b]]})
        assert rows == {("d1", 1): 1, ("d2", 1): 2}
        rows, *_, aliases = build(engine, home, {"d1": [[c]], "d3": [[a], [b, c]]})
        assert rows == {("d1", 1): 1, ("d3", 1): 1, ("d3", 2): 1}
        assert aliases == [{"old": 2, "new": 1}]
