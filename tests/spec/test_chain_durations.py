"""Spec: how long a stage lasts, by the product-limit estimator. The cases are told in tests/chain_story.py."""

from math import exp, log, sqrt

import chain_story
import numpy as np
import pytest

from das_research import chain
from das_research.chain.product_limit import product_limit
from das_research.errors import UsageError

DAYS = [10, 61, 162, 228, 517, 698]  # at the police: b, a, g, c, f, and d who is open (698 days to 31 December 2022)


@pytest.fixture(scope="module")
def police():
    return chain.durations(chain_story.project(), "politie", 2019, 2022, step_days=100)


def points(result):
    rows = result.table[result.table.measure == "completed_share"]
    return rows.assign(day=rows.days.astype(int)).set_index("day")


def test_the_share_completed_rises_as_cases_end(police):
    # by day 100: b and a; by 200: g too; by 300: c; by 600: f; d is still open at 698
    assert points(police).value.round(6).to_dict() == {
        0: 0, 100: round(200 / 6, 6), 200: 50, 300: round(400 / 6, 6), 400: round(400 / 6, 6), 500: round(400 / 6, 6),
        600: round(500 / 6, 6), 700: round(500 / 6, 6),
    }  # fmt: skip


def test_each_point_carries_its_events_and_those_at_risk(police):
    assert points(police).numerator.tolist() == [0, 2, 1, 1, 0, 0, 1, 0]
    assert points(police).denominator.tolist() == [6, 6, 4, 3, 2, 2, 2, 1]


def test_the_standard_error_is_greenwoods(police):
    # after day 61: S = 5/6 * 4/5 = 2/3; variance S^2 (1/(6*5) + 1/(5*4))
    expected = 100 * 2 / 3 * sqrt(1 / 30 + 1 / 20)
    assert points(police).se[100] == pytest.approx(expected)


def test_the_limits_are_on_the_log_minus_log_scale(police):
    # S = 2/3; spread = 1.96 * sqrt(1/30 + 1/20) / ln(2/3); the limits of S are S^exp(+-spread)
    spread = 1.959963984540054 * sqrt(1 / 30 + 1 / 20) / log(2 / 3)
    row = points(police).loc[100]
    assert row.lower == pytest.approx(100 * (1 - (2 / 3) ** exp(spread)))
    assert row.upper == pytest.approx(100 * (1 - (2 / 3) ** exp(-spread)))
    assert row.lower < row.value < row.upper


def test_quantiles_are_the_first_day_by_which_the_share_is_done(police):
    quantiles = police.table[police.table.unit == "days"].set_index("measure").value.to_dict()
    # a quarter of 6 is 1.5, so the second end (61); half is the third (162); three quarters the fifth (517)
    assert quantiles == {"first_quartile": 61, "median": 162, "third_quartile": 517}


def test_open_cases_count_until_the_last_observed_day():
    # at the prosecution: a went on after 276 days, c was dismissed after 45, e went on after 365, g open for 355.
    # 45: 3/4 open; 276: 3/4 * 2/3 = 1/2; at 355 g is lost from sight; 365: 1/2 * 0/1 = 0
    result = chain.durations(chain_story.project(), "om", 2020, 2022, step_days=50)
    value = points(result).value
    assert (value[50], value[300], value[350], value[400]) == (25, 50, 50, 100)


def test_ties_by_hand():
    # 10 cases: 2 end on day 3 and 1 is last seen then; 3 end on day 7; 4 are last seen on day 9
    # S(3) = 8/10; at risk on day 7: 10 - 3 = 7; S(7) = 8/10 * 4/7 = 16/35
    curve = product_limit(np.array([3.0, 7, 9]), np.array([2.0, 3, 0]), np.array([1.0, 0, 4]))
    assert curve.at_risk.tolist() == [10, 7, 4]
    assert curve.share.tolist() == pytest.approx([8 / 10, 16 / 35, 16 / 35])
    # Greenwood: 16/35 * sqrt(2/(10*8) + 3/(7*4))
    assert curve.se[1] == pytest.approx(16 / 35 * sqrt(2 / 80 + 3 / 28))
    assert curve.quantile(0.5)[0] == 7


def test_groups_have_their_own_curves():
    result = chain.durations(chain_story.project(), "politie", 2019, 2022, by=["soort"], step_days=100)
    ends = points(result).groupby("soort").numerator.sum().to_dict()
    assert ends == {"wv": 3, "gw": 2, "_T": 5}  # a, b, g; c and f


def test_a_cohort_without_cases_has_no_curve():
    assert chain.durations(chain_story.project(), "om", 2010, 2011).table.empty


def test_a_stage_without_an_end_and_an_unknown_one_are_refused():
    with pytest.raises(UsageError, match="no event by which a case leaves"):
        chain.durations(chain_story.project(), "rechter", 2020, 2022)
    with pytest.raises(UsageError, match="politie, om, rechter"):
        chain.durations(chain_story.project(), "kerk", 2020, 2022)
