"""Spec: what is lost between two links, and which share goes on by year. The cases: tests/chain_story.py."""

from datetime import date

import chain_story
import pytest

from das_research import chain
from das_research.errors import UsageError

CHARGED = ("besluit", "dagvaarding")  # by which the prosecution itself says that a case goes on
LOST = [
    ("h", "instroom", None, "2020-02-01"), ("h", *CHARGED, "2020-03-01"),
    ("b", "instroom", None, "2020-05-01"), ("b", *CHARGED, "2020-06-01"), ("b", "besluit", "sepot", "2020-07-01"),
]  # fmt: skip


def numbers(result, stage, measure, period):
    row = result.cell(stage=stage, measure=measure, period=period)
    return row["kind"] if row["kind"] in ("cannot occur", "unknown") else (row["numerator"], row["denominator"])


@pytest.fixture(scope="module")
def leakage():
    return chain.leakage(chain_story.project(events=[*chain_story.EVENTS, *LOST]), 2020, 2022)


def test_a_case_that_was_passed_on_and_never_seen_is_lost(leakage):
    # charged in 2020: h, whom the court never saw, and b, whose charge was dropped in July and who left the chain
    assert numbers(leakage, "om", "never_seen", "2020") == (1, 2)
    # charged in 2021: e, who came to court in 2022
    assert numbers(leakage, "om", "never_seen", "2021") == (0, 1)
    assert numbers(leakage, "om", "never_seen", "2020/2022") == (1, 3)


def test_a_case_that_turns_up_without_an_earlier_stage_is_told(leakage):
    # entered the prosecution without the police: h in 2020 beside a and b, e in 2021 beside c; in 2022 g came rightly
    assert [numbers(leakage, "om", "without_before", str(year)) for year in (2020, 2021, 2022)] == [
        (1, 3),
        (1, 2),
        (0, 1),
    ]


def test_what_can_not_be_lost_is_no_zero(leakage):
    assert numbers(leakage, "politie", "never_seen", "2020") == "cannot occur"  # it never says that a case goes on
    assert numbers(leakage, "politie", "without_before", "2020") == "cannot occur"  # nothing comes before it
    assert numbers(leakage, "rechter", "never_seen", "2020") == "cannot occur"


def test_a_later_stage_gets_its_time():
    # observed until 30 June 2021; h was charged 486 days before
    project = chain_story.project(events=[*chain_story.EVENTS, *LOST], observed_until=date(2021, 6, 30))
    short, long = (chain.leakage(project, 2020, 2021, grace_days=days) for days in (200, 486))
    assert numbers(short, "om", "never_seen", "2020") == (1, 2)
    assert numbers(long, "om", "never_seen", "2020") == (1, 1)  # b was charged too late to say anything
    assert numbers(short, "om", "never_seen", "2021") == "unknown"
    assert short.cell(stage="om", measure="never_seen", period="2021")["denominator"] == 0  # not one had so long
    assert [(step.n_in, step.n_out) for step in long.attrition] == [(2, 1)]
    assert long.cell(stage="om", measure="never_seen", period="2020")["revision"] == "provisional"


def test_which_share_goes_on_by_cohort_and_by_period():
    result = chain.conversion_by_year(chain_story.project(), 2020, 2022)
    # entered the police in 2020: a and c went on, b left. Done there in 2020: a went on, b left
    assert numbers(result, "politie", "of_entered", "2020") == (2, 3)
    assert numbers(result, "politie", "of_ended", "2020") == (1, 2)
    # entered in 2021: d is open, g went on. Done in 2021: c and f went on, who entered in 2020 and 2019
    assert numbers(result, "politie", "of_entered", "2021") == (1, 2)
    assert numbers(result, "politie", "of_ended", "2021") == (2, 2)
    assert numbers(result, "politie", "open", "2021") == (1, 2)
    # in 2022 nobody entered
    assert numbers(result, "politie", "of_entered", "2022") == "cannot occur"
    assert numbers(result, "politie", "of_ended", "2020/2022") == (4, 5)


def test_the_recipes_give_the_same_again():
    project = chain_story.project()
    for function in (chain.leakage, chain.conversion_by_year):
        result = function(project, 2020, 2022)
        assert function(project, **result.recipe.parameters).to_json() == result.to_json()


def test_a_time_that_cannot_be_is_refused():
    with pytest.raises(UsageError, match="time of -1 days"):
        chain.leakage(chain_story.project(), 2020, 2022, grace_days=-1)
