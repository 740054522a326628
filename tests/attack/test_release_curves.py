"""Asking for a curve of nearly the same persons: whatever its span, its step or the table beside it is called.

Three hundred persons are reported to the police in 2020, half of violence. Each is done with after 1 to 60 days, five
a day; three of violence by an end of their own, `apart`. In 2021 three more are reported.
"""

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import chain_story
import disclosure_world as world
import pytest
from disclosure_world import shown
from ibis import _

import das_research as das
from das_research.catalog.models import Disclosure
from das_research.disclosure.gate import check_release
from das_research.disclosure.side_by_side import OwnTables
from das_research.disclosure.together.earlier import name_of
from das_research.disclosure.why import say_decided
from das_research.handover import Handover, write_handover
from das_research.home import Home
from das_research.monitors.computing import near, run_recipe
from das_research.monitors.queries import kept_recipes

SNAPSHOT = "snap-000000000000"
FEW = ("p011", "p111", "p211")
POINT, SPAN = "completed_share", "aangifte-besluit"
REPORT = {"event": "aangifte"}
CASES = [(f"z{at:03}", f"p{at:03}", "gw" if at % 2 else "wv") for at in range(303)]
KNOWN = {}
LASTED = {person: 1 + at % 60 for at, (_, person, _) in enumerate(CASES[:300])}


def the_catalog():
    given = world.catalog(disclosure=Disclosure(minimum=10, dominance=50))
    other = given.grants["verhaal"].model_copy(update={"id": "ander"})
    return given.model_copy(update={"grants": given.grants | {"ander": other}})


CATALOG = the_catalog()


@pytest.fixture(scope="module")
def project():
    events = []
    for at, (case, person, _kind) in enumerate(CASES):
        day = date(2020, 1, 10) + timedelta(days=at) if at < 300 else date(2021, 3, 1)
        ended = day + timedelta(days=LASTED.get(person, 30))
        events.append((case, "aangifte", None, str(day)))
        events.append((case, "einde", "apart" if person in FEW else "gewoon", str(ended)))
    made = chain_story.project(cases=CASES, events=events)
    made.catalog, made.id, made.snapshot = CATALOG, "verhaal", SNAPSHOT
    return made


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def release(home, project, number=0, of="verhaal", snapshot=SNAPSHOT, runs_again=True, **results):
    """What gate 3 makes of these Results of one run; what it computes again is what was computed."""
    results |= {"bestanden": world.files()}
    results = {name: replace(it, snapshot=snapshot, project=of) for name, it in results.items()}
    run = home.project(of) / "runs" / f"{of}-{number:012d}"
    write_handover(run, Handover("", {}, of, "ext-000000000000", snapshot, True, "auteur", results=results))
    again = {asked_for(it.recipe): it for it in results.values()}

    def computed_here(releases):
        named = {name_of(one.id, name): it.recipe for one in releases for name, it in one.results.items()}
        known = {name: it for name, it in named.items() if runs_again and "sha256" not in it.parameters}
        return {name: run_recipe(project, it) for name, it in known.items()}

    def nearness(_, pairs):
        return [once(lambda pair=pair: near(project, [pair])[0], *map(asked_for, pair)) for pair in pairs]

    own_tables = OwnTables(lambda one: kept_recipes(home, one), nearness, computed_here)
    return check_release(CATALOG, home, run, lambda _, recipe: again[asked_for(recipe)], "brenger", own_tables)


def once(make, *what):
    """What several tests ask of the one story, computed at the first."""
    if what not in KNOWN:
        KNOWN[what] = make()
    return KNOWN[what]


def asked_for(recipe):
    return json.dumps([recipe.function, recipe.parameters], sort_keys=True)


def curve(project, **choices):
    return once(lambda: das.chain.durations_between(project, SPAN, 2020, 2020, **choices), json.dumps(choices))


def own_span(project, *outcomes, **choices):
    end = {"event": "einde", "outcomes": list(outcomes)} if outcomes else {"event": "einde"}
    asked = {"start": REPORT, "end": end}
    return das.chain.durations_between(project, asked, 2020, 2020, period_of_the="end", **choices)


def reported(project, without=FEW):
    rows = project.tables.events.filter(_.event == "aangifte", _.moment.year() == 2020)
    rows = rows.inner_join(project.tables.cases, "case_id")
    return rows.filter(rows.person_id.notin(without)) if without else rows


def own_table(project, without=FEW, by=()):
    rows = reported(project, without).mutate(categorie=_.soort + "x")
    return das.tabulate(rows, by=list(by), measures={"aantal": "persons"}, project=project)


def points(result, **codes):
    table = shown(result)
    table = table[table.measure == POINT]
    for name, code in codes.items():
        table = table[table[name] == code]
    return table.days.astype(int).tolist()


# what left before, and what is asked with three persons less, or as many others
SECOND = {
    "a span by an end of one's own": (curve, lambda it: own_span(it, "gewoon")),
    "by another step": (curve, lambda it: own_span(it, "gewoon", step_days=11)),
    "by two ends of one's own": (lambda it: own_span(it), lambda it: own_span(it, "gewoon", step_days=30)),
    "beside a table of one's own": (own_table, curve),
    "beside one by other codes": (lambda it: own_table(it, by=["categorie"]), curve),
    "by the stage": (own_table, lambda it: das.chain.durations(it, "politie", 2020, 2020)),
    "a year with few more": (curve, lambda it: das.chain.durations_between(it, SPAN, 2020, 2021)),
    "a year with few less": (
        lambda it: das.chain.durations(it, "politie", 2020, 2021),
        lambda it: das.chain.durations(it, "politie", 2020, 2020),
    ),
}


@pytest.mark.parametrize("way", SECOND)
def test_a_curve_of_nearly_the_same_persons_is_held_back(home, project, way):
    first, second = (make(project) for make in SECOND[way])
    before = release(home, project, 1, eerst=first).results["eerst"]
    assert len(shown(before)) and (first.shape != "curve" or points(before))
    made = release(home, project, 2, tweede=second)
    assert points(made.results["tweede"]) == [] and made.results["tweede"].attrition == ()
    assert made.results["tweede"].table.n.isna().all()
    assert made.decisions["tweede"]["compared"]


def test_nor_when_both_leave_together(home, project):
    both = release(home, project, a=curve(project), b=own_span(project, "gewoon")).results
    assert points(both["a"]) and not points(both["b"])
    other = release(Home(home.root / "ander"), project, a=own_table(project), b=curve(project)).results
    assert not len(shown(other["a"])) and points(other["b"])  # of the two, the author's own


def test_nor_does_an_own_table_show_what_differs_by_few_from_a_curve_that_is_out(home, project):
    release(home, project, 1, curve=curve(project, by=["soort"]))
    made = release(home, project, 2, tabel=own_table(project, by=["categorie"]))
    assert set(shown(made.results["tabel"]).categorie) == {"wvx"}  # of whom nobody was left out


def test_of_a_breakdown_the_codes_go_and_the_total_stays(home, project):
    violent = reported(project).filter(_.soort == "gw")
    release(home, project, 1, tabel=das.tabulate(violent, measures={"aantal": "persons"}, project=project))
    made = release(home, project, 2, curve=curve(project, by=["soort"]))
    assert set(shown(made.results["curve"]).soort) == {"_T"} and points(made.results["curve"])
    assert "soort" in say_decided(made.decisions["curve"], "en")


def done_by(day, kind="_T"):
    """Who was done with by a day, as the story has it."""
    return {who for _, who, soort in CASES[:300] if kind in ("_T", soort) and LASTED[who] <= day}


def told_apart(one, other):
    """The days by which those who were done with, as two released curves tell them, differ by few."""
    sides = (done_by(here) ^ done_by(there) for here, there in product(points(one), points(other)))
    return [len(apart) for apart in sides if 0 < len(apart) < 10]


@pytest.mark.parametrize("step", [1, 5, 8, 13])
def test_other_cut_points_do_not_tell_who_was_done_on_one_day(home, project, step):
    """Five are done with on every day: curves at days of which one is the next tell of five."""
    first = release(home, project, 1, weken=curve(project)).results["weken"]
    second = release(home, project, 2, anders=curve(project, step_days=step)).results["anders"]
    assert points(second) and told_apart(first, second) == []
    assert told_apart(first, release(Home(home.root / "leeg"), project, a=curve(project, step_days=8)).results["a"])


def test_nor_does_a_share_within_days_of_ones_own(home, project):
    for within, tells_of_few in ((28, False), (29, True)):
        here = Home(home.root / str(within))
        assert 28 in points(release(here, project, 1, weken=curve(project)).results["weken"])
        made = release(here, project, 2, deel=das.chain.share_within(project, SPAN, within, 2020, 2020)).results["deel"]
        of_started = shown(made).query("measure == 'of_started'").dropna(subset="value")
        assert of_started.empty is tells_of_few


def test_what_is_harmless_passes(home, project):
    """The same again, by a breakdown, of half of the persons; and a table of the same persons."""
    first = release(home, project, 1, curve=curve(project)).results["curve"]
    again = release(home, project, 2, curve=curve(project), soort=curve(project, by=["soort"])).results
    assert points(again["curve"]) == points(first) and points(again["soort"], soort="gw")
    assert shown(again["soort"]).n.notna().all()
    here = Home(home.root / "ander")
    alone = release(here, project, 1, alle=das.chain.durations(project, "politie", 2020, 2021)).results["alle"]
    assert alone.attrition and points(alone)
    same = das.tabulate(project.tables.cases, measures={"aantal": "persons"}, project=project)
    half = das.tabulate(project.tables.cases.filter(_.case_id < "z150"), project=project)
    tables = release(here, project, 2, zelfde=same, helft=half).results
    assert len(shown(tables["zelfde"])) == len(shown(tables["helft"])) == 1


def test_beside_a_table_whose_query_is_gone_a_curve_is_not_checked(home, project):
    first = release(home, project, 1, tabel=own_table(project))
    shutil.rmtree(home.project("verhaal") / "runs" / first.run)
    made = release(home, project, 2, curve=curve(project))
    assert made.decisions["curve"]["status"] == "not checked" and not points(made.results["curve"])
    assert first.id in say_decided(made.decisions["curve"], "en")


def test_of_a_span_whose_event_is_gone_nothing_is_said_to_be_found_out(project):
    recipe = curve(project).recipe
    gone = replace(recipe, parameters=recipe.parameters | {"span": "bestaat-niet", "at_days": [7]})
    whole = replace(recipe, parameters=recipe.parameters | {"at_days": [7]})
    assert near(project, [(whole, gone), (whole, recipe)]) == [None, None]


@pytest.mark.parametrize("is_of_the_same_rows", [True, False])
def test_a_curve_of_another_project_is_laid_beside_where_it_is_of_the_same_rows(home, project, is_of_the_same_rows):
    published = curve(project)
    if not is_of_the_same_rows:
        published = published.with_table(published.table.assign(n=published.table.n + 1))
    release(home, project, 1, of="ander", curve=published)
    made = release(home, project, 2, tabel=own_table(project))
    assert (len(shown(made.results["tabel"])) == 0) is is_of_the_same_rows
    lost = release(home, project, 3, runs_again=False, weer=own_table(project))
    assert not lost.decisions["weer"]["compared"]


@pytest.mark.parametrize("make", [curve, own_span, lambda it: das.chain.durations(it, "politie", 2020, 2020)])
def test_each_is_what_its_recipe_gives(project, make):
    result = make(project)
    assert run_recipe(project, result.recipe).to_json() == result.to_json()
