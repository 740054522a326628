"""A researcher's own table is any query: the ways in which a value of one person could ride out on it.

The tables are computed by `tabulate` itself, on a hundred persons of whom one has a secret.
"""

import json

import chain_story
import disclosure_world as world
import pytest

import das_research as das
from das_research import chain
from das_research.catalog.models import Attribute
from das_research.disclosure.checks import Check
from das_research.disclosure.own_tables import without_query
from das_research.disclosure.rules import protect
from das_research.disclosure.why import say_reasons
from das_research.result import NUMBERS

SECRET, TARGET = "12 maart 1985", "p007"
CATALOG = world.catalog()
CASES = [(f"z{number:03}", f"p{number:03}", "wv" if number % 2 else "gw") for number in range(100)]
EVENTS = [("z001", "aangifte", None, "2020-01-01")]


@pytest.fixture(scope="module")
def project():
    return chain_story.project(cases=CASES, events=EVENTS)


@pytest.fixture(scope="module")
def cases(project):
    """One row a person; `geboren` is the secret of one, `enkel` is known of nobody."""
    table = project.tables.cases
    own = (table.person_id == TARGET).ifelse(SECRET, "anders")
    return table.mutate(
        geboren=own,
        enkel=(table.soort == "onzin").nullif(False),
        jaar=(table.person_id == TARGET).ifelse("1931", "2020"),
    )


def released(project, table, **asked):
    """What leaves of an own table, as text, with the decision."""
    result, decision = protect(das.tabulate(table, project=project, **asked), CATALOG)
    return without_query(result), decision


@pytest.mark.parametrize("measures", [{"deel": ("share", "enkel")}, {"zaken": "count"}])
@pytest.mark.parametrize("by", [["geboren"], ["geboren", "soort"]])
def test_a_value_of_one_person_does_not_leave_as_a_code(project, cases, by, measures):
    """Not even where the measure is empty for everybody, so that no cell of it is too small."""
    result, _ = released(project, cases, by=by, measures=measures)
    assert SECRET not in result.to_json()


def test_a_code_that_enough_persons_share_stays(project, cases):
    table = cases.mutate(groep=(cases.person_id < "p050").ifelse("laag", "hoog"))
    result, _ = released(project, table, by=["groep"])
    assert set(result.table.groep) == {"laag", "hoog", "_T"}


def test_a_year_of_one_person_does_not_leave_as_a_period(project, cases):
    result, _ = released(project, cases, by=["jaar"])
    assert "1931" not in result.to_json()


def test_a_code_without_a_number_does_not_leave_by_the_chain_either():
    """At the last stage nothing can follow: its cells are empty for every group, whatever the group is called."""
    cases = [(f"z{n}", f"p{n}", SECRET if n == 7 else "wv") for n in range(100)]
    project = chain_story.project(cases=cases, events=[(case, "zitting", None, "2020-01-01") for case, _, _ in cases])
    project.catalog.chain.case_attributes["soort"] = Attribute(title="soort", sources=("bvh.soort",))
    result, _ = protect(chain.conversion(project, 2020, 2020, by=["soort"]), CATALOG)
    assert SECRET not in result.to_json()


@pytest.mark.parametrize("measure", [("sum", "bedrag"), ("mean", "bedrag")])
def test_a_sum_of_one_person_among_zeros_is_not_checked(project, cases, measure):
    """A hundred persons stand under the number, and it is the secret of one of them."""
    table = cases.mutate(bedrag=(cases.person_id == TARGET).ifelse(1985, 0))
    measures = {"totaal": measure, "zaken": "count"}
    before = das.tabulate(table, project=project, measures=measures)
    assert before.cell(measure="totaal")["value"] == {"sum": 1985, "mean": 1985 / 100}[measure[0]]
    result, decision = released(project, table, measures=measures)
    assert decision.status == "not checked" and "totaal" in say_reasons(decision.reasons, "en")
    assert result.table[list(NUMBERS)].isna().all(axis=None)


@pytest.mark.parametrize(
    "leave_out", [lambda flag, is_target: flag & ~is_target, lambda flag, is_target: is_target.ifelse(None, flag)]
)
def test_two_shares_that_differ_by_one_person_are_not_both_shown(project, cases, leave_out):
    flag = cases.soort == "wv"
    table = cases.mutate(flag=flag, zonder=leave_out(flag, cases.person_id == TARGET))
    measures = {"alle": ("share", "flag"), "zonder": ("share", "zonder")}
    result, _ = released(project, table, measures=measures)
    assert set(world.shown(result).measure) == {"alle"}


def test_a_count_and_a_share_that_leaves_one_person_out_are_not_both_shown(project, cases):
    table = cases.mutate(zonder=(cases.person_id == TARGET).ifelse(None, cases.soort == "wv"))
    result, _ = released(project, table, measures={"zaken": "count", "zonder": ("share", "zonder")})
    assert set(world.shown(result).measure) == {"zaken"}


def test_measures_that_differ_by_many_are_both_shown(project, cases):
    table = cases.mutate(deel=(cases.person_id < "p050").ifelse(None, cases.soort == "wv"))
    result, _ = released(project, table, measures={"zaken": "count", "deel": ("share", "deel")})
    assert set(world.shown(result).measure) == {"zaken", "deel"}


def test_few_persons_with_several_cases_are_not_the_cases_less_the_persons(project):
    more = chain_story.project(cases=[*CASES, ("z100", TARGET, "gw")], events=EVENTS)
    result, _ = released(more, more.tables.cases, measures={"zaken": "cases"})
    (row,) = json.loads(result.to_json())["rows"]
    assert 101 in row and 100 not in row
    result, _ = released(project, project.tables.cases, measures={"zaken": "cases"})
    assert result.table.n.tolist() == [100]


def test_the_text_of_a_query_stays_behind(project, cases):
    table = cases.filter(cases.geboren != SECRET).mutate(deel=cases.soort == "wv")
    asked = {"by": ["soort"], "measures": {"deel": "count"}, "title": "Zaken"}
    before = das.tabulate(table, project=project, **asked)
    result, decision = released(project, table, **asked)
    assert decision.status == "passed" and Check("query", "not checked") in decision.checks
    assert SECRET in before.to_json() and SECRET not in result.to_json()
    assert list(result.recipe.parameters) == ["sha256"]
    other, _ = released(project, cases.filter(cases.geboren != "iets anders"), **asked)
    assert other.recipe != result.recipe
