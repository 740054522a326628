"""Spec: the curves of data that were published with their results.

Rossi, Berk and Lenihan (1980) followed 432 released prisoners for 52 weeks, of whom 114 were arrested again; half of
them had got financial aid. The data ship with lifelines, which prints the numbers below, and statsmodels the same.
"""

import ibis
import pytest
from lifelines import KaplanMeierFitter
from lifelines.datasets import load_rossi
from statsmodels.duration.survfunc import SurvfuncRight

from das_research.chain.survival import curves


@pytest.fixture(scope="module")
def rossi():
    return load_rossi()


@pytest.fixture(scope="module")
def found(rossi):
    table = ibis.memtable(rossi.assign(lasted=rossi.week, is_open=rossi.arrest == 0)[["lasted", "is_open", "fin"]])
    return curves(table, ["fin"])


def test_nobody_was_lost_before_the_last_week_so_the_share_is_a_simple_one(found):
    curve = found[("_T",)]
    assert curve.share[-1] == pytest.approx(1 - 114 / 432, abs=1e-12)
    assert round(curve.share[-1], 6) == 0.736111
    # without censoring Greenwood's error is that of a share: sqrt(p (1 - p) / n)
    assert round(curve.se[-1], 6) == 0.021205
    assert (round(curve.lower[-1], 4), round(curve.upper[-1], 4)) == (0.6919, 0.7751)


def test_with_and_without_aid(found):
    assert round(found[("0",)].share[-1], 4) == 0.6944
    assert round(found[("1",)].share[-1], 4) == 0.7778


@pytest.mark.parametrize("aid", ["0", "1", "_T"])
def test_every_step_is_that_of_the_other_two_programs(rossi, found, aid):
    chosen = rossi if aid == "_T" else rossi[rossi.fin == int(aid)]
    curve = found[(aid,)]
    peer, other = SurvfuncRight(chosen.week, chosen.arrest), KaplanMeierFitter().fit(chosen.week, chosen.arrest)
    at = [curve.index_at(week) for week in peer.surv_times]
    assert curve.share[at] == pytest.approx(peer.surv_prob, rel=0, abs=1e-12)
    assert curve.se[at] == pytest.approx(peer.surv_prob_se, rel=0, abs=1e-12)
    assert curve.share == pytest.approx(other.predict(curve.days).to_numpy(), rel=0, abs=1e-12)
    limits = other.confidence_interval_.loc[curve.days].to_numpy()
    assert curve.lower == pytest.approx(limits[:, 0], rel=0, abs=1e-12)
    assert curve.upper == pytest.approx(limits[:, 1], rel=0, abs=1e-12)
