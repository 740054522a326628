"""Spec: weighted estimates of a survey, and how sure they are. Every margin is worked out by hand."""

from math import exp, log, sqrt

import pandas as pd
import pytest
import survey_world
from scipy.special import stdtrit

from das_research import chain

SIX = pd.DataFrame(
    {
        "gewicht": [10.0, 10, 20, 20, 30, 30],
        "traditioneel": [True, False, True, False, False, None],
        "delicten": [2, 0, 1, 0, 0, 0],
        "gemeld": [1, 0, 1, 0, 0, None],
        "geslacht": ["man", "man", "vrouw", "vrouw", "vrouw", "man"],
        "wijk": ["x", "x", "y", "y", "z", "z"],
        "laag": ["stad", "stad", "stad", "stad", "land", "land"],
        "jaar": [2021] * 6,
    }
)


def test_a_share_is_weighted():
    found = chain.estimate(survey_world.table(SIX), {"slachtoffers": ("share", "traditioneel")})
    cell = found.cell()
    assert cell["value"] == pytest.approx(100 * (10 + 20) / (10 + 10 + 20 + 20 + 30))  # who did not answer is out
    assert (cell["numerator"], cell["denominator"], cell["n"]) == (2, 5, 2)  # respondents


def test_its_error_is_that_of_what_each_respondent_adds():
    cell = chain.estimate(survey_world.table(SIX), {"slachtoffers": ("share", "traditioneel")}).cell()
    # share 30/90 = 1/3; each adds weight (y - 1/3) / 90: 10*2/3, -10/3, 20*2/3, -20/3, -30/3, and the sixth nothing
    adds = [10 * 2 / 3, -10 / 3, 20 * 2 / 3, -20 / 3, -30 / 3, 0]
    assert sum(adds) == pytest.approx(0)
    error = sqrt(6 / 5 * sum(z * z for z in adds)) / 90  # all six were drawn
    assert cell["se"] == pytest.approx(100 * error)
    # limits on the scale of log odds, by Student's t with 6 - 1 degrees of freedom
    wide = stdtrit(5, 0.975) * error / (1 / 3 * 2 / 3)
    assert cell["lower"] == pytest.approx(100 / (1 + exp(-(log(0.5) - wide))))
    assert cell["upper"] == pytest.approx(100 / (1 + exp(-(log(0.5) + wide))))


def test_strata_are_samples_of_their_own():
    table = survey_world.table(SIX, strata=("laag",))
    cell = chain.estimate(table, {"slachtoffers": ("share", "traditioneel")}).cell()
    # stad: 20/3, -10/3, 40/3, -20/3, whose mean is 7.5/3; land: -30/3 and 0, whose mean is -15/3
    stad = 4 / 3 * ((12.5 / 3) ** 2 + (17.5 / 3) ** 2 + (32.5 / 3) ** 2 + (27.5 / 3) ** 2)
    land = 2 / 1 * (2 * (15 / 3) ** 2)
    assert cell["se"] == pytest.approx(100 * sqrt(stad + land) / 90)


def test_respondents_of_one_cluster_count_together():
    table = survey_world.table(SIX, cluster="wijk")
    cell = chain.estimate(table, {"slachtoffers": ("share", "traditioneel")}).cell()
    # x adds 20/3 - 10/3, y 40/3 - 20/3, z -30/3: three clusters
    error = sqrt(3 / 2 * ((10 / 3) ** 2 + (20 / 3) ** 2 + (30 / 3) ** 2)) / 90
    assert cell["se"] == pytest.approx(100 * error)


def test_a_stratum_with_one_cluster_stands_at_its_distance_from_the_mean():
    table = survey_world.table(SIX, strata=("laag",), cluster="wijk")
    cell = chain.estimate(table, {"slachtoffers": ("share", "traditioneel")}).cell()
    # stad has x (10/3) and y (20/3), mean 15/3; land has z alone (-30/3), and the mean of all clusters is 0
    assert cell["se"] == pytest.approx(100 * sqrt(2 * (2 * (5 / 3) ** 2) + (30 / 3) ** 2) / 90)


def test_a_group_is_no_sample_of_its_own():
    found = chain.estimate(survey_world.table(SIX), {"slachtoffers": ("share", "traditioneel")}, by=["geslacht"])
    cell = found.cell(geslacht="vrouw")
    # 20/70; she adds 20 * 5/7, -20 * 2/7, -30 * 2/7; the men were drawn too and add nothing: 6/5, not 3/2
    adds = [20 * 5 / 7, -20 * 2 / 7, -30 * 2 / 7]
    assert cell["value"] == pytest.approx(100 * 2 / 7)
    assert cell["se"] == pytest.approx(100 * sqrt(6 / 5 * sum(z * z for z in adds)) / 70)


def test_a_ratio_of_two_sums_is_that_of_offences_and_not_of_persons():
    cell = chain.estimate(survey_world.table(SIX), {"melding": ("ratio", "gemeld", "delicten")}).cell()
    # reported 10 * 1 + 20 * 1 = 30 of 10 * 2 + 20 * 1 = 40; they add 10 (1 - 3/4 * 2) = -5 and 20 (1 - 3/4) = 5
    assert cell["value"] == pytest.approx(30 / 40)
    assert cell["se"] == pytest.approx(sqrt(6 / 5 * (25 + 25)) / 40)
    assert cell["upper"] == pytest.approx(cell["value"] + stdtrit(5, 0.975) * cell["se"])


def test_a_mean_and_a_total():
    found = chain.estimate(survey_world.table(SIX), {"per": ("mean", "delicten"), "alle": ("total", "delicten")})
    assert found.cell(measure="per")["value"] == pytest.approx(40 / 120)
    total = found.cell(measure="alle")
    # 10 * 2 + 20 * 1 = 40; contributions 20, 0, 20, 0, 0, 0 about their mean 40/6
    assert total["value"] == 40
    assert total["se"] == pytest.approx(sqrt(6 / 5 * (2 * (20 - 40 / 6) ** 2 + 4 * (40 / 6) ** 2)))


def test_each_year_is_a_sample_and_all_years_are_strata():
    rows = pd.concat([SIX, SIX.assign(jaar=2023, traditioneel=SIX.traditioneel.iloc[::-1].to_numpy())])
    found = chain.estimate(survey_world.table(rows), {"slachtoffers": ("share", "traditioneel")}, by=["jaar"])
    alone = chain.estimate(survey_world.table(SIX), {"slachtoffers": ("share", "traditioneel")}).cell()
    assert found.cell(period="2021")["se"] == pytest.approx(alone["se"])
    # 2023, turned around: weights 10 20 20 30 30 known, yes 20 and 30: all years (30 + 50) / (90 + 110) = 2/5
    both = found.cell(period="_T")
    assert both["value"] == pytest.approx(40)
    first = [10 * 3 / 5, -10 * 2 / 5, 20 * 3 / 5, -20 * 2 / 5, -30 * 2 / 5, 0]
    second = [0, -10 * 2 / 5, -20 * 2 / 5, 20 * 3 / 5, -30 * 2 / 5, 30 * 3 / 5]
    spread = sum(6 / 5 * (sum(z * z for z in adds) - sum(adds) ** 2 / 6) for adds in (first, second))
    assert both["se"] == pytest.approx(100 * sqrt(spread) / 200)


def test_who_stands_for_nobody_is_left_out_and_told():
    rows = pd.concat([SIX, SIX.assign(gewicht=[0.0, None, 0, 0, 0, 0])])
    found = chain.estimate(survey_world.table(rows), {"slachtoffers": ("share", "traditioneel")})
    alone = chain.estimate(survey_world.table(SIX), {"slachtoffers": ("share", "traditioneel")})
    assert found.cell()["se"] == pytest.approx(alone.cell()["se"])
    assert [(step.n_in, step.n_out) for step in found.attrition] == [(12, 6)]


def test_a_share_of_nothing_has_no_error_and_a_group_without_answers_no_value():
    rows = SIX.assign(traditioneel=[False, False, None, None, None, False])
    found = chain.estimate(survey_world.table(rows), {"slachtoffers": ("share", "traditioneel")}, by=["geslacht"])
    nothing, nobody = found.cell(geslacht="man"), found.cell(geslacht="vrouw")
    assert (nothing["value"], nothing["kind"], nothing["se"], nothing["lower"]) == (0, "zero", None, None)
    assert (nobody["value"], nobody["kind"]) == (None, "cannot occur")
