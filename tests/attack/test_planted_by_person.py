"""Persons one by one: what a reader can subtract is looked for in plain Python, and the gate hides and finds all of it.

A person has cases of several kinds and years; kinds have a kind above them; a coarser table leaves too, or left before.
Nothing here asks the gate what adds up: who is under a number is a set of persons or cases, and a number that a reader
gets by subtracting shown ones is of few where the set is.
"""

from functools import cache
from itertools import product
from types import SimpleNamespace

import disclosure_world as world
import numpy as np
import pytest

from das_research.catalog.models import Classification, Code, Text
from das_research.disclosure.hide import hide, without_small_differences
from das_research.disclosure.rules import is_unsafe
from das_research.disclosure.together.numbers import Told
from das_research.disclosure.together.protect import protect_together
from das_research.disclosure.worked_back import look_back

MINIMUM = 10
ABOVE = {"w1": "wv", "w2": "wv", "g1": "gw", "g2": "gw", "g3": "gw"}
LEAVES, PARENTS = (*ABOVE, "vm"), ("wv", "gw")
SHARES = [0.08, 0.2, 0.4, 0.2, 0.02, 0.1]
YEARS, WHOLE = ("2020", "2021", "2022"), "2020/2022"
CODES = [Code(code=it, label=Text(nl=it, en=it), parent=ABOVE.get(it)) for it in (*LEAVES, *PARENTS, "noord", "zuid")]
CATALOG = world.catalog(classifications={"soort": Classification(id="soort", title="s", version="1", codes=CODES)})
FIGURE = "das_research.figures.compute"


def chain(seed):
    """Cases: person, kind, region and year; who has one case of a kind often has others of others."""
    rng, cases = np.random.default_rng(seed), []
    for person in range(int(rng.integers(60, 140))):
        region = str(rng.choice(["noord", "zuid"], p=[0.85, 0.15]))
        often = rng.random() < 0.8
        for year in YEARS:
            if rng.random() < (0.93 if often else 0.2):
                kinds = {
                    str(it) for it in rng.choice(LEAVES, int(rng.integers(1, 3)), p=[0.08, 0.2, 0.4, 0.2, 0.02, 0.1])
                }
                cases += [(person, kind, region, year) for kind in sorted(kinds | ({"g1"} if often else set()))]
    return cases


def under(cases, kind, region, year):
    """The cases under a number."""
    return frozenset(
        at
        for at, (_, own, where, when) in enumerate(cases)
        if kind in (own, ABOVE.get(own), "_T") and region in (where, "_T") and year in (when, WHOLE)
    )


def table(cases, measure, kinds, regions, years):
    """A key figure, and who is under its rows: persons, or cases of which the persons are told beside them."""
    rows, sets = [], []
    for kind, region, year in product(kinds, regions, years):
        those = under(cases, kind, region, year)
        persons = frozenset(cases[at][0] for at in those)
        number = len(persons) if measure == "personen" else len(those)
        rows.append(world.count(measure, number, len(persons), soort=kind, regio=region, period=year))
        sets.append((persons if measure == "personen" else those, persons))
    return world.result(rows, ("soort", "regio"), FIGURE), sets


def told(result, hidden=None):
    return Told(result, result.table.apply(is_unsafe(MINIMUM), axis=1).astype(bool), hidden)


@cache
def protected(seed):
    """Results, who is under their rows, and what is hidden of them; and the names of those that left before."""
    cases = chain(seed)
    made = {
        "years": table(cases, "personen", (*LEAVES, *PARENTS, "_T"), ("_T",), (*YEARS, WHOLE)),
        "coarse": table(cases, "zaken", (*PARENTS, "vm", "_T"), ("noord", "zuid", "_T"), (WHOLE,)),
        "fine": table(cases, "zaken", (*LEAVES, "_T"), ("noord", "zuid", "_T"), (WHOLE,)),
    }
    before, above = {}, {"soort": ABOVE}
    if seed % 2:
        first = made["coarse"][0]
        mask = protect_together({"coarse": told(first)}, MINIMUM, hierarchies=above, seconds=0.05).masks["coarse"]
        before = {"coarse": told(first, mask)}
    now = {name: told(it) for name, (it, _) in made.items() if name not in before}
    masks = protect_together(now, MINIMUM, earlier=before, hierarchies=above, seconds=0.05).masks
    masks |= {name: it.hidden for name, it in before.items()}
    return {name: (*it, masks[name]) for name, it in made.items()}, tuple(before)


def leaving(result, mask, *, with_persons=False):
    left = hide(result, mask, CATALOG)
    return left if with_persons else without_small_differences(left, MINIMUM)


def leaks(made, before, **kept):
    """What the last look finds."""
    left = {name: leaving(it, mask, **kept) for name, (it, _, mask) in made.items()}
    earlier = [SimpleNamespace(id="eerder", results={name: left[name] for name in before})] if before else []
    again = [(made[name][0], left[name]) for name in before]
    now = {name: it for name, it in left.items() if name not in before}
    return look_back(CATALOG, "verhaal", {name: made[name][0] for name in now}, now, earlier, again).leaks


def shown_sets(made, column):
    """Who is under every shown number, by what is counted and by its codes."""
    found = {}
    for it, sets, mask in made.values():
        places = it.table[["soort", "regio", "period"]].itertuples(index=False, name=None)
        for place, measure, those, hidden in zip(places, it.table.measure, sets, mask, strict=True):
            if not hidden:
                found.setdefault(measure, {})[place] = those[column]
    return found


def holds(whole, part):
    """Whether whoever is under a part is under the whole, by their codes."""
    kinds = whole[0] in (part[0], ABOVE.get(part[0]), "_T")
    return kinds and whole[1] in (part[1], "_T") and whole[2] in (part[2], WHOLE) and whole != part


def subtracted(made, column=0):
    """What a reader gets by subtracting: a whole less a part, and of cases less all parts by one dimension."""
    for measure, sets in shown_sets(made, column).items():
        for place, whole in sets.items():
            parts = [it for it in sets if holds(place, it)]
            yield from (whole - sets[it] for it in parts)
            for dimension in range(2) if measure == "zaken" and column == 0 else ():
                left = whole
                along = (it for it in parts if all(it[at] == place[at] for at in range(3) if at != dimension))
                for part in sorted(along, key=lambda it: it[0] not in PARENTS):  # a kind above others goes before them
                    left = left - sets[part]
                yield left


def few(sets):
    return [it for it in sets if 0 < len(it) < MINIMUM]


def showing(made, name, rows):
    """The same with these rows shown."""
    it, sets, mask = made[name]
    opened = mask.copy()
    opened.iloc[list(rows)] = False
    return {**made, name: (it, sets, opened)}


@pytest.mark.parametrize("seed", range(24))
def test_nothing_of_few_can_be_subtracted_and_what_is_planted_is_found(seed):
    made, before = protected(seed)
    assert few(subtracted(made)) == [] and leaks(made, before) == ()
    planted = 0
    for name, (_, sets, mask) in made.items():
        hidden = [at for at in np.flatnonzero(mask) if len(sets[at][0]) >= MINIMUM]  # of few it is a leak by itself
        for at in np.random.default_rng(seed).permutation(hidden).tolist():
            opened = showing(made, name, [at])
            if planted < 2 and few(subtracted(opened)):
                planted += 1
                assert any(it.high < MINIMUM for it in leaks(opened, before))
    assert planted or not any(mask.any() for _, _, mask in made.values())


@pytest.mark.parametrize("seed", range(4))
def test_the_persons_under_cases_tell_who_is_not_in_a_part(seed):
    made, before = protected(seed)
    made = {name: it for name, it in made.items() if name not in ("years", *before)}
    assert few(subtracted(made, 1)), "the column of persons tells of few here"
    assert any("unit=persons" in leak.cells[0].counted for leak in leaks(made, (), with_persons=True))
    assert leaks(made, ()) == ()
