"""Spec: what is computed of a series, on numbers that were published and on series made without noise."""

from math import exp, log, sqrt
from types import SimpleNamespace

import numpy as np
import pytest
import series_world
from scipy.special import stdtrit
from series_world import PROJECT, of, series

from das_research import chain
from das_research.chain.series.chain_ladder import chain_ladder, interval
from das_research.monitors.computing import FUNCTIONS, run_recipe

TAYLOR_ASHE = [  # G.C. Taylor and F.R. Ashe (1983), as Mack (1993) prints it: a row a year, a column an age
    [357848, 766940, 610542, 482940, 527326, 574398, 146342, 139950, 227229, 67948],
    [352118, 884021, 933894, 1183289, 445745, 320996, 527804, 266172, 425046],
    [290507, 1001799, 926219, 1016654, 750816, 146923, 495992, 280405],
    [310608, 1108250, 776189, 1562400, 272482, 352053, 206286],
    [443160, 693190, 991983, 769488, 504851, 470639],
    [396132, 937085, 847498, 805037, 705960],
    [440832, 847631, 1131398, 1063269],
    [359480, 1061648, 1443370],
    [376686, 986608],
    [344014],
]
PADDED = [row + [np.nan] * (10 - len(row)) for row in TAYLOR_ASHE]


def test_the_season_of_carbon_dioxide_at_mauna_loa():
    from statsmodels.datasets import co2

    weekly = co2.load_pandas().data.co2
    monthly = weekly.resample("MS").mean().interpolate()["1959":]
    result = series(monthly, first_year=1959)
    found = chain.seasonality(PROJECT, result)
    season = np.array(list(of(found, "seasonal").values()))
    assert len(season) == 516 and round(season.max() - season.min(), 1) == 6.7  # parts per million, as known of it
    trend = of(found, "trend")
    assert trend["2001-12"] - trend["1959-01"] == pytest.approx(56, abs=1)
    assert found.cell(measure="seasonal_strength")["value"] > 0.95


def test_a_series_without_noise_comes_apart_as_it_was_made():
    season = np.array([5.0, -1, -6, 2])  # adds up to nothing
    values = 100 + 2 * np.arange(24) + np.tile(season, 6)
    found = chain.seasonality(PROJECT, series(values, season=4))
    assert list(of(found, "seasonal").values()) == pytest.approx(list(np.tile(season, 6)), abs=1e-6)
    assert list(of(found, "trend").values()) == pytest.approx(list(100 + 2 * np.arange(24)), abs=1e-6)
    assert list(of(found, "adjusted").values()) == pytest.approx(list(values - np.tile(season, 6)), abs=1e-6)


def test_level_and_slope_change_at_a_break_by_what_was_put_there():
    # 50 + 2t; from the eleventh period on 30 lower, and rising by 3 in place of 2
    time = np.arange(20)
    values = 50 + 2 * time + np.where(time >= 10, -30 + (time - 10), 0)
    found = chain.interrupted(PROJECT, series(values, 2010, season=1), ["2019-06-30"])
    assert of(found, "level", by="break") == pytest.approx({"_T": 50, "2019-06-30": -30})
    assert of(found, "slope", by="break") == pytest.approx({"_T": 2, "2019-06-30": 1})
    assert found.cell(measure="level", **{"break": "2019-06-30"})["se"] is None  # nothing is left to judge it by
    assert found.cell(measure="degrees_of_freedom")["value"] == 16


def test_a_period_that_a_break_cuts_in_two_lies_before_it():
    values = np.where(np.arange(16) >= 8, 20.0, 10.0)  # 2015 up to 2016, and 2017 on, by quarter
    for day, level in (("2017-01-01", 10), ("2016-12-31", 10)):
        found = chain.interrupted(PROJECT, series(values, season=4), [day], slopes=False, seasonal=False)
        assert found.cell(measure="level", **{"break": day})["value"] == pytest.approx(level)
    late = chain.interrupted(PROJECT, series(values, season=4), ["2017-01-02"], slopes=False, seasonal=False)
    assert late.cell(measure="level", **{"break": "2017-01-02"})["value"] < 9


def test_the_error_of_a_level_is_newey_and_wests_by_hand():
    # four years and a break in the middle of eight: with steps alone and no lag it is White's, times n / (n - k)
    values = np.array([10.0, 12, 9, 13, 20, 23, 19, 22])
    found = chain.interrupted(PROJECT, series(values, 2010, season=1), ["2014-01-01"], slopes=False, lags=0)
    matrix = np.column_stack([np.ones(8), np.arange(8), np.arange(8) >= 4])
    bread = np.linalg.inv(matrix.T @ matrix)
    left = values - matrix @ bread @ matrix.T @ values
    spread = bread @ (matrix.T * left**2) @ matrix @ bread * 8 / 5
    row = found.cell(measure="level", **{"break": "2014-01-01"})
    assert row["se"] == pytest.approx(sqrt(spread[2, 2]))
    assert row["upper"] - row["value"] == pytest.approx(stdtrit(5, 0.975) * row["se"])


def test_the_breaks_of_the_catalogue_are_taken_by_themselves():
    values = 100 + np.arange(52) + np.where(np.arange(52) >= 20, 40.0, 0)
    result = series(values, 2015, season=4)  # the figure `stroom`; corona-2020 is one of every theme
    found = chain.interrupted(PROJECT, result, seasonal=False)
    assert "bosz-sepots-2019" in set(found.table["break"])
    alone = chain.interrupted(PROJECT, result, ["corona-2020"], seasonal=False)
    assert alone.cell(measure="level", **{"break": "corona-2020"})["value"] == pytest.approx(40)
    assert alone.labels["break"]["corona-2020"].nl == "Corona"


def test_a_break_that_is_nothing_special_is_no_clearer_than_at_other_moments():
    rng = np.random.default_rng(3)
    noise = 200 + rng.normal(0, 10, 60)
    nothing = chain.interrupted(PROJECT, series(noise), ["2018-01-01"], seasonal=False)
    real = chain.interrupted(PROJECT, series(noise + 60 * (np.arange(60) >= 36)), ["2018-01-01"], seasonal=False)
    share = {"measure": "placebo_share", "break": "2018-01-01"}
    assert nothing.cell(**share)["value"] > 10
    assert real.cell(**share)["value"] == 0
    assert real.cell(measure="placebo_breaks", **{"break": "2018-01-01"})["value"] == 31  # of 36 periods, 3 at each end


def test_what_is_left_that_hangs_together_is_told():
    rng = np.random.default_rng(1)
    walk = np.cumsum(rng.normal(0, 5, 60)) + 300
    found = chain.interrupted(PROJECT, series(walk), ["2017-07-01"], seasonal=False)
    assert found.cell(measure="durbin_watson")["value"] < 1
    assert found.cell(measure="ljung_box_p")["value"] < 0.01
    white = chain.interrupted(PROJECT, series(300 + rng.normal(0, 5, 60)), ["2017-07-01"], seasonal=False)
    assert white.cell(measure="ljung_box_p")["value"] > 0.05


def test_macks_published_reserves_and_their_errors():
    found = chain_ladder(np.cumsum(np.array(PADDED), axis=1))
    published = {  # year of accident: reserve and standard error, T. Mack (1993)
        2: (94634, 75535), 3: (469511, 121699), 4: (709638, 133549), 5: (984889, 261406), 6: (1419459, 411010),
        7: (2177641, 558317), 8: (3920301, 875328), 9: (4278972, 971258), 10: (4625811, 1363155),
    }  # fmt: skip
    reserves = found.ultimate - found.latest
    assert {year: (round(reserves[year - 1]), round(found.errors[year - 1])) for year in published} == published
    assert reserves.sum() == pytest.approx(18_680_856, abs=1)


def test_a_nowcast_is_that_of_the_triangle():
    found = chain.nowcast(PROJECT, series_world.triangle(PADDED), age="leeftijd")
    assert of(found, "nowcast")["2009"] == pytest.approx(344014 + 4625811, abs=1)
    assert of(found, "nowcast", "se")["2009"] == pytest.approx(1363155, abs=1)
    assert of(found, "nowcast")["2000"] == of(found, "known")["2000"] == sum(TAYLOR_ASHE[0])
    # from age 0 to 1: what was known of nine years at age 1 over what was known of them at age 0
    ages = np.cumsum(np.array(PADDED), axis=1)
    assert of(found, "development", by="age")["0"] == pytest.approx(ages[:9, 1].sum() / ages[:9, 0].sum())
    rows = found.table[(found.table.measure == "nowcast")].set_index("period")
    assert list(rows.revision[-9:]) == ["provisional"] * 9 and rows.revision["2000"] == "final"


def test_the_limits_of_a_nowcast_by_hand():
    # expected 120, error 12: on the logarithm a spread of sqrt(ln(1 + 0.01)) about ln 120 less half its square
    spread = sqrt(log(1.01))
    centre = log(120) - spread**2 / 2
    assert interval(120, 12) == pytest.approx((exp(centre - 1.959964 * spread), exp(centre + 1.959964 * spread)))


def test_a_nowcast_is_tried_back_in_time():
    # every year of 1,000 comes in for 60, 30 and 10 percent, give or take: known too early it is 40% short
    rng = np.random.default_rng(8)
    rows = rng.multinomial(1000, [0.6, 0.3, 0.1], 20).astype(float)
    rows[-1, 1:] = rows[-2, 2:] = np.nan
    found = chain.nowcast(PROJECT, series_world.triangle(rows), age="leeftijd")
    assert (
        found.cell(measure="tried")["value"] == 2 * 15 - 1
    )  # two open years at each of 15 moments, of which one is open still
    assert found.cell(measure="missed")["value"] < 5 < found.cell(measure="missed_before")["value"]
    assert found.cell(measure="within_limits")["value"] > 80


def editions():
    """Six editions of a yearly series: a number is first told a tenth too low, and is right from its second year on."""
    truth = [1000.0, 1100, 1050, 1200, 1150, 1300, 1250, 1400]
    return [series([*truth[:last], 0.9 * truth[last]], 2015, season=1) for last in range(2, 8)]


def test_provisional_numbers_are_revised_as_earlier_ones_were():
    found = chain.nowcast_revisions(PROJECT, editions(), final_after=1)
    # each of the years 2017 up to 2021 grew from 0.9 to 1: the last, told as 0.9 x 1400, is expected to become 1400
    assert of(found, "development", by="age")["0"] == pytest.approx(1 / 0.9)
    assert of(found, "known")["2022"] == pytest.approx(0.9 * 1400)
    assert of(found, "nowcast")["2022"] == pytest.approx(1400)
    assert list(of(found, "nowcast")) == ["2017", "2018", "2019", "2020", "2021", "2022"]
    assert found.cell(measure="missed")["value"] == pytest.approx(0, abs=1e-9)
    assert found.cell(measure="missed_before")["value"] == pytest.approx(10)  # the last period alone


def released(results):
    """As they left: with every number shown."""
    return [result.with_table(result.table.assign(disclosure="shown")) for result in results]


def test_gate_3_computes_it_again_from_the_editions_that_are_out():
    out = released(editions())
    project = SimpleNamespace(catalog=PROJECT.catalog, released=[*out, series(range(20))])
    found = chain.nowcast_revisions(project, out, final_after=1)
    assert run_recipe(project, found.recipe) == found
    assert of(found, "nowcast")["2022"] == pytest.approx(1400)


def test_the_last_edition_may_be_one_that_is_not_out_yet(monkeypatch):
    *before, last = editions()
    project = SimpleNamespace(catalog=PROJECT.catalog, released=released(before))
    monkeypatch.setitem(FUNCTIONS, last.recipe.function, ("series_world", "the_last"))
    monkeypatch.setattr(series_world, "the_last", lambda project: last, raising=False)
    found = chain.nowcast_revisions(project, [*released(before), last], final_after=1)
    assert run_recipe(project, found.recipe) == found


def test_an_edition_that_never_left_or_left_otherwise_is_not_computed_with():
    out = released(editions())
    project = SimpleNamespace(catalog=PROJECT.catalog, released=out[1:])
    assert run_recipe(project, chain.nowcast_revisions(project, out).recipe) is None
    forged = out[2].with_table(out[2].table.assign(value=out[2].table.value + 1))
    project = SimpleNamespace(catalog=PROJECT.catalog, released=out)
    assert run_recipe(project, chain.nowcast_revisions(project, [*out[:2], forged, *out[3:]]).recipe) is None
    assert run_recipe(project, chain.nowcast_revisions(project, editions()).recipe) is None  # all but the last unknown
