"""Rounding by hand, and against every additive rounding of small tables."""

from itertools import product

import numpy as np
import pytest
import suppression_world as world

from das_research.disclosure.rounding.controlled import _search, each_rounded, rounded_under_control
from das_research.disclosure.tables.model import build_model
from das_research.errors import ReleaseRefused


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
    alone = each_rounded(model_of((3,), numbers=[4, 4, 4]), 5)
    assert (sorted(alone.numbers.tolist()), alone.change, alone.is_additive) == ([5, 5, 5, 10], 5, False)


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
    alone = each_rounded(model, 5)
    assert found.is_additive and not alone.is_additive
    assert alone.change <= found.change  # what adds up costs more change than what does not


def test_steps_further_than_the_multiples_beside_a_number_change_no_less_and_stay_within_their_interval():
    model = model_of((2,), (3,), numbers=[1, 2, 4, 8, 11, 13])
    adjacent, further = (_search(model, 5, steps, 10.0) for steps in (0, 1))
    assert further.steps == 1 and not (model.relations @ further.numbers).any() and (further.numbers >= 0).all()
    assert further.change <= adjacent.change  # more is allowed, so the least can only be less
    assert further.interval(20) == (11, 29)  # (1 + 1) * 5 - 1 = 9 either way


def test_a_search_that_has_no_time_is_refused():
    with pytest.raises(ReleaseRefused, match="solver ended"):
        rounded_under_control(model_of((2,), numbers=[4, 4]), 5, seconds=0.0)
