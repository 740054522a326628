"""Asking twice with one person less: whatever the second query, its columns and its codes are called."""

import json
import shutil

import chain_story
import disclosure_world as world
import pytest
from disclosure_world import shown

import das_research as das
from das_research.catalog.models import Disclosure
from das_research.disclosure.gate import check_release
from das_research.disclosure.releases import read_release
from das_research.disclosure.review import return_release
from das_research.disclosure.side_by_side import OwnTables
from das_research.disclosure.why import say_decided
from das_research.handover import FOLDER, Handover, write_handover
from das_research.home import Home
from das_research.monitors.computing import near
from das_research.monitors.queries import kept_recipes
from das_research.tabulation import run_tabulate

TARGET = "p007"
CATALOG = world.catalog(disclosure=Disclosure(dominance=50))


@pytest.fixture(scope="module")
def project():
    cases = [(f"z{number:03}", f"p{number:03}", "wv" if number % 2 else "gw") for number in range(100)]
    made = chain_story.project(cases=cases, events=[("z001", "aangifte", None, "2020-01-01")])
    made.catalog, made.id = CATALOG, "verhaal"
    return made


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture(scope="module")
def cases(project):
    return project.tables.cases


def everybody(project, cases):
    return das.tabulate(cases, by=["soort"], measures={"zaken": "count"}, project=project)


def release(home, project, number=0, **results):
    """What gate 3 makes of these Results of one run."""
    results = {
        name: result.__class__(**{**result.__dict__, "snapshot": "snap-000000000000"})
        for name, result in results.items()
    } | {"bestanden": world.files(synthetic=bool(project.synthetic))}
    handover = Handover(
        "", {}, "verhaal", "ext-000000000000", "snap-000000000000", bool(project.synthetic), "auteur", results=results
    )
    run = home.project("verhaal") / "runs" / f"verhaal-{number:012d}"
    write_handover(run, handover)

    def again(_, recipe):
        if recipe == results["bestanden"].recipe:
            return results["bestanden"]
        made = run_tabulate(project, **recipe.parameters)
        return made.__class__(**{**made.__dict__, "snapshot": "snap-000000000000"})

    def nearness(_, pairs):
        return near(project, pairs)

    own_tables = OwnTables(lambda one: kept_recipes(home, one), nearness)
    return check_release(CATALOG, home, run, again, "brenger", own_tables)


def without(cases):
    return cases.filter(cases.person_id != TARGET)


SECOND = {
    "the same table": lambda cases: (without(cases), {"by": ["soort"], "measures": {"zaken": "count"}}),
    "other names": lambda cases: (
        without(cases).mutate(categorie=cases.soort + "x"),
        {"by": ["categorie"], "measures": {"aantal": "persons"}},
    ),
    "by another breakdown": lambda cases: (
        without(cases).mutate(helft=(cases.case_id < "z050").ifelse("een", "twee")),
        {"by": ["helft"], "measures": {"zaken": "count"}},
    ),
    "as a share": lambda cases: (
        cases.mutate(ander=cases.person_id != TARGET),
        {"measures": {"deel": ("share", "ander")}},
    ),
    "as a sum": lambda cases: (without(cases).mutate(een=1), {"measures": {"som": ("sum", "een")}}),
    "one row more of a person": lambda cases: (
        cases.union(cases.filter(cases.person_id == TARGET)),
        {"measures": {"rijen": "count"}},
    ),
}


@pytest.mark.parametrize("way", SECOND)
def test_the_second_table_does_not_show_what_differs_by_one_person(home, project, cases, way):
    assert len(shown(release(home, project, 1, eerst=everybody(project, cases)).results["eerst"])) == 3
    table, asked = SECOND[way](cases)
    made = release(home, project, 2, tweede=das.tabulate(table, project=project, **asked))
    total = made.results["tweede"].table
    dimensions = made.results["tweede"].dimensions
    whole = total[(total[list(dimensions)] == "_T").all(axis=1)] if dimensions else total
    assert (whole.disclosure != "shown").all()


def test_nor_the_codes_between_which_a_person_moved_by_a_revision(home, project, cases):
    """By the revised codes one stands elsewhere: all are as many, and either code differs by one."""
    revised = cases.mutate(indeling=(cases.person_id == TARGET).ifelse("gw", cases.soort))
    release(home, project, 1, eerst=everybody(project, cases))
    made = release(home, project, 2, tweede=das.tabulate(revised, by=["indeling"], project=project)).results["tweede"]
    assert set(shown(made).indeling) == {"_T"}


def test_nor_when_both_leave_together(home, project, cases):
    both = {"a": everybody(project, cases), "b": das.tabulate(without(cases), project=project)}
    made = release(home, project, **both)
    assert len(shown(made.results["a"])) == 3 and len(shown(made.results["b"])) == 0
    assert made.decisions["b"]["compared"]


def test_the_same_table_again_and_one_on_others_pass(home, project, cases):
    release(home, project, 1, eerst=everybody(project, cases))
    again = release(home, project, 2, nogmaals=everybody(project, cases))
    assert len(shown(again.results["nogmaals"])) == 3
    half = das.tabulate(cases.filter(cases.case_id < "z050"), project=project)
    other = release(home, project, 3, helft=half)
    assert len(shown(other.results["helft"])) == 1
    (criterion,) = [it for it in _criteria(home, other) if it["criterion"] == "own tables beside each other"]
    assert criterion["verdict"] == "passed"


def test_what_came_back_never_left(home, project, cases):
    first = release(home, project, 1, eerst=everybody(project, cases))
    for reviewer in ("anna", "bert"):
        return_release(CATALOG, home, first.id, reviewer, "te weinig context")
    second = release(home, project, 2, tweede=das.tabulate(without(cases), project=project))
    assert len(shown(second.results["tweede"])) == 1


@pytest.mark.parametrize("how", ["run taken away", "another query", "another name"])
def test_taking_the_first_query_away_lets_no_second_one_through(home, project, cases, how):
    first = release(home, project, 1, eerst=everybody(project, cases))
    folder = home.project("verhaal") / "runs" / first.run
    path = folder / FOLDER / "eerst.json"
    if how == "run taken away":
        shutil.rmtree(folder)
    elif how == "another query":
        document = json.loads(path.read_text())
        document["recipe"]["parameters"]["query"] = document["recipe"]["parameters"]["query"] + " WHERE FALSE"
        path.write_text(json.dumps(document))
    else:
        path.rename(path.with_name("ander.json"))
    second = release(home, project, 2, tweede=das.tabulate(without(cases), project=project))
    assert second.decisions["tweede"]["status"] == "not checked"
    assert first.id in say_decided(second.decisions["tweede"], "en")
    assert len(shown(second.results["tweede"])) == 0


def test_a_closed_projects_query_is_read_from_its_seal(home, project, cases):
    first = release(home, project, 1, eerst=everybody(project, cases))
    runs = home.project("verhaal") / "runs"
    (home.project("verhaal") / "sealed" / first.extract / "runs").mkdir(parents=True)
    (runs / first.run).rename(home.project("verhaal") / "sealed" / first.extract / "runs" / first.run)
    second = release(home, project, 2, tweede=das.tabulate(without(cases), project=project))
    assert second.decisions["tweede"]["compared"] and len(shown(second.results["tweede"])) == 0


def test_without_a_way_to_compare_the_dossier_says_so(home, project, cases):
    result = everybody(project, cases)
    result = result.__class__(**{**result.__dict__, "snapshot": "snap-000000000000"})
    handover = Handover(
        "", {}, "verhaal", "ext-000000000000", "snap-000000000000", bool(project.synthetic), "auteur",
        results={"eerst": result},
    )  # fmt: skip
    run = home.project("verhaal") / "runs" / "verhaal-000000000001"
    write_handover(run, handover)
    made = check_release(CATALOG, home, run, lambda _, recipe: result, "brenger")
    (criterion,) = [it for it in _criteria(home, made) if it["criterion"] == "own tables beside each other"]
    assert (criterion["verdict"], criterion["results"]) == ("not checked", "eerst")


def _criteria(home, made):
    text = (home.releases / read_release(home, made.id).id / "dossier.json").read_text(encoding="utf-8")
    return json.loads(text)["criteria"]
