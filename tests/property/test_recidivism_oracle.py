"""Recidivism against a plain-Python reference that follows one person at a time, day by day where it must."""

import random
from datetime import date, timedelta
from fractions import Fraction

import cohort_story
import numpy as np
import pytest
from cohort_story import PROPERTY, VIOLENT, case
from hypothesis import given, settings
from hypothesis import strategies as st

from das_research import chain
from das_research.chain.competing_risks import cumulative_incidence
from das_research.chain.product_limit import product_limit

YEARS, UNTIL = range(2018, 2021), date(2022, 12, 31)
OUTCOMES = ("jd_schuldig", "jd_om_afdoening", "jd_beleidssepot", "jd_technisch_sepot", "jd_vrijspraak", "jd_open")
INDEX, NEW = {"jd_schuldig", "jd_om_afdoening"}, {"jd_schuldig", "jd_om_afdoening", "jd_beleidssepot"}
few = settings(deadline=None, max_examples=4, derandomize=True)  # each example is a register of its own


def world_of(seed):
    """A register of up to thirty persons with up to eight cases each, stays that overlap, and some who depart."""
    rng = random.Random(seed)

    def any_day(first=2017, years=6):
        return date(first, 1, 1) + timedelta(days=rng.randrange(years * 365))

    cases, stays, gone = [], [], []
    for number in range(rng.randint(1, 30)):
        person = f"q{number}"
        for which in range(rng.randint(0, 8)):
            committed = any_day() if rng.random() > 0.05 else None
            registered = (committed or any_day()) + timedelta(days=rng.randrange(200))
            disposed = registered + timedelta(days=rng.randrange(300)) if rng.random() > 0.05 else None
            told = case(
                person, str(which), committed, disposed, rng.choice(OUTCOMES), rng.choice((PROPERTY, VIOLENT)),
                rng.choice((12, 48, 96)), registered,
            )  # fmt: skip
            if disposed is None:
                told |= {"afgedaan_op": None, "jd_onherroepelijk": None}
            sex = ("man", "vrouw", None)[number % 3]
            cases.append(told | {"geslacht": sex, "geboortejaar": 1960 + number})
        for _ in range(rng.randint(0, 4)):
            came = any_day()
            left = came + timedelta(days=rng.randrange(300)) if rng.random() > 0.1 else None
            stays.append({"case_id": f"{person}-0", "person_id": person, "instroom": came, "uitstroom": left})
        if rng.random() < 0.3:
            gone.append({"person_id": person, "overleden": any_day(2018), "vertrokken": rng.choice((None, any_day()))})
    return cases, stays, gone


worlds = st.integers(0, 2**32).map(world_of)


def later(day, years):
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def the_cohort(cases):
    """Person and year to the index case: the first of the year by day, then by offence, then by name."""
    found = {}
    for one in sorted(cases, key=_in_order):
        on = one["afgedaan_op"]
        if on and on <= UNTIL and one["afdoening"] in INDEX and on.year in YEARS:
            found.setdefault((one["person_id"], on.year), one)
    return found


def _in_order(one):
    offence = one["zwaarste_feit"]
    return one["afgedaan_op"] or date.max, offence is None, offence or "", one["case_id"]


def new_cases(cases, index):
    """The new cases of a person after an index case: those that count, by day."""
    start = index["afgedaan_op"]
    return [
        one
        for one in cases
        if one["person_id"] == index["person_id"] and one["case_id"] != index["case_id"]
        if one["afdoening"] in NEW and one["pleegdatum"] and one["pleegdatum"] > start
    ]


KINDS = {
    "general": lambda one, index: True,
    "serious": lambda one, index: one["maximale_straf"] >= 48,
    "very_serious": lambda one, index: one["maximale_straf"] >= 96,
    "special": lambda one, index: one["zwaarste_feit"] == index["zwaarste_feit"],
}


def detained(stays, person, start, until):
    """Days after the start and up to a day on which a person was in detention, counted one by one."""
    there = set()
    for stay in stays:
        if stay["person_id"] == person:
            first, last = stay["instroom"], stay["uitstroom"] or UNTIL
            there |= {first + timedelta(days=day) for day in range((last - first).days)}
    return sum(start <= day < until for day in there)


def as_project(world):
    cases, stays, gone = world
    return cohort_story.project(cases=cases, stays=stays, gone=gone, orders=[], observed_until=UNTIL)


@few
@given(worlds)
def test_recidivism_is_what_following_every_person_gives(world):
    cases, stays, _ = world
    cohort = the_cohort(cases)
    made = chain.cohort(as_project(world), years=YEARS)
    assert made.size == len(cohort)
    result = chain.recidivism(made, [1, 2], by=["geslacht"], lag_days=0).table
    cell = {(row.measure, row.horizon, row.geslacht, row.period): row for row in result.itertuples()}
    periods = {str(year): (year,) for year in YEARS} | {"2018/2020": tuple(YEARS)}
    for horizon in (1, 2):
        for sex in ("man", "vrouw", "onbekend", "_T"):
            for period, years in periods.items():
                chosen = [
                    one for (_, year), one in cohort.items()
                    if year in years and sex in ("_T", one["geslacht"] or "onbekend")
                ]  # fmt: skip
                if ("general", str(horizon), sex, period) not in cell:
                    assert not any((one["geslacht"] or "onbekend") == sex for one in cohort.values())
                    continue
                for kind, holds in KINDS.items():
                    row = cell[kind, str(horizon), sex, period]
                    back = [
                        any(
                            holds(new, one) and new["pleegdatum"] <= later(one["afgedaan_op"], horizon)
                            for new in new_cases(cases, one)
                        )
                        for one in chosen
                    ]
                    assert (row.denominator, row.numerator) == (len(chosen), pytest.approx(sum(back), nan_ok=True)) or (
                        not chosen and row.kind == "cannot occur" and row.denominator == 0
                    )
                    inside = {one["person_id"] for one, met in zip(chosen, back, strict=True) if met}
                    outside = {one["person_id"] for one, met in zip(chosen, back, strict=True) if not met}
                    assert row.n == min(len(inside), len(outside))
                if chosen:
                    row = cell["frequency", str(horizon), sex, period]
                    ends = [later(one["afgedaan_op"], horizon) for one in chosen]
                    number = sum(
                        new["pleegdatum"] <= end
                        for one, end in zip(chosen, ends, strict=True) for new in new_cases(cases, one)
                    )  # fmt: skip
                    free = sum(
                        (end - one["afgedaan_op"]).days - detained(stays, one["person_id"], one["afgedaan_op"], end)
                        for one, end in zip(chosen, ends, strict=True)
                    )
                    assert (row.numerator, row.denominator) == (number, pytest.approx(free / 365.25)) or free == 0


def incidence(persons, at):
    """The cumulative incidence in fractions, straight from its definition: a walk over the days."""
    free, share = Fraction(1), Fraction(0)
    for day in sorted({day for day, _ in persons if day <= at}):
        at_risk = sum(other >= day for other, _ in persons)
        events, both = (sum(it == (day, how) for it in persons) for how in ("event", "competing"))
        share += free * Fraction(events, at_risk)
        free *= 1 - Fraction(events + both, at_risk)
    return share


@few
@given(worlds, st.sampled_from(["calendar", "at_liberty"]))
def test_the_censored_share_is_that_of_a_walk_over_the_days(world, clock):
    cases, stays, gone = world
    end = UNTIL - timedelta(days=100)
    persons = []
    for one in the_cohort(cases).values():
        start, who = one["afgedaan_op"], one["person_id"]
        if start > end:
            continue
        left = [day for it in gone if it["person_id"] == who for day in (it["overleden"], it["vertrokken"]) if day]
        left = [max(min(left), start)] if left and max(min(left), start) <= end else []
        back = [new["pleegdatum"] for new in new_cases(cases, one) if new["pleegdatum"] <= end]
        first = min([*back, *left, end])
        how = "event" if back and min(back) == first else "competing" if left and left[0] == first else "censored"
        passed = (first - start).days
        if clock == "at_liberty":
            passed -= detained(stays, who, start, first)
        persons.append((passed, how))
    made = chain.cohort(as_project(world), years=YEARS)
    result = chain.recidivism(made, [1, 2, 3], measures=["general"], observation="censored", clock=clock, lag_days=100)
    for horizon, day in ((1, 365), (2, 731), (3, 1096)):
        cell = result.cell(measure="general", horizon=str(horizon), period="2018/2020")
        if cell["kind"] in ("number", "zero"):
            assert cell["denominator"] == len(persons)
            assert cell["value"] == pytest.approx(float(100 * incidence(persons, day)))
            assert cell["numerator"] == sum(how == "event" and passed <= day for passed, how in persons)
        else:
            assert not persons or max(passed for passed, _ in persons) < day


@settings(deadline=None, max_examples=2, derandomize=True)
@given(worlds)
def test_the_order_of_rows_changes_nothing(world):
    cases, stays, gone = world
    there, back = (
        chain.recidivism(chain.cohort(as_project(one), years=YEARS), 2, by=["delictgroep"], lag_days=0)
        for one in (world, (cases[::-1], stays[::-1], gone[::-1]))
    )
    assert there.to_json() == back.to_json()


counts = st.lists(st.tuples(*[st.integers(0, 6)] * 3), min_size=2, max_size=12).filter(lambda rows: sum(map(sum, rows)))


@settings(deadline=None, max_examples=60, derandomize=True)
@given(counts)
def test_without_competing_events_the_incidence_is_one_less_kaplan_and_meier(rows):
    known = [(3.0 * day, row[0], row[2]) for day, row in enumerate(rows) if row[0] + row[2]]
    if not known:
        return
    days, events, censored = (np.array(column, "float64") for column in zip(*known, strict=True))
    found, peer = cumulative_incidence(days, events, 0 * events, censored), product_limit(days, events, censored)
    assert found.share == pytest.approx(1 - peer.share)
    assert found.se == pytest.approx(peer.se)  # the delta method is Greenwood's formula then


@settings(deadline=None, max_examples=60, derandomize=True)
@given(counts)
def test_shares_of_all_that_can_happen_and_of_what_is_left_are_one(rows):
    known = [(float(day), *row) for day, row in enumerate(rows) if sum(row)]
    days, events, competing, censored = (np.array(column, "float64") for column in zip(*known, strict=True))
    one = cumulative_incidence(days, events, competing, censored)
    other = cumulative_incidence(days, competing, events, censored)
    assert one.share + other.share + one.free == pytest.approx(np.ones(len(days)))
    inside = (one.share > 0) & (one.share < 1)
    assert (one.lower[inside] <= one.share[inside]).all() and (one.share[inside] <= one.upper[inside]).all()
