"""What tests of linkage share: keys to draw from, and a plain union-find as the oracle."""

import ibis
from hypothesis import strategies as st

from das_research.linkage.conclude import conclude
from das_research.linkage.key_graph import key_graph
from das_research.linkage.numbering import BESIDE
from das_research.linkage.numbering import KEYS as KEYS_SHOWN

KEYS = st.tuples(st.sampled_from(["bsn", "skn", "pv+skn"]), st.sampled_from([f"{number:02d}" for number in range(30)]))


def union_find(groups):
    """The oracle: every member of a group to the smallest member of all groups that it is connected with."""
    parent = {}

    def find(member):
        while parent.setdefault(member, member) != member:
            member = parent[member]
        return member

    for group in groups:
        for member in group:
            low, high = sorted((find(group[0]), find(member)))
            parent[high] = low
    return {member: find(member) for member in parent}


def linked_by_keys(engine, register, keys, gone=()):
    """The surrogate of every row, of cases by keys alone, as a build without a linkage of persons has them."""
    shown, first = {}, {}
    for it in keys.to_pyarrow().to_pylist():
        key = (it["domain"], it["pseudonym"])
        shown.setdefault((it["delivery"], it["row"]), []).append(key)
        first[key] = min(first.get(key, it["delivery"]), it["delivery"])
    numbers = {key: number for number, key in enumerate(sorted(first, reverse=True))}  # their order tells nothing
    rows = [{"delivery": delivery, "row": row, "case": numbers[of_row[0]]} for (delivery, row), of_row in shown.items()]
    rows = ibis.memtable(rows, schema={"delivery": "string", "row": "int64", "case": "uint64"})
    beside = {
        (numbers[of_row[0]], numbers[it], delivery)
        for (delivery, _), of_row in shown.items()
        for it in of_row[1:]
        if it != of_row[0]
    }
    beside = ibis.memtable([*beside], schema=BESIDE)
    every = [(*key, numbers[key], delivery) for key, delivery in first.items()]
    graph = key_graph(engine, register, "cases", ibis.memtable(every, schema=KEYS_SHOWN), beside, gone)
    linked = conclude(register, "cases", graph)
    return graph.held(rows, "case").join(linked.nodes, [("case", "node")]).select("delivery", "row", surrogate="given")
