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
from das_research.disclosure.attacker.seen import Seen, read_csv, read_register, read_release, register_entry
from das_research.disclosure.register import register_of
from das_research.disclosure.releases import list_releases
from das_research.disclosure.review import return_release
from das_research.disclosure.rounding import results as rounding_of_results
from das_research.disclosure.rounding.controlled import Rounding
from das_research.disclosure.rounding.one_method import check_one_method
from das_research.errors import ReleaseRefused
from das_research.home import Home

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
