"""What was computed of a series leaves only where the series may, and doesn't give it back."""

from dataclasses import replace

import disclosure_world as world
import ibis
import models_world
import numpy as np
import pandas as pd
import pytest
import series_world
from disclosure_world import shown
from series_world import PROJECT, series

import das_research as das
from das_research import chain
from das_research.disclosure.own_tables import has_query, without_query
from das_research.disclosure.rules import protect
from das_research.disclosure.why import say_reasons
from das_research.monitors.computing import run_recipe
from das_research.result import NUMBERS

CATALOG = world.catalog()
VALUES = np.random.default_rng(4).poisson(200, 60)


@pytest.fixture(scope="module")
def made():
    under = series(VALUES)
    triangle = np.random.default_rng(2).multinomial(500, [0.7, 0.2, 0.1], 12).astype(float)
    triangle[-1, 1:] = triangle[-2, 2:] = np.nan
    return {
        "season": chain.seasonality(PROJECT, under),
        "break": chain.interrupted(PROJECT, under, ["2017-07-01"]),
        "nowcast": chain.nowcast(PROJECT, series_world.triangle(triangle), age="leeftijd"),
    }


@pytest.mark.parametrize("what", ["season", "break", "nowcast"])
def test_what_is_computed_of_many_leaves_without_the_series(made, what):
    released, decision = protect(made[what], CATALOG)
    assert decision.status == "passed" and len(shown(released)) == len(released.table) > 5
    assert not {"observed", "adjusted", "known"} & {*released.table.measure, *released.labels["measure"]}
    assert released.table[["n", "numerator", "denominator"]].isna().all(axis=None)


def test_the_series_can_not_be_put_together_again(made):
    released, _ = protect(made["season"], CATALOG)
    parts = [series_world.of(released, measure) for measure in ("trend", "seasonal")]
    together = np.array([sum(part[period] for part in parts) for period in parts[0]])
    assert np.mean(np.abs(together - VALUES) < 0.5) < 0.2  # about as often as chance has it


def test_a_period_that_came_in_whole_is_no_nowcast(made):
    released, _ = protect(made["nowcast"], CATALOG)
    assert list(series_world.of(released, "nowcast")) == ["2010", "2011"]


@pytest.mark.parametrize("small", [3, 9])
def test_one_period_of_few_keeps_all_of_it_inside(small):
    values = [*VALUES[:30], small, *VALUES[31:]]
    for result in (
        chain.seasonality(PROJECT, series(values)),
        chain.interrupted(PROJECT, series(values), ["2017-07-01"]),
    ):
        refused, decision = protect(result, CATALOG)
        assert decision.status == "failed" and "1 periods that may not be shown" in say_reasons(decision.reasons, "en")
        assert refused.table[list(NUMBERS)].isna().all(axis=None)


def test_few_persons_under_many_cases_are_few():
    few = chain.seasonality(PROJECT, series(VALUES, n=4))
    assert protect(few, CATALOG)[1].status == "failed"


def test_without_the_series_under_it_nothing_is_judged(made):
    bare = made["season"].with_table(made["season"].table[made["season"].table.measure != "observed"])
    assert protect(bare, CATALOG)[1].status == "failed"
    other = replace(made["season"], recipe=world.result([]).recipe)
    assert protect(other, CATALOG)[1].status == "failed"


@pytest.fixture(scope="module")
def own():
    rng = np.random.default_rng(6)
    rows = pd.DataFrame({"maand": rng.integers(0, 36, 3000), "bedrag": rng.integers(1, 9, 3000)})
    rows["period"] = (2015 + rows.maand // 12).astype(str) + "-" + (rows.maand % 12 + 1).astype(str).str.zfill(2)
    rows["case_id"] = [f"c{place}" for place in range(3000)]
    project = models_world.project("zaken", rows)
    return project, project.engine.table("zaken")


def test_of_a_table_of_ones_own_the_query_stays_and_the_recipe_runs_again(own):
    project, table = own
    months = das.tabulate(table, by=["period"], measures={"zaken": "cases"})
    made = chain.seasonality(project, months)
    assert run_recipe(project, made.recipe) == made
    released, decision = protect(made, CATALOG)
    assert decision.status == "passed" and has_query(made)
    assert set(without_query(released).recipe.parameters) == {"sha256"}


def test_sums_of_ones_own_are_not_judged_period_by_period(own):
    project, table = own
    months = das.tabulate(table, by=["period"], measures={"zaken": "cases", "som": ("sum", "bedrag")})
    assert protect(chain.seasonality(project, months, measure="zaken"), CATALOG)[1].status == "passed"
    summed = protect(chain.seasonality(project, months, measure="som"), CATALOG)[1]
    assert summed.status == "failed" and "sums or means" in say_reasons(summed.reasons, "en")


def test_nor_are_rows_that_are_mostly_one_persons(own):
    """In a month of eighty persons one has a row for every euro: its level tells the amount."""
    project, table = own
    many = table.mutate(z=ibis.range((table.case_id == "c7").ifelse(900, 1)).unnest())
    made = chain.seasonality(project, das.tabulate(many, by=["period"]))
    assert run_recipe(project, made.recipe) == made
    refused = protect(made, CATALOG)[1]
    assert refused.status == "failed" and "one person's in each period" in say_reasons(refused.reasons, "en")


def test_a_recipe_of_what_is_no_recipe_runs_not(own):
    project, table = own
    made = chain.seasonality(project, das.tabulate(table.filter(ibis._.maand > -1), by=["period"]))
    for of in ({"function": "os.system", "parameters": {}}, {"function": "das_research.tabulate"}, "niets", None):
        wrong = replace(made.recipe, parameters=made.recipe.parameters | {"of": of})
        assert run_recipe(project, wrong) is None
