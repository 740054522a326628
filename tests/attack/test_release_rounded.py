"""Rounded numbers are attacked: beside numbers that are not rounded, on two snapshots, over nested populations."""

import json
from dataclasses import replace

import disclosure_world as world
import numpy as np
import pytest
from rounding_world import SNAPSHOT, check, kinds, rounding

from das_research.disclosure import beside
from das_research.disclosure.attacker.attack import attack
from das_research.disclosure.attacker.explained import proofs_of
from das_research.disclosure.attacker.known import Seen
from das_research.disclosure.attacker.seen import read_csv, read_register, read_release, register_entry
from das_research.disclosure.register import register_of
from das_research.disclosure.releases import list_releases
from das_research.disclosure.review import return_release
from das_research.disclosure.rounding import results as rounding_of_results
from das_research.disclosure.rounding.controlled import Rounding
from das_research.disclosure.rounding.one_method import check_one_method
from das_research.errors import ReleaseRefused
from das_research.home import Home
from das_research.result import Rounded

ROUNDING = rounding()
FIVE = {"om": 4, "rechter": 31, "politie": 58}


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def test_what_left_unrounded_does_not_leave_rounded(home):
    before = check(home, ROUNDING, {"verborgen": kinds(FIVE)}, 1, "eigen-werk")
    assert "hidden" in set(before.results["verborgen"].table.disclosure)
    with pytest.raises(ReleaseRefused, match="both rounded and unrounded: deel") as refusal:
        check(home, ROUNDING, {"deel": kinds(FIVE)}, 2)
    assert f"{before.id}/verborgen" in refusal.value.why
    assert len(list_releases(home)) == 1


def test_what_left_rounded_does_not_leave_unrounded(home):
    before = check(home, ROUNDING, {"deel": kinds(FIVE)}, 1)
    with pytest.raises(ReleaseRefused, match="both rounded and unrounded: verborgen") as refusal:
        check(home, ROUNDING, {"verborgen": kinds(FIVE)}, 2, "eigen-werk")
    assert before.id in refusal.value.why
    other = replace(kinds(FIVE), snapshot="snap-111111111111")  # on another snapshot they are other numbers
    assert check(home, ROUNDING, {"verborgen": other}, 3, "eigen-werk", "snap-111111111111").state == "checked"


@pytest.mark.parametrize("alone", [False, True])
def test_the_only_one_in_a_rounded_cell_is_asked(home, alone):
    attacked = check(home, ROUNDING, {"deel": kinds(FIVE | {"om": 1 if alone else 4})}).attacked
    assert (attacked["insiders"]["asked"] > 0) is alone and attacked["insiders"]["not_asked"] == 0
    assert "insiders" in attacked["knowledge"]


def test_what_came_back_never_left(home):
    before = check(home, ROUNDING, {"verborgen": kinds(FIVE)}, 1, "eigen-werk")
    for reviewer in ("lezer-a", "lezer-b"):
        return_release(ROUNDING, home, before.id, reviewer, "te fijn")
    assert check(home, ROUNDING, {"deel": kinds(FIVE)}, 2).state == "checked"


def test_the_same_numbers_by_another_definition_are_known_by_what_they_are(home):
    """Words differ, numbers agree at every place: 31 by chance is 1 in 31, three of them 1 in more than 1,000."""
    other = world.result(
        [world.count("zaken", number, stage=code, period="2024") for code, number in FIVE.items()], every="year"
    )
    check(home, ROUNDING, {"verborgen": replace(other, definition="instroom")}, 1, "eigen-werk")
    with pytest.raises(ReleaseRefused, match="both rounded and unrounded"):
        check(home, ROUNDING, {"deel": kinds(FIVE)}, 2)


def test_numbers_that_are_equal_by_chance_are_no_reason(home):
    other = world.result([world.count("zaken", 31, stage="rechter", period="2024")], every="year")
    check(home, ROUNDING, {"verborgen": replace(other, definition="instroom")}, 1, "eigen-werk")
    assert check(home, ROUNDING, {"deel": kinds(FIVE)}, 2).state == "checked"


def test_a_mean_over_the_same_units_does_not_leave_beside_them(home):
    rows = [
        {"measure": "mean", "value": 9.5, "denominator": number, "n": number, "unit": "days", "stage": code}
        | {"period": "2024"}
        for code, number in {"om": 41, "rechter": 31, "politie": 58}.items()
    ]
    with pytest.raises(ReleaseRefused, match="both rounded and unrounded: deel") as refusal:
        check(home, ROUNDING, {"deel": kinds(FIVE | {"om": 41}), "duur": world.result(rows, every="year")})
    assert "duur" in refusal.value.why


@pytest.mark.parametrize(("exact", "refused"), [(41.0, True), (40.0, False), (float("nan"), False)])
def test_the_same_persons_with_the_same_number_are_known_by_who_they_are(exact, refused):
    """A single cell, of which words and chance tell nothing. Where it is hidden, or another number, it may leave."""
    mine, theirs = ({"value": value, "denominator": float("nan")} for value in (41.0, exact))
    left = {"eerder/deel": world.result([world.count("zaken", 41)], (), world.TABULATE)}
    known = [(("mijn", mine), ("eerder/deel", theirs))]
    if refused:
        with pytest.raises(ReleaseRefused, match="both rounded and unrounded: mijn"):
            check_one_method({"mijn": []}, {}, left, 10, known)
    else:
        check_one_method({"mijn": []}, {}, left, 10, known)
    check_one_method({}, {"mijn": []}, left, 10, known)  # neither is rounded


def own(number, name, persons=None):
    """An own table of one number; by its name another query."""
    rows = [world.count("zaken", number, persons, unit="cases")]
    return world.result(rows, (), world.TABULATE, query=name)


HERE = ("zaken", "_T")


@pytest.mark.parametrize(
    ("near", "numbers", "refused"),
    [
        ((HERE, HERE, 1), (11, 12), True),
        ((HERE, HERE, 0), (11, 12), True),  # one row more of the same persons
        ((HERE, HERE, 0), (11, 31), False),
        (None, (11, 12), False),
    ],
)
def test_by_the_tipping_point_of_tables_of_nearly_the_same_persons_a_number_is_told(home, near, numbers, refused):
    """11 goes to 10 and, with one person more, 12 too, and 13 to 15: it is 13."""
    given = {name: own(number, name) for name, number in zip(("een", "twee"), numbers, strict=True)}
    near = [near] if near else []
    if refused:
        with pytest.raises(ReleaseRefused, match="nearly the same persons can't leave where one is rounded: twee"):
            check(home, ROUNDING, given, near=near)
    else:
        assert check(home, ROUNDING, given, near=near).results["een"].rounded


def test_a_table_may_leave_again_beside_itself(home):
    """Of its cells some are nearly the same persons: they were rounded in one model, and stay as they are."""
    table, whole, part = kinds({"om": 41, "rechter": 4}).table, ("in", "_T", "2024"), ("in", "om", "2024")
    one, two = (world.result(table.to_dict("records"), ("stage",), world.TABULATE, query=name) for name in ("a", "b"))
    near = [(whole, whole, 0), (part, part, 0), (whole, part, 4), (part, whole, 4)]
    both = check(home, ROUNDING, {"een": one, "twee": two}, 1, near=near).results
    assert both["een"].table.value.tolist() == both["twee"].table.value.tolist()
    kept = {"een": one.recipe, "twee": two.recipe}
    assert check(home, ROUNDING, {"een": one}, 2, near=near, queries=kept).state == "checked"
    with pytest.raises(ReleaseRefused, match="nearly the same persons"):  # neither stands in the other table too
        check(home, ROUNDING, {"een": one, "twee": two}, 3, near=near[2:], queries=kept)


def test_nor_one_after_the_other_on_one_snapshot(home):
    first = own(11, "een")
    before = check(home, ROUNDING, {"een": first}, 1)
    kept, near = {"een": first.recipe}, [(HERE, HERE, 1)]
    with pytest.raises(ReleaseRefused, match="where one is rounded: twee") as refusal:
        check(home, ROUNDING, {"twee": own(12, "twee")}, 2, near=near, queries=kept)
    assert f"{before.id}/een" in refusal.value.why
    snapshot = "snap-111111111111"  # of another it is told to the reviewers
    later = replace(own(12, "twee"), snapshot=snapshot)
    assert check(home, ROUNDING, {"twee": later}, 3, snapshot=snapshot, near=near, queries=kept).state == "checked"
    exact = own(32, "drie")  # not rounded itself, it is hidden beside the rounded one
    hidden = check(home, ROUNDING, {"drie": exact}, 4, "eigen-werk", near=near, queries=kept)
    assert set(hidden.results["drie"].table.disclosure) == {"hidden"}


def test_an_own_table_of_a_few_in_all_is_not_rounded(home):
    with pytest.raises(ReleaseRefused, match="'een' can't be rounded") as refusal:
        check(home, ROUNDING, {"een": own(3, "een")})
    assert "fewer than 10 in all" in refusal.value.why


def test_many_rows_of_a_few_persons_do_not_leave_rounded(home):
    """35 cases of one person leave as 35."""
    others = world.count("in", 55, 51, stage="zm", period="2024")
    rows = [world.count("in", 35, 1, stage="om", period="2024"), others, world.count("in", 90, 52, period="2024")]
    with pytest.raises(ReleaseRefused, match="'deel' can't be rounded") as refusal:
        check(home, ROUNDING, {"deel": world.result(rows)})
    assert "fewer than 5 persons" in refusal.value.why and "by: stage, period." in refusal.value.why
    assert not {"35", "90"} & set(refusal.value.why.split())
    shares = [world.share("deel", 40, 90, period="2024") | {"n": 2}]
    with pytest.raises(ReleaseRefused, match="'deel' can't be rounded"):
        check(home, ROUNDING, {"deel": world.result(shares, function=world.CONVERSION)})
    others = world.count("in", 87, 51, stage="zm", period="2024")
    few = [world.count("in", 3, 1, stage="om", period="2024"), others, world.count("in", 90, 52, period="2024")]
    assert check(home, ROUNDING, {"deel": world.result(few)}).state == "checked"  # rounding hides how many


@pytest.mark.parametrize(("persons", "refused"), [(2, True), (float("nan"), True), (31, False)])
def test_a_code_of_the_data_is_judged_by_its_persons(home, persons, refused):
    rows = [world.count("zaken", 50, 40, soort="mogelijk een naam"), world.count("zaken", 40, 31, soort="ander")]
    rows.append(world.count("zaken", 90, 70))
    given = world.result(rows, ("soort",), world.TABULATE)
    table = given.table
    table.loc[table.soort != "_T", "n"] = persons
    if not refused:
        assert check(home, ROUNDING, {"deel": given}).state == "checked"
        return
    with pytest.raises(ReleaseRefused, match="can't be rounded"):
        check(home, ROUNDING, {"deel": given})


def test_a_count_beside_a_share_of_the_same_persons_is_compared_with_what_the_share_is_of():
    count = {"value": 41.0, "numerator": float("nan"), "denominator": float("nan")}
    left = {"eerder/deel": world.result([world.share("deel", 20, 41)], (), world.TABULATE)}
    for above, below, refused in (
        (20.0, 41.0, True),
        (41.0, 90.0, True),
        (20.0, 44.0, False),
        (float("nan"), 41.0, True),
    ):
        share = {"value": 41.0, "numerator": above, "denominator": below}
        for one, other in ((count, share), (share, count)):
            if refused:
                with pytest.raises(ReleaseRefused, match="both rounded and unrounded: mijn"):
                    check_one_method({"mijn": []}, {}, left, 10, [(("mijn", one), ("eerder/deel", other))])
            else:
                check_one_method({"mijn": []}, {}, left, 10, [(("mijn", one), ("eerder/deel", other))])


def test_a_rounded_share_of_nothing_tells_that_there_is_nothing():
    row = world.share("deel", 0, 0, stage="om", period="2024")
    given = world.result([row, world.share("deel", 41, 83, period="2024")], function=world.CONVERSION)
    table = given.table.assign(disclosure="rounded")
    cells = read_release([replace(given.with_table(table), rounded=Rounded(5, 5)).to_json()])
    assert sorted(it.value for it in cells) == [0, 0, 0, 41, 42, 83]


def test_the_attacker_finds_by_itself_what_leaves_by_both_methods(home, monkeypatch):
    monkeypatch.setattr(beside, "check_one_method", lambda *given: None)
    check(home, ROUNDING, {"verborgen": kinds(FIVE)}, 1, "eigen-werk")
    with pytest.raises(ReleaseRefused, match="contradicts what left before") as refusal:
        check(home, ROUNDING, {"deel": kinds(FIVE)}, 2)
    assert "both deel and verborgen" in refusal.value.why
    with pytest.raises(ReleaseRefused, match="one rounded and one not"):
        attack(cells({"a": 10}), [Seen("zaken", (("soort", frozenset("a")),), 10, "eerder")], 10)


def cells(numbers, release="nu", base=5, within=5):
    """A row of kinds with their total, as a reader sees them: rounded, exact where base is 0, or hidden."""
    every = frozenset(numbers) - {"_T"}
    places = {code: (("soort", every if code == "_T" else frozenset({code})),) for code in numbers}
    return [Seen("zaken", places[code], numbers[code], release, base=base, within=within) for code in numbers]


def test_an_exact_total_beside_rounded_parts_is_a_leak():
    # parts 0 to 4, 0 to 4 and 1 to 9 with 1 in all: 0, 0 and 1
    parts = cells({"a": 0, "b": 0, "c": 5})
    total = Seen("zaken", (("soort", frozenset("abc")),), 1, "eerder")
    leaks = attack(parts, [total], 10).leaks
    assert {(leak.low, leak.high) for leak in leaks if len(leak.cells) == 1} == {(0, 0), (1, 1)}
    first = next(leak for leak in leaks if len(leak.cells) == 1 and leak.high == 0)
    (most,) = proofs_of([first], parts, [total])[0]  # 1 in all, less the third, which is 1 or more
    assert [(int(term.times), term.number, term.is_known) for term in most.terms] == [(1, 1, True), (-1, 1, False)]
    assert (most.number, most.is_most, most.is_all) == (0, True, False)
    assert not attack(cells({"a": 0, "b": 0, "c": 5, "_T": 5}), [], 10).leaks


def test_a_hidden_cell_beside_rounded_ones_is_bounded_by_them():
    # a is hidden, so at least 1; b and the total are exact elsewhere, and a 4 is 24 - 20
    hidden = Seen("zaken", (("soort", frozenset("a")),), None, "eerder")
    exact = [
        Seen("zaken", (("soort", frozenset("b")),), 20, "eerder"),
        Seen("zaken", (("soort", frozenset("ab")),), 24, "eerder"),
    ]
    assert {(leak.low, leak.high) for leak in attack([], [hidden, *exact], 10).leaks} == {(4, 4)}
    rounded = [
        replace(it, value=value, release="nu", base=5, within=5) for it, value in zip(exact, (20, 25), strict=True)
    ]
    assert not attack(rounded, [hidden], 10).leaks  # up to 29 less 16 or more


def test_two_roundings_of_one_number_on_one_snapshot_are_refused():
    with pytest.raises(ReleaseRefused, match="different numbers"):
        attack(cells({"a": 10}), cells({"a": 15}, "eerder"), 10)


def test_what_two_snapshots_tell_of_a_number_that_did_not_change(home):
    """Alone 12 goes to 10, and in a table where that costs less to 15: side by side 11 to 14. So what left is kept."""
    check(home, ROUNDING, {"deel": kinds({"om": 12, "rechter": 30})}, 1)
    later = replace(kinds({"om": 12, "rechter": 33, "politie": 8}), snapshot="snap-111111111111")
    kept = check(home, ROUNDING, {"deel": later}, 2, snapshot="snap-111111111111")
    fresh = check(Home(home.root / "elsewhere"), ROUNDING, {"deel": later}, 2, snapshot="snap-111111111111")
    value = {name: it.results["deel"].table.set_index("stage").value["om"] for name, it in (("k", kept), ("f", fresh))}
    assert value["k"] == 10  # 6 to 14, whatever it would be by itself
    assert value["f"] in (10, 15)


def test_a_part_of_a_population_that_is_nearly_all_of_it_is_told_no_closer():
    # 23 of 24: their difference, 1, is shown as nothing or as one base
    names = ("reached_later", "reached_next")
    rows = [world.share(name, part, 100, stage="om", period="2024") for name, part in zip(names, (24, 23), strict=True)]
    given = world.result(rows, function=world.CONVERSION)
    rounded = rounding_of_results.round_together({"a": given}, 5, ROUNDING, left={})["a"]
    later, following = rounded.table.numerator
    assert later - following in (0, 5) and later >= following
    text = rounded.to_json()
    assert not attack(read_release([text]), [], 10).leaks


@pytest.mark.parametrize("numbers", [{"om": 4, "_T": 4}, {"om": 4, "rechter": 3, "_T": 7}])
def test_rounding_that_is_broken_lets_nothing_leave(home, monkeypatch, numbers):
    def far_from_what_is_true(model, base, kept=None):
        rounded = (2 * model.values + base) // (2 * base) * base
        rounded[model.values == 4] = 40
        return Rounding(rounded, base, 0, True, 0, 0)

    monkeypatch.setattr(rounding_of_results, "rounded_under_control", far_from_what_is_true)
    parts = {code: number for code, number in numbers.items() if code != "_T"}
    with pytest.raises(ReleaseRefused):
        check(home, ROUNDING, {"deel": kinds(parts)})
    assert list_releases(home) == []


def test_the_register_and_the_csv_tell_how_it_was_rounded(home):
    release = check(home, ROUNDING, {"deel": kinds(FIVE)})
    read = read_register(json.dumps(register_of([release])))
    own = read_release([release.results["deel"].to_json()], release=release.id, project="verhaal")
    assert read == own and {(cell.base, cell.within) for cell in read} == {(5, 5)}
    assert register_entry("x", read)["cells"][0]["base"] == 5
    text, how = release.results["deel"].to_csv(), release.results["deel"].rounded.to_document()
    assert {cell.value for cell in read_csv(text, ["stage"], rounded=how)} == {cell.value for cell in own}
    with pytest.raises(ReleaseRefused, match="can't read"):
        read_csv(text, ["stage"])


def test_random_tables_leave_safe(home):
    rng = np.random.default_rng(3)
    for at in range(4):
        numbers = dict(zip(("om", "rechter", "politie"), rng.integers(0, 30, 3).tolist(), strict=True))
        release = check(Home(home.root / str(at)), ROUNDING, {"deel": kinds(numbers)}, at)
        true, shown = kinds(numbers).table.value, release.results["deel"].table.value
        assert ((true - shown).abs() < 5).all() and release.snapshot == SNAPSHOT
