"""A number that was revised by few is shown to reviewers with the one that left before; nothing is hidden for it."""

from dataclasses import replace

import disclosure_world as world
import pytest
from disclosure_world import CONVERSION, FLOW, count, share

from das_research.disclosure.releases import Release
from das_research.disclosure.revisions import revisions


def made(snapshot, cases, function=FLOW, **parameters):
    rows = [count("in", cases, stage="om", period="2023")] if function == FLOW else []
    rows = rows or [share("reached_next", cases, 400, stage="om", period="2023")]
    return replace(shown_all(world.result(rows, function=function, **parameters)), snapshot=snapshot)


def shown_all(result):
    return result.with_table(result.table.assign(disclosure="shown"))


def release(result, state="approved"):
    return Release(
        "rel-000000000000", state, "keten", {}, "verhaal", "ext-0", result.snapshot, True, "a", "b", (), {"x": result},
        {},
    )  # type: ignore[arg-type]  # fmt: skip


def test_a_small_revision_is_told_with_both_numbers():
    (found,) = revisions({"flow": made("snap-b", 103)}, [release(made("snap-a", 100))], 10)
    assert found == {
        "result": "flow", "release": "rel-000000000000", "cell": "in, om, 2023", "number": "value", "now": 103.0,
        "before": 100.0,
    }  # fmt: skip


def test_of_a_share_the_numbers_above_and_below_its_line_are_compared():
    now, before = made("snap-b", 203, CONVERSION), made("snap-a", 200, CONVERSION)
    assert [it["number"] for it in revisions({"x": now}, [release(before)], 10)] == ["numerator"]


@pytest.mark.parametrize("cases", [100, 110, 90, 1000])
def test_no_difference_and_one_of_enough_units_are_not_told(cases):
    assert revisions({"flow": made("snap-b", cases)}, [release(made("snap-a", 100))], 10) == []


def test_another_question_the_same_snapshot_and_what_came_back_are_not_compared():
    now = {"flow": made("snap-b", 103)}
    assert revisions(now, [release(made("snap-a", 100, by=["soort"]))], 10) == []
    assert revisions(now, [release(made("snap-b", 100))], 10) == []
    assert revisions(now, [release(made("snap-a", 100), "returned")], 10) == []
    assert len(revisions(now, [release(made("snap-a", 100, last_year=2023))], 10)) == 1


def test_a_hidden_number_is_compared_with_nothing():
    hidden = made("snap-b", 103)
    hidden = hidden.with_table(hidden.table.assign(disclosure="hidden"))
    assert revisions({"flow": hidden}, [release(made("snap-a", 100))], 10) == []
