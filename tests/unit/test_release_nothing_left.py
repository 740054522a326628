"""A hand-over of which no number is left is refused, with what would pass; one such table among others is named."""

import json
from dataclasses import asdict

import disclosure_world as world
import pytest
from disclosure_world import count

from das_research.access.returned import read_returned
from das_research.audit import AuditLog
from das_research.catalog.models import Disclosure
from das_research.disclosure.dossier import criteria
from das_research.disclosure.gate import check_release
from das_research.disclosure.refused.desk import show_refused
from das_research.disclosure.releases import list_releases
from das_research.disclosure.why import say_decided
from das_research.errors import ReleaseRefused
from das_research.handover import REFUSED
from das_research.home import Home

CATALOG = world.catalog(disclosure=Disclosure(minimum=10, reviewers=("anna", "bert")))
ALL_FEW = {"2020-Q1": 4, "2020-Q2": 5, "2020-Q3": 6, "2020-Q4": 7}
SOME_FEW = {"2020-Q1": 4, "2020-Q2": 50, "2020-Q3": 60, "2020-Q4": 70}


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def flow(numbers, **parameters):
    return world.result([count("in", n, stage="om", period=period) for period, n in numbers.items()], **parameters)


YEAR = flow({"2020": sum(ALL_FEW.values())})  # what the recipe by year gives


def again(results, unknown=()):
    results = {"by year": YEAR} | dict(results)
    known = {json.dumps(asdict(it.recipe), sort_keys=True): it for name, it in results.items() if name not in unknown}
    return lambda project, recipe: known.get(json.dumps(asdict(recipe), sort_keys=True))


def check(home, results, number=0, unknown=()):
    return check_release(
        CATALOG, home, world.hand_over(home, results, number), again(results, unknown), "brenger"
    )  # fmt: skip


def refused(home, results, number=0):
    with pytest.raises(ReleaseRefused, match="Nothing of it is left to publish") as refusal:
        check(home, results, number)
    path = home.project("verhaal") / "runs" / f"keten-{number:012d}" / REFUSED
    return refusal.value, json.loads(path.read_text(encoding="utf-8"))


def test_it_is_refused_with_the_tables_and_nothing_is_written(home):
    error, told = refused(home, {"een": flow({"2020": 4, "2021": 5}), "twee": flow({"2020": 7}, last_year=2020)})
    assert "The tables: een, twee." in error.why and "no coarser one that was tried would pass" in error.fix
    assert (told["tables"], told["instead"], told["ways"], told["earlier"]) == (["een", "twee"], [], [], [])
    assert list_releases(home) == []
    last = AuditLog(home.audit_log).lines()[-1]
    assert (last["act"], last["facts"]["reason"], last["facts"]["released"]) == ("refused", "numbers", False)
    (returned,) = read_returned(home.project("verhaal") / "runs")
    assert returned.reasons[0][0] == "small-cells" and error.fix in returned.reasons[0][1]


def test_what_is_named_in_its_place_passes(home):
    error, told = refused(home, {"stroom": flow(ALL_FEW, every="quarter")})
    assert told["instead"] == [{"table": "stroom", "kind": "period", "name": "year"}]
    assert "stroom by year" in error.fix
    release = check(home, {"stroom": YEAR}, 1)
    assert world.shown(release.results["stroom"]).value.tolist() == [22]


def test_the_advice_names_nothing_that_would_be_empty_as_well(home):
    """Each year has 9 at most: longer periods are tried, and are no help."""
    few = flow({"2020-Q1": 4, "2020-Q2": 5, "2021-Q1": 3}, every="quarter", last_year=2021)
    _, told = refused(home, {"stroom": few})
    assert (told["instead"], told["tried"], told["all_tried"]) == ([], 1, True)


def test_one_such_table_among_others_leaves_and_reviewers_are_told(home):
    release = check(home, {"leeg": flow(ALL_FEW, every="quarter"), "vol": flow(SOME_FEW, every="quarter", last_year=1)})
    assert world.shown(release.results["leeg"]).empty and not world.shown(release.results["vol"]).empty
    (criterion,) = [it for it in criteria(release) if it["criterion"] == "something left"]
    assert (criterion["verdict"], criterion["results"]) == ("not checked", "leeg")
    decisions = release.decisions
    assert decisions["leeg"]["status"] == "passed" and say_decided(decisions["vol"], "en") == ""
    assert "longer periods show more" in say_decided(decisions["leeg"], "en")
    folder = home.releases / release.id
    dutch, english = ((folder / f"dossier.{it}.html").read_text(encoding="utf-8") for it in ("nl", "en"))
    assert "moet deze tabel zo mee?" in dutch and "should this table leave like this?" in english


@pytest.mark.parametrize(
    ("numbers", "is_refused"),
    [
        ({"2020": 0, "2021": 0}, False),  # that there was nobody is what it tells
        ({"2020": 0, "2021": 4}, True),  # beside what is hidden a zero is nothing to read
        ({"2020": 0, "2021": 40}, False),
        ({"2020": 40, "2021": 4}, False),
    ],
)
def test_zeros_alone_are_nothing_beside_what_is_hidden(home, numbers, is_refused):
    results = {"stroom": flow(numbers)}
    if is_refused:
        refused(home, results)
    else:
        assert check(home, results).state == "checked"


def test_what_is_not_checked_goes_to_people_as_ever(home):
    release = check(home, {"leeg": flow(ALL_FEW), "vreemd": flow(SOME_FEW, last_year=1)}, unknown=("vreemd",))
    assert {name: it["status"] for name, it in release.decisions.items()} == {"leeg": "passed", "vreemd": "not checked"}


def test_a_reviewer_who_asks_for_the_numbers_is_told_that_there_are_none(home, tmp_path):
    results = {"stroom": flow(ALL_FEW, every="quarter")}
    refused(home, results)
    folder = home.project("verhaal") / "runs" / f"keten-{0:012d}"
    with pytest.raises(ReleaseRefused, match="Nothing of it is left to publish") as refusal:
        show_refused(CATALOG, home, folder, lambda run: (again(results), None), "anna", tmp_path / "bureau")
    assert "stroom by year" in refusal.value.fix and not (tmp_path / "bureau").exists()
