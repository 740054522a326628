"""Gate 3 and recidivism: kinds lie within one another, and a longer horizon holds the shorter."""

from inspect import signature

import disclosure_world as world
import pytest
from disclosure_world import share

from das_research.chain.between import durations_between
from das_research.chain.durations import durations
from das_research.chain.leakage import leakage
from das_research.disclosure.cohorts import FUNCTIONS, too_near_a_cohort
from das_research.disclosure.own_tables import (
    CURVES,
    FIGURE,
    GRACE_DAYS,
    LEAKAGE,
    OF_CHAIN,
    STEP_DAYS,
    TABULATE,
    WITHIN,
    is_of_own_choice,
)
from das_research.disclosure.rules import protect
from das_research.disclosure.why import say_reasons
from das_research.monitors.computing import FUNCTIONS as RERUN
from das_research.monitors.computing import MEMBERS
from das_research.result import Result

CATALOG = world.catalog()
RECIDIVISM = "das_research.chain.recidivism"


def released(*rows) -> Result:
    return protect(world.result(rows, ("horizon",), RECIDIVISM), CATALOG)[0]


def shown(result: Result) -> set[tuple[str, str]]:
    table = world.shown(result)
    return set(zip(table.measure, table.horizon, strict=True))


def rate(cases, years, persons, horizon="2"):
    numbers = {"numerator": cases, "denominator": years, "value": cases / years, "n": persons}
    return {"measure": "frequency", "unit": "zaken_per_jaar", "horizon": horizon, **numbers}


def test_a_small_kind_is_hidden_and_the_others_stay():
    result = released(
        share("general", 100, 400, horizon="2"),
        share("serious", 40, 400, horizon="2"),
        share("very_serious", 4, 400, horizon="2"),
        share("special", 50, 400, horizon="2"),
    )
    assert shown(result) == {("general", "2"), ("serious", "2"), ("special", "2")}


@pytest.mark.parametrize(("part", "stays"), [(91, False), (90, True), (100, True)])
def test_a_kind_that_is_nearly_all_of_another_tells_the_few_who_are_not_in_it(part, stays):
    result = released(share("general", 100, 400, horizon="2"), share("serious", part, 400, horizon="2"))
    assert (("serious", "2") in shown(result)) is stays
    assert ("general", "2") in shown(result)


def test_cases_that_are_few_more_than_persons_tell_of_their_further_cases():
    few = released(share("general", 100, 400, horizon="2"), rate(105, 700.0, 100))
    assert shown(few) == {("general", "2")}
    assert len(shown(released(share("general", 100, 400, horizon="2"), rate(150, 700.0, 100)))) == 2


def test_a_longer_horizon_that_adds_few_goes():
    assert shown(released(share("general", 100, 400, horizon="2"), share("general", 104, 400, horizon="3"))) == {
        ("general", "2")
    }
    both = released(share("general", 100, 400, horizon="2"), share("general", 120, 400, horizon="10"))
    assert shown(both) == {("general", "2"), ("general", "10")}


def test_horizons_are_numbers_and_not_words():
    # the shortest of 2 and 10 is 2
    result = released(share("general", 100, 400, horizon="2"), share("general", 103, 400, horizon="10"))
    assert shown(result) == {("general", "2")}


def test_a_hidden_horizon_keeps_its_place():
    result = released(share("general", 4, 400, horizon="2"))
    assert list(result.table.horizon) == ["2"] and result.table.value.isna().all()


STANDARD = {"cohort": {"index": "volwassen_daders", "where": [], "same_days": 0, "washout_years": 0}, "lag_days": None}
LINE = {"column": "geboortejaar", "operator": "is_not", "values": [1962]}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({}, ""),
        ({"cohort": STANDARD["cohort"] | {"where": [LINE]}}, "where"),
        ({"cohort": STANDARD["cohort"] | {"same_days": 1}}, "same_days"),
        ({"cohort": STANDARD["cohort"] | {"washout_years": 3}}, "washout_years"),
        ({"lag_days": 183}, "lag_days"),
        ({"lag_days": 0}, "lag_days"),
    ],
)
def test_a_cohort_of_the_authors_own_does_not_leave_by_itself(changes, named):
    """Two cohorts that differ by one line differ by as few persons as its author likes."""
    rows = [share("general", 100, 400, horizon="2")]
    for function in FUNCTIONS:
        made = world.result(rows, ("horizon",), function, **(STANDARD | changes))
        result, decision = protect(made, CATALOG)
        assert decision.status == ("not checked" if named else "passed")
        assert named in say_reasons(decision.reasons, "en")
        assert (len(world.shown(result)) == 1) is not bool(named)


def test_every_function_of_a_cohort_is_judged_so():
    assert set(FUNCTIONS) == {name for name, (module, _) in RERUN.items() if ".reoffending." in module}


def test_of_every_function_that_counts_persons_or_their_cases_it_can_be_told_who_is_in_it():
    assert set(MEMBERS) == {*FUNCTIONS, *OF_CHAIN, *CURVES, FIGURE, TABULATE}


def test_a_number_of_days_is_the_authors_own_unless_it_is_the_functions():
    assert signature(leakage).parameters["grace_days"].default == GRACE_DAYS
    assert {signature(it).parameters["step_days"].default for it in (durations, durations_between)} == {STEP_DAYS}
    own = [
        world.result([world.share("open", 20, 40)], function=function, **parameters)
        for function, parameters in ((WITHIN, {"within_days": 90}), (LEAKAGE, {"grace_days": 30}), (LEAKAGE, {}))
    ]
    assert [is_of_own_choice(it) for it in own] == [True, True, False]


def of_cohort(*rows, index="volwassen_daders", function=RECIDIVISM):
    return world.result(rows, ("horizon",), function, cohort={"index": index})


@pytest.mark.parametrize(
    ("numerator", "denominator", "is_near"),
    [(100, 400, False), (104, 400, True), (109, 400, True), (110, 400, False), (150, 403, True), (150, 410, False)],
)
def test_two_results_of_one_group_that_differ_by_few_tell_of_those(numerator, denominator, is_near):
    """Another horizon, another start of the clock: who stands in one alone is the difference."""
    before = of_cohort(share("general", 100, 400, horizon="2"))
    new = of_cohort(share("general", numerator, denominator, horizon="3"))
    assert bool(too_near_a_cohort(new, [before], 10)) is is_near
    assert not too_near_a_cohort(
        new, [of_cohort(share("general", 100, 400, horizon="2"), index="ex_gedetineerden")], 10
    )


def test_the_observed_share_beside_a_correction_is_the_same_number():
    before = of_cohort(share("general", 100, 400, horizon="2"))
    corrected = of_cohort(
        share("observed", 103, 400), share("corrected", 101, 404), function="das_research.chain.corrected_recidivism"
    )
    assert len(too_near_a_cohort(corrected, [before], 10)) == 1
