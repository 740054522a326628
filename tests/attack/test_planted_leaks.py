"""A hundred sets of linked Results, protected and read as by gate 3: none leaks, and what is planted in each is found.

A set is cases by kind and age, cases by kind and region, and which share of each kind was within a term; all by year
and over the years. In half of them the first left before. What is planted gives a small number away: all others of a
sum that it is in are shown, now or in what left before; a period that nobody else has is shown; a number left revised;
a few of a region are of the other since.
"""

from dataclasses import replace
from functools import cache
from itertools import product
from types import SimpleNamespace

import disclosure_world as world
import numpy as np
import pandas as pd
import pytest

from das_research.catalog.models import Classification, Code, Text
from das_research.disclosure.hide import hide
from das_research.disclosure.revisions import revisions
from das_research.disclosure.rules import is_unsafe
from das_research.disclosure.together.numbers import Told, numbers_of
from das_research.disclosure.together.protect import protect_together
from das_research.disclosure.together.sums import rest, sums_of
from das_research.disclosure.worked_back import look_back
from das_research.errors import ReleaseRefused
from das_research.presentation.bands import place_of

MINIMUM = 10
KINDS, AGES, REGIONS, YEARS = ("wv", "gw", "vm"), ("jong", "oud"), ("noord", "zuid"), ("2020", "2021", "2022")
WHOLE = "2020/2022"
CODES = [Code(code=code, label=Text(nl=code, en=code)) for code in (*KINDS, *AGES, *REGIONS)]
CATALOG = world.catalog(classifications={"codes": Classification(id="codes", title="codes", version="1", codes=CODES)})
TERM = "das_research.chain.share_within"


def summed(units, wanted):
    """Of all units those with these codes; a total is not asked for."""
    return sum(n for codes, n in units.items() if all(it in codes for it in wanted if it not in ("_T", WHOLE)))


def counts(units, name, codes):
    rows = [
        world.count("zaken", summed(units, wanted), soort=wanted[0], **{name: wanted[1]}, period=wanted[2])
        for wanted in product((*KINDS, "_T"), (*codes, "_T"), (*YEARS, WHOLE))
    ]
    return world.result(rows, ("soort", name), world.TABULATE)


def shares(units, within):
    rows = [
        world.share("of_started", summed(within, wanted), summed(units, wanted), soort=wanted[0], period=wanted[1])
        for wanted in product((*KINDS, "_T"), (*YEARS, WHOLE))
        if summed(units, wanted)
    ]
    return world.result(rows, ("soort",), TERM)


def told(result, hidden=None):
    return Told(result, result.table.apply(is_unsafe(MINIMUM), axis=1).astype(bool), hidden)


@cache
def protected(seed):
    """The Results of a set with what is hidden of each, those that leave now and those that left before."""
    rng = np.random.default_rng(seed)
    places = list(product(KINDS, AGES, REGIONS, YEARS))
    units = dict(zip(places, rng.choice([0, 2, 5, 14, 30, 60, 90], len(places)).tolist(), strict=True))
    within = {place: int(rng.binomial(n, 0.6)) for place, n in units.items()}
    made = {"ages": counts(units, "leeftijd", AGES), "regions": counts(units, "regio", REGIONS)}
    made["shares"] = shares(units, within)
    before = {}
    if seed % 2:
        first = made.pop("ages")
        mask = protect_together({"ages": told(first)}, MINIMUM, seconds=0.05).masks["ages"]
        before = {"ages": told(first, mask)}
    masks = protect_together({name: told(it) for name, it in made.items()}, MINIMUM, earlier=before, seconds=0.05).masks
    return {name: (it, masks[name]) for name, it in made.items() if name in masks}, {
        name: (it.result, it.hidden) for name, it in before.items()
    }


def leaks(now, before):
    """What the last look finds: in half of the rows that are hidden the whole row is gone, as in every own table."""
    released = {name: hide(*pair, CATALOG) for name, pair in now.items()}
    left = {name: hide(*pair, CATALOG) for name, pair in before.items()}
    earlier = [SimpleNamespace(id="eerder", results=left)] if left else []
    again = [(before[name][0], it) for name, it in left.items()]
    return look_back(CATALOG, "verhaal", {name: it for name, (it, _) in now.items()}, released, earlier, again).leaks


def small_and_sums(now, before, rng):
    """Hidden numbers of few, in an order of their own, each with the rows of the others of a sum it is in."""
    made = {**now, **before}
    numbers = [number for name, (it, mask) in made.items() for number in numbers_of(name, told(it, mask), MINIMUM)]
    hidden = [bool(made[number.result][1][number.row]) for number in numbers]
    sums = sums_of(numbers, {name: it for name, (it, _) in made.items()}, (), MINIMUM)
    small = [at for at, number in enumerate(numbers) if hidden[at] and 0 < number.value < MINIMUM]
    for at in rng.permutation(small).tolist():
        mine = (numbers[at].result, numbers[at].row)
        for one in sums:
            others = {(numbers[it].result, numbers[it].row) for side in one for it in side} - {mine}
            if at in (*one[0], *one[1]) and rest(numbers, one) == 0 and others:
                yield numbers[at], others


def showing(pairs, rows):
    """The same with these rows shown."""
    found = {}
    for name, (result, mask) in pairs.items():
        opened = mask.copy()
        opened.loc[[row for of, row in rows if of == name]] = False
        found[name] = (result, opened)
    return found


@pytest.mark.parametrize("seed", range(100))
def test_a_set_holds_and_what_is_planted_in_it_is_found(seed):
    now, before = protected(seed)
    assert leaks(now, before) == ()
    PLANTS[seed // 2 % len(PLANTS)](seed, now, before)


def others_of_a_sum_are_shown(seed, now, before):
    for _, others in list(small_and_sums(now, before, np.random.default_rng(seed)))[:1]:
        assert any(leak.high < MINIMUM for leak in leaks(showing(now, others), showing(before, others)))


def others_of_a_sum_left_before(seed, now, before):
    plants = small_and_sums(now, before, np.random.default_rng(seed))
    for _, others in [plant for plant in plants if plant[0].result in now][:1]:
        earlier = {f"{name} eerder": pair for name, pair in showing(now, others).items()}
        assert any(leak.high < MINIMUM for leak in leaks(now, {**before, **earlier}))


def a_period_that_nobody_else_has(seed, now, before):
    result, _ = now["regions"]
    table = result.table
    years = table.pivot(index=["soort", "regio"], columns="period", values="value")
    small = years[years["2020"].between(1, MINIMUM - 1) & (years["2021"] >= MINIMUM)]
    for kind, region in small.index[:1]:
        at = (table.soort == kind) & (table.regio == region)
        one, other = (table.loc[at & (table.period == year)] for year in ("2020", "2021"))
        both = one.assign(period="2020/2021", **{name: one[name] + other[name].item() for name in ("value", "n")})
        earlier = result.with_table(pd.concat([both, other], ignore_index=True))
        found = leaks(now, {"eerder": (earlier, pd.Series(False, index=earlier.table.index))})
        assert any(leak.high == one.value.item() for leak in found)


def a_number_that_left_was_revised_by_few(seed, now, before):
    result, mask = now["regions"]
    shown = result.table.index[~mask & (result.table.value > MINIMUM)]
    revised = result.table.copy()
    revised.loc[np.random.default_rng(seed).choice(shown), "value"] += 3
    with pytest.raises(ReleaseRefused, match="contradicts what left before"):
        leaks(now, {**before, "regions eerder": (result.with_table(revised), mask)})


def a_few_are_of_the_other_region_since(seed, now, before):
    """On the same snapshot what left contradicts it, if only by what adds up; on another, both regions are told of."""
    result, mask = now["regions"]
    table, rng = result.table, np.random.default_rng(seed)
    few = int(rng.integers(1, MINIMUM))
    shown = table.assign(value=table.value.mask(mask)).pivot(index=["soort", "period"], columns="regio", values="value")
    fit = shown[(shown.notna().all(axis=1)) & (shown.noord - few >= MINIMUM)]
    for kind, year in rng.permutation(fit.index.to_numpy())[:1]:
        touched = table.soort.isin([kind, "_T"]) & table.period.isin([year, WHOLE])
        change = table.regio.map({"noord": -few, "zuid": few}).fillna(0).where(touched, 0)
        moved = result.with_table(table.assign(value=table.value + change, n=table.n + change))
        hidden = mask | (table.regio == "noord") if seed % 2 else mask
        with pytest.raises(ReleaseRefused, match="contradicts what left before"):
            leaks(now, {**before, "regions eerder": (moved, hidden)})
        left = replace(hide(moved, mask, CATALOG), snapshot="snap-eerder")
        earlier = SimpleNamespace(id="eerder", state="approved", results={"regions": left})
        told = revisions({"regions": hide(result, mask, CATALOG)}, [earlier], MINIMUM)
        rows = table[(change != 0) & ~mask].to_dict("records")
        assert {it["cell"] for it in told} == {", ".join(place_of(row, result.dimensions)) for row in rows}
        assert rows and {abs(it["now"] - it["before"]) for it in told} == {few}


PLANTS = (
    others_of_a_sum_are_shown,
    others_of_a_sum_left_before,
    a_period_that_nobody_else_has,
    a_number_that_left_was_revised_by_few,
    a_few_are_of_the_other_region_since,
)
