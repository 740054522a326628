"""What tests of linkage share: keys to draw from, and a plain union-find as the oracle."""

from hypothesis import strategies as st

from das_research.linkage.conclude import conclude
from das_research.linkage.graph import key_graph

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
    """Cases by keys alone, as a build without a linkage of persons has them."""
    return conclude(register, "cases", key_graph(engine, register, "cases", keys, gone))
