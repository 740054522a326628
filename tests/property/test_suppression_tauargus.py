"""Secondary suppression against tau-ARGUS's optimum, code that this project did not write."""

import dataclasses

import pytest
import suppression_world as world
import tauargus

from das_research.disclosure.suppression.levels import count_needs
from das_research.disclosure.suppression.suppress import suppress, value_cost
from das_research.disclosure.tables.model import build_model

pytest.importorskip("pytauargus")


@pytest.mark.parametrize(
    ("sizes", "seed", "scale"),
    [((6, 5), 1, 20), ((10, 10), 2, 40), ((10, 10), 3, 40), ((4, 3, 3), 5, 15), ((30, 20), 1, 40)],
)
def test_the_optimum_of_tau_argus_costs_what_ours_does(sizes, seed, scale):
    dimensions = [world.hierarchy(f"d{i}", (size,)) for i, size in enumerate(sizes)]
    counts = world.random_counts(dimensions, seed, scale)
    model = build_model([world.table(dimensions, counts)])
    # its reader knows of a hidden cell that it is zero or more, though zeros are shown
    model = dataclasses.replace(model, lower=0 * model.lower)
    found = suppress(model, count_needs(model, 10, "exact"), value_cost(model), insiders=False)
    peer = tauargus.optimum([dimension.name for dimension in dimensions], counts, 10)
    assert peer is not None, "tau-ARGUS failed"
    assert found.is_cheapest
    assert peer == (found.secondary.sum(), found.cost)
