"""Asking twice with one person less, so that no code differs by few from another: only codes added up do.

Of three hundred cases a third has each of three codes; who has one of the last code mostly has one of the first too. A
second table gives other codes. In both stand persons whom the other has not, so that the totals lie far apart.
"""

import chain_story
import disclosure_world as world
import figures_world
import ibis
import pytest
from disclosure_world import shown

import das_research as das
from das_research.catalog.models import Disclosure
from das_research.disclosure.gate import check_release
from das_research.disclosure.side_by_side import OwnTables
from das_research.handover import Handover, write_handover
from das_research.home import Home
from das_research.monitors.computing import near, near_sums, run_recipe
from das_research.monitors.queries import kept_recipes

CATALOG = world.catalog(disclosure=Disclosure(minimum=10, dominance=50))
SNAPSHOT = "snap-000000000000"
TARGET = "p007"  # of code a
CODES = "abc"


@pytest.fixture(scope="module")
def project():
    """Three hundred with a code, and others with none that each of the two tables takes along."""
    cases = [(f"z{at:03}", f"p{at % 220:03}", CODES[at // 100]) for at in range(300)]
    cases += [(f"z{at:03}", f"p{at:03}", "-") for at in range(300, 500)]
    made = chain_story.project(cases=cases, events=[(case, "aangifte", None, "2020-05-01") for case, *_ in cases])
    told = made.tables.events.join(made.tables.cases, "case_id").select("case_id", "person_id", "soort", "moment")
    made.engine.create_table("meldingen", told.filter(told.case_id < "z300").to_pyarrow())
    made.tables = figures_world.Tables(
        {"cases": made.tables.cases, "events": made.tables.events, "meldingen": made.engine.table("meldingen")}
    )
    figure = figures_world.figure(
        "meldingen", numerator="melding", theme="opsporing", monitor="keten", by=["soort"],
        count={"table": "meldingen", "moment": "moment"},
    )  # fmt: skip
    made.catalog = CATALOG.model_copy(update={"figures": CATALOG.figures | {"meldingen": figure}})
    made.id, made.snapshot = "verhaal", SNAPSHOT
    return made


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def release(home, project, number, sums=near_sums, **results):
    """What gate 3 makes of these Results of one run."""
    run = home.project("verhaal") / "runs" / f"verhaal-{number:012d}"
    write_handover(run, Handover("", {}, "verhaal", "ext-000000000000", SNAPSHOT, True, "auteur", results=results))
    own_tables = OwnTables(
        lambda one: kept_recipes(home, one),
        lambda _, pairs: near(project, pairs),
        sums=lambda _, pairs: sums(project, pairs),
    )
    return check_release(
        project.catalog, home, run, lambda _, recipe: run_recipe(project, recipe), "brenger", own_tables
    )


def number_of(cases):
    return cases.case_id.substr(1).cast("int64")


def some(cases, *, of, without=(), more=(300, 300)):
    """The cases of these codes without some persons, with others who have none."""
    number = number_of(cases)
    others = number.between(more[0], more[1] - 1)
    return cases.filter(others | (cases.soort.isin(list(of)) & cases.person_id.notin([*without, ""])))


def by(cases, code, project):
    return das.tabulate(cases.mutate(code=code), by=["code"], measures={"aantal": "count"}, project=project)


def first(project):
    cases = some(project.tables.cases, of="abc", more=(300, 350))
    return by(cases, cases.soort, project)


def merged(project):
    cases = some(project.tables.cases, of="ab", without=[TARGET], more=(400, 480))
    return by(cases, ibis.cases((cases.soort.isin(["a", "b"]), "x"), else_=cases.soort), project)


def split(project):
    cases = some(project.tables.cases, of="ab", without=[TARGET], more=(400, 480))
    halves = ((number_of(cases) // 40) % 2).cast("string")
    return by(cases, ibis.cases((cases.soort == "a", "a" + halves), else_=cases.soort + "x"), project)


def exchanged(project):
    """Six of code a stand with b, and six of b with a: each of the two codes differs by more than ten."""
    cases = some(project.tables.cases, of="ab", without=[TARGET], more=(400, 480))
    number = number_of(cases)
    changed = number.between(20, 25) | number.between(120, 125)
    other = ibis.cases((cases.soort == "a", "b"), (cases.soort == "b", "a"), else_="-")
    return by(cases, changed.ifelse(other, cases.soort), project)


def by_two_columns(project):
    """The one code is a sum over two columns, none of whose codes it is."""
    cases = some(project.tables.cases, of="ab", without=[TARGET], more=(400, 480))
    odd = (number_of(cases) % 2).cast("string")
    table = cases.mutate(code=(cases.soort == "-").ifelse("-", "x" + odd), helft=(number_of(cases) % 3).cast("string"))
    return das.tabulate(table, by=["code", "helft"], measures={"aantal": "count"}, project=project)


SECOND = {"merged": merged, "split": split, "exchanged": exchanged, "by two columns": by_two_columns}


def codes(result):
    return set(shown(result).code)


@pytest.mark.parametrize("way", SECOND)
def test_codes_that_add_up_to_all_but_one_person_are_not_all_shown(home, project, way):
    result = SECOND[way](project)
    release(home, project, 1, eerst=first(project))
    [pairs] = near(project, [(result.recipe, first(project).recipe)])
    assert not [pair for pair in pairs if pair[2]], "no single code tells of few"
    [sums] = near_sums(project, [(result.recipe, first(project).recipe)])
    few = [mine for mine, _, apart in sums if apart == 1]
    assert few
    made = release(home, project, 2, tweede=result)
    places = {("aantal", *row[list(result.dimensions)], "_T") for _, row in shown(made.results["tweede"]).iterrows()}
    assert places and not [mine for mine in few if places.issuperset(mine)]
    assert made.decisions["tweede"]["compared"]


def test_nor_the_other_way_round_nor_when_both_leave_together(home, project):
    for results in ([("eerst", merged(project)), ("tweede", first(project))], [("samen", None)]):
        here = Home(home.root / results[0][0])
        for at, (name, result) in enumerate(results):
            given = {name: result} if result else {"a": first(project), "b": merged(project)}
            made = release(here, project, at, **given).results
        one, other = (made["a"], made["b"]) if len(made) == 2 else (made["tweede"], None)
        if other is None:
            assert not {"a", "b"} <= codes(one) and codes(one)
        else:
            assert {"a", "b"} <= codes(one) and "x" not in codes(other)


def test_nor_beside_a_key_figure(home, project):
    figure = das.figures.compute(project, "meldingen", 2020, 2020)
    out = release(home, project, 1, cijfer=figure).results["cijfer"]
    assert {"a", "b"} <= set(shown(out).soort)
    made = release(home, project, 2, tweede=merged(project)).results["tweede"]
    assert "x" not in codes(made) and "_T" in codes(made)


def test_what_is_harmless_passes(home, project):
    """Codes that are others' sum to the person, and one that is such a sum less a quarter."""
    release(home, project, 1, eerst=first(project))
    cases = some(project.tables.cases, of="abc", more=(400, 480))
    same = by(cases, ibis.cases((cases.soort.isin(["a", "b"]), "x"), else_=cases.soort), project)
    fewer = cases.filter((number_of(cases) > 50) | (number_of(cases) < 0))
    less = by(fewer, ibis.cases((fewer.soort.isin(["a", "b"]), "x"), else_=fewer.soort), project)
    for number, result in enumerate((same, less), start=2):
        made = release(home, project, number, **{f"tabel{'ab'[number - 2]}": result}).results
        assert all(len(shown(it)) == len(it.table) for it in made.values())


def test_where_it_can_not_be_found_out_what_is_added_up_it_is_not_checked(home, project):
    release(home, project, 1, eerst=first(project))
    made = release(home, project, 2, sums=lambda _, pairs: [None for _ in pairs], tweede=merged(project))
    assert made.decisions["tweede"]["status"] == "not checked" and not codes(made.results["tweede"])
