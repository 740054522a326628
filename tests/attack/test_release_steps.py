"""How many each step of a table's making left, as a number to subtract from: beside own tables, and after them."""

from dataclasses import replace
from types import SimpleNamespace

import disclosure_world as world
import pytest
from disclosure_world import count

from das_research.catalog.models import Text
from das_research.disclosure.beside import Beside
from das_research.disclosure.side_by_side import SideBySide
from das_research.disclosure.steps_beside import beside_steps, without_steps
from das_research.result import Step

CATALOG = world.catalog()
STEPS = (Step(303, 250, Text(nl="zonder datum", en="without a date")),)


def flow():
    """Of 303 cases 250 have a date."""
    return world.result([count("in", 250, stage="om")], attrition=STEPS)


def own(number):
    """Cases by an author's own query, under which nobody knows who is."""
    return world.result([count("zaken", number)], (), world.TABULATE, query="select 1")


def left_before(**results):
    return SimpleNamespace(
        id="rel-1", run="other", state="approved", snapshot="snap-000000000000", project="verhaal", results=results,
        decisions={}, audit_line=1,
    )  # fmt: skip


def released(before=(), **results):
    beside = Beside(SideBySide(CATALOG, before, "verhaal", "run", "snap-000000000000", results, None))
    return {name: beside.protect(name, it) for name, it in results.items()}


def test_an_own_table_beside_it_takes_the_steps_of_a_figure_away():
    """303 cases are known, and 300 of them are in the own table: the three others are in no cell."""
    assert released(flow=flow())["flow"][0].attrition == STEPS
    assert released(flow=flow(), eigen=own(300))["flow"][0].attrition == ()
    assert released([left_before(eigen=own(300))], flow=flow())["flow"][0].attrition == ()


@pytest.mark.parametrize(
    ("number", "near"),
    [(300, True), (303, False), (313, False), (257, True), (60, True), (44, True), (63, False)],  # 303 - 250 = 53
)
def test_an_own_table_after_it_is_for_people_where_it_differs_by_few(number, near):
    shown = flow().with_table(flow().table.assign(disclosure="shown"))
    result, decision = released([left_before(flow=shown)], eigen=own(number))["eigen"]
    asked = {it.name: it for it in decision.checks}
    assert (result.table.disclosure == "shown").all() and ("steps" in asked) == near == ("no steps" not in asked)
    if near:
        assert asked["steps"].verdict == "not checked" and asked["steps"].given == {"n": 10, "cells": 1}


def test_where_no_step_left_none_is_asked_of():
    assert not {"steps", "no steps"} & {it.name for it in released(eigen=own(300))["eigen"][1].checks}


def shown(result):
    return result.with_table(result.table.assign(disclosure="shown"))


def by_code(**numbers):
    rows = [count("zaken", number, soort=code) for code, number in {**numbers, "_T": sum(numbers.values())}.items()]
    return world.result(rows, ("soort",), world.TABULATE, query="select 1")


@pytest.mark.parametrize(
    ("numbers", "cells"),
    [
        ({"a": 100, "b": 200, "c": 500}, 3),  # 100 + 200 = 300; and 800 - 500 is that too
        ({"a": 100, "b": 500, "c": 203}, 0),  # 303 itself, not nearly
        ({"a": 100, "b": 150, "c": 500}, 0),
        ({"a": 152, "b": 600, "c": 800}, 0),  # 152 is added to no other 152
    ],
)
def test_two_codes_together_are_laid_beside_a_step(numbers, cells):
    asked = {
        it.name: it
        for it in released([left_before(flow=shown(flow()))], eigen=by_code(**numbers))["eigen"][1].checks
    }  # fmt: skip
    assert asked["steps" if cells else "no steps"].given == ({"n": 10, "cells": cells} if cells else {"n": 10})


def test_steps_of_other_years_that_differ_by_few_do_not_both_leave():
    """303 cases stood in a stage until 2024 and 300 until 2023: three came in 2024, a number that is hidden."""
    earlier = world.result([count("in", 247, stage="om")], attrition=(Step(300, 247, Text(nl="geen", en="none")),))
    assert released(flow=flow(), tot_2023=earlier)["flow"][0].attrition == ()
    assert released([left_before(flow=shown(earlier))], flow=flow())["flow"][0].attrition == ()
    same = [left_before(flow=shown(flow()))]
    assert released(same, flow=flow())["flow"][0].attrition == STEPS  # the same steps tell nothing


def test_a_total_that_is_hidden_is_not_told_by_the_last_step():
    """A total that left hidden before would be read from what the last step keeps."""
    rows = [count("in", number, stage="om", period=year) for year, number in (("2020", 5), ("2021", 4), ("_T", 9))]
    steps = (Step(303, 250, STEPS[0].reason), Step(250, 20, STEPS[0].reason))
    result, _ = released(flow=world.result([*rows, count("in", 9)], attrition=steps))["flow"]
    assert (result.table.disclosure == "hidden").any() and result.attrition == ()


def model(persons):
    row = {"measure": "persons", "unit": "persons", "value": persons, "term": "_T", "level": "_T", "n": 100}
    return world.result([row], ("term", "level"), "das_research.chain.cox", "model", query="select 1")


@pytest.mark.parametrize(("number", "name"), [(300, "steps"), (303, "no steps"), (320, "no steps")])
def test_what_a_model_rests_on_is_laid_beside_an_own_table(number, name):
    """A model of 303 persons beside a table of 300: who is in the one alone, nobody can find out."""
    before = [left_before(model=shown(model(303)))]
    assert name in {it.name for it in released(before, eigen=own(number))["eigen"][1].checks}
    assert name in {it.name for it in released(eigen=own(number), model=model(303))["eigen"][1].checks}
    after = list(beside_steps(shown(model(303)), [shown(own(number))], [], 10))
    assert [it.name for it in after] == [name]


def test_the_steps_of_an_authors_model_stay_behind_beside_another():
    made = replace(model(303), attrition=STEPS)
    assert without_steps(made, [], 10).attrition == STEPS and without_steps(made, [model(400)], 10).attrition == ()
