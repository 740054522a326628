"""What speeds up the search for fewer hidden cells takes nothing for needed that is not, and nothing for safe."""

from itertools import product

import numpy as np
import pytest
import suppression_world as world
from suppression_brute import is_safe

from das_research.disclosure.suppression.around import Around
from das_research.disclosure.suppression.audit import Reader, audit
from das_research.disclosure.suppression.cuts import Separation, partner_cuts
from das_research.disclosure.suppression.levels import count_needs
from das_research.disclosure.suppression.limits import Limits
from das_research.disclosure.suppression.repair import repaired
from das_research.disclosure.suppression.solver import Meter
from das_research.disclosure.suppression.suppress import suppress
from das_research.disclosure.suppression.witnesses import Witnesses
from das_research.disclosure.tables.cells import Status
from das_research.disclosure.tables.model import build_model

MINIMUM = 4


@pytest.mark.parametrize("level", ["exact", "threshold", "wide"])
@pytest.mark.parametrize("seed", range(4))
def test_no_safe_pattern_violates_an_inequality_and_what_limits_call_needed_is(level, seed):
    # 3 x 3 cells and their sums: of all patterns each is tried, and of each safe one every cell
    dimensions = [world.hierarchy("a", (2,)), world.hierarchy("b", (2,))]
    rng = np.random.default_rng(seed)
    codes = product(*(world.leaves(dimension) for dimension in dimensions))
    counts = {place: int(number) for place, number in zip(codes, [*rng.integers(4, 9, 3), 2], strict=True)}
    model = build_model([world.table(dimensions, counts, MINIMUM)])
    needs, limits = count_needs(model, MINIMUM, level), Limits(len(model))
    separation, free = Separation(model, Meter()), np.flatnonzero(model.status == Status.FREE)
    for whole, shares in product((False, True), rng.random((6, len(free)))):
        pattern = model.must_hide.astype(float)
        pattern[free] = shares > 0.5 if whole else shares
        limits.add(cuts := separation.cuts(needs, pattern, whole) + partner_cuts(model, pattern))
        assert all(cut.coefficients @ pattern[cut.cells] < cut.least for cut in cuts)
    safe, needed = 0, 0
    for chosen in product((False, True), repeat=len(free)):
        hidden = model.must_hide.copy()
        hidden[free] = chosen
        if not is_safe(model, needs, hidden, insiders=False):
            continue
        safe += 1
        assert not len(limits.beyond(hidden)[1])
        for cell in free[hidden[free]].tolist():
            if limits.needs(hidden, cell):
                needed += 1
                fewer = hidden.copy()
                fewer[cell] = False
                assert not is_safe(model, needs, fewer, insiders=False)
    assert safe and needed


@pytest.mark.parametrize("level", ["exact", "threshold"])
def test_around_some_cells_only_cheaper_and_safe_patterns_are_found_down_to_the_cheapest(level):
    dimensions = [world.hierarchy("a", (4, 5)), world.hierarchy("b", (12,))]
    model = build_model([world.table(dimensions, world.random_counts(dimensions, 1, 30))])
    needs, cost = count_needs(model, 10, level), np.ones(len(model), dtype=np.int64)
    cheapest = suppress(model, needs, insiders=False)
    assert cheapest.is_cheapest
    hidden, known = repaired(model, needs, model.must_hide, cost.astype(float), Meter())
    limits, separation = Limits(len(model)), Separation(model, Meter())
    around, first = Around(model, cost, separation, limits, Meter()), int(hidden.sum())
    for _ in range(60):
        before = hidden
        hidden, known, cuts = around.cheaper(hidden, known)
        limits.add(cuts)
        assert hidden is before or hidden.sum() < before.sum()
        assert (hidden >= model.must_hide).all() and not len(known.unsafe)
        assert not len(audit(Reader(model, hidden, Meter()), Witnesses(model, needs)))
    assert cheapest.cost <= hidden.sum() - len(needs) < first - len(needs)


def test_what_witnesses_prove_is_the_same_counted_anew_or_after_some_went_and_came_back():
    dimensions = [world.hierarchy("a", (3,)), world.hierarchy("b", (3,))]
    model = build_model([world.table(dimensions, world.random_counts(dimensions, 2, 12))])
    needs, cost = count_needs(model, 10), np.ones(len(model), dtype=np.int64)
    hidden, known = repaired(model, needs, model.must_hide, cost.astype(float), Meter())
    for cell in np.flatnonzero(hidden):
        fewer = known.drop(cell)
        again = Witnesses(model, needs, [it for it in known.all if cell not in it.cells])
        assert (fewer.up == again.up).all() and (fewer.down == again.down).all()
        fewer.take([it for it in known.all if cell in it.cells])
        assert (fewer.up == known.up).all() and (fewer.down == known.down).all()
