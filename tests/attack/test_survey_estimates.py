"""An attacker who estimates: with weights of one's own, with respondents who count many times, with groups of few."""

import ibis
import numpy as np
import pandas as pd
import pytest
import survey_world
from ibis import _

from das_research import chain
from das_research.catalog import load_catalog
from das_research.chain.survey import run_estimate
from das_research.disclosure.estimates import nearly_alike
from das_research.disclosure.own_tables import without_query
from das_research.disclosure.rules import protect
from das_research.errors import UsageError

SHARE = {"slachtoffers": ("share", "traditioneel")}


@pytest.fixture(scope="module")
def project():
    rng = np.random.default_rng(5)
    rows = pd.DataFrame(
        {
            "gewicht": rng.uniform(50, 150, 200).round(2),
            "traditioneel": rng.random(200) < 0.3,
            "delicten": rng.poisson(0.5, 200),
            "geslacht": ["man"] * 195 + ["vrouw"] * 5,
            "ander": 1.0,
            "streng": "geheim",
        }
    )
    return survey_world.project(rows)


MADE_OTHERWISE = {
    "weights of one's own": (lambda t: t.mutate(gewicht=(_.delicten > 3).cast("float64")), "makes a weight"),
    "weights by another name": (lambda t: t.drop("gewicht").rename(gewicht="ander"), "makes a weight"),
    "weights by a detour": (lambda t: t.mutate(x=_.ander * 2).drop("gewicht").rename(gewicht="x"), "makes a weight"),
    "without weights": (lambda t: t.drop("gewicht"), "no column gewicht"),
    "each one twice": (lambda t: t.union(t), "not that of one survey"),
    "each one many times": (lambda t: t.cross_join(t.select(z=_.ander)), "not that of one survey"),
    "each one a list long": (lambda t: t.mutate(z=ibis.range(10).unnest()), "not that of one survey"),
    "a number that is no yes": (lambda t: t.mutate(traditioneel=_.delicten), "must hold true and false"),
    "a column less": (lambda t: t.drop("traditioneel"), "no column traditioneel"),
}


@pytest.mark.parametrize("what", MADE_OTHERWISE)
def test_respondents_stand_for_those_they_were_drawn_for_and_count_once(project, what):
    make, words = MADE_OTHERWISE[what]
    with pytest.raises(UsageError, match=words):
        chain.estimate(make(project.engine.table(survey_world.NAME)), SHARE)


@pytest.mark.parametrize(
    "query",
    [
        'select * replace (case when delicten > 3 then 1.0 else 0 end as gewicht) from "veiligheidsmonitor"',
        'select * from (select traditioneel, ander from "veiligheidsmonitor") as t(traditioneel, gewicht)',
        'select t.*, u.x from "veiligheidsmonitor" as t, unnest([1, 2, 3]) as u(x)',
        'select *, unnest([1, 2, 3]) as x from "veiligheidsmonitor"',
        'select * from "veiligheidsmonitor", "veiligheidsmonitor" as b',
        'with w as (select ander as gewicht, traditioneel from "veiligheidsmonitor") select * from w',
    ],
)
def test_a_recipe_written_by_hand_does_not_either(project, query):
    with pytest.raises(UsageError):
        run_estimate(project, query, SHARE)


def test_a_weight_below_zero_is_refused_without_its_value(project):
    table = survey_world.table(pd.DataFrame({"gewicht": [-1234.5, 10], "traditioneel": [True, False]}))
    with pytest.raises(UsageError, match="1 respondents have a weight below zero") as refusal:
        chain.estimate(table, SHARE)
    assert "1234" not in str(refusal.value)


@pytest.mark.parametrize("measure", [("mean", "delicten"), ("ratio", "ander", "delicten"), ("total", "delicten")])
@pytest.mark.parametrize("value", [float("inf"), float("nan"), 31415926535897.0])
def test_an_answer_that_can_not_be_added_up_is_refused_without_its_value(project, measure, value):
    table = project.engine.table(survey_world.NAME).mutate(delicten=ibis.cases((_.delicten > 1, value), else_=1.0))
    with pytest.raises(UsageError, match="delicten holds what can't be added up") as refusal:
        chain.estimate(table, {"x": measure})
    assert "3141" not in str(refusal.value)


def test_a_share_of_many_leaves_and_a_group_of_few_hides_the_breakdown(project):
    catalog = load_catalog("data_catalog")
    table = project.engine.table(survey_world.NAME)
    released, decision = protect(chain.estimate(table, SHARE), catalog)
    assert decision.status == "passed" and released.cell()["disclosure"] == "shown"
    assert "query" not in without_query(released).recipe.parameters
    released, _ = protect(chain.estimate(table, SHARE, by=["geslacht"]), catalog)
    assert set(released.table[released.table.geslacht != "_T"].disclosure) == {"hidden"}
    assert released.cell()["disclosure"] == "shown"


@pytest.mark.parametrize("what", [("mean", "delicten"), ("total", "delicten"), ("ratio", "delicten", "ander")])
def test_means_totals_and_ratios_are_for_people_to_judge(project, what):
    table = project.engine.table(survey_world.NAME)
    released, decision = protect(chain.estimate(table, {"maat": what}), load_catalog("data_catalog"))
    assert decision.status == "not checked" and released.table.value.isna().all()


def test_two_shares_that_leave_out_one_respondent_are_not_both_shown(project):
    table = project.engine.table(survey_world.NAME).mutate(
        zonder=_.traditioneel.nullif(ibis.ifelse((_.geslacht == "vrouw"), _.traditioneel, ibis.null("boolean")))
    )
    both = chain.estimate(table, SHARE | {"zonder": ("share", "zonder")})
    released, _decision = protect(both, load_catalog("data_catalog"))
    assert both.table.denominator.tolist() == [200, 195]
    assert (released.table.disclosure == "shown").sum() == 1


def test_the_recipe_gives_the_same_again(project):
    table = project.engine.table(survey_world.NAME)
    made = chain.estimate(table.filter(table.delicten < 5), SHARE, by=["geslacht"], title="Eigen titel")
    assert run_estimate(project, **made.recipe.parameters) == made


def test_estimates_that_leave_out_one_respondent_do_not_leave_beside_one_another(project):
    catalog, table = load_catalog("data_catalog"), project.engine.table(survey_world.NAME)
    whole, again = (protect(chain.estimate(table, SHARE), catalog)[0] for _once in range(2))
    less = protect(chain.estimate(table.filter(table.geslacht == "man"), SHARE), catalog)[0]  # 195 of 200
    half = protect(chain.estimate(table.filter(table.gewicht > 100), SHARE), catalog)[0]
    assert set(nearly_alike({"een": whole, "ander": less}, [], 10)) == {"een", "ander"}
    assert set(nearly_alike({"ander": less}, [whole], 10)) == {"ander"}
    assert nearly_alike({"een": whole, "zelfde": again, "half": half}, [whole], 10) == {}
