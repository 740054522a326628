"""Who is refused reads what would pass, and no number of a table: differences are planted, and what hides is broken."""

import json
import re
from dataclasses import asdict

import disclosure_world as world
import pytest

from das_research.access.returned import read_returned
from das_research.audit import AuditLog
from das_research.disclosure import beside
from das_research.disclosure.gate import check_release
from das_research.disclosure.releases import list_releases
from das_research.disclosure.side_by_side import OwnTables
from das_research.disclosure.together.earlier import name_of
from das_research.disclosure.together.protect import Together
from das_research.errors import ReleaseRefused
from das_research.handover import REFUSED
from das_research.home import Home

CATALOG = world.catalog()
SIZE = "das_research.chain.cohort_size"


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture
def broken(monkeypatch):
    """What hides, hides only what is small by itself."""

    def hide_only_what_is_unsafe(results, minimum, **_):
        return Together({name: told.unsafe.copy() for name, told in results.items()})

    monkeypatch.setattr(beside, "protect_together", hide_only_what_is_unsafe)


def run_of(home, number, results):
    return world.hand_over(home, results, number)


def check(home, number=0, again=None, catalog=CATALOG, **results):
    by_recipe = {json.dumps(asdict(result.recipe), sort_keys=True): result for result in results.values()}

    def computed(releases):
        return {name_of(it.id, name): result for it in releases for name, result in (again or {}).items()}

    own_tables = OwnTables(lambda release: {}, lambda project, pairs: [[] for _ in pairs], computed)
    rerun = lambda project, recipe: by_recipe[json.dumps(asdict(recipe), sort_keys=True)]  # noqa: E731
    return check_release(catalog, home, run_of(home, number, results), rerun, "brenger", own_tables)


def refused(home, number=0, **results):
    with pytest.raises(ReleaseRefused, match="could be worked back") as refusal:
        check(home, number, **results)
    path = home.project("verhaal") / "runs" / f"keten-{number:012d}" / REFUSED
    return refusal.value, json.loads(path.read_text(encoding="utf-8"))


def flow(numbers, **parameters):
    rows = [world.count("in", number, stage="om", period=period) for period, number in numbers.items()]
    return world.result(rows, **parameters)


def kinds(numbers, by=("soort",), function=SIZE, **more):
    rows = [world.count("number", n, **dict(zip(by, codes, strict=True))) for codes, n in numbers.items()]
    return world.result(rows, by, function, by=list(by), **more)


SMALL = {"2020": 4, "2021": 50, "2022": 60, "2020/2022": 114}
QUARTERS = {"2020-Q1": 4, "2020-Q2": 31, "2020-Q3": 42, "2020-Q4": 53, "2021-Q1": 64, "2021-Q2": 75, "2020/2021": 269}
PLACES = {
    ("wv", "noord"): 4, ("wv", "zuid"): 31, ("wv", "_T"): 35,
    ("gw", "noord"): 42, ("gw", "zuid"): 53, ("gw", "_T"): 95,
    ("_T", "noord"): 46, ("_T", "zuid"): 84, ("_T", "_T"): 130,
}  # fmt: skip
OWN = world.result(
    [world.count(measure, n, soort=code) for measure, numbers in
     {"zaken": {"wv": 40, "gw": 60, "_T": 100}, "ernstig": {"wv": 4, "gw": 22, "_T": 26}}.items()
     for code, n in numbers.items()],
    ("soort",), world.TABULATE, query="select", by=["soort"],
)  # fmt: skip
INSTEAD = {
    "a flow by quarter": (flow(QUARTERS, every="quarter"), [("period", "year")], "deel by year"),
    "a cohort by two breakdowns": (
        kinds(PLACES, ("soort", "regio")), [("breakdown", "soort")], "deel without the breakdown by soort",
    ),
    "an own table": (OWN, [("measure", "ernstig")], "deel without the measure ernstig"),
}  # fmt: skip


@pytest.mark.parametrize("name", INSTEAD)
def test_the_coarser_table_that_would_pass_is_named_and_passes(home, broken, name):
    result, changes, words = INSTEAD[name]
    error, told = refused(home, deel=result)
    assert [(it["kind"], it["name"]) for it in told["instead"]] == changes and words in error.fix
    assert told["tables"] == ["deel"] and told["earlier"] == []
    (returned,) = read_returned(home.project("verhaal") / "runs")
    assert (returned.release, returned.reasons[0][0]) == ("", "difference") and words in returned.reasons[0][1]


def test_what_is_named_is_what_the_gate_lets_pass(home, broken):
    refused(home, 1, deel=kinds(PLACES, ("soort", "regio")))
    regions = {(place,): n for (kind, place), n in PLACES.items() if kind == "_T"}
    release = check(home, 2, deel=kinds(regions, ("regio",)))
    assert release.decisions["deel"]["hidden"] == 0


def test_two_changes_where_one_is_not_enough(home, broken):
    both = {"een": flow(QUARTERS, every="quarter"), "twee": kinds(PLACES, ("soort", "regio"))}
    error, told = refused(home, **both)
    assert [(it["table"], it["kind"], it["name"]) for it in told["instead"]] == [
        ("een", "period", "year"), ("twee", "breakdown", "soort")
    ]  # fmt: skip
    assert "een by year, and twee without the breakdown by soort" in error.fix


def test_a_table_that_has_nothing_coarser_is_left_out(home):
    before = check(home, 1, jaren=flow(SMALL))  # hides 2021 too: 114 - 60 - 50 = 4
    other = kinds({("wv",): 40, ("gw",): 60, ("_T",): 100})
    error, told = refused(home, 2, later=flow({"2020": 4, "2021": 50}), groepen=other)
    assert [(it["table"], it["kind"]) for it in told["instead"]] == [("later", "table")]
    assert "everything but later" in error.fix and f"jaren of {before.id}" in error.why
    assert told["earlier"] == [{"release": before.id, "table": "jaren"}] and told["tables"] == ["later"]
    assert check(home, 3, groepen=other).decisions["groepen"]["hidden"] == 0


def test_where_nothing_would_pass_it_says_so(home):
    check(home, 1, jaren=flow(SMALL))
    error, told = refused(home, 2, later=flow({"2020": 4, "2021": 50}))
    assert told["instead"] == [] and told["all_tried"] and "there is no coarser one to try" in error.fix


def test_the_tries_are_bounded_and_that_is_said(home, broken, monkeypatch):
    monkeypatch.setattr("das_research.disclosure.refused.search.MOST_TRIES", 2)
    error, told = refused(home, een=kinds(PLACES, ("soort", "regio")), twee=flow(QUARTERS, every="quarter"))
    assert told["tried"] == 2 and not told["all_tried"] and "not all were" in error.fix


def test_what_left_before_and_tells_it_by_itself_is_said(home, broken):
    lax = world.catalog(minimum=3)  # the two left while three were enough
    check(home, 1, catalog=lax, jaren=flow({"2020/2022": 412}))
    check(home, 2, catalog=lax, jaren=flow({"2021/2022": 409}))
    error, told = refused(home, 3, groepen=kinds({("wv",): 40, ("gw",): 60, ("_T",): 100}))
    assert "what left before tells it by itself" in error.fix
    assert told["tables"] == [] and told["tried"] == 0 and len(told["earlier"]) == 2


PLANTED = {
    "a shifted period": (flow({"2020/2022": 412}), flow({"2021/2022": 409})),
    "a nested group": (kinds({(): 412}, ()), kinds({("wv",): 409, ("gw",): 3, ("_T",): 412})),
}


@pytest.mark.parametrize("way", PLANTED)
def test_neither_message_nor_log_nor_advice_holds_a_number(home, broken, way):
    first, second = PLANTED[way]
    before = check(home, 1, eerst=first)
    error, told = refused(home, 2, later=second)
    for text in (str(error), json.dumps(told), json.dumps(AuditLog(home.audit_log).lines()[-1]["facts"])):
        rest = re.sub(r"rel-\w+|keten-\d+|\d+ groups of fewer than 10|tried\W+\d+", "", text)
        assert not {"412", "409", "3"} & set(re.findall(r"\d+", rest)), text
    assert [it.id for it in list_releases(home)] == [before.id]


def test_the_advice_is_gone_when_the_run_passes(home, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(beside, "protect_together", lambda results, minimum, **_: Together(
            {name: told.unsafe.copy() for name, told in results.items()}
        ))  # fmt: skip
        refused(home, deel=flow(SMALL))
    assert check(home, deel=flow(SMALL)).decisions["deel"]["status"] == "passed"
    assert not list(home.root.rglob(REFUSED))


def test_the_advice_is_gone_when_the_run_is_refused_for_another_reason(home, broken):
    refused(home, deel=flow(SMALL))
    forged = {json.dumps(asdict(flow(SMALL).recipe), sort_keys=True): flow({"2020": 40})}
    folder = run_of(home, 0, {"deel": flow(SMALL)})
    with pytest.raises(ReleaseRefused, match="not what its recipe gives"):
        check_release(
            CATALOG, home, folder, lambda _, recipe: forged[json.dumps(asdict(recipe), sort_keys=True)], "brenger"
        )
    assert not list(home.root.rglob(REFUSED))


def test_what_lies_in_the_place_of_the_advice_keeps_no_refusal_from_the_log(home, broken, monkeypatch):
    (run_of(home, 0, {"deel": flow(SMALL)}) / REFUSED / "in").mkdir(parents=True)
    with pytest.raises(ReleaseRefused, match="could be worked back"):
        check(home, deel=flow(SMALL))
    last = AuditLog(home.audit_log).lines()[-1]
    assert (last["act"], last["facts"]["reason"]) == ("refused", "numbers")
    assert read_returned(home.project("verhaal") / "runs") == []
    monkeypatch.undo()
    assert check(home, deel=flow(SMALL)).decisions["deel"]["status"] == "passed"


def test_where_no_sum_tells_it_nothing_is_said_to_be_told_by_what_left_before_alone(home, monkeypatch):
    check(home, 1, jaren=flow(SMALL))
    monkeypatch.setattr(
        "das_research.disclosure.refused.findings.proofs_of", lambda leaks, *_, **__: [() for _ in leaks]
    )
    other = kinds({("wv",): 40, ("gw",): 60, ("_T",): 100})
    error, told = refused(home, 2, later=flow({"2020": 4, "2021": 50}), groepen=other)
    assert told["tables"] == ["groepen", "later"] and "Nothing in this hand-over would help" not in error.fix
    assert [(it["table"], it["kind"]) for it in told["instead"]] == [("later", "table")]
