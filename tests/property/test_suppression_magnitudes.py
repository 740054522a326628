"""Sums and weighted counts, with hierarchies and by every level, against every table that fits and every pattern."""

from itertools import product

import numpy as np
import suppression_world as world
from hypothesis import given, settings
from hypothesis import strategies as st
from suppression_brute import is_safe, some_safe_pattern

from das_research.disclosure.suppression.concentration import dominance_level, p_percent_level
from das_research.disclosure.suppression.levels import count_needs, magnitude_needs
from das_research.disclosure.suppression.suppress import suppress
from das_research.disclosure.tables.cells import Cell, Status, Table
from das_research.disclosure.tables.model import build_model
from das_research.errors import ReleaseRefused

MINIMUM = 3
LEVELS = ("exact", "threshold", "wide")


def p_percent(values, weights):
    return p_percent_level(values, 40, weights=weights)


def dominance(values, weights):
    return dominance_level(values, 1, 75, weights=weights)


def tables(sizes, most):
    """Of every inner cell what each respondent gives, and whom each stands for."""
    dimensions = [world.hierarchy(f"d{i}", size) for i, size in enumerate(sizes)]
    codes = list(product(*(world.leaves(dimension) for dimension in dimensions)))
    respondents = st.lists(st.tuples(st.integers(1, most), st.sampled_from([1, 1, 2])), max_size=2)
    given = st.lists(respondents, min_size=len(codes), max_size=len(codes))
    return given.map(lambda found: (dimensions, dict(zip(codes, found, strict=True))))


small_tables = st.sampled_from([[(3,)], [(2, 2)], [(2,), (2,)]]).flatmap(lambda sizes: tables(sizes, 2))
weighted_counts = st.sampled_from([[(3,)], [(2, 2)], [(2,), (2,)]]).flatmap(lambda sizes: tables(sizes, 1))


def sums(dimensions, given, rule):
    """The table of weighted sums, unsafe where the rule asks for a level; and the levels by place."""
    everything = {codes: [*found] for codes, found in given.items()}
    cells, levels = {}, {}
    for codes in world.with_totals(dimensions, dict.fromkeys(everything, 0)):
        found = [it for inner, several in everything.items() if _within(dimensions, inner, codes) for it in several]
        values, weights = [value for value, _ in found], [weight for _, weight in found]
        level = rule(values, weights) if found else 0.0
        number = sum(value * weight for value, weight in found)
        cells[codes] = Cell(number, Status.PRIMARY if level > 0 else Status.FREE, len(found))
        levels[codes] = level
    return Table("omzet", tuple(dimensions), cells), levels


def _within(dimensions, inner, codes):
    return all(
        code in world._upward(dimension, part) for dimension, part, code in zip(dimensions, inner, codes, strict=True)
    )


def _checked(model, needs):
    """What is found is safe and as cheap as it can be; what is refused can't be safe with anything left to publish."""
    most = int((model.status == Status.FREE).sum())
    try:
        found = suppress(model, needs, seconds=5, insiders=False)
    except ReleaseRefused:
        assert not some_safe_pattern(model, needs, range(most))
        return
    assert found.is_cheapest
    assert is_safe(model, needs, found.hidden, insiders=False)
    assert not some_safe_pattern(model, needs, range(found.cost))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(small_tables, st.sampled_from([p_percent, dominance]), st.sampled_from(LEVELS))
def test_sums_are_protected_by_their_levels_and_by_no_more_than_it_takes(given, rule, level):
    table, levels = sums(*given, rule)
    model = build_model([table])
    place = {table.address(codes): asked for codes, asked in levels.items()}
    _checked(model, magnitude_needs(model, [place[address] for address in model.addresses], level=level))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(weighted_counts, st.sampled_from(LEVELS))
def test_weighted_counts_are_protected_as_so_many_respondents(given, level):
    dimensions, found = given
    table, _ = sums(dimensions, found, lambda values, weights: float(0 < len(values) < MINIMUM))
    model = build_model([table])
    needs = count_needs(model, MINIMUM, level)
    for cell, upward, width in zip(needs.cells, needs.upward, needs.width, strict=True):
        value, units = int(model.values[cell]), int(model.units[cell])
        if level != "exact":  # as if there were the minimum of respondents like these
            assert (value + upward) * units >= MINIMUM * value > (value + upward - 1) * units
        assert width >= 1 and (level != "wide" or width * units >= (MINIMUM - 1) * value)
    _checked(model, needs)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 6)), min_size=1, max_size=6),
    st.integers(1, 60),
    st.integers(1, 3),
)
def test_rules_with_weights_are_the_rules_over_as_many_alike_and_known_weights_are_never_kinder(given, p, coalition):
    values, weights = [value for value, _ in given], [weight for _, weight in given]
    alike = [value for value, weight in given for _ in range(weight)]
    asked = {"coalition": coalition, "weights": weights}
    assert np.isclose(p_percent_level(values, p, weighting="repeated", **asked), p_percent_level(alike, p, coalition))
    for k in (10, 40, 75, 100):
        repeated = dominance_level(values, coalition, k, weights, "repeated")
        assert np.isclose(repeated, dominance_level(alike, coalition, k))
        secret, known = (dominance_level(values, coalition, k, weights, how) for how in ("secret", "known"))
        assert secret <= repeated <= known + 1e-9
    secret, known = (p_percent_level(values, p, weighting=how, **asked) for how in ("secret", "known"))
    assert secret <= known
    # of everybody: whoever is in the coalition subtracts, and must not come within p percent of anyone else
    total, by_hand = sum(v * w for v, w in given), 0.0
    for place, (value, weight) in enumerate(given):
        others = sorted((v * w for i, (v, w) in enumerate(given) if i != place), reverse=True)
        by_hand = max(by_hand, p * value / 100 - (total - value * weight - sum(others[:coalition])))
    assert np.isclose(known, by_hand)
