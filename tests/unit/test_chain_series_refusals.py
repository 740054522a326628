"""Series that are none, breaks that lie elsewhere, triangles that are none: said in words, with what to do."""

from dataclasses import replace

import disclosure_world as world
import numpy as np
import pytest
import series_world
from series_world import PROJECT, series, triangle

from das_research import chain
from das_research.errors import UsageError

STEADY = 100 + np.arange(60) % 7
PLAIN = {"seasonal": False}


def without(result, *periods):
    return result.with_table(result.table[~result.table.period.isin(periods)])


REFUSED = {
    "years have no season": (lambda: chain.seasonality(PROJECT, series(STEADY[:20], season=1)), "no season"),
    "shorter than two seasons": (lambda: chain.seasonality(PROJECT, series(STEADY[:24])), "24 months, and 25"),
    "a month is missing": (lambda: chain.seasonality(PROJECT, without(series(STEADY), "2016-05")), "skips months"),
    "a month is unknown": (
        lambda: chain.seasonality(PROJECT, series([*STEADY[:-1], float("nan")])), "1 of the 60 periods have no number",
    ),
    "a hidden month": (
        lambda: chain.seasonality(PROJECT, series(STEADY).with_table(series(STEADY).table.assign(disclosure="hidden"))),
        "have no number",
    ),
    "no such column": (lambda: chain.seasonality(PROJECT, series(STEADY), soort="x"), "No such column: soort"),
    "nothing there": (lambda: chain.seasonality(PROJECT, series(STEADY), stage="om"), "There is no series"),
    "several series": (
        lambda: chain.seasonality(PROJECT, with_two_stages()), "stage has several codes",
    ),
    "lengths that differ": (
        lambda: chain.seasonality(PROJECT, relabelled(series(STEADY), "2019-12", "2020")), "of several lengths",
    ),
    "no period at all": (
        lambda: chain.seasonality(PROJECT, relabelled(series(STEADY), "2019-12", "nieuw")), "no year, quarter or month",
    ),
    "no break is known": (
        lambda: chain.interrupted(PROJECT, replace(series(STEADY), definition="eigen")), "No break is known",
    ),
    "an unknown break": (lambda: chain.interrupted(PROJECT, series(STEADY), ["crisis"]), "no break 'crisis'"),
    "a break before the series": (
        lambda: chain.interrupted(PROJECT, series(STEADY), ["2014-01-01"], **PLAIN), "outside the series",
    ),
    "a break after the series": (
        lambda: chain.interrupted(PROJECT, series(STEADY), ["corona-2020"], **PLAIN), "outside the series",
    ),
    "a break too near an end": (
        lambda: chain.interrupted(PROJECT, series(STEADY), ["2019-11-01"], **PLAIN), "fewer than 3 months",
    ),
    "two breaks at once": (
        lambda: chain.interrupted(PROJECT, series(STEADY), ["2017-01-01", "2017-02-01"], **PLAIN), "than 3 months",
    ),
    "too short for its coefficients": (
        lambda: chain.interrupted(PROJECT, series(STEADY[:7], season=1), ["2018-01-01"]), "7 years, and 8 are needed",
    ),
    "lags that can't be": (
        lambda: chain.interrupted(PROJECT, series(STEADY), ["2017-01-01"], lags=60, **PLAIN), "60 lags",
    ),
    "ages that are none": (lambda: nowcast(relabelled(full(), "0", "jong", "leeftijd")), "are no ages"),
    "one age": (lambda: nowcast(triangle(np.full((6, 1), 50.0))), "one age only"),
    "known too early": (lambda: nowcast(triangle(np.full((6, 3), 50.0))), "does not have yet"),
    "too short a triangle": (lambda: nowcast(triangle([[5.0, 3, 1], [5, 3, np.nan]])), "2 periods, and 3"),
    "a count below zero": (lambda: nowcast(full(-5.0)), "below zero"),
    "nothing at an age": (lambda: nowcast(full(0.0)), "Nothing was known"),
    "three editions": (lambda: chain.nowcast_revisions(PROJECT, [series(STEADY[:9], season=1)] * 3), "3 editions"),
    "the same edition again": (
        lambda: chain.nowcast_revisions(PROJECT, [series(STEADY[:9], season=1)] * 5), "one period after",
    ),
    "an edition that lost its years": (
        lambda: chain.nowcast_revisions(
            PROJECT, [series(STEADY[:last], season=1) for last in (5, 6, 7, 8)] + [series(STEADY[:3], 2020, season=1)]
        ), "one period after",
    ),
    "no such dimension": (lambda: chain.nowcast(PROJECT, full(), age="ouderdom"), "No such dimension"),
}  # fmt: skip


def full(first=50.0):
    """Six years that come in over three ages, the first number of each as given."""
    rows = np.array([[first, 20.0, 10.0]] * 6)
    rows[5, 1:] = rows[4, 2:] = np.nan
    return triangle(rows)


def nowcast(result):
    return chain.nowcast(PROJECT, result, age="leeftijd")


def relabelled(result, old, new, column="period"):
    return result.with_table(result.table.assign(**{column: result.table[column].replace(old, new)}))


def with_two_stages():
    periods = series_world.months(2015, 30)
    return world.result([world.count("in", 50, stage=stage, period=it) for stage in ("a", "b") for it in periods])


@pytest.mark.parametrize("what", REFUSED)
def test_refused_with_what_to_do(what):
    compute, words = REFUSED[what]
    with pytest.raises(UsageError, match=words) as refusal:
        compute()
    assert "\n  fix: " in str(refusal.value)


def test_a_flat_series_has_no_season_and_no_number_that_is_none():
    flat = chain.seasonality(PROJECT, series([100.0] * 36))
    assert flat.cell(measure="seasonal_strength")["value"] == 0
    assert flat.table.value.notna().all()
    unmoved = chain.interrupted(PROJECT, series([100.0] * 36), ["2016-06-01"], seasonal=False)
    assert unmoved.cell(measure="level", **{"break": "2016-06-01"})["value"] == pytest.approx(0, abs=1e-9)
    assert "p_value" not in set(unmoved.table.measure) and unmoved.table.value.notna().all()


def test_a_triangle_that_always_comes_in_alike_has_no_error():
    found = nowcast(full())
    assert series_world.of(found, "nowcast")["2005"] == pytest.approx(80)
    assert series_world.of(found, "nowcast", "se")["2005"] == pytest.approx(0)
