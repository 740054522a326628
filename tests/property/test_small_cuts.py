"""Property: where sums of groups of two tables differ by few persons, some are found; trying all of them tells."""

from itertools import chain, combinations, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array

from das_research.tabulation import small_cuts as module
from das_research.tabulation.small_cuts import small_cuts

MINIMUM = 4
NOWHERE = -1
tables = st.integers(1, 4).flatmap(
    lambda here: st.integers(1, 4).flatmap(
        lambda there: st.lists(
            st.lists(st.sampled_from([0, 0, 0, 1, 2, 3, 5, 9]), min_size=there + 1, max_size=there + 1),
            min_size=here + 1,
            max_size=here + 1,
        )
    )
)


def apart(table, one, other):
    """How many persons stand in one of two sums alone: the last row and column are of those in no group."""
    here, there = len(table) - 1, len(table[0]) - 1
    return sum(table[a][b] for a, b in product(range(here + 1), range(there + 1)) if (a in one) != (b in other))


def sets(size):
    return chain.from_iterable(combinations(range(size), many) for many in range(size + 1))


def found_in(table):
    whole = np.array(table)
    alone = whole[:-1, -1], whole[-1, :-1]
    return [
        (set(one.tolist()), set(two.tolist())) for one, two in small_cuts(coo_array(whole[:-1, :-1]), *alone, MINIMUM)
    ]


@settings(max_examples=150, deadline=None)
@given(tables)
def test_where_sums_differ_by_few_some_are_found(table):
    here, there = len(table) - 1, len(table[0]) - 1
    near = {
        (one, other): few
        for one, other in product(sets(here), sets(there))
        if (one or other) and (few := apart(table, one, other)) < MINIMUM
    }
    found = found_in(table)
    assert all(apart(table, one, other) < MINIMUM for one, other in found)
    assert bool(found) == bool(near)
    some = [few for few in near.values() if few]
    assert bool(some) == any(apart(table, one, other) for one, other in found)
    assert not some or min(some) == min(filter(None, (apart(table, one, other) for one, other in found)))


def test_of_too_many_parts_each_is_laid_beside_the_rest_by_itself(monkeypatch):
    """Two groups of thirty less two persons, and one of ninety that the other table has as two."""
    table = [[28, 0, 0, 2], [0, 50, 37, 3], [1, 0, 0, 0]]
    expected = [({0}, {0}), ({1}, {1, 2})]
    assert sorted(map(repr, found_in(table))) == sorted(map(repr, expected))
    monkeypatch.setattr(module, "MOST", 1)
    assert sorted(map(repr, found_in(table))) == sorted(map(repr, expected))
