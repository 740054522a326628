"""Who stands in the cells of flows and shares: as many as the function itself counts, cell by cell."""

from datetime import date, timedelta
from random import Random

import chain_story
import pytest

import das_research as das
from das_research.chain import membership, membership_of_curves
from das_research.presentation.bands import place_of
from das_research.tabulation.cube import UNIT
from das_research.tabulation.membership import ENTRY

RESULTS = {
    "flow": (lambda it: das.chain.flow(it, 2020, 2022), membership.members_of_flow),
    "flow of a year": (lambda it: das.chain.flow(it, 2021, 2021), membership.members_of_flow),
    "flow by month": (lambda it: das.chain.flow(it, 2020, 2022, every="month"), membership.members_of_flow),
    "conversion": (lambda it: das.chain.conversion(it, 2020, 2022, by=["soort"]), membership.members_of_conversion),
    "by year": (lambda it: das.chain.conversion_by_year(it, 2020, 2022), membership.members_of_conversion_by_year),
    "leakage": (lambda it: das.chain.leakage(it, 2020, 2022, grace_days=90), membership.members_of_leakage),
    "within": (
        lambda it: das.chain.share_within(it, "aangifte-besluit", 90, 2020, 2022, by=["soort"]),
        membership.members_of_share_within,
    ),
    "norm": (lambda it: das.chain.share_within_norm(it, "snel", 2020, 2022, by=["soort"]), membership.members_of_norm),
}


CURVES = {
    "of a stage": (
        lambda it: das.chain.durations(it, "politie", 2020, 2022, by=["soort"]),
        membership_of_curves.members_of_durations,
    ),
    "of what started": (
        lambda it: das.chain.durations_between(it, "aangifte-besluit", 2020, 2021, by=["soort"], step_days=30),
        membership_of_curves.members_of_durations_between,
    ),
    "of what ended": (
        lambda it: das.chain.durations_between(it, "aangifte-besluit", 2021, 2022, period_of_the="end"),
        membership_of_curves.members_of_durations_between,
    ),
}


@pytest.fixture(scope="module")
def project():
    draw = Random(1)
    cases = [(f"z{at}", f"p{draw.randrange(60)}", draw.choice(["gw", "wv", None])) for at in range(120)]
    kinds = [("aangifte", None), ("einde", None), ("instroom", None), ("zitting", None)]
    kinds += [("besluit", "sepot"), ("besluit", "dagvaarding")]
    events = [
        (case, *draw.choice(kinds), str(date(2019, 6, 1) + timedelta(days=draw.randrange(1200))))
        for case, *_ in cases
        for _ in range(draw.randrange(5))
    ]
    return chain_story.project(cases=cases, events=events)


@pytest.mark.parametrize("way", RESULTS)
def test_as_many_persons_stand_in_every_cell_as_the_function_counts(project, way):
    compute, members_of = RESULTS[way]
    result = compute(project)
    members = members_of(project, result.recipe.parameters)
    standing = standing_in(members, UNIT)
    counted = 0
    for row in result.table.to_dict("records"):
        place = place_of(row, result.dimensions)
        held = {part: len(standing.get((place, part), ())) for part in ("known", "holds", "lacks")}
        if row["kind"] in ("cannot occur", "unknown"):
            continue
        is_share = row["denominator"] == row["denominator"]
        assert (min(held["holds"], held["lacks"]) if is_share else held["known"]) == row["n"], place
        counted += held["known"] > 0
    assert counted > 5


def standing_in(members, unit):
    """Cell to who stands in it, or which cases."""
    standing = {}
    for row in members.rows.to_pyarrow().to_pylist():
        texts = {name: {True: "1", False: "0"}.get(it, it) for name, it in row.items() if name not in (UNIT, ENTRY)}
        for cell in members.cells(texts):
            standing.setdefault(cell, set()).add(row[unit])
    return standing


@pytest.mark.parametrize("way", CURVES)
def test_as_many_cases_are_done_by_a_day_as_the_steps_of_the_curve_add_up_to(project, way):
    compute, members_of = CURVES[way]
    result = compute(project)
    table = result.table[result.table.measure == "completed_share"]
    days = sorted(set(table.days.astype(int)))[1::3]
    members = members_of(project, result.recipe.parameters | {"at_days": days})
    persons, cases = (standing_in(members, unit) for unit in (UNIT, ENTRY))
    asked = 0
    for row in table[table.days.astype(int).isin(days)].to_dict("records"):
        group = {name: row[name] for name in result.dimensions if name != "days"}
        curve = table[(table[list(group)] == list(group.values())).all(axis=1)]
        done = curve[curve.days.astype(int) <= int(row["days"])].numerator.sum()
        place = place_of(row, result.dimensions)
        whole = place_of({**row, "days": "_T"}, result.dimensions), "known"
        held = {part: cases.get((place, part), set()) for part in ("holds", "lacks")}
        assert len(held["holds"]) == done and len(persons[whole]) == row["n"]
        assert held["holds"] | held["lacks"] == cases[whole] and not held["holds"] & held["lacks"]
        asked += 0 < done < len(cases[whole])
    assert asked > 5
