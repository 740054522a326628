"""Spec: recidivism corrected for who is in the cohort, with its arithmetic."""

import json
from datetime import date, timedelta

import cohort_story
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from cohort_story import case

from das_research import chain
from das_research.chain.reoffending.corrected import run_corrected
from das_research.chain.reoffending.standardised import by_model, directly
from das_research.errors import UsageError

# young: 40 of 100 reoffend in 2018 and 20 of 50 in 2019; old: 10 of 100 and 20 of 200. Only who they are changed.
SAME = pd.DataFrame(
    {
        "year": [2018, 2018, 2019, 2019],
        "age": ["young", "old", "young", "old"],
        "persons": [100, 100, 50, 200],
        "reoffended": [40, 10, 20, 20],
    }
)
YEARS = [2018, 2019]


@pytest.mark.parametrize("standardise", [by_model, directly])
def test_where_only_the_composition_shifts_the_corrected_share_stays(standardise):
    # observed: 50 of 200 = 25% and 40 of 250 = 16%; both together are 150 young (40%) and 300 old (10%): 90 of 450
    found = standardise(SAME, YEARS, ["age"], YEARS)
    assert [found[year].share for year in YEARS] == pytest.approx([0.2, 0.2])
    assert (found[2018].expected, found[2018].reference) == (pytest.approx(90), 450)


def test_another_reference_weighs_the_same_shares_otherwise():
    # the persons of 2018: 100 young (40%), 100 old (10%)
    assert directly(SAME, YEARS, ["age"], [2018])[2019].share == pytest.approx((40 + 10) / 200)


def test_direct_shares_are_those_of_each_stratum():
    cells = SAME.assign(reoffended=[40, 10, 30, 20])  # young of 2019: 30 of 50
    found = directly(cells, YEARS, ["age"], YEARS)
    assert found[2019].share == pytest.approx((150 * 30 / 50 + 300 * 20 / 200) / 450)
    # its variance: (150/450)^2 x 0.6 x 0.4 / 50 + (300/450)^2 x 0.1 x 0.9 / 200
    assert found[2019].se ** 2 == pytest.approx((1 / 9) * 0.24 / 50 + (4 / 9) * 0.09 / 200)


def test_a_stratum_that_a_year_lacks_is_left_out_for_all_years():
    more = pd.DataFrame({"year": [2018], "age": ["very old"], "persons": [1000], "reoffended": [0]})
    found = directly(pd.concat([SAME, more]), YEARS, ["age"], YEARS)
    assert found[2018].reference == 450 and found[2018].share == pytest.approx(0.2)
    with pytest.raises(UsageError, match="occurs in every year"):
        directly(SAME[[True, False, False, True]], YEARS, ["age"], YEARS)


def test_the_model_is_a_logistic_regression_and_its_mean_prediction():
    cells = SAME.assign(reoffended=[40, 10, 30, 20])
    rows = [
        {"year": row.year, "age": row.age, "back": int(number < row.reoffended)}
        for row in cells.itertuples()
        for number in range(row.persons)
    ]
    people = pd.DataFrame(rows)
    peer = smf.logit("back ~ C(year) + C(age)", people).fit(disp=0)
    expected = [peer.predict(people.assign(year=year)).mean() for year in YEARS]
    found = by_model(cells, YEARS, ["age"], YEARS)
    assert [found[year].share for year in YEARS] == pytest.approx(expected, abs=1e-7)
    lower, upper = found[2019].limits
    assert lower < found[2019].share < upper


def test_the_delta_method_agrees_with_drawing_again():
    """The spread of the corrected share over cohorts drawn anew from the same chances."""
    import numpy as np

    rng = np.random.default_rng(7)
    chances = SAME.reoffended / SAME.persons
    drawn = [
        by_model(SAME.assign(reoffended=rng.binomial(SAME.persons, chances)), YEARS, ["age"], YEARS)[2019].share
        for _ in range(200)
    ]
    assert by_model(SAME, YEARS, ["age"], YEARS)[2019].se == pytest.approx(np.std(drawn), rel=0.2)


def test_nobody_who_reoffends_in_a_group_is_no_reason_to_stop():
    found = by_model(SAME.assign(reoffended=[40, 0, 20, 0]), YEARS, ["age"], YEARS)
    assert found[2018].share == pytest.approx(60 / 450, abs=1e-6)


def population():
    """Sixty persons a year: in 2018 mostly men, in 2019 mostly women; every third man and every tenth woman is back."""
    cases, number = [], 0
    for year, men in ((2018, 45), (2019, 15)):
        for place in range(60):
            number += 1
            sex, every = ("man", 3) if place < men else ("vrouw", 10)
            start = date(year, 3, 1)
            told = case(f"r{number}", "x", start - timedelta(days=60), start) | {"geslacht": sex, "geboortejaar": 1980}
            cases.append(told)
            if place % every == 0:
                again = case(f"r{number}", "a", start + timedelta(days=100))
                cases.append(again | {"geslacht": sex, "geboortejaar": 1980})
    return cohort_story.project(cases=cases, stays=[], gone=[], orders=[])


@pytest.mark.parametrize("method", ["model", "direct"])
def test_on_a_cohort_the_observed_share_falls_and_the_corrected_does_not(method):
    made = chain.cohort(population(), years=range(2018, 2020))
    result = chain.corrected_recidivism(made, 2, corrected_for=["geslacht"], method=method, lag_days=0)
    cell = {(row.measure, row.period): row for row in result.table.itertuples()}
    # men: 45 and 15, women: 15 and 45. Back in 2018: 15 men, and the women at places 50: 1. In 2019: 5 men, women at
    # places 20, 30, 40, 50: 4.
    assert cell["observed", "2018"].numerator == 16 and cell["observed", "2019"].numerator == 9
    assert cell["observed", "2018"].value == pytest.approx(100 * 16 / 60)
    assert (cell["corrected", "2018"].denominator, cell["corrected", "2018"].n) == (120, 16)
    if method == "direct":  # 60 men and 60 women
        assert cell["corrected", "2018"].value == pytest.approx(100 * (60 * 15 / 45 + 60 * 1 / 15) / 120)
        assert cell["corrected", "2019"].value == pytest.approx(100 * (60 * 5 / 15 + 60 * 4 / 45) / 120)
    shift = cell["corrected", "2018"].value - cell["corrected", "2019"].value
    assert abs(shift) < abs(cell["observed", "2018"].value - cell["observed", "2019"].value)
    assert cell["corrected", "2018"].lower < cell["corrected", "2018"].value < cell["corrected", "2018"].upper
    parameters = json.loads(json.dumps(result.recipe.parameters))
    assert run_corrected(population(), **parameters).to_json() == result.to_json()


def test_years_that_can_t_be_followed_are_unknown_and_no_reference():
    made = chain.cohort(population(), years=range(2018, 2022))
    result = chain.corrected_recidivism(made, 2, corrected_for=["geslacht"], lag_days=0)
    kinds = result.table.set_index(["measure", "period"]).kind
    assert (kinds["corrected", "2021"], kinds["corrected", "2020"]) == ("unknown", "unknown")
    with pytest.raises(UsageError, match="2020"):
        chain.corrected_recidivism(made, 2, corrected_for=["geslacht"], lag_days=0, reference=[2020])


@pytest.mark.parametrize(
    ("choices", "said"),
    [({"kind": "departed"}, "general"), ({"method": "guess"}, "direct"), ({"corrected_for": ["kleur"]}, "geslacht")],
)
def test_what_can_t_be_corrected_is_refused(choices, said):
    with pytest.raises(UsageError) as refused:
        chain.corrected_recidivism(chain.cohort(population(), years=range(2018, 2020)), 2, **choices)
    assert said in f"{refused.value} {refused.value.fix}"


def test_one_year_is_nothing_to_correct():
    with pytest.raises(UsageError, match="compares years"):
        chain.corrected_recidivism(chain.cohort(population(), years=[2018]), 2, corrected_for=["geslacht"], lag_days=0)
