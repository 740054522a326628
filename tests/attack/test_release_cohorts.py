"""Asking for two cohorts that differ by few persons: whatever the line, the number of days or the table says so.

Four hundred persons with an index case in 2018, a hundred of whom also in 2019; every second one comes back within a
year. Three were born in 1900 and three in 1901; of three the second case comes a month sooner than of the others.
"""

import json
from dataclasses import replace
from datetime import date, timedelta

import cohort_story
import disclosure_world as world
import pytest
from cohort_story import PROPERTY, VIOLENT, case
from disclosure_world import shown

import das_research as das
from das_research.catalog.models import Disclosure
from das_research.disclosure.compare import differences
from das_research.disclosure.gate import check_release
from das_research.disclosure.side_by_side import OwnTables
from das_research.errors import UsageError
from das_research.handover import Handover, write_handover
from das_research.home import Home
from das_research.monitors.computing import near, run_recipe
from das_research.monitors.queries import kept_recipes

YEARS, SNAPSHOT, FEW, SOON = range(2018, 2020), "snap-000000000000", 3, 356
WHOLE = "2018/2019"
KNOWN = {}
LAG = 1120  # days before the end of 2022, when few of those who come back have done so
NOT_THE_FEW = {"column": "leeftijd", "operator": "not_in", "values": [118, 119]}  # of 1900 or of 1901, by the year
MEN = {"column": "geslacht", "operator": "is", "values": ["man"]}


def the_catalog():
    given = world.catalog(disclosure=Disclosure(minimum=10, dominance=50))
    kept = {name: getattr(given, name) for name in ("agreements", "disclosure", "demo", "grants", "monitors")}
    return cohort_story.catalog().model_copy(update=kept)


CATALOG = the_catalog()


def register():
    rows = []
    for number in range(400):
        person, start = f"p{number:03}", date(2018, 1, 10) + timedelta(days=number % 300)
        born = 1900 + number // FEW if number < 2 * FEW else 1960 + number % 40
        told = {"geslacht": "man" if number % 4 < 2 else "vrouw", "geboortejaar": born}
        offence = VIOLENT if number % 3 else PROPERTY
        rows.append(case(person, "x", start - timedelta(days=90), start, offence=offence, **told))
        if number % 2:
            rows.append(case(person, "a", start + timedelta(days=100), outcome="jd_beleidssepot", maximum=48, **told))
        if number % 4 == 0:
            again = start + timedelta(days=SOON if number in (100, 104, 108) else SOON + 30)
            rows.append(case(person, "y", again - timedelta(days=500), again, offence=offence, **told))
        if number % 8 == 0:
            rows.append(case(person, "b", again + timedelta(days=50), outcome="jd_beleidssepot", maximum=48, **told))
    return rows


@pytest.fixture(scope="module")
def project():
    made = cohort_story.project(cases=register(), stays=[], gone=[], orders=[])
    made.catalog, made.id, made.snapshot = CATALOG, "verhaal", SNAPSHOT
    return made


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def once(make, *what):
    """What several tests ask of the one story, computed at the first."""
    key = json.dumps(what, sort_keys=True)
    if key not in KNOWN:
        KNOWN[key] = make()
    return KNOWN[key]


def a_cohort(project, **choices):
    return once(lambda: das.chain.cohort(project, "uitgangszaak", YEARS, **choices), "cohort", choices)


def size(made):
    return once(lambda: das.chain.cohort_size(made), "size", made.parameters)


def share(made, **choices):
    asked = {"measures": ["general"], "lag_days": None} | choices
    return once(lambda: das.chain.recidivism(made, 1, **asked), "share", made.parameters, choices)


@pytest.fixture(scope="module")
def everybody(project):
    made = a_cohort(project)
    return {"aantal": size(made), "deel": share(made)}


def release(home, project, number=0, **results):
    """What gate 3 makes of these Results of one run."""
    results |= {"bestanden": world.files(synthetic=bool(project.synthetic))}
    handover = Handover(
        "", {}, "verhaal", "ext-000000000000", SNAPSHOT, bool(project.synthetic), "auteur", results=results
    )
    run = home.project("verhaal") / "runs" / f"verhaal-{number:012d}"
    write_handover(run, handover)

    def nearness(_, pairs):
        return [once(lambda pair=pair: near(project, [pair])[0], "near", *map(asked_for, pair)) for pair in pairs]

    own_tables = OwnTables(lambda one: kept_recipes(home, one), nearness)
    again = {asked_for(it.recipe): it for it in results.values()}  # that they can be is told below, for each of them
    return check_release(CATALOG, home, run, lambda _, recipe: again[asked_for(recipe)], "brenger", own_tables)


def asked_for(recipe):
    return json.dumps([recipe.function, recipe.parameters], sort_keys=True)


def whole(result):
    """The cells of all years together that are shown."""
    table = shown(result)
    return table[table.period == WHOLE]


def without_the_few(project):
    return a_cohort(project, where=[NOT_THE_FEW])


def as_an_own_table(project):
    persons = a_cohort(project).table
    return das.tabulate(persons.filter(persons.leeftijd <= 100), measures={"personen": "persons"}, project=project)


SECOND = {
    "by a line": lambda project: size(without_the_few(project)),
    "by the line as its contrary": lambda project: size(
        a_cohort(project, where=[{"column": "leeftijd", "operator": "not_in", "values": [118, 119]}])
    ),
    "as a share": lambda project: share(without_the_few(project)),
    "as a share that is corrected": lambda project: das.chain.corrected_recidivism(
        without_the_few(project), 1, corrected_for=["geslacht"]
    ),
    "as an own table of the cohort": as_an_own_table,
    "censored": lambda project: share(without_the_few(project), observation="censored"),
}


@pytest.mark.parametrize("way", SECOND)
def test_the_second_does_not_show_what_differs_by_few_persons(home, project, everybody, way):
    first = release(home, project, 1, **everybody)
    assert len(whole(first.results["aantal"])) and len(whole(first.results["deel"]))
    made = release(home, project, 2, tweede=SECOND[way](project))
    table = shown(made.results["tweede"]).dropna(subset="value")
    assert table[table.period.isin([WHOLE, "2018", "_T"])].empty, way
    assert made.results["tweede"].attrition == ()
    assert made.decisions["tweede"]["compared"]


def test_nor_the_other_way_round_nor_when_both_leave_together(home, project):
    release(home, project, 1, eerst=size(without_the_few(project)))
    second = release(home, project, 2, tweede=size(a_cohort(project)))
    assert whole(second.results["tweede"]).empty and second.results["tweede"].attrition == ()
    other = Home(home.root.parent / "ander")
    both = release(other, project, a=size(a_cohort(project)), b=size(without_the_few(project)))
    assert len(shown(both.results["a"])) and shown(both.results["b"]).empty


def test_a_number_of_days_is_as_good_as_a_line(home, project):
    """Of three, the second case comes so soon after the first that they are taken for the same."""
    release(home, project, 1, eerst=size(a_cohort(project)))
    second = release(home, project, 2, tweede=size(a_cohort(project, same_days=SOON)))
    assert not set(shown(second.results["tweede"]).period) & {"2019", WHOLE}  # of 2018 nobody was left out


def test_so_is_a_lag(home, project):
    """Everybody stays, and few fewer come back: the lag leaves the last days out of sight."""
    release(home, project, 1, eerst=share(a_cohort(project), observation="censored"))
    second = share(a_cohort(project), observation="censored", lag_days=LAG)
    before, after = (
        it.cell(measure="general", period=WHOLE, horizon="1")["numerator"]
        for it in (share(a_cohort(project), observation="censored"), second)
    )
    assert 0 < before - after < 10
    released = release(home, project, 2, tweede=second).results["tweede"]
    assert whole(released).empty


def test_equal_numbers_of_other_persons_are_seen(home, project):
    """As many, and the few are others: born in 1900 or in 1901."""
    one, other = (
        a_cohort(project, where=[{"column": "leeftijd", "operator": "not_in", "values": ages}])
        for ages in ([118, 119], [117, 118])
    )
    release(home, project, 1, eerst=size(one))
    second = release(home, project, 2, tweede=size(other))
    assert whole(second.results["tweede"]).empty


def test_what_is_harmless_passes(home, project, everybody):
    """A line that leaves out many, the same again, and another breakdown of the same persons."""
    release(home, project, 1, **everybody)
    men = a_cohort(project, where=[MEN])
    second = release(home, project, 2, aantal=size(men), deel=share(men))
    assert len(whole(second.results["aantal"])) == len(whole(second.results["deel"])) == 1
    again = release(home, project, 3, aantal=size(men), deel=share(men, by=["delictgroep"]))
    assert len(whole(again.results["aantal"])) == 1 and len(whole(again.results["deel"])) > 1
    assert all(it["status"] == "passed" for it in again.decisions.values())


def test_its_title_says_by_which_choices(project):
    made = a_cohort(project, where=[MEN], same_days=30, washout_years=1)
    title = share(made, lag_days=200).title.nl
    assert all(words in title for words in ("geslacht is man", "30 dagen", "geen eerdere in 1 jaar", "200 dagen"))
    assert "gezien tot" not in share(a_cohort(project)).title.nl


@pytest.mark.parametrize("way", SECOND)
def test_each_is_what_its_recipe_gives(project, way):
    result = SECOND[way](project)
    assert differences(result, run_recipe(project, result.recipe)) == []


def test_no_line_names_a_person_or_a_case(project):
    for key in ("person_id", "case_id"):
        with pytest.raises(UsageError, match=key):
            a_cohort(project, where=[{"column": key, "operator": "is_not", "values": ["p000"]}])


def test_without_a_way_to_compare_none_of_the_authors_own_leaves(home, project):
    result = size(without_the_few(project))
    handover = Handover(
        "", {}, "verhaal", "ext-000000000000", SNAPSHOT, bool(project.synthetic), "auteur", results={"eigen": result}
    )
    run = home.project("verhaal") / "runs" / "verhaal-000000000001"
    write_handover(run, handover)
    made = check_release(CATALOG, home, run, lambda _, recipe: replace(result), "brenger")
    assert made.decisions["eigen"]["status"] == "not checked" and shown(made.results["eigen"]).empty
