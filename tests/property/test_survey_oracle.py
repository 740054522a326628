"""Weighted estimates against a plain walk through the respondents, and against leaving out one cluster at a time."""

from math import sqrt

import numpy as np
import pandas as pd
import pytest
import survey_world
from hypothesis import given, settings
from hypothesis import strategies as st

from das_research import chain

MEASURES = {
    "share": ("share", "ja"),
    "mean": ("mean", "delicten"),
    "ratio": ("ratio", "gemeld", "delicten"),
    "total": ("total", "delicten"),
}
few = settings(deadline=None, max_examples=6, derandomize=True)


def survey(seed, size=None):
    rng = np.random.default_rng(seed)
    size = size or int(rng.integers(2, 40))
    delicten = rng.poisson(0.8, size).astype(float)
    rows = pd.DataFrame(
        {
            "gewicht": rng.choice([0, 5, 10.25, 17.5, 80], size),
            "ja": rng.choice([True, False, None], size),
            "gemeld": np.floor(delicten * rng.random(size) * 1.9).clip(0, delicten),
            "delicten": np.where(rng.random(size) < 0.1, np.nan, delicten),
            "laag": rng.choice(["a", "b", "c"], size),
            "groep": rng.choice(["man", "vrouw"], size),
        }
    )
    rows["wijk"] = rows.laag + rng.integers(0, 5, size).astype(str)
    return rows.astype({"ja": "boolean"})


def contributions(rows, kind, columns):
    """What each respondent adds above and below the line, weighted."""
    known = rows[list(columns)].notna().all(axis=1)
    above = rows[columns[0]].astype("float64").where(known, 0)
    below = rows[columns[1]].astype("float64").where(known, 0) if kind == "ratio" else known.astype("float64")
    return rows.gewicht * above, rows.gewicht * below


def estimated(rows, kind, columns):
    above, below = (side.sum() for side in contributions(rows, kind, columns))
    return above if kind == "total" else above / below if below > 0 else None


def error_of(rows, kind, columns, inside):
    """Stratum by stratum, cluster by cluster, over all who were drawn."""
    above, below = (side.where(inside, 0) for side in contributions(rows, kind, columns))
    value = 0 if kind == "total" else above.sum() / below.sum()
    adds = (above - value * below) / (1 if kind == "total" else below.sum())
    clusters = adds.groupby([rows.laag, rows.wijk]).sum()
    variance = 0
    for _, some in clusters.groupby(level=0):
        n = len(some)
        variance += n / (n - 1) * ((some - some.mean()) ** 2).sum() if n > 1 else (some.iloc[0] - clusters.mean()) ** 2
    return sqrt(variance) if clusters.groupby(level=0).size().max() > 1 else None


@few
@given(st.integers(0, 2**32))
def test_every_cell_is_what_a_walk_through_the_respondents_gives(seed):
    rows = survey(seed)
    table = survey_world.table(rows, strata=("laag",), cluster="wijk")
    result = chain.estimate(table, MEASURES, by=["groep"])
    there = rows[rows.gewicht > 0]
    for groep in set(result.table.groep):
        inside = (there.groep == groep) | (groep == "_T")
        for name, (kind, *columns) in MEASURES.items():
            cell, value = result.cell(measure=name, groep=groep), estimated(there[inside], kind, columns)
            if not there[inside][list(columns)].notna().all(axis=1).any() or value is None:
                assert cell["kind"] == "cannot occur"
                continue
            scale = 100 if kind == "share" else 1
            assert cell["value"] == pytest.approx(scale * value, abs=1e-6)
            error = error_of(there, kind, columns, inside)
            if error is None or error < 1e-6:
                assert cell["se"] is None
            elif cell["se"] is not None:
                assert cell["se"] == pytest.approx(scale * error, abs=1e-4)
                assert cell["lower"] <= cell["value"] <= cell["upper"]
            else:
                assert there.wijk.nunique() == there.laag.nunique()  # no degree of freedom is left


def test_no_digit_depends_on_the_order_in_which_the_engine_gives_strata():
    for seed in range(12):
        rows = survey(seed)
        there, back = (
            chain.estimate(survey_world.table(it, strata=("laag",), cluster="wijk"), MEASURES, by=["groep"]).table
            for it in (rows, rows.iloc[::-1].reset_index(drop=True))
        )
        assert there.equals(back)


@pytest.mark.parametrize("name", MEASURES)
def test_leaving_out_one_cluster_at_a_time_gives_about_the_same_error(name):
    # of a total exactly the same: (n - 1)/n times the squares about the mean, n/(n - 1) larger weights in its stratum
    rows = survey(11, 600)
    rows = rows[rows.gewicht > 0]
    cell = chain.estimate(survey_world.table(rows, strata=("laag",), cluster="wijk"), MEASURES).cell(measure=name)
    kind, *columns = MEASURES[name]
    variance = 0
    for laag, some in rows.groupby("laag"):
        n = some.wijk.nunique()
        without = []
        for wijk in some.wijk.unique():
            left = rows[rows.wijk != wijk]
            heavier = left.gewicht.where(left.laag != laag, left.gewicht * n / (n - 1))
            without.append(estimated(left.assign(gewicht=heavier), kind, columns))
        variance += (n - 1) / n * ((np.array(without) - np.mean(without)) ** 2).sum()
    scale = 100 if kind == "share" else 1
    assert cell["se"] == pytest.approx(scale * sqrt(variance), rel=1e-6 if kind == "total" else 0.1)
