"""Results that leave together, attacked from their files: by margins, under other names, and with what left before."""

from itertools import combinations

import disclosure_world as world
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from das_research.catalog.models import Classification, Code, Text
from das_research.disclosure.attacker.attack import attack
from das_research.disclosure.attacker.seen import read_release
from das_research.disclosure.breakdowns import smallest_cover
from das_research.disclosure.hide import hide
from das_research.disclosure.rules import is_unsafe
from das_research.disclosure.together.numbers import Told
from das_research.disclosure.together.protect import protect_together
from das_research.errors import ReleaseRefused

MINIMUM = 10
KINDS, AGES, REGIONS = ("wv", "gw", "vm"), ("jong", "oud"), ("noord", "zuid")
BY_AGE = dict(zip([(kind, age) for kind in KINDS for age in AGES], (3, 40, 60, 25, 80, 90), strict=True))
BY_REGION = dict(zip([(kind, it) for kind in KINDS for it in REGIONS], (20, 23, 81, 4, 70, 100), strict=True))
CODES = [Code(code=code, label=Text(nl=code, en=code)) for code in (*KINDS, *AGES, *REGIONS)]
CATALOG = world.catalog(classifications={"codes": Classification(id="codes", title="codes", version="1", codes=CODES)})


def counts(other, numbers, measure="zaken"):
    """A Result by kind and another dimension, with every total."""
    rows = []
    for kind in (*KINDS, "_T"):
        for code in (*dict.fromkeys(code for _, code in numbers), "_T"):
            parts = [n for (a, b), n in numbers.items() if kind in (a, "_T") and code in (b, "_T")]
            rows.append(world.count(measure, sum(parts), soort=kind, **{other: code}))
    return world.result(rows, ("soort", other), world.TABULATE)


def told(result, hidden=None):
    return Told(result, result.table.apply(is_unsafe(MINIMUM), axis=1).astype(bool), hidden)


def masks(**results):
    return protect_together({name: told(result) for name, result in results.items()}, MINIMUM).masks


def leaks(*results, earlier=()):
    """What the attacker finds in the files of Results and their masks, and in those that left before."""
    files, before = ([hide(result, mask, CATALOG).to_json() for result, mask in them] for them in (results, earlier))
    return attack(read_release(files, release="nu"), read_release(before, release="eerder"), MINIMUM).leaks


def rows(result, mask):
    names = [*result.dimensions, "measure", "period"]
    return {tuple(code for code in row if code != "_T") for row in result.table.loc[mask, names].to_numpy().tolist()}


def test_fewer_cells_are_hidden_than_with_whole_breakdowns_and_the_files_hold():
    ages, regions = counts("leeftijd", BY_AGE), counts("regio", BY_REGION)
    found = masks(ages=ages, regions=regions)
    assert leaks((ages, found["ages"]), (regions, found["regions"])) == ()
    whole = sum(smallest_cover(result, told(result).unsafe, MINIMUM)[0].sum() for result in (ages, regions))
    assert sum(mask.sum() for mask in found.values()) < whole
    assert all(found[name][told(result).unsafe].all() for name, result in (("ages", ages), ("regions", regions)))


def test_a_margin_that_is_hidden_in_one_table_is_hidden_in_the_other():
    # all of gw are 8: unsafe in both; each hides another kind's total with it, and neither the same one
    ages = counts("leeftijd", BY_AGE | {("gw", "jong"): 4, ("gw", "oud"): 4})
    regions = counts("regio", BY_REGION | {("gw", "noord"): 4, ("gw", "zuid"): 4})
    found = masks(ages=ages, regions=regions)
    assert leaks((ages, found["ages"]), (regions, found["regions"])) == ()
    totals = [
        {row for row in rows(result, found[name]) if len(row) == 2}
        for name, result in (("ages", ages), ("regions", regions))
    ]
    assert totals[0] == totals[1] != set()
    alone = masks(ages=ages)["ages"]
    alone[(ages.table.leeftijd == "_T") & (ages.table.soort != "gw")] = False
    assert leaks((ages, alone), (regions, found["regions"])) != ()


def test_the_same_numbers_under_other_names_are_hidden_with_them():
    # the second table counts the same and is called otherwise; nobody says so, but 40 stands where 40 stood
    ages, others = counts("leeftijd", BY_AGE), counts("leeftijd", BY_AGE, measure="iets_anders")
    found = masks(ages=ages, others=others)
    assert [row[:2] for row in sorted(rows(ages, found["ages"]))] == [
        row[:2] for row in sorted(rows(others, found["others"]))
    ]


@pytest.mark.parametrize(("went_on", "left"), [(60, 32), (32, 60)])
def test_of_two_shares_beside_a_small_one_the_smaller_is_hidden(went_on, left):
    parts = {"of_entered": went_on, "left": left, "open": 8}
    rows_of = [world.share(name, number, 100, stage="om", period="2020") for name, number in parts.items()]
    result = world.result(rows_of, function="das_research.chain.conversion_by_year")
    smaller = min(("of_entered", "left"), key=lambda name: parts[name])
    assert rows(result, masks(x=result)["x"]) == {("om", "open", "2020"), ("om", smaller, "2020")}


def test_what_left_before_counts():
    ages, regions = counts("leeftijd", BY_AGE), counts("regio", BY_REGION)
    first = masks(ages=ages)["ages"]
    earlier = {"before": told(ages, first)}
    again = protect_together({"ages": told(ages)}, MINIMUM, earlier=earlier).masks["ages"]
    assert (first == again).all()
    later = protect_together({"regions": told(regions)}, MINIMUM, earlier=earlier).masks["regions"]
    assert leaks((regions, later), earlier=[(ages, first)]) == ()


def test_a_table_that_would_give_away_what_was_hidden_before_is_not_protected_cell_by_cell():
    ages = counts("leeftijd", BY_AGE)
    kinds = ages.with_table(ages.table[ages.table.leeftijd != "_T"])
    everything = pd.Series(False, index=ages.table.index)
    seen = told(ages, everything)  # 3 has been seen: nothing can protect it any more
    found = protect_together({"kinds": told(kinds)}, MINIMUM, earlier={"before": seen})
    assert found.masks.get("kinds", pd.Series(True)).any()


def test_years_add_up_to_their_whole_period_and_stages_to_nothing():
    numbers = {"om": {"2020": 4, "2021": 50, "2022": 60, "2020/2022": 114}}
    numbers["rechter"] = {"2020": 40, "2021": 50, "2022": 60, "2020/2022": 150}
    result = world.result(
        [world.count("in", n, stage=stage, period=it) for stage in numbers for it, n in numbers[stage].items()]
    )
    # 114 - 60 = 54 = 4 + 50, so one more year goes; the other stage has nothing to hide
    assert rows(result, masks(x=result)["x"]) == {("om", "in", "2020"), ("om", "in", "2021")}


def test_the_quarters_of_one_table_add_up_to_the_year_of_another():
    quarters = {"2020-Q1": 4, "2020-Q2": 50, "2020-Q3": 60, "2020-Q4": 70}
    fine = world.result([world.count("in", n, stage="om", period=it) for it, n in quarters.items()])
    year = world.result([world.count("in", 184, stage="om", period="2020")])
    assert rows(fine, masks(fine=fine)["fine"]) == {("om", "in", "2020-Q1")}  # nothing tells their sum
    found = masks(fine=fine, year=year)
    assert len(rows(fine, found["fine"]) | rows(year, found["year"])) == 2


def test_what_came_in_is_what_went_on_went_out_and_is_there():
    # 100 + 60 = 90 + 3 + 67: with all others shown, 3 is what is left
    place = {"stage": "om", "period": "2020"}
    numbers = {"open_begin": 100, "in": 60, "on": 90, "out": 3, "open_end": 67}
    result = world.result([world.count(measure, number, **place) for measure, number in numbers.items()])
    hidden = {row[1] for row in rows(result, masks(x=result)["x"])}
    assert "out" in hidden and len(hidden) == 2


def test_the_stock_of_one_year_is_that_of_the_next():
    rows_of = [world.count(measure, n, stage="om", period="2020") for measure, n in
               (("open_begin", 100), ("in", 60), ("on", 90), ("out", 3), ("open_end", 67))]  # fmt: skip
    rows_of += [world.count(measure, n, stage="om", period="2021") for measure, n in
                (("open_begin", 67), ("in", 50), ("on", 40), ("out", 30), ("open_end", 47))]  # fmt: skip
    result = world.result(rows_of)
    hidden = rows(result, masks(x=result)["x"])
    assert (("om", "open_end", "2020") in hidden) == (("om", "open_begin", "2021") in hidden)


def test_shares_are_protected_through_the_counts_under_them():
    # of 200, 120 went on and 77 are open: with both shown, 3 left
    parts = {"reached_later": 120, "left": 3, "open": 77}
    result = world.result(
        [world.share(measure, n, 200, stage="om") for measure, n in parts.items()], ("stage",), world.CONVERSION
    )
    hidden = {row[1] for row in rows(result, masks(x=result)["x"])}
    assert "left" in hidden and len(hidden) >= 2


def test_two_measures_of_which_one_is_a_part_of_the_other_do_not_tell_their_difference():
    parts = {"reached_next": 97, "reached_later": 100, "left": 50, "open": 50}
    result = world.result(
        [world.share(measure, n, 200, stage="om") for measure, n in parts.items()], ("stage",), world.CONVERSION
    )
    hidden = {row[1] for row in rows(result, masks(x=result)["x"])}
    assert hidden & {"reached_next", "reached_later"}  # 100 - 97 = 3


def test_groups_that_overlap_by_few_persons_do_not_tell_of_them():
    numbers = {"wv": 40, "gw": 70, "vm": 60, "_T": 167}  # three persons stand in two groups
    result = world.result([world.count("zaken", n, soort=code) for code, n in numbers.items()], ("soort",))
    assert masks(x=result)["x"].sum() >= 1
    plenty = world.result([world.count("zaken", n - (15 if code == "_T" else 0), soort=code)
                           for code, n in numbers.items()], ("soort",))  # fmt: skip
    assert masks(x=plenty)["x"].sum() == 0


small = st.integers(0, 14)
numbers_by = st.tuples(*[small] * 6)


@settings(max_examples=60, deadline=None)
@given(numbers_by, st.tuples(*[st.integers(0, 100)] * 3))
def test_no_two_linked_tables_of_random_numbers_tell_a_small_one(ages, shares):
    by_age = dict(zip(BY_AGE, ages, strict=True))
    by_region = {}
    for kind, percent in zip(KINDS, shares, strict=True):
        whole = sum(by_age[kind, age] for age in AGES)
        by_region |= {(kind, "noord"): whole * percent // 100, (kind, "zuid"): whole - whole * percent // 100}
    first, second = counts("leeftijd", by_age), counts("regio", by_region)
    found = masks(first=first, second=second)
    if found:
        assert leaks((first, found["first"]), (second, found["second"])) == ()


STREAMS = {"open_begin": 100, "in": 60, "on": 90, "out": 3, "open_end": 67}
SIDES = ({"open_begin", "in"}, {"on", "out", "open_end"})


def some_of_a_flow(measures):
    """The flow of one stage, by some of its measures, with nothing hidden but what is small by itself."""
    result = world.result([world.count(measure, STREAMS[measure], stage="om", period="2020") for measure in measures])
    return result, told(result).unsafe


@pytest.mark.parametrize(
    "measures", [it for size in range(1, 6) for it in combinations(STREAMS, size) if it != ("out",)]
)
def test_some_measures_of_a_flow_tell_what_is_missing_where_one_side_is_whole_and_nothing_else(measures):
    result, unsafe = some_of_a_flow(measures)
    missing = STREAMS.keys() - set(measures)
    # 100 + 60 = 90 + 67 + 3: the 3 follows where it is hidden or left out, and all others are told
    follows = missing <= {"out"}
    assert bool(leaks((result, unsafe))) == follows
    mask = masks(x=result)["x"]
    assert leaks((result, mask)) == ()
    assert (mask.sum() > unsafe.sum()) == follows  # nor is more hidden than that takes


def test_what_cannot_occur_in_a_stage_is_known_to_be_nobody():
    # the last stage: nothing goes on, so that 100 + 60 = 70 + 87 + 3, and the 3 is what is left
    numbers = {"open_begin": 100, "in": 60, "out": 70, "open_end": 87}
    result = world.result(
        [world.count(measure, n, stage="straf", period="2020") for measure, n in numbers.items()]
        + [world.impossible("on", stage="straf", period="2020")]
        + [world.count("on", 40, stage="om", period="2020"), world.count("in", 60, stage="om", period="2020")]
    )
    nothing = pd.Series(False, index=result.table.index)
    with pytest.raises(ReleaseRefused, match="could not be judged"):
        leaks((result, nothing))  # 160 is not 157
    numbers["out"] = 73
    even = result.with_table(result.table.assign(value=result.table.value.where(result.table.measure != "out", 73)))
    assert leaks((even, nothing)) == ()
    hidden = even.table.measure.isin(["out", "open_end"]) & (even.table.stage == "straf")
    assert leaks((even, hidden)) == ()
    small = even.with_table(even.table.assign(value=even.table.value.replace({73: 3, 87: 157})))
    assert {leak.high for leak in leaks((small, small.table.measure == "out"))} == {3}
