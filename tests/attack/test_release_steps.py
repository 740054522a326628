"""How many each step of a table's making left, as a number to subtract from: beside own tables, and after them."""

from types import SimpleNamespace

import disclosure_world as world
import pytest
from disclosure_world import count

from das_research.catalog.models import Text
from das_research.disclosure.beside import Beside
from das_research.disclosure.side_by_side import SideBySide
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
