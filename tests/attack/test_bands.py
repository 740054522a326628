"""An attacker who reads the band of a released number: no count of few persons lies between the number and its ends.

Shares no code with the rules. What is known of a world is how many records the links bring together; the attacker asks
which worlds give the same file.
"""

import json
from dataclasses import replace
from itertools import pairwise

import disclosure_world as world
import pytest

from das_research.disclosure.rules import protect, withheld
from das_research.presentation.bands import Band
from das_research.result import TOTAL

MINIMUM = 10
GROUPS = ("man", "vrouw")
OWN, FIGURE = world.TABULATE, "das_research.figures.compute"


def counted(value, **place):
    return world.count("personen", value, period="2023", **place)


def with_moves(moves, sizes=(400, 300), loose=None):
    """Two groups and their total; by the strict link each has so many persons more, by the loose one so many fewer."""
    places = [{"soort": group} for group in GROUPS] + [{"soort": TOTAL}]
    numbers = [*sizes, sum(sizes)]
    strict = [*moves, sum(moves)]
    less = [*(loose or moves), sum(loose or moves)]
    rows = [counted(number, **place) for number, place in zip(numbers, places, strict=True)]
    cells = {
        ("personen", place["soort"], "2023"): (float(number + more), float(number - fewer))
        for number, more, fewer, place in zip(numbers, strict, less, places, strict=True)
    }
    return replaced(world.result(rows, ("soort",), function=OWN), cells)


def replaced(result, cells):
    return replace(result, band=Band(cells))


def band_in(result):
    """The band as it stands in the file."""
    document = json.loads(result.to_json())
    return {tuple(place): (strict, loose) for *place, strict, loose in document["band"]["rows"]}


def released(moves, **more):
    return protect(with_moves(moves, **more), world.catalog(minimum=MINIMUM))[0]


@pytest.mark.parametrize("few", range(1, MINIMUM))
def test_the_band_of_a_total_never_lies_few_persons_from_it(few):
    strict, loose = band_in(released((few, 0)))["personen", TOTAL, "2023"]
    assert (strict - 700, 700 - loose) == (MINIMUM, MINIMUM)


def test_worlds_that_differ_by_few_persons_give_one_file():
    files = {moved: released((moved, 0)).to_json() for moved in range(31)}
    classes = [moved for moved, after in pairwise(files) if files[moved] != files[after]]
    assert classes == [0, 10, 20]  # 0, then 1 to 10, 11 to 20, 21 to 30


def test_the_bands_of_groups_do_not_leave_so_none_is_the_total_less_the_others():
    shown = band_in(released((30, 3)))
    assert set(shown) == {("personen", TOTAL, "2023")}


def test_who_moves_between_groups_alone_is_not_told():
    """Three persons change group by the strict link; the total stays: the file says no more than an unmoved total."""
    moved, unmoved = released((3, -3), loose=(0, 0)), released((4, -4), loose=(0, 0))
    assert moved.to_json() == unmoved.to_json()
    assert set(band_in(moved).values()) == {(700, 700)}


def test_a_hidden_number_has_no_band():
    result = released((3, 2), sizes=(4, 2))
    assert (result.table.disclosure == "hidden").all()
    assert result.band is None


def test_a_result_that_does_not_pass_has_no_band():
    assert withheld(with_moves((3, 2)), world.catalog(), "failed", "shape")[0].band is None


@pytest.mark.parametrize("few", [1, 4, 9])
def test_a_share_moves_by_the_minimum_of_its_units_or_not_at_all(few):
    """200 of 1000; each person in the numerator is 0.1 point, so ten are a whole one."""
    row = world.share("deel", 200, 1000, stage="om", period="2023")
    result = world.result([row], function=FIGURE)
    moved = replaced(result, {("deel", "om", "2023"): (20.0 + few / 10, 20.0)})
    after = band_in(protect(moved, world.catalog(minimum=MINIMUM))[0])
    assert after["deel", "om", "2023"] == pytest.approx((21.0, 20.0))


def test_a_count_of_rows_moves_by_the_rows_of_the_minimum_of_persons():
    """500 rows of 100 persons: five each, so ten persons are fifty rows."""
    result = world.result([world.count("rijen", 500, 100, stage="om", period="2023")], function=FIGURE)
    moved = replaced(result, {("rijen", "om", "2023"): (503.0, 500.0)})
    assert band_in(protect(moved, world.catalog(minimum=MINIMUM))[0])["rijen", "om", "2023"] == (550, 500)


def test_years_that_a_total_sums_up_have_no_band_of_their_own():
    rows = [world.count("personen", value, stage="om", period=year) for year, value in (("2022", 100), ("2023", 100))]
    rows.append(world.count("personen", 190, stage="om", period=TOTAL))
    result = world.result(rows, function=OWN)
    cells = {("personen", "om", year): (203.0, 99.0) for year in ("2022", "2023", TOTAL)}
    after = protect(replaced(result, cells), world.catalog(minimum=MINIMUM))[0]
    assert {place[-1] for place in band_in(after)} == {TOTAL}
