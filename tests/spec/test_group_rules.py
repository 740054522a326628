"""What a table tells of whole groups, with the arithmetic of it: of (nearly) everybody, and to the one who is another.

After the Handbook on Statistical Disclosure Control, 2nd edition, chapter 5. People judge whether it may be told: what
a whole group has can be the code of its region, and that of an illness.
"""

import disclosure_world as world
import pytest
from disclosure_world import count

from das_research.catalog.models import Disclosure
from das_research.catalog.models.base import StricterRules
from das_research.catalog.strictest import as_strict_as_asked
from das_research.disclosure.check_words import say_check
from das_research.disclosure.checks import one_code_holds_all
from das_research.disclosure.rules import protect


def kinds(minimum=10, percent=100, persons=None, **of):
    """A table by kind with its total, and what gate 3 asks of it: rule to its check."""
    total = sum(of.values())
    persons = persons or {**of, "_T": total}
    rows = [count("zaken", value, persons[code], soort=code) for code, value in {**of, "_T": total}.items()]
    catalog = world.catalog(disclosure=Disclosure(minimum=minimum, group_percent=percent))
    released, decision = protect(world.result(rows, ("soort",)), catalog)
    return set(world.shown(released).soort), {it.name: it for it in decision.checks}


@pytest.mark.parametrize(
    ("gw", "wv", "percent", "told"),
    [
        (90, 10, 90, False),  # 100 * 90 / 100 = 90, which is not more
        (91, 10, 90, True),  # 100 * 91 / 101 = 90.1
        (91, 10, 95, False),
        (100, 0, 100, True),  # of all always
    ],
)
def test_a_code_that_more_than_so_many_percent_of_a_total_have_is_for_people(gw, wv, percent, told):
    shown, asked = kinds(percent=percent, gw=gw, wv=wv)
    how = "all" if percent == 100 else "most"
    assert "_T" in shown and (f"one code holds {how}" in asked) == told == (f"no code holds {how}" not in asked)
    if told and how == "most":
        check = asked["one code holds most"]
        assert check.verdict == "not checked" and check.given == {"percent": "90", "cells": 1}
        assert "meer dan 90% dezelfde code" in say_check(vars(check), "nl")


def test_all_but_one_have_a_code_and_that_one_knows_it_of_all_the_others():
    """60 - 59 = 1: both are hidden and the total is not, from which the one who is not among the 59 takes itself."""
    shown, asked = kinds(gw=59, wv=1)
    assert shown == {"_T"} and asked["all but one"].verdict == "not checked"
    assert "all but one" not in kinds(gw=58, wv=2)[1]  # neither of the two knows of the other
    assert "all but one" not in kinds(gw=58, wv=1, vm=1)[1]


def test_it_is_persons_who_know_of_others():
    """Sixty cases of 41 persons, of whom one has the twenty others: that one knows of the forty."""
    asked = kinds(gw=40, wv=20, persons={"gw": 40, "wv": 1, "_T": 41})[1]
    assert asked["all but one"].given == {"cells": 1}


def test_where_the_total_is_hidden_too_nobody_takes_anything_from_it():
    assert "all but one" not in kinds(minimum=20, gw=13, wv=1)[1]


def test_the_strictest_of_catalogue_agreement_and_grant_holds():
    catalog = world.catalog(disclosure=Disclosure(group_percent=95))
    grant = catalog.grants["verhaal"].model_copy(update={"disclosure": StricterRules(group_percent=90)})
    agreement = catalog.agreements["levering"].model_copy(update={"disclosure": StricterRules(group_percent=98)})
    asked = catalog.model_copy(update={"grants": {"verhaal": grant}, "agreements": {"levering": agreement}})
    assert as_strict_as_asked(asked, "verhaal").disclosure.group_percent == 90


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ({"gw": 3, "wv": 1}, 0),  # 4 and 3 become 5 and 5, but 100 * 3 / 4 = 75
        ({"gw": 4, "wv": 0}, 1),
        ({"gw": 92, "wv": 8}, 1),  # 90 of 100 is not more than 90%, but 92 are
        ({"gw": 2, "wv": 0}, 0),  # 0 of 0 tells of nobody
    ],
)
def test_of_rounded_numbers_the_true_ones_are_asked(numbers, told):
    of = {**numbers, "_T": sum(numbers.values())}
    true = world.result([count("zaken", value, soort=code) for code, value in of.items()], ("soort",))
    near = {code: 5 * round(value / 5) for code, value in of.items()}
    rounded = true.with_table(true.table.assign(value=true.table.soort.map(near), disclosure="rounded"))
    assert one_code_holds_all(true, rounded, 90) == told


def test_a_rule_says_how_many_cells_it_hid_itself():
    """Of 3, 97 and 100 the first is too small; the second goes with it, and is no cell that the rule hid."""
    asked = kinds(gw=3, wv=97)[1]
    assert asked["minimum"].given == {"n": 10, "hidden": 1}
    assert say_check(vars(asked["minimum"]), "en") == "10 or more units under every number shown (hidden for it: 1)"
    assert "hidden" not in kinds(gw=40, wv=97)[1]["minimum"].given
    rows = [
        world.share("deel", 3, 100, soort="gw"),
        world.share("deel", 40, 100, soort="wv"),
        world.share("deel", 43, 200),
    ]
    made = world.result(rows, ("soort",))
    checks = {it.name: it.given for it in protect(made, world.catalog())[1].checks}
    assert checks["shares"] == {"n": 10, "hidden": 1} and checks["minimum"] == {"n": 10}
