"""Sums by hand: contributions, what the rules ask of their cell, and which cells then keep it."""

import disclosure_world as world
import pytest

from das_research.disclosure.rules import unsafe_rows
from das_research.disclosure.together.numbers import Told
from das_research.disclosure.together.protect import protect_together
from das_research.presentation.dominance import Dominance

# Three branches with contributions, and their total.
#   a: 64 + 20 + 16 = 100    the largest is 64 %: 100/50 * 64 - 100 = 28 above it must be possible
#   b: ten times 4 = 40      the largest knows 4 of it (10 %): it can be 36 less
#   c: ten times 30 = 300    the largest knows 30 of it (10 %): it can be 270 less
#   total: 440               64 is no half of it
GAVE = {"a": [64, 20, 16], "b": [4] * 10, "c": [30] * 10}
SUMS = {code: sum(them) for code, them in GAVE.items()} | {"_T": 440}


def masked(known, need=28, minimum=3):
    rows = [
        {
            "measure": "omzet",
            "value": value,
            "n": 23 if code == "_T" else len(GAVE[code]),
            "unit": "number",
            "tak": code,
        }
        for code, value in SUMS.items()
    ]
    made = world.result(rows, ("tak",), world.TABULATE, measures={"omzet": ["sum", "omzet"]}, query="q")
    place = {code: ("omzet", code, "_T") for code in SUMS}
    dominance = Dominance({place["a"]: need}, {place[code]: percent for code, percent in known.items()})
    made = type(made)(**{**made.__dict__, "dominance": dominance})
    mask = protect_together({"own": Told(made, unsafe_rows(made, minimum))}, minimum).masks["own"]
    return {row.tak for row in made.table[mask].itertuples()}


def test_the_smallest_partner_that_leaves_room_enough_goes_too():
    """With b hidden, 140 is left for both: b holds the 4 of its largest, so that a can be 136, and 128 is asked."""
    assert masked({"a": 64, "b": 10, "c": 10, "_T": 15}) == {"a", "b"}


def test_a_partner_of_one_contributor_leaves_no_room():
    """Were all of b one's own, that one would subtract it: a is kept by c."""
    assert masked({"a": 64, "b": 100, "c": 10, "_T": 15}) == {"a", "c"}


def test_a_level_that_the_smallest_does_not_reach_takes_a_larger_one():
    """40 above 100 is more than the 36 that b can be less; c can be 270 less."""
    assert masked({"a": 64, "b": 10, "c": 10, "_T": 15}, need=40) == {"a", "c"}


@pytest.mark.parametrize(("known", "hidden"), [(20, {"a", "b"}), (31, {"a", "c"})])
def test_what_the_largest_know_is_what_a_partner_can_not_be_less_than(known, hidden):
    """Of 40, 20 % is 8 and 32 is left, more than 28; 31 % is 13 and 27 is left, less than 28."""
    assert masked({"a": 64, "b": known, "c": 10, "_T": 15}) == hidden
