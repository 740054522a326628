"""An own table again on a newer snapshot, in which a person came or went: the one between the two numbers is told."""

import disclosure_world as world
import pytest
from unions_world import of_sizes, project, release

import das_research as das
from das_research.disclosure.dossier import open_criteria
from das_research.home import Home

LATER = "snap-111111111111"
SIZES = {"a": 60, "b": 70}
SOM = ("sum", "bedrag")


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def by_kind(story, way="as it was", **measures):
    """The same table, as several queries say it."""
    number = story.tables.cases.person_id.substr(1, 4).cast("int64")
    cases = story.tables.cases.mutate(bedrag=1000 + number % 7, laag=number % 3 == 0)
    if way == "another query":
        cases = cases.filter(cases.case_id.notnull()).rename(groep="soort")
    by = "groep" if "groep" in cases.columns else "soort"
    return das.tabulate(cases, by=[by], measures=measures or {"zaken": "count"}, project=story)


CHANGED = {"one more": {"a": 60, "b": 71}, "one erased": {"a": 60, "b": 69}}
MEASURES = {"zaken": "count", "som": SOM, "mean": ("mean", "bedrag"), "deel": ("share", "laag")}


@pytest.mark.parametrize("way", ["as it was", "another query"])
@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("change", CHANGED)
def test_one_person_between_two_snapshots_is_not_told(home, way, measure, change):
    """130 persons then and 131 now, or 129: the one who came or went would be known by kind, and by what they add."""
    asked = {measure: MEASURES[measure]}
    then, now = project(of_sizes(SIZES)), project(of_sizes(CHANGED[change]))
    first = release(home, then, 1, eigen=by_kind(then, **asked))
    assert set(world.shown(first.results["eigen"]).soort) == {"a", "b", "_T"}
    second = release(home, now, 2, snapshot=LATER, eigen=by_kind(now, way, **asked))
    table = world.shown(second.results["eigen"])
    assert set(table.iloc[:, 2]) == {"a"}  # of the same sixty
    assert "near another table" in {it["name"] for it in second.decisions["eigen"]["checks"]}


@pytest.mark.parametrize("measure", MEASURES)
def test_many_more_persons_are_no_few(home, measure):
    asked = {measure: MEASURES[measure]}
    then, now = project(of_sizes(SIZES)), project(of_sizes({"a": 60, "b": 130}))
    release(home, then, 1, eigen=by_kind(then, **asked))
    second = release(home, now, 2, snapshot=LATER, eigen=by_kind(now, "another query", **asked))
    assert second.revisions == () and len(world.shown(second.results["eigen"])) == 3


def test_where_it_is_not_told_how_many_any_change_of_a_sum_is_for_people(home):
    few = SIZES | {"c": 4}  # hides how many persons are under the others
    release(home, project(of_sizes(few)), 1, eigen=by_kind(project(of_sizes(few)), som=SOM))
    story = project(of_sizes(SIZES | {"b": 171, "c": 4}))
    second = release(home, story, 2, snapshot=LATER, eigen=by_kind(story, "another query", som=SOM))
    assert {it["number"] for it in second.revisions} == {"sum"}
    assert "revisions" in {it["criterion"] for it in open_criteria(second)} and second.needed == 2
