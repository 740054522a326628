"""Numbers that no table can have are refused, before a rule is asked that would take them for true."""

import disclosure_world as world
import pytest
from disclosure_world import TABULATE, count, share

from das_research.disclosure.gate import check_release
from das_research.disclosure.releases import FOLDER, read_release, release_id
from das_research.disclosure.sound import faults_of
from das_research.errors import NotJudged, ReleaseRefused
from das_research.home import Home

CATALOG = world.catalog()
WRONG = {
    "a code is missing": [count("in", 40, stage="om"), count("in", 30, stage="politie"), count("in", 100)],
    "more than its total": [count("in", 40, stage="om"), count("in", 3, stage="politie"), count("in", 39)],
    "in is below zero": [count("in", -40, n=40, stage="om"), count("in", 80, stage="politie"), count("in", 40)],
    "number of units of in is below zero": [count("in", 40, n=-5, stage="om")],
    "more than its denominator": [share("op", 60, 50, stage="om")],
    "not its numerator over its denominator": [share("op", 30, 60, stage="om") | {"value": 40.0}],
    "a numerator of op is below zero": [share("op", -30, 60, stage="om")],
    "a denominator of op is below zero": [share("op", -30, -60, stage="om")],
}


def brought(home, result):
    folder = world.hand_over(home, {"flow": result})
    return check_release(CATALOG, home, folder, lambda project, recipe: result, "poort")


@pytest.mark.parametrize("why", WRONG)
def test_a_table_that_can_not_be_is_refused_without_a_number(tmp_path, why):
    with pytest.raises(ReleaseRefused, match=why) as refusal:
        brought(Home(tmp_path / "home"), world.result(WRONG[why]))
    assert refusal.value.fix
    assert not any(digit in str(refusal.value) for digit in "0123456789")


def own(kind, *numbers, total):
    codes = [{"soort": f"s-{'abc'[at]}"} for at in range(len(numbers))]
    rows = [count("aantal", number, n=40, **code) for number, code in zip(numbers, codes, strict=True)]
    rows += [count("aantal", total)] if total is not None else []
    return world.result(rows, ("soort",), TABULATE, measures={"aantal": kind})


@pytest.mark.parametrize(
    ("kind", "numbers", "total", "faults"),
    [
        ("count", (40, 30), 70, []),
        ("count", (40, 30), None, ["aantal has no total over soort"]),
        ("count", (40, 31), 70, ["the parts of aantal by soort are more than their total"]),
        ("persons", (40, 31), 70, []),  # a person can have several codes
        ("cases", (40, 31), 70, []),
        ("persons", (71, 31), 70, ["a part of aantal by soort is more than its total"]),
        ("persons", (30, 31), 70, ["the parts of aantal by soort are less than their total: a code is missing"]),
        (["sum", "dagen"], (40, -31), 70, []),  # amounts can be below zero, and are no units
    ],
)
def test_persons_can_overlap_and_rows_can_not(kind, numbers, total, faults):
    assert faults_of(own(kind, *numbers, total=total)) == faults


def test_what_is_hidden_is_asked_nothing(tmp_path):
    rows = [count("in", cases, stage=stage) for stage, cases in (("om", 40), ("politie", 3), ("zm", 30), ("_T", 73))]
    released = brought(Home(tmp_path / "home"), world.result(rows)).results["flow"]
    assert len(world.shown(released)) < len(rows)
    assert faults_of(released) == []


def test_a_release_that_was_laid_there_with_such_numbers_is_not_read(tmp_path):
    home = Home(tmp_path / "home")
    release = brought(home, world.result([count("in", 40, stage="om"), count("in", 40)]))
    table = release.results["flow"].table
    forged = release.results["flow"].with_table(table.assign(value=table.value.where(table.stage == "om", 39)))
    id = release_id(release.monitor, release.parameters, release.sections, {"flow": forged})
    folder = home.releases / release.id
    (folder / FOLDER / "flow.json").write_text(forged.to_json(), encoding="utf-8")
    folder.rename(home.releases / id)
    with pytest.raises(NotJudged, match="numbers that no table can have"):
        read_release(home, id)
