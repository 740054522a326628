"""Models against plain readings of their definitions, on random tables."""

from itertools import combinations

import models_world as world
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from models_world import column
from scipy.optimize import minimize

from das_research import chain
from das_research.chain.models.concordance import concordance
from das_research.chain.models.influence import largest_shares


@pytest.mark.parametrize("seed", range(2))
def test_logistic_coefficients_are_where_the_likelihood_is_highest(seed):
    rows = world.people(150, seed)
    project = world.project("mensen", rows)
    table = project.engine.table("mensen")
    fitted = chain.logistic(table, "terug", ["groep", "leeftijd"], reference={"groep": "a"})
    found = column(fitted, "coefficient")
    design = np.column_stack([np.ones(150), rows.groep == "b", rows.groep == "c", rows.leeftijd / 10])
    sign = np.where(rows.terug, 1, -1)
    best = minimize(lambda beta: np.logaddexp(0, -sign * (design @ beta)).sum(), np.zeros(4), method="BFGS", tol=1e-10)
    expected = dict(zip(["intercept", ("groep", "b"), ("groep", "c"), "leeftijd"], best.x / [1, 1, 1, 10], strict=True))
    assert {term: found[term] for term in expected} == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("seed", range(2))
def test_cox_coefficients_are_where_the_partial_likelihood_is_highest(seed):
    rows = world.people(120, seed)
    rows["dagen"] = rows.dagen + np.arange(120) / 1000 * rows.opnieuw  # without ties there is one partial likelihood
    project = world.project("mensen", rows)
    found = column(chain.cox(project.engine.table("mensen"), "dagen", "opnieuw", ["man", "leeftijd"]), "coefficient")
    term = next(key for key in found if isinstance(key, tuple) and key[0] == "man" and found[key] != 0)
    design = np.column_stack([rows.man == (term[1] == "true"), rows.leeftijd / 10])

    days, events = rows.dagen.to_numpy(), np.flatnonzero(rows.opnieuw)
    at_risk = days[None, :] >= days[events, None]

    def loss(beta):
        risk = design @ beta
        return (np.log(at_risk @ np.exp(risk)) - risk[events]).sum()

    best = minimize(loss, np.zeros(2), method="BFGS", tol=1e-10)
    assert [found[term], 10 * found["leeftijd"]] == pytest.approx(best.x, abs=1e-4)


PEOPLE = st.lists(
    st.tuples(st.integers(0, 6), st.booleans(), st.integers(-3, 3), st.integers(-1, 5)), min_size=2, max_size=25
)  # days, event, risk, entry: few values, so that all kinds of ties occur


@settings(max_examples=100, deadline=None)
@given(PEOPLE)
def test_concordance_counts_every_pair(people):
    people = [(day, event, risk, min(entry, day - 1)) for day, event, risk, entry in people]
    right = pairs = 0.0
    for one, other in combinations(people, 2):
        for (day, event, risk, _), (later, later_event, other_risk, entry) in ((one, other), (other, one)):
            if event and entry < day and (later > day or (later == day and not later_event)):
                pairs += 1
                right += 1 if risk > other_risk else 0.5 if risk == other_risk else 0
    found = concordance(*(np.array(numbers, float) for numbers in zip(*people, strict=True)))
    assert found == (pytest.approx(right / pairs) if pairs else pytest.approx(np.nan, nan_ok=True))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_a_share_is_that_of_what_the_other_columns_leave(seed):
    rng = np.random.default_rng(seed)
    matrix, units = rng.normal(size=(30, 3)), rng.integers(0, 12, 30)
    units = np.unique(units, return_inverse=True)[1]
    for place, share in enumerate(largest_shares(matrix, units)):
        others = np.column_stack([np.ones(30), np.delete(matrix, place, axis=1)])
        rest = matrix[:, place] - others @ np.linalg.lstsq(others, matrix[:, place], rcond=None)[0]
        held = [sum(rest[units == unit] ** 2) for unit in range(units.max() + 1)]
        assert share == pytest.approx(max(held) / sum(held))
