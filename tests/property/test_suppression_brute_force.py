"""Secondary suppression against brute force: every pattern and every whole table of small tables is tried."""

from itertools import product

import numpy as np
import pytest
import suppression_world as world
from hypothesis import given, settings
from hypothesis import strategies as st
from suppression_brute import is_safe, some_safe_pattern

from das_research.disclosure.suppression import nearby
from das_research.disclosure.suppression.audit import Reader, audit
from das_research.disclosure.suppression.insider import exposed, safe_from_insiders
from das_research.disclosure.suppression.levels import count_needs
from das_research.disclosure.suppression.nearby import repaired_nearby, without_the_needless_nearby
from das_research.disclosure.suppression.repair import repaired
from das_research.disclosure.suppression.solver import Meter
from das_research.disclosure.suppression.start import first_pattern
from das_research.disclosure.suppression.suppress import suppress
from das_research.disclosure.suppression.witnesses import Witnesses
from das_research.disclosure.tables.model import build_model
from das_research.errors import ReleaseRefused

MINIMUM = 4


def small_models():
    shapes = st.sampled_from([[(3,)], [(2, 2)], [(2,), (2,)], [(3,), (2,)]])
    return shapes.flatmap(
        lambda sizes: st.lists(
            st.integers(0, 6), min_size=(count := int(np.prod([np.prod(size) for size in sizes]))), max_size=count
        ).map(lambda numbers: model_of(sizes, numbers))
    )


def model_of(sizes, numbers):
    dimensions = [world.hierarchy(f"d{i}", size) for i, size in enumerate(sizes)]
    codes = product(*(world.leaves(dimension) for dimension in dimensions))
    return build_model([world.table(dimensions, dict(zip(codes, numbers, strict=True)), MINIMUM)])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(small_models(), st.sampled_from(["exact", "threshold", "wide"]))
def test_what_is_found_is_safe_and_costs_what_the_cheapest_pattern_costs(model, level):
    needs = count_needs(model, MINIMUM, level)
    most = int((model.status == 0).sum())
    try:
        found = suppress(model, needs, seconds=5, insiders=False)
    except ReleaseRefused:  # as nothing would be left: fewer hidden cells were not enough
        assert not some_safe_pattern(model, needs, range(most))
        return
    assert found.is_cheapest
    assert is_safe(model, needs, found.hidden, insiders=False)
    assert not some_safe_pattern(model, needs, range(found.cost))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(small_models(), st.sampled_from(["exact", "threshold"]))
def test_with_insiders_it_is_the_cheapest_by_which_no_single_person_knows_another_unsafe_number(model, level):
    needs = count_needs(model, MINIMUM, level)
    try:
        found = suppress(model, needs, seconds=5)
    except ReleaseRefused:
        return
    assert found.is_cheapest
    assert is_safe(model, needs, found.hidden, insiders=True)
    assert not some_safe_pattern(model, needs, range(found.cost), insiders=True)


@pytest.mark.parametrize("level", ["exact", "threshold"])
@pytest.mark.parametrize("sizes", [[(4, 5), (8,)], [(10,), (6,)], [(3,), (4,), (3,)]])
def test_it_hides_at_most_what_elimination_and_repair_hide_to_be_as_safe(sizes, level):
    dimensions = [world.hierarchy(f"d{at}", size) for at, size in enumerate(sizes)]
    for seed in range(4):
        model = build_model([world.table(dimensions, world.random_counts(dimensions, seed, 20))])
        needs, cost = count_needs(model, 10, level), np.ones(len(model), dtype=np.int64)
        hidden, known = repaired(model, needs, first_pattern(model, cost), cost.astype(float), Meter())
        hidden, known = safe_from_insiders(model, hidden, known, cost, Meter())
        for seconds in (0, 0.2):  # with no time to look for fewer it is that pattern
            found = suppress(model, needs, seconds=seconds)
            assert found.bound <= found.cost <= hidden.sum() - model.must_hide.sum()
            known = Witnesses(model, needs)
            assert len(audit(reader := Reader(model, found.hidden, Meter()), known)) == 0
            assert exposed(reader, known) == []


@pytest.mark.parametrize("level", ["exact", "threshold"])
@pytest.mark.parametrize("large", [False, True])
def test_three_dimensions_with_hierarchies_are_safe_by_brute_force(level, large, monkeypatch):
    monkeypatch.setattr(nearby, "LARGE", 0 if large else nearby.LARGE)  # every cell is looked at among those near it
    # 3 x 2 x 2 with a sub-total: too many patterns to try all, but every table that fits is tried
    for seed in range(6):
        dimensions = [world.hierarchy("a", (2, 2)), world.hierarchy("b", (2,))]
        counts = {codes: value % 7 for codes, value in world.random_counts(dimensions, seed, 4).items()}
        model = build_model([world.table(dimensions, counts, MINIMUM)])
        needs = count_needs(model, MINIMUM, level)
        found = suppress(model, needs, seconds=2)
        assert is_safe(model, needs, found.hidden, insiders=True)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_repaired_nearby_is_as_safe_and_hides_little_more(seed):
    dimensions = [world.hierarchy("a", (2, 3)), world.hierarchy("b", (3,)), world.hierarchy("c", (2,))]
    model = build_model([world.table(dimensions, world.random_counts(dimensions, seed, 12))])
    needs, cost = count_needs(model, 10), np.ones(len(model), dtype=np.int64)
    hidden, known = repaired_nearby(model, needs, model.must_hide, cost.astype(float), Meter())
    assert len(known.unsafe) == 0 and (hidden >= model.must_hide).all()
    fewer, known = without_the_needless_nearby(model, hidden, known, cost, Meter())
    assert len(known.unsafe) == 0 and fewer.sum() <= hidden.sum()
    # an audit that starts from nothing but the pattern
    assert len(audit(Reader(model, fewer, Meter()), Witnesses(model, needs))) == 0
    found = suppress(model, needs, seconds=0.5, insiders=False)
    assert found.bound <= found.cost <= fewer.sum() - len(needs)
