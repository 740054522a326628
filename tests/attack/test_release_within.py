"""Parts that overlap, and codes below others: what a whole has more than a part of it is hidden, or else found.

Of 41 persons 40 have a case in 2023 and 35 in 2024: that 1 has none in 2023, and 6 none in 2024, is as small as any
other number. Of a kind of crime 104 cases, of which 3, 50 and 51 of the kinds below it: 104 - 50 - 51 tells the 3.
"""

from dataclasses import replace

import disclosure_world as world
import pytest

from das_research.catalog.models import Classification, Code, Disclosure, Text
from das_research.disclosure import beside
from das_research.disclosure.gate import check_release
from das_research.disclosure.rules import protect
from das_research.disclosure.together.protect import Together
from das_research.disclosure.worked_back import look_back
from das_research.errors import ReleaseRefused
from das_research.home import Home

ABOVE = {"a1": "a", "a2": "a", "a3": "a", "b1": "b", "b2": "b", "b3": "b"}
CODES = [Code(code=code, label=Text(nl=code, en=code), parent=ABOVE.get(code)) for code in ("a", "b", *ABOVE)]
KINDS = {"soort": Classification(id="soort", title="s", version="1", codes=CODES)}
CATALOG = world.catalog(classifications=KINDS)
FIGURE = "das_research.figures.compute"
YEARS = {"2023": 40, "2024": 35, "2023/2024": 41}


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def check(home, catalog=CATALOG, number=0, **results):
    by_recipe = {str(result.recipe): result for result in results.values()}
    run = world.hand_over(home, results, number)
    return check_release(catalog, home, run, lambda _, recipe: by_recipe[str(recipe)], "poort")


def by_year(numbers, n=None, **asked):
    rows = [
        world.count("number", number, n[it] if n else None, period=it, unit="persoon") for it, number in numbers.items()
    ]
    return world.result(rows, (), FIGURE, figure="uniek", **asked)


def by_kind(numbers, measure="number", **more):
    rows = [world.count(measure, number, soort=code) for code, number in numbers.items()]
    return world.result(rows, ("soort",), FIGURE, **more)


def shown(released, *columns):
    table = released.table[released.table.disclosure == "shown"]
    return dict(zip(table[columns[0]] if len(columns) == 1 else zip(*(table[it] for it in columns), strict=True),
                    table.value, strict=True))  # fmt: skip


def subtractions(numbers, whole):
    """What is left of a shown whole without one shown part."""
    return [numbers[whole] - it for code, it in numbers.items() if code != whole] if whole in numbers else []


@pytest.mark.parametrize("level", ["exact", "threshold", "wide"])
def test_persons_by_year_do_not_tell_who_is_not_in_a_year(home, level):
    catalog = world.catalog(disclosure=Disclosure(level=level))
    release = check(home, catalog, years=by_year(YEARS))
    told = shown(release.results["years"], "period")
    assert told and all(it >= 10 for it in subtractions(told, "2023/2024"))
    assert {"name": "parts overlap", "verdict": "passed", "given": {"n": 10}} in release.decisions["years"]["checks"]


@pytest.mark.parametrize("numbers", [{"a": 40, "b": 31}, {"a": 40, "b": 3}, {"a1": 40, "a2": 38, "b1": 4}])
def test_nor_do_persons_by_a_code_of_which_one_has_several(home, numbers):
    release = check(home, kinds=by_kind({**numbers, "_T": 41}))
    told = shown(release.results["kinds"], "soort")
    assert told and all(it >= 10 for it in subtractions(told, "_T"))


def test_where_parts_add_up_nothing_more_is_hidden_and_no_check_says_so(home):
    release = check(home, kinds=by_kind({"a": 40, "b": 31, "_T": 71}))
    assert len(shown(release.results["kinds"], "soort")) == 3
    assert "parts overlap" not in {it["name"] for it in release.decisions["kinds"]["checks"]}


def test_by_whole_breakdowns_they_tell_it_as_little():
    for result in (by_year(YEARS), by_kind({"a": 40, "b": 35, "_T": 41})):
        released, decision = protect(result, CATALOG)
        assert decision.hidden == 2, "of the breakdown nothing stays"
        assert set(released.table.value.dropna()) == {41}


@pytest.mark.parametrize("result", [by_year(YEARS), by_kind({"a": 40, "b": 35, "_T": 41})])
def test_the_last_look_finds_it_where_it_is_not_hidden(home, monkeypatch, result):
    nothing = lambda results, minimum, **_: Together({name: it.unsafe & False for name, it in results.items()})  # noqa: E731
    monkeypatch.setattr(beside, "protect_together", nothing)
    with pytest.raises(ReleaseRefused, match="worked back") as refusal:
        check(home, table=result)
    assert "2 groups of fewer than 10" in refusal.value.why


def test_what_left_before_is_reckoned_with(home):
    before = check(home, CATALOG, 1, years=by_year({"2023": 40, "2024": 35}))
    later = check(home, CATALOG, 2, longer=by_year({**YEARS, "2022": 80, "2022/2024": 90}, last_year=2024))
    assert len(shown(before.results["years"], "period")) == 2
    told = shown(later.results["longer"], "period")
    assert "2023/2024" not in told and told


def test_the_persons_under_cases_do_not_tell_it_either(home, monkeypatch):
    cases = {"2023": 86, "2024": 70, "2023/2024": 156}
    release = check(home, cases=by_year(cases, n=YEARS))
    assert shown(release.results["cases"], "period") == cases
    assert release.results["cases"].table.n.isna().all()
    apart = check(home, CATALOG, 2, cases=by_year(cases, n={"2023": 60, "2024": 50, "2023/2024": 80}))
    assert apart.results["cases"].table.n.notna().all(), "20 and 30 are not few"


def test_the_last_look_reads_the_persons_under_cases():
    cases = by_year({"2023": 86, "2024": 70, "2023/2024": 156}, n=YEARS)
    released = cases.with_table(cases.table.assign(disclosure="shown"))
    leaks = look_back(CATALOG, "verhaal", {"a": cases}, {"a": released}, [], []).leaks
    assert sorted((leak.low, leak.high) for leak in leaks) == [(1, 1), (6, 6)]


FINE = {"a1": 3, "a2": 50, "a3": 51, "b1": 4, "b2": 52, "b3": 53}
COARSE = {"a": 104, "b": 109}


@pytest.mark.parametrize("together", [True, False])
def test_a_code_above_others_is_their_sum_in_one_table_and_in_two(home, together):
    if together:
        release = check(home, kinds=by_kind({**COARSE, **FINE, "_T": 213}))
        told = shown(release.results["kinds"], "soort")
    else:
        release = check(home, fine=by_kind({**FINE, "_T": 213}), coarse=by_kind({**COARSE, "_T": 213}, every="x"))
        told = {name: it for one in release.results.values() for name, it in shown(one, "soort").items()}
    for above in COARSE.keys() & told.keys():
        assert sum(code in told for code, parent in ABOVE.items() if parent == above) <= 1


def test_a_coarser_table_that_left_before_is_reckoned_with(home):
    coarse = by_kind({**COARSE, "_T": 213}, every="x")
    before = check(home, CATALOG, 1, coarse=coarse)
    release = check(home, CATALOG, 2, fine=by_kind({**FINE, "_T": 213}))
    assert len(shown(before.results["coarse"], "soort")) == 3
    told = shown(release.results["fine"], "soort")
    assert {code[0] for code in FINE if code not in told} == {"a", "b"} and len(FINE.keys() - told.keys()) == 4


def test_the_last_look_knows_what_is_a_part_of_what():
    fine, coarse = by_kind({**FINE, "_T": 213}), by_kind({**COARSE, "_T": 213}, every="x")
    hidden = fine.table.soort.isin(["a1", "b1"])
    table = fine.table.assign(disclosure=hidden.map({True: "hidden", False: "shown"}))
    table.loc[hidden, ["value", "n"]] = float("nan")
    left = {"fine": replace(fine, table=table), "coarse": coarse.with_table(coarse.table.assign(disclosure="shown"))}
    leaks = look_back(CATALOG, "verhaal", {"fine": fine, "coarse": coarse}, left, [], []).leaks
    assert {(leak.low, leak.high) for leak in leaks if len(leak.cells) == 1} == {(3, 3), (4, 4)}


def test_where_codes_hold_only_what_has_them_itself_each_is_a_part_of_the_total(home):
    release = check(home, kinds=by_kind({"a": 50, "a1": 4, "a2": 60, "b": 40, "_T": 154}))
    hidden = set(release.results["kinds"].table.soort) - shown(release.results["kinds"], "soort").keys()
    assert len(hidden) == 2 and "a1" in hidden


def test_a_code_that_has_units_of_its_own_and_those_below_it_holds_what_is_left(home):
    release = check(home, kinds=by_kind({"a": 113, "a1": 50, "a2": 60, "b": 40, "_T": 153}))  # 3 are a and no more
    told = shown(release.results["kinds"], "soort")
    assert not {"a", "a1", "a2"} <= told.keys()
