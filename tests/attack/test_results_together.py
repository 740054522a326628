"""Results protected together, attacked from their files: one by one, both, and with an earlier edition."""

import disclosure_world as world
import pandas as pd
import pytest

from das_research.catalog.models import Classification, Code, Text
from das_research.disclosure.attacker.attack import attack
from das_research.disclosure.attacker.seen import read_release
from das_research.disclosure.breakdowns import smallest_cover
from das_research.disclosure.hide import hide
from das_research.disclosure.rules import is_unsafe
from das_research.disclosure.together import Counted, protect_together
from das_research.errors import ReleaseRefused

MINIMUM = 10
AGES = {
    ("wv", "jong"): 3,
    ("wv", "oud"): 40,
    ("gw", "jong"): 60,
    ("gw", "oud"): 25,
    ("vm", "jong"): 80,
    ("vm", "oud"): 90,
}
REGIONS = {
    ("wv", "noord"): 20,
    ("wv", "zuid"): 23,
    ("gw", "noord"): 81,
    ("gw", "zuid"): 4,
    ("vm", "noord"): 70,
    ("vm", "zuid"): 100,
}
CODES = [Code(code=code, label=Text(nl=code, en=code)) for code in ("wv", "gw", "vm", "jong", "oud", "noord", "zuid")]
CATALOG = world.catalog(classifications={"codes": Classification(id="codes", title="codes", version="1", codes=CODES)})


def counts(other, numbers):
    """A Result by kind and another dimension, with every total."""
    rows = []
    for kind in ("wv", "gw", "vm", "_T"):
        for code in (*dict.fromkeys(code for _, code in numbers), "_T"):
            parts = [n for (a, b), n in numbers.items() if kind in (a, "_T") and code in (b, "_T")]
            rows.append(world.count("zaken", sum(parts), soort=kind, **{other: code}))
    return world.result(rows, ("soort", other), world.TABULATE)


def counted(result, hidden=None, population="2024"):
    unsafe = result.table.apply(is_unsafe(MINIMUM), axis=1).astype(bool)
    return Counted(result, unsafe, population, hidden)


def leaks(*results, earlier=()):
    """What the attacker finds in the files of Results and their masks, and in those that left before."""
    files, before = ([hide(result, mask, CATALOG).to_json() for result, mask in them] for them in (results, earlier))
    return attack(read_release(files, release="nu"), read_release(before, release="eerder"), MINIMUM).leaks


def test_fewer_cells_are_hidden_than_with_whole_breakdowns_and_the_files_hold():
    ages, regions = counts("leeftijd", AGES), counts("regio", REGIONS)
    together = protect_together({"ages": counted(ages), "regions": counted(regions)}, MINIMUM)
    masks = together.masks
    assert leaks((ages, masks["ages"]), (regions, masks["regions"])) == ()
    whole = [smallest_cover(result, counted(result).unsafe, MINIMUM)[0] for result in (ages, regions)]
    assert sum(mask.sum() for mask in masks.values()) < sum(mask.sum() for mask in whole)
    assert together.pattern.is_cheapest
    for result, mask in ((ages, masks["ages"]), (regions, masks["regions"])):
        assert mask[counted(result).unsafe].all()


def test_protected_one_by_one_they_would_not_hold_where_a_margin_is_hidden_in_one():
    # all of gw are 8: unsafe in both; each hides another kind's total with it, and neither the same one
    ages = counts("leeftijd", AGES | {("gw", "jong"): 4, ("gw", "oud"): 4})
    regions = counts("regio", REGIONS | {("gw", "noord"): 4, ("gw", "zuid"): 4})
    alone = [protect_together({"x": counted(result)}, MINIMUM).masks["x"] for result in (ages, regions)]
    together = protect_together({"ages": counted(ages), "regions": counted(regions)}, MINIMUM).masks
    assert leaks((ages, together["ages"]), (regions, together["regions"])) == ()
    kinds = [set(result.table[mask & (result.table[name] == "_T")].soort) for name, result, mask in
             (("leeftijd", ages, together["ages"]), ("regio", regions, together["regions"]))]  # fmt: skip
    assert kinds[0] == kinds[1]
    shown_in_one = alone[0].copy()
    shown_in_one[(ages.table.leeftijd == "_T") & (ages.table.soort != "gw")] = False
    assert leaks((ages, shown_in_one), (regions, alone[1])) != ()


def test_what_left_before_counts():
    ages = counts("leeftijd", AGES)
    first = protect_together({"x": counted(ages)}, MINIMUM).masks["x"]
    again = protect_together({"x": counted(ages)}, MINIMUM, earlier=[counted(ages, first)]).masks["x"]
    assert (first == again).all()
    regions = counts("regio", REGIONS)
    later = protect_together({"regions": counted(regions)}, MINIMUM, earlier=[counted(ages, first)]).masks["regions"]
    assert leaks((regions, later), earlier=[(ages, first)]) == ()
    everything = pd.Series(False, index=ages.table.index)
    with pytest.raises(ReleaseRefused, match="seen before"):
        protect_together({"x": counted(ages)}, MINIMUM, earlier=[Counted(ages, 0 * first == 1, "2024", everything)])


def test_years_add_up_to_their_whole_period_and_kinds_without_a_total_to_nothing():
    numbers = {"om": {"2020": 4, "2021": 50, "2022": 60, "2020/2022": 114}}
    numbers["rechter"] = {"2020": 40, "2021": 50, "2022": 60, "2020/2022": 150}
    rows = [world.count("in", n, stage=stage, period=it) for stage in numbers for it, n in numbers[stage].items()]
    result = world.result(rows)
    mask = protect_together({"x": counted(result)}, MINIMUM).masks["x"]
    hidden = result.table[mask]
    # 114 - 60 = 54 = 4 + 50, so one more year goes; the other stage has nothing to hide
    assert set(hidden.stage) == {"om"} and sorted(hidden.period) == ["2020", "2021"]


def test_shares_and_overlapping_groups_are_refused():
    with pytest.raises(ReleaseRefused, match="more than counts"):
        protect_together({"x": counted(world.result([world.share("deel", 50, 100)], (), world.TABULATE))}, MINIMUM)
    rows = [world.count("zaken", n, soort=kind) for kind, n in (("wv", 40), ("gw", 70), ("_T", 100))]
    with pytest.raises(ReleaseRefused, match="not the sum"):
        protect_together({"x": counted(world.result(rows, ("soort",), world.TABULATE))}, MINIMUM)
