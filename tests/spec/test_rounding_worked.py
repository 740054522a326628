"""Rounding by hand, and against every additive rounding of small tables."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
import suppression_world as world
from scipy.optimize import OptimizeResult

from das_research.disclosure.rounding import controlled
from das_research.disclosure.rounding.controlled import _search, rounded_under_control
from das_research.disclosure.tables.model import build_model
from das_research.errors import ReleaseRefused
from das_research.publish.rounded import nearest


def model_of(*sizes, numbers):
    dimensions = [world.hierarchy(f"d{i}", size) for i, size in enumerate(sizes)]
    codes = product(*(world.leaves(dimension) for dimension in dimensions))
    return build_model([world.table(dimensions, dict(zip(codes, numbers, strict=True)))])


def least_by_trying(model, base):
    """The least change of any additive rounding to adjacent multiples: inner cells are tried, totals follow."""
    relations = model.relations.toarray()
    down = model.values // base * base
    choices = [(low,) if value == low else (low, low + base) for low, value in zip(down, model.values, strict=True)]
    best = None
    for numbers in product(*choices):
        if not (relations @ numbers).any():
            change = int(np.abs(np.array(numbers) - model.values).sum())
            best = change if best is None else min(best, change)
    return best


def test_three_fours_and_their_twelve():
    # 5 + 5 + 0 = 10 changes by 1 + 1 + 4 + 2 = 8; 5 + 5 + 5 = 15 by 1 + 1 + 1 + 3 = 6
    found = rounded_under_control(model_of((3,), numbers=[4, 4, 4]), 5)
    assert (sorted(found.numbers.tolist()), found.change, found.is_least) == ([5, 5, 5, 15], 6, True)
    # each by itself: 5 + 5 + 5 and 10
    assert nearest(pd.Series([4, 4, 4, 12]), 5).tolist() == [5, 5, 5, 10]  # and these don't add up


def test_multiples_and_zeros_stay_as_they_are():
    model = model_of((4,), numbers=[0, 10, 3, 7])
    found = rounded_under_control(model, 5)
    kept = model.values % 5 == 0
    assert kept.sum() == 3  # 0, 10, and their total 20
    assert (found.numbers[kept] == model.values[kept]).all()


@pytest.mark.parametrize("base", [3, 5, 10])
@pytest.mark.parametrize(("sizes", "seed"), [(((2, 2),), 1), (((2,), (2,)), 2), (((3,), (2,)), 3), (((2,), (2,)), 4)])
def test_no_additive_rounding_changes_less(sizes, seed, base):
    count = int(np.prod([np.prod(size) for size in sizes]))
    model = model_of(*sizes, numbers=np.random.default_rng(seed).integers(0, 40, count).tolist())
    found = rounded_under_control(model, base)
    assert not (model.relations @ found.numbers).any() and (found.numbers % base == 0).all()
    assert (np.abs(found.numbers - model.values) < base).all() and found.steps == 0
    assert found.change == least_by_trying(model, base) == found.bound
    low, high = zip(*(found.interval(number) for number in found.numbers.tolist()), strict=True)
    assert (model.values >= low).all() and (model.values <= high).all()


def test_a_table_of_three_dimensions_stays_additive_with_sub_totals():
    dimensions = [world.hierarchy("a", (2, 3)), world.hierarchy("b", (3,)), world.hierarchy("c", (2,))]
    model = build_model([world.table(dimensions, world.random_counts(dimensions, 5, 12))])
    found = rounded_under_control(model, 5)
    alone = nearest(pd.Series(model.values), 5).to_numpy()
    assert found.is_additive and (model.relations @ alone).any()
    assert np.abs(alone - model.values).sum() <= found.change  # what adds up costs more than what does not


def test_steps_further_than_the_multiples_beside_a_number_change_no_less_and_stay_within_their_interval():
    model = model_of((2,), (3,), numbers=[1, 2, 4, 8, 11, 13])
    adjacent, further = (_search(model, 5, steps) for steps in (0, 1))
    assert further.steps == 1 and not (model.relations @ further.numbers).any() and (further.numbers >= 0).all()
    assert further.change <= adjacent.change  # more is allowed, so the least can only be less
    assert further.interval(20) == (11, 29)  # (1 + 1) * 5 - 1 = 9 either way


def test_what_left_before_stays_as_it_left():
    # 3 + 8 = 11: 5 + 5 = 10 changes by 2 + 3 + 1; beside a 3 that left as 0 it is 0 + 10 = 10, by 3 + 2 + 1
    model = model_of((2,), numbers=[3, 8])
    small = model.values.tolist().index(3)
    found = rounded_under_control(model, 5, {small: 0})
    assert (sorted(found.numbers.tolist()), int(found.numbers[small]), found.is_least) == ([0, 10, 10], 0, True)


def test_what_left_otherwise_and_does_not_fit_is_refused():
    model = model_of((2,), numbers=[0, 10])
    zero = model.values.tolist().index(0)
    with pytest.raises(ReleaseRefused, match="no rounding"):
        rounded_under_control(model, 5, {zero: 5})  # an empty cell stays empty


def test_a_search_that_ends_at_its_last_node_gives_what_adds_up_or_refuses(monkeypatch):
    dimensions = [world.hierarchy(name, (5,)) for name in "abc"]
    model = build_model([world.table(dimensions, world.random_counts(dimensions, 5, 12))])
    few = rounded_under_control(model, 3, nodes=1)
    assert not (model.relations @ few.numbers).any() and few.bound <= few.change
    assert few.numbers.tolist() == rounded_under_control(model, 3, nodes=1).numbers.tolist()
    ended = OptimizeResult(x=None, status=1, message="node limit")
    monkeypatch.setattr(controlled, "milp", lambda *given, **how: ended)
    with pytest.raises(ReleaseRefused, match="solver ended"):
        rounded_under_control(model, 3)
