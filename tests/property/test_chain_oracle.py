"""The chain against a plain-Python reference that walks through one case at a time."""

import random
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import chain_story
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from statsmodels.duration.survfunc import SurvfuncRight

from das_research import chain
from das_research.chain.product_limit import product_limit
from das_research.engines.bits import MEMBERS

STAGES = {"politie": "aangifte", "om": "instroom", "rechter": "zitting"}
FIRST, LAST, OBSERVED = 2019, 2021, date(2021, 10, 15)
KINDS = [
    ("aangifte", None),
    ("einde", None),
    ("instroom", None),
    ("besluit", "sepot"),
    ("besluit", "dagvaarding"),
    ("zitting", None),
]
few = settings(deadline=None, max_examples=5, derandomize=True)  # each example is a whole chain of cases


def chain_of(seed):
    """Some sixty cases with up to seven events each, in no order."""
    rng = random.Random(seed)
    days = [date(2018, 1, 1) + timedelta(days=day) for day in range(4 * 365)]
    return [
        [(rng.choice(KINDS), rng.choice(days)) for _ in range(rng.randint(0, 7))] for _ in range(rng.randint(1, 60))
    ]


chains = st.integers(0, 2**32).map(chain_of)


def as_project(cases, reverse=False):
    rows = [(f"c{i}", f"p{i % 4}", "wv" if i % 3 else None) for i in range(len(cases))]
    told = [(f"c{i}", *kind, day.isoformat()) for i, events in enumerate(cases) for kind, day in events]
    if reverse:
        rows, told = rows[::-1], told[::-1]
    return chain_story.project(cases=rows, events=told, observed_until=OBSERVED)


def walk(events):
    """Stage to (entered, ended, how), of one case."""
    seen = [(kind, day) for kind, day in events if day <= OBSERVED]
    entered = {}
    for stage, enter in STAGES.items():
        days = [day for (event, _), day in seen if event == enter]
        if days:
            entered[stage] = min(days)
    leaving = {
        "politie": [day for (event, _), day in seen if event == "einde"],
        "om": [day for (event, outcome), day in seen if event == "besluit" and outcome == "sepot"],
        "rechter": [],
    }
    order, story = list(STAGES), {}
    for stage, day in entered.items():
        later = [entered[other] for other in order[order.index(stage) + 1 :] if other in entered]
        if later:
            story[stage] = (day, max(day, min(later)), "on")
        elif leaving[stage]:
            story[stage] = (day, max(day, max(leaving[stage])), "out")
        else:
            story[stage] = (day, None, "open")
    return story


def expected_flow(stories, stage, first_day, last_day):
    counts = dict.fromkeys(("open_begin", "in", "on", "out", "open_end"), 0)
    for story in stories:
        if stage not in story:
            continue
        entered, ended, how = story[stage]
        counts["open_begin"] += entered < first_day and (ended is None or ended >= first_day)
        counts["in"] += first_day <= entered <= last_day
        if ended is not None and first_day <= ended <= last_day:
            counts[how] += 1
        counts["open_end"] += entered <= last_day and (ended is None or ended > last_day)
    return counts


@few
@given(chains)
def test_flow_is_what_a_walk_through_every_case_gives(cases):
    stories = [walk(events) for events in cases]
    table = chain.flow(as_project(cases), FIRST, LAST).table
    value = table.set_index(["stage", "period", "measure"]).value.fillna(0)
    periods = {str(year): (year, year) for year in range(FIRST, LAST + 1)} | {f"{FIRST}/{LAST}": (FIRST, LAST)}
    for stage in STAGES:
        for period, (first, last) in periods.items():
            expected = expected_flow(stories, stage, date(first, 1, 1), date(last, 12, 31))
            assert {measure: value[stage, period, measure] for measure in expected} == expected
            assert expected["open_begin"] + expected["in"] - expected["on"] - expected["out"] == expected["open_end"]


@few
@given(chains)
def test_the_flow_of_quarters_is_what_a_walk_through_every_case_gives(cases):
    stories = [walk(events) for events in cases]
    value = chain.flow(as_project(cases), FIRST, LAST, every="quarter").table
    value = value.set_index(["stage", "period", "measure"]).value.fillna(0)
    starts = [date(year, month, 1) for year in range(FIRST, LAST + 2) for month in (1, 4, 7, 10)]
    for first, after in pairwise(starts[:-3]):
        period = f"{first.year}-Q{(first.month + 2) // 3}"
        for stage in STAGES:
            expected = expected_flow(stories, stage, first, after - timedelta(days=1))
            assert {measure: value[stage, period, measure] for measure in expected} == expected


@settings(deadline=None, max_examples=2, derandomize=True)
@given(chains)
def test_persons_behind_the_flow_of_months_are_what_a_walk_through_every_case_gives(cases):
    """Over more months than fit in one set of them, and of few persons, who have many cases each."""
    first, last = 2013, 2021
    stories = [(walk(events), f"p{i % 4}") for i, events in enumerate(cases)]
    found = chain.flow(as_project(cases), first, last, every="month").table
    found = found.set_index(["stage", "period", "measure"]).n.fillna(0)
    starts = [date(year, month, 1) for year in range(first, last + 1) for month in range(1, 13)]
    months = {f"{it.year}-{it.month:02}": (it, pd.Timestamp(it).to_period("M").end_time.date()) for it in starts}
    seen = {name: days for name, days in months.items() if days[0] <= OBSERVED}
    for period, days in {**seen, f"{first}/{last}": (starts[0], date(last, 12, 31))}.items():
        for stage in STAGES:
            counts = [
                expected_flow([story for story, whose in stories if whose == person], stage, *days)
                for person in {whose for _, whose in stories}
            ]
            expected = {measure: sum(it[measure] > 0 for it in counts) for measure in expected_flow([], stage, *days)}
            assert {measure: found[stage, period, measure] for measure in expected} == expected
    assert len(seen) > MEMBERS


@few
@given(chains)
def test_leakage_and_conversion_by_year_are_what_a_walk_gives(cases):
    stories, grace = [walk(events) for events in cases], 100
    project = as_project(cases)
    tables = [function(project, FIRST, LAST).table for function in (chain.conversion_by_year, chain.leakage)]
    tables[1] = chain.leakage(project, FIRST, LAST, grace).table
    found = pd.concat(tables).set_index(["stage", "period", "measure"])
    for year in range(FIRST, LAST + 1):
        for stage in ("politie", "om"):
            ends = [story[stage][2] for story in stories if stage in story and story[stage][0].year == year]
            done = [
                story[stage][2]
                for story in stories
                if stage in story and story[stage][1] and story[stage][1].year == year
            ]
            for measure, how in {"of_entered": "on", "left": "out", "open": "open"}.items():
                assert tuple(found.loc[(stage, str(year), measure), ["numerator", "denominator"]]) == (
                    ends.count(how), len(ends),
                )  # fmt: skip
            row = found.loc[(stage, str(year), "of_ended")]
            assert (row.numerator, row.denominator) == (done.count("on"), len(done))
        told = [
            (max(days), story["om"][2])
            for story, events in zip(stories, cases, strict=True)
            if "om" in story
            and (days := [day for kind, day in events if kind == ("besluit", "dagvaarding") and day <= OBSERVED])
        ]
        had_time = [how for day, how in told if day.year == year and day <= OBSERVED - timedelta(days=grace)]
        row = found.loc[("om", str(year), "never_seen")]
        assert (row.numerator, row.denominator) == (had_time.count("open"), len(had_time))


@few
@given(chains)
def test_conversion_is_what_a_walk_through_every_case_gives(cases):
    stories = [walk(events) for events in cases]
    table = chain.conversion(as_project(cases), FIRST, LAST, by=["soort"]).table
    numerator = table.set_index(["stage", "soort", "measure"]).numerator
    for stage in ("politie", "om"):
        for soort in ("wv", "onbekend", "_T"):
            chosen = [story for i, story in enumerate(stories) if soort in ("_T", "wv" if i % 3 else "onbekend")]
            cohort = [story[stage] for story in chosen if stage in story and FIRST <= story[stage][0].year <= LAST]
            if not cohort and soort != "_T":
                assert (stage, soort, "open") not in numerator.index
                continue
            for measure, how in {"reached_later": "on", "left": "out", "open": "open"}.items():
                assert numerator[stage, soort, measure] == sum(one[2] == how for one in cohort)


def span_of(events, count_start, count_end):
    """(start, end) from the report to the intake or the end at the police; the end None where there is none."""
    seen = [(event, day) for (event, _), day in events if day <= OBSERVED]
    starts = [day for event, day in seen if event == "aangifte"]
    if not starts:
        return None
    start = min(starts) if count_start == "first" else max(starts)
    ends = [day for event, day in seen if event in ("instroom", "einde")]
    if count_end == "first after":
        ends = [day for day in ends if day >= start]
    return start, (max(ends) if count_end == "last" else min(ends)) if ends else None


def share_open(lengths, day):
    """The product-limit estimate, by its definition: over the days on which something ended."""
    share = Fraction(1)
    for end in sorted({length for length, is_open in lengths if not is_open and length <= day}):
        at_risk = sum(length >= end for length, _ in lengths)
        share *= 1 - Fraction(sum(length == end and not is_open for length, is_open in lengths), at_risk)
    return share


@few
@given(chains, st.sampled_from(["first", "last"]), st.sampled_from(["first after", "first", "last"]))
def test_durations_between_are_what_a_walk_through_every_case_gives(cases, count_start, count_end):
    spans = [found for events in cases if (found := span_of(events, count_start, count_end))]
    own = {"start": "aangifte", "end": ["instroom", "einde"], "count_start": count_start, "count_end": count_end}
    for period_of_the, place in (("start", 0), ("end", 1)):
        lengths = [
            (((end or OBSERVED) - start).days, end is None)
            for start, end in spans
            if (start, end)[place] and FIRST <= (start, end)[place].year <= LAST and not (end and end < start)
        ]
        result = chain.durations_between(as_project(cases), own, FIRST, LAST, [], period_of_the, 50)
        points = result.table[result.table.measure == "completed_share"]
        assert points.empty == (not lengths)
        for point in points.itertuples():
            assert point.value == pytest.approx(100 * float(1 - share_open(lengths, int(point.days))), abs=1e-9)
    shares = chain.share_within(as_project(cases), own, 200, FIRST, LAST).table.set_index(["measure", "period"])
    latest = OBSERVED - timedelta(days=200)
    right = [(start, end) for start, end in spans if not (end and end < start)]
    for year in range(FIRST, LAST + 1):
        started = [it for it in right if it[0].year == year and it[0] <= latest]
        ended = [it for it in right if it[1] and it[1].year == year]
        for measure, chosen in (("of_started", started), ("of_ended", ended)):
            in_time = sum(end is not None and (end - start).days <= 200 for start, end in chosen)
            row = shares.loc[(measure, str(year))]
            assert (row.numerator, row.denominator) == (in_time, len(chosen))


@settings(deadline=None, max_examples=2, derandomize=True)
@given(chains)
def test_the_order_of_rows_changes_nothing(cases):
    one, other = as_project(cases), as_project(cases, reverse=True)
    assert chain.flow(one, FIRST, LAST).to_json() == chain.flow(other, FIRST, LAST).to_json()
    curves = [chain.durations(project, "om", FIRST, LAST, by=["soort"], step_days=200) for project in (one, other)]
    assert curves[0].to_json() == curves[1].to_json()


counts = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=12).filter(
    lambda rows: sum(ended for ended, _ in rows) > 1
)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(counts)
def test_the_product_limit_agrees_with_statsmodels_and_lifelines(rows):
    days, ended, open_ = np.array([(i * 3.0, a, b) for i, (a, b) in enumerate(rows) if a + b]).T
    curve = product_limit(days, ended, open_)
    cases = np.concatenate([ended, open_]).astype(int)  # one row a case: with weights its standard errors are others
    peer = SurvfuncRight(np.repeat(np.tile(days, 2), cases), np.repeat(np.repeat([1, 0], len(days)), cases))
    at = [curve.index_at(day) for day in peer.surv_times]
    assert curve.share[at] == pytest.approx(peer.surv_prob, rel=0, abs=1e-12)
    inside = curve.share[at] > 1e-9
    assert curve.se[at][inside] == pytest.approx(np.asarray(peer.surv_prob_se)[inside], rel=1e-9, abs=1e-12)
    other = KaplanMeierFitter().fit(
        np.tile(days, 2), np.repeat([1, 0], len(days)), weights=np.concatenate([ended, open_])
    )
    assert curve.share == pytest.approx(np.atleast_1d(other.predict(days)), rel=0, abs=1e-12)
    for completed in (0.2, 0.5, 0.77):
        if not np.isclose(curve.share, 1 - completed).any():  # at a tie the peer waits for the next day
            assert curve.quantile(completed)[0] == pytest.approx(peer.quantile(completed), nan_ok=True)


def test_limits_of_the_median_agree_with_statsmodels():
    days, ended = np.arange(1.0, 41.0), np.full(40, 3.0)
    curve = product_limit(days, ended, np.full(40, 1.0))
    peer = SurvfuncRight(np.repeat(days, 4), np.tile([1, 1, 1, 0], 40))
    low, high = peer.quantile_ci(0.5, method="cloglog")
    assert curve.quantile(0.5)[1:] == pytest.approx((low, high), abs=1)
