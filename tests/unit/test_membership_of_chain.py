"""Who stands in the cells of flows and shares: as many as the function itself counts, cell by cell."""

from datetime import date, timedelta
from random import Random

import chain_story
import pytest

import das_research as das
from das_research.chain import membership
from das_research.presentation.bands import place_of
from das_research.tabulation.cube import UNIT

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
    standing = {}
    for row in members.rows.to_pyarrow().to_pylist():
        who = row.pop(UNIT)
        for cell in members.cells({name: {True: "1", False: "0"}.get(it, it) for name, it in row.items()}):
            standing.setdefault(cell, set()).add(who)
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
