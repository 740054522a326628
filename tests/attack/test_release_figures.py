"""Asking for a number of the catalogue again, as a table of one's own with three persons less.

Three hundred persons are reported to the police, a hundred in each of three years; every second case is violent, and
half of all come to the prosecution, ten or a hundred days later. There sixty come that the police never knew.
"""

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta

import chain_story
import disclosure_world as world
import figures_world
import ibis
import pytest
from disclosure_world import shown
from ibis import _

import das_research as das
from das_research.catalog.models import Disclosure
from das_research.disclosure.dossier import criteria
from das_research.disclosure.gate import check_release
from das_research.disclosure.own_tables import recipe_of
from das_research.disclosure.side_by_side import OwnTables
from das_research.disclosure.together.earlier import name_of
from das_research.disclosure.why import say_decided
from das_research.handover import Handover, write_handover
from das_research.home import Home
from das_research.monitors.computing import near, run_recipe
from das_research.monitors.queries import kept_recipes

SNAPSHOT, WHOLE = "snap-000000000000", "2019/2021"
FEW = ("p103", "p105", "p107")  # reported in 2020, of violence, all of whom came to the prosecution
REPORTED = {"column": "event", "operator": "is", "values": ["aangifte"]}
VIOLENT = {"column": "soort", "operator": "is", "values": ["gw"]}
RATIO = {"scale": 100, "denominator": "melding", "across_units": "melding"}
FIGURES = {
    "meldingen": {"count": {"table": "events", "moment": "moment", "where": [REPORTED]}, "by": ["soort"]},
    "verdachten": {"count": {"table": "events", "what": "persons", "moment": "moment", "where": [REPORTED]}},
    "stand": {"count": {"table": "meldingen", "stock": {"begin": "begin", "end": "einde", "day": "12-31"}}},
    "geweld": RATIO
    | {
        "count": {"table": "events", "moment": "moment", "where": [REPORTED, VIOLENT]},
        "per": {"table": "events", "moment": "moment", "where": [REPORTED]},
    },
    "duur": {
        "count": {"table": "meldingen", "what": "mean_days", "days": ["begin", "einde"], "moment": "begin"},
    },
    "naamloos": {"count": {"table": "naamloos", "moment": "begin"}},
}


def the_catalog():
    fields = {"numerator": "melding", "theme": "opsporing", "monitor": "keten"}
    figures = {id: figures_world.figure(id, **fields | given) for id, given in FIGURES.items()}
    given = world.catalog(disclosure=Disclosure(minimum=10, dominance=50))
    other = given.grants["verhaal"].model_copy(update={"id": "ander"})
    return given.model_copy(update={"figures": given.figures | figures, "grants": given.grants | {"ander": other}})


CATALOG = the_catalog()


@pytest.fixture(scope="module")
def project():
    cases, events = [], []
    for number in range(360):
        year, which = 2019 + number // 100 if number < 300 else 2019 + number % 3, number % 10
        name, day = f"z{number:03}", date(year, 2, 1) + timedelta(days=number % 100)
        cases.append((name, f"p{number:03}", "gw" if number % 2 else "wv"))
        later = str(day + timedelta(days=50 if f"p{number:03}" in FEW else 100 if which == 3 else 10))
        events += [(name, "aangifte", None, str(day))] if number < 300 else []
        events += [(name, "instroom", None, later)] if which in (0, 3, 5, 7, 9) or number >= 300 else []
    made = chain_story.project(cases=cases, events=events, observed_until=date(2023, 12, 31))
    known, happened = made.tables.cases, made.tables.events
    told = happened.join(known, "case_id").select(*happened.columns, "person_id", "soort").to_pyarrow()
    made.engine.create_table("events", told, overwrite=True)
    reports = made.engine.table("events").filter(_.event == "aangifte")
    ends = (_.moment + ibis.interval(days=330)).cast("date")
    reports = reports.select("case_id", begin="moment", einde=ends).to_pyarrow()  # who is in them, only `cases` tells
    made.engine.create_table("meldingen", reports)
    made.engine.create_table("naamloos", reports.drop_columns(["case_id"]))
    names = ("cases", "events", "meldingen", "naamloos")
    made.tables = figures_world.Tables({name: made.engine.table(name) for name in names})
    made.catalog, made.id, made.snapshot = CATALOG, "verhaal", SNAPSHOT
    return made


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def a_figure(id):
    return lambda project: das.figures.compute(project, id, 2019, 2021)


# of the catalogue; an own table's event; and the cells of it, by year and kind, of which the first nearly is one
OF_THE_CATALOGUE = {
    "a key figure": (a_figure("meldingen"), "aangifte", [("_T", "2020"), ("gw", "2020")]),
    "a key figure of persons": (a_figure("verdachten"), "aangifte", [("_T", "2020")]),
    "a key figure of a stock": (a_figure("stand"), "aangifte", [("_T", "2020")]),
    "a key figure that is a share": (a_figure("geweld"), "aangifte", [("_T", "2020"), ("gw", "2020")]),
    "a key figure that is a mean": (a_figure("duur"), "aangifte", [("_T", "2020")]),
    "flow": (lambda project: das.chain.flow(project, 2019, 2021), "aangifte", [("_T", "2020"), ("_T", "_T")]),
    "conversion": (
        lambda project: das.chain.conversion(project, 2019, 2021, by=["soort"]),
        "aangifte",
        [("_T", "_T"), ("gw", "_T")],
    ),
    "conversion by year": (
        lambda project: das.chain.conversion_by_year(project, 2019, 2021),
        "aangifte",
        [("_T", "2020"), ("_T", "_T")],
    ),
    "leakage": (
        lambda project: das.chain.leakage(project, 2019, 2021),
        "instroom",
        [("_T", "2020"), ("_T", "_T")],
    ),
    "a share within days": (
        lambda project: das.chain.share_within(project, "aangifte-besluit", 90, 2019, 2021),
        "aangifte",
        [("_T", "2020"), ("_T", "_T")],
    ),
    "a norm": (lambda project: das.chain.share_within_norm(project, "snel", 2019, 2021), "aangifte", [("gw", "2020")]),
}


def without_the_few(project, event):
    rows = project.tables.events.filter(_.event == event, _.person_id.notin(FEW)).mutate(jaar=_.moment.year())
    return das.tabulate(rows, by=["soort", "jaar"], measures={"aantal": "count"}, project=project)


@pytest.fixture(scope="module")
def computed(project):
    """Results by what they are, each computed once."""
    found = {way: first(project) for way, (first, *_) in OF_THE_CATALOGUE.items()}
    return found | {event: without_the_few(project, event) for event in ("aangifte", "instroom")}


def release(home, project, number=0, of="verhaal", snapshot=SNAPSHOT, runs_again=True, **results):
    """What gate 3 makes of these Results of one run; what it computes again is what was computed."""
    results |= {"bestanden": world.files(of)}
    results = {name: replace(it, snapshot=snapshot) for name, it in results.items()}
    handover = Handover("", {}, of, "ext-000000000000", snapshot, True, "auteur", results=results)
    run = home.project(of) / "runs" / f"{of}-{number:012d}"
    write_handover(run, handover)
    again = {asked_for(it.recipe): it for it in results.values()}

    def computed_here(releases):
        named = {
            name_of(one.id, name): recipe_of(it, kept_recipes(home, one).get(name))
            for one in releases
            for name, it in one.results.items()
        }
        return {name: run_recipe(project, recipe) for name, recipe in named.items() if runs_again and recipe}

    own_tables = OwnTables(lambda one: kept_recipes(home, one), lambda _, pairs: near(project, pairs), computed_here)

    return check_release(CATALOG, home, run, lambda _, recipe: again[asked_for(recipe)], "brenger", own_tables)


def asked_for(recipe):
    return json.dumps([recipe.function, recipe.parameters], sort_keys=True)


def shown_cells(released):
    """Kind and year of the cells that are shown."""
    return {(row.soort, row.period) for row in shown(released).itertuples()}


@pytest.mark.parametrize("way", OF_THE_CATALOGUE)
def test_an_own_table_does_not_show_what_differs_by_three_from_a_published_number(home, project, computed, way):
    _, event, told = OF_THE_CATALOGUE[way]
    first = release(home, project, 1, cijfer=computed[way])
    assert len(shown(first.results["cijfer"]).dropna(subset="value"))
    second = release(home, project, 2, tabel=computed[event])
    assert not shown_cells(second.results["tabel"]) & set(told)
    assert second.decisions["tabel"]["compared"]


@pytest.mark.parametrize("way", OF_THE_CATALOGUE)
def test_nor_does_the_number_of_the_catalogue_when_the_own_table_is_out(home, project, computed, way):
    """Of both, no two cells that are nearly of the same persons are shown."""
    _, event, told = OF_THE_CATALOGUE[way]
    first = release(home, project, 1, tabel=computed[event])
    assert shown_cells(first.results["tabel"]) >= set(told)
    second = release(home, project, 2, cijfer=computed[way])
    [[*pairs]] = near(project, [(computed[event].recipe, computed[way].recipe)])
    out = {
        (name, (row["measure"], *(row[it] for it in result.dimensions), row["period"]))
        for name, result in (first.results | second.results).items()
        for row in shown(result).dropna(subset="value").to_dict("records")
    }
    assert pairs
    assert not [(mine, other) for mine, other, apart in pairs if apart and {("tabel", mine), ("cijfer", other)} <= out]


def test_when_both_leave_together_it_is_the_own_table_that_is_hidden(home, project, computed):
    near_ones = {("_T", "2020"), ("gw", "2020")}
    both = release(home, project, aantallen=computed["aangifte"], cijfer=computed["a key figure"])
    assert not shown_cells(both.results["aantallen"]) & near_ones
    assert shown_cells(both.results["cijfer"]) >= near_ones


def test_what_is_far_from_every_number_of_the_catalogue_passes(home, project, computed):
    """Half of all, and the same rows as the key figure by other names."""
    release(home, project, 1, cijfer=computed["a key figure"], stroom=computed["flow"])
    reports = project.tables.events.filter(_.event == "aangifte").mutate(jaar=_.moment.year(), categorie=_.soort + "x")
    half = das.tabulate(reports.filter(_.case_id < "z150"), by=["categorie"], project=project)
    same = das.tabulate(reports, by=["categorie", "jaar"], project=project)
    second = release(home, project, 2, helft=half, zelfde=same)
    assert len(shown(second.results["helft"])) == 3
    assert len(shown(second.results["zelfde"])) == 12


def test_a_number_of_days_of_ones_own_is_as_good_as_a_line(home, project):
    """Three reach the prosecution after fifty days."""
    within = {
        name: das.chain.share_within(project, "aangifte-besluit", days, 2019, 2021)
        for name, days in (("eerst", 49), ("tweede", 51), ("zelfde", 48))
    }
    for number, (name, result) in enumerate(within.items()):
        made = release(home, project, number, **{name: result}).results[name]
        periods = set(shown(made).dropna(subset="value").query("measure == 'of_started'").period)
        assert ({"2020", WHOLE} & periods == set()) == (name == "tweede"), name


def test_a_published_number_of_another_project_is_compared_where_it_is_of_the_same_rows(home, project, computed):
    """Once the other project sees what this one sees, once a year more; and one that gives another number here."""
    for of_the_same_rows in (True, False):
        here = Home(home.root / str(of_the_same_rows))
        published = replace(computed["a key figure"], project="ander")
        if not of_the_same_rows:
            more = published.table.assign(value=published.table.value + 1, n=published.table.n + 1)
            published = published.with_table(more)
        release(here, project, 1, of="ander", cijfer=published)
        second = release(here, project, 2, tabel=computed["aangifte"])
        near_ones = {("_T", "2020"), ("gw", "2020")}
        assert (shown_cells(second.results["tabel"]) & near_ones == set()) is of_the_same_rows
        assert second.decisions["tabel"]["compared"]


def test_a_published_number_of_another_project_that_can_not_be_computed_here_is_said_not_to_be_compared(
    home, project, computed
):
    first = release(home, project, 1, of="ander", cijfer=replace(computed["a key figure"], project="ander"))
    second = release(home, project, 2, runs_again=False, tabel=computed["aangifte"])
    assert not second.decisions["tabel"]["compared"]
    assert second.attacked["unknown"] == [f"{first.id}/cijfer"]


def elsewhere(release):
    """What the dossier says of own tables of other projects."""
    [told] = [it for it in criteria(release) if it["criterion"] == "own tables elsewhere"]
    return told["verdict"], told["results"]


def test_an_own_table_of_another_project_is_compared_where_its_query_gives_the_same_here(home, project, computed):
    """With an own table and with a key figure; once the other project has a year more, and it is for the reviewers."""
    reports = project.tables.events.filter(_.event == "aangifte").mutate(jaar=_.moment.year())
    everybody = das.tabulate(reports, by=["soort", "jaar"], measures={"aantal": "count"}, project=project)
    for of_the_same_rows in (True, False):
        here = Home(home.root / str(of_the_same_rows))
        published = replace(computed["aangifte"], project="ander")
        if not of_the_same_rows:
            more = published.table.assign(value=2 * published.table.value, n=2 * published.table.n)
            published = published.with_table(more)
        first = release(here, project, 1, of="ander", tabel=published)
        near_ones = {("_T", "2020"), ("gw", "2020")}
        assert shown_cells(first.results["tabel"]) >= near_ones
        for number, result in enumerate((everybody, computed["a key figure"]), start=2):
            made = release(here, project, number, mijn=result)
            assert (shown_cells(made.results["mijn"]) & near_ones == set()) is of_the_same_rows
            assert elsewhere(made) == (("passed", "") if of_the_same_rows else ("not checked", f"{first.id}/tabel"))
            assert made.decisions["mijn"]["compared"]


@pytest.mark.parametrize(
    "how", ["its run is gone", "it can't be computed here", "this project was not given its columns"]
)
def test_an_own_table_of_another_project_that_can_not_be_compared_is_named(home, project, computed, how):
    published = replace(computed["aangifte"], project="ander")
    if how == "this project was not given its columns":
        query = published.recipe.parameters["query"].replace("soort", "gemeente")
        published = replace(
            published, recipe=replace(published.recipe, parameters=published.recipe.parameters | {"query": query})
        )
    first = release(home, project, 1, of="ander", tabel=published)
    if how == "its run is gone":
        shutil.rmtree(home.project("ander") / "runs" / first.run)
    made = release(home, project, 2, runs_again=how != "it can't be computed here", cijfer=computed["a key figure"])
    assert elsewhere(made) == ("not checked", f"{first.id}/tabel")
    assert made.decisions["cijfer"]["status"] == "passed" and made.decisions["cijfer"]["compared"]
    assert shown_cells(made.results["cijfer"]) >= {("_T", "2020"), ("gw", "2020")}


@pytest.mark.parametrize("snapshot", [SNAPSHOT, "snap-111111111111"])
@pytest.mark.parametrize("way", ["a key figure", "flow", "a key figure that is a share"])
def test_a_number_of_the_catalogue_is_not_checked_beside_an_own_table_whose_query_is_gone(
    home, project, computed, way, snapshot
):
    first = release(home, project, 1, snapshot=snapshot, tabel=computed["aangifte"])
    shutil.rmtree(home.project("verhaal") / "runs" / first.run)
    second = release(home, project, 2, cijfer=computed[way])
    decision = second.decisions["cijfer"]
    if snapshot == SNAPSHOT:
        assert (decision["status"], len(shown(second.results["cijfer"]))) == ("not checked", 0)
        assert first.id in say_decided(decision, "en") and not decision["compared"]
    else:
        assert decision["status"] == "passed" and len(shown(second.results["cijfer"]))


def test_a_figure_of_rows_that_name_nobody_is_not_said_to_be_compared(home, project, computed):
    figure = das.figures.compute(project, "naamloos", 2019, 2021)
    assert near(project, [(figure.recipe, computed["aangifte"].recipe)]) == [None]
    release(home, project, 1, tabel=computed["aangifte"])
    second = release(home, project, 2, cijfer=figure)
    assert second.decisions["cijfer"]["status"] == "not checked" and not second.decisions["cijfer"]["compared"]


def test_one_query_that_stops_in_the_engine_is_left_out_and_the_others_are_compared(project, computed):
    good, figure = computed["aangifte"].recipe, computed["a key figure"].recipe
    stops = replace(good, parameters=good.parameters | {"query": _stopping(good.parameters["query"])})
    (expected,) = near(project, [(good, figure)])
    assert expected and near(project, [(stops, figure), (good, figure), (good, stops)]) == [None, expected, None]


def _stopping(query):
    """The same query with a code that is no number, read as one."""
    return f"SELECT * REPLACE (CAST(CAST(soort AS BIGINT) AS VARCHAR) AS soort) FROM ({query}) AS t"
