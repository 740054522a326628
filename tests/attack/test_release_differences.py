"""An attacker with the released files and linear algebra: no number that is too small can be recomputed.

Shares no code with the rules: what is too small, and which cells add up to which, is written here anew.
"""

import json
import random
from datetime import date, timedelta
from itertools import pairwise, product

import chain_story
import disclosure_world as world
import numpy as np
import pytest
from scipy.linalg import null_space

from das_research import chain
from das_research.disclosure.rules import protect

MINIMUM = 10
NUMBERS = ("value", "numerator", "denominator", "se", "lower", "upper", "n")
KINDS = [("aangifte", None), ("einde", None), ("instroom", None), ("besluit", "sepot"), ("zitting", None)]


def determined(equations, known):
    """The unknown cells that can have one value only. An equation maps cells to coefficients; its sum is zero."""
    unknown = sorted({cell for equation in equations for cell in equation} - set(known))
    if not unknown:
        return set()
    place = {cell: i for i, cell in enumerate(unknown)}
    matrix = np.zeros((len(equations), len(unknown)))
    for row, equation in enumerate(equations):
        for cell, coefficient in equation.items():
            if cell in place:
                matrix[row, place[cell]] = coefficient
    free = null_space(matrix)
    return {cell for cell, i in place.items() if not np.abs(free[i]).max(initial=0) > 1e-9}


def cells_of(result, *columns):
    """Address to row, as read from the file that is released."""
    document = json.loads(result.to_json())
    rows = [dict(zip(document["columns"], row, strict=True)) for row in document["rows"]]
    return {tuple(row[column] for column in columns): row for row in rows}


def random_chain(seed):
    """Some hundreds of cases, few enough for small cells."""
    rng = random.Random(seed)
    days = [date(2019, 6, 1) + timedelta(days=day) for day in range(1200)]
    size = rng.choice([150, 400, 900])
    cases = [(f"c{i}", f"p{i}", rng.choice(["wv", "wv", "wv", "gw", None])) for i in range(size)]
    events = []
    for case, _, _ in cases:
        for kind, outcome in rng.sample(KINDS, rng.randint(1, 4)):
            events.append((case, kind, outcome, rng.choice(days).isoformat()))
    return chain_story.project(cases=cases, events=events)


def flow_equations(years, whole):
    """What must hold between the cells of a flow, whatever the numbers are."""
    equations = []
    for stage in ("politie", "om", "rechter"):
        at = lambda measure, period, stage=stage: (stage, measure, period)  # noqa: E731
        for period in (*years, whole):
            equations.append(
                {at("open_begin", period): 1, at("in", period): 1, at("on", period): -1, at("out", period): -1,
                 at("open_end", period): -1}
            )  # fmt: skip
        equations += [
            {at(measure, whole): -1} | {at(measure, year): 1 for year in years} for measure in ("in", "on", "out")
        ]
        equations += [{at("open_end", year): 1, at("open_begin", after): -1} for year, after in pairwise(years)]
        equations += [{at("open_begin", years[0]): 1, at("open_begin", whole): -1}]
        equations += [{at("open_end", years[-1]): 1, at("open_end", whole): -1}]
    return equations


@pytest.mark.parametrize("seed", range(6))
def test_no_small_count_of_a_flow_can_be_recomputed(seed):
    true = chain.flow(random_chain(seed), 2020, 2022)
    released, _ = protect(true, world.catalog())
    before, after = (cells_of(result, "stage", "measure", "period") for result in (true, released))
    known = {cell for cell, row in after.items() if row["disclosure"] == "shown"}
    small = {cell for cell, row in before.items() if row["value"] is not None and 0 < row["value"] < MINIMUM}
    assert small, "the attack needs something to look for"
    assert not small & known
    assert not small & determined(flow_equations(("2020", "2021", "2022"), "2020/2022"), known)


@pytest.mark.parametrize("seed", range(6))
def test_no_small_group_of_a_conversion_can_be_recomputed(seed):
    true = chain.conversion(random_chain(seed), 2019, 2022, by=["soort"])
    released, _ = protect(true, world.catalog())
    before, after = (cells_of(result, "stage", "soort", "measure") for result in (true, released))
    outcomes, groups = ("reached_later", "left", "open"), sorted({soort for _, soort, _ in before})
    equations, known = [], set()
    for stage in ("politie", "om"):
        for soort in groups:
            equations.append({(stage, soort, outcome): 1 for outcome in outcomes} | {(stage, soort, "cohort"): -1})
        for measure in (*outcomes, "reached_next", "cohort"):
            equations.append({(stage, soort, measure): -1 if soort == "_T" else 1 for soort in groups})
    for cell, row in after.items():
        if row["disclosure"] == "shown":
            known |= {cell, (*cell[:2], "cohort")}
    small = {
        cell
        for cell, row in before.items()
        if row["denominator"] and min(row["numerator"], row["denominator"] - row["numerator"]) < MINIMUM
    }
    assert not small & known
    assert not small & determined(equations, known)


def cube(seed):
    """Counts by kind, age and year, with every total."""
    rng = random.Random(seed)
    codes = {"soort": ["wv", "gw", "vm"], "leeftijd": ["jong", "oud"], "period": ["2020", "2021", "2022"]}
    counts = {cell: rng.choice([0, 3, 40, 50, 60, 70, 80]) for cell in product(*codes.values())}
    rows = []
    for address in product(*([*values, "_T"] for values in codes.values())):
        inside = [
            count for cell, count in counts.items() if all(a in ("_T", c) for a, c in zip(address, cell, strict=True))
        ]
        rows.append(world.count("zaken", sum(inside), **dict(zip(codes, address, strict=True))))
    return world.result(rows, ("soort", "leeftijd"), world.TABULATE), codes


def cube_equations(codes):
    equations = []
    for place, values in enumerate(codes.values()):
        others = [[*other, "_T"] for i, other in enumerate(codes.values()) if i != place]
        for rest in product(*others):
            equations.append(
                {(*rest[:place], code, *rest[place:]): -1 if code == "_T" else 1 for code in [*values, "_T"]}
            )
    return equations


@pytest.mark.parametrize("seed", range(8))
def test_no_small_count_of_a_cube_can_be_recomputed(seed):
    true, codes = cube(seed)
    released, _ = protect(true, world.catalog())
    before, after = (cells_of(result, *codes) for result in (true, released))
    small = {cell for cell, row in before.items() if 0 < row["value"] < MINIMUM}
    known = {cell for cell, row in after.items() if row["disclosure"] == "shown"}
    assert small and not small & known
    assert not small & determined(cube_equations(codes), known)


def test_the_attacker_finds_cells_that_are_hidden_by_themselves():
    true, codes = cube(0)
    before = cells_of(true, *codes)
    small = {cell for cell, row in before.items() if 0 < row["value"] < MINIMUM}
    assert small & determined(cube_equations(codes), set(before) - small)


@pytest.mark.parametrize("seed", range(3))
def test_a_hidden_row_has_no_number_in_the_file(seed):
    project = random_chain(seed)
    for true in (chain.flow(project, 2020, 2022), chain.conversion(project, 2019, 2022, by=["soort"])):
        released, decision = protect(true, world.catalog())
        rows = [
            row
            for row in cells_of(released, *true.dimensions, "measure", "period").values()
            if row["disclosure"] == "hidden"
        ]
        assert rows and len(rows) <= decision.hidden
        assert all(row[number] is None for row in rows for number in NUMBERS)


def test_a_step_of_one_group_is_not_the_step_of_the_total_less_the_others():
    project = random_chain(3)
    true = chain.durations(project, "politie", 2019, 2022, by=["soort"])
    released, _ = protect(true, world.catalog())
    points = [
        row for row in cells_of(released, "soort", "days", "measure").values() if row["measure"] == "completed_share"
    ]
    groups = {row["soort"] for row in points}
    assert points and all(row["numerator"] is None and row["denominator"] is None for row in points)
    days = {soort: {row["days"] for row in points if row["soort"] == soort} for soort in groups}
    assert len({frozenset(some) for some in days.values()}) == 1
    table = true.table[true.table.measure == "completed_share"].assign(day=lambda rows: rows.days.astype(int))
    for soort, some in days.items():
        curve, before = table[table.soort == soort], -1
        for day in sorted(int(day) for day in some):
            events = curve[(curve.day > before) & (curve.day <= day)].numerator.sum()
            assert events >= MINIMUM or (day == 0 and events == 0)
            before = day
