"""Spec: what counts as open, in, on and out. The eight cases are told in tests/chain_story.py."""

from datetime import date

import chain_story
import pytest

from das_research import chain
from das_research.errors import UsageError


def numbers(result, stage, period, column="value"):
    """Measure to number, for one stage and period; what can't occur is None."""
    rows = result.table[(result.table.stage == stage) & (result.table.period == period)]
    return {row.measure: None if row.kind == "cannot occur" else int(row[column]) for _, row in rows.iterrows()}


@pytest.fixture(scope="module")
def flow():
    return chain.flow(chain_story.project(), 2020, 2022)


def test_a_case_entered_before_the_first_year_is_open_at_its_beginning(flow):
    # f entered in December 2019; a, b and c enter in 2020; a goes on in May, b leaves in April: 1 + 3 - 1 - 1 = 2
    assert numbers(flow, "politie", "2020") == {"open_begin": 1, "in": 3, "on": 1, "out": 1, "open_end": 2}


def test_a_case_that_went_on_did_not_leave_although_a_leaving_event_stands(flow):
    # 2021 begins with c and f; d and g enter; c goes on in January, f in May: 2 + 2 - 2 - 0 = 2.
    # g was ended in August 2021, but the prosecution got it in January 2022
    assert numbers(flow, "politie", "2021") == {"open_begin": 2, "in": 2, "on": 2, "out": 0, "open_end": 2}
    assert numbers(flow, "politie", "2022") == {"open_begin": 2, "in": 0, "on": 1, "out": 0, "open_end": 1}


def test_only_the_named_outcomes_leave_the_chain(flow):
    # 2021: a is open; c (January) and e (July) enter; a goes on in February; c is dismissed in March; e is charged,
    # which is no end: 1 + 2 - 1 - 1 = 1
    assert numbers(flow, "om", "2021") == {"open_begin": 1, "in": 2, "on": 1, "out": 1, "open_end": 1}


def test_a_case_that_skips_a_stage_went_on_from_the_one_it_was_in(flow):
    # a and f in 2021, e in 2022; nothing leaves the last stage
    assert numbers(flow, "rechter", "2021") == {"open_begin": 0, "in": 2, "on": None, "out": None, "open_end": 2}


def test_the_whole_period_adds_entries_and_exits_and_keeps_the_outer_stocks(flow):
    # politie: in 3+2+0, on 1+2+1, out 1+0+0; 1 + 5 - 4 - 1 = 1 (d). The first stage has nothing before it
    whole = {"open_begin": 1, "in": 5, "on": 4, "out": 1, "open_end": 1, "without_before": None}
    assert numbers(flow, "politie", "2020/2022") == whole


def test_entries_without_an_earlier_stage_are_counted_over_the_whole_period(flow):
    # of a, c, e and g, only e was never at the police; everybody at the court was somewhere before
    assert numbers(flow, "om", "2020/2022")["without_before"] == 1
    assert numbers(flow, "rechter", "2020/2022")["without_before"] == 0


def test_n_counts_persons(flow):
    # in 2020 the cases a and b are of one person, c of another: 3 cases, 2 persons
    assert numbers(flow, "politie", "2020", "n")["in"] == 2


def test_n_counts_cases_where_the_chain_knows_no_persons():
    flow = chain.flow(chain_story.project(person=False), 2020, 2020)
    assert numbers(flow, "politie", "2020", "n")["in"] == 3


def test_a_case_whose_person_is_not_known_counts_as_one():
    cases = [(case, None if case in "ab" else person, kind) for case, person, kind in chain_story.CASES]
    flow = chain.flow(chain_story.project(cases=cases), 2020, 2020)
    assert numbers(flow, "politie", "2020", "n")["in"] == 3


def test_what_happened_after_the_last_observed_day_is_not_counted():
    # observed until 30 June 2021: g has not entered yet, e neither; the year is provisional
    flow = chain.flow(chain_story.project(observed_until=date(2021, 6, 30)), 2020, 2021)
    assert numbers(flow, "politie", "2021") == {"open_begin": 2, "in": 1, "on": 2, "out": 0, "open_end": 1}
    revisions = flow.table.groupby("period").revision.unique().map(list).to_dict()
    assert revisions == {"2020": ["final"], "2021": ["provisional"], "2020/2021": ["provisional"]}


def test_a_year_can_be_cut_into_quarters_and_months():
    # 2020, at the police: f is there from the beginning; a came in March and went on in May; b came and left in April;
    # c came in June
    quarters = chain.flow(chain_story.project(), 2020, 2020, every="quarter")
    assert numbers(quarters, "politie", "2020-Q1") == {"open_begin": 1, "in": 1, "on": 0, "out": 0, "open_end": 2}
    assert numbers(quarters, "politie", "2020-Q2") == {"open_begin": 2, "in": 2, "on": 1, "out": 1, "open_end": 2}
    months = chain.flow(chain_story.project(), 2020, 2020, every="month")
    assert numbers(months, "politie", "2020-04") == {"open_begin": 2, "in": 1, "on": 0, "out": 1, "open_end": 2}
    assert numbers(months, "politie", "2020") == numbers(quarters, "politie", "2020")
    assert len(set(months.table.period)) == 13


def test_a_quarter_that_was_not_observed_is_left_out():
    # the sources end on 30 June 2021, on the last day of the second quarter
    flow = chain.flow(chain_story.project(observed_until=date(2021, 6, 30)), 2021, 2021, every="quarter")
    revisions = flow.table.groupby("period").revision.unique().map(list).to_dict()
    assert revisions == {"2021-Q1": ["final"], "2021-Q2": ["final"], "2021": ["provisional"]}
    with pytest.raises(UsageError, match="Years can't be cut into 'week'"):
        chain.flow(chain_story.project(), 2021, 2021, every="week")


def test_a_true_zero_a_number_and_what_cannot_occur_stay_apart(flow):
    kinds = flow.table.set_index(["stage", "period", "measure"]).kind
    assert kinds["politie", "2021", "out"] == "zero"
    assert kinds["politie", "2021", "in"] == "number"
    assert kinds["rechter", "2021", "on"] == "cannot occur"


def test_the_attrition_tells_who_was_left_out(flow):
    # h never entered a stage: 8 -> 7; b left in April 2020 and all others were there too: 7 -> 7
    assert [(step.n_in, step.n_out) for step in flow.attrition] == [(8, 7), (7, 7)]
    # in 2022 b (left), c (dismissed) are gone: a, d, e, f, g remain
    assert [step.n_out for step in chain.flow(chain_story.project(), 2022, 2022).attrition] == [7, 5]


def test_the_result_says_what_it_is(flow):
    assert (flow.definition, flow.definition_version, flow.shape, flow.synthetic) == ("stroom", "1", "counts", True)
    assert flow.recipe.function == "das_research.chain.flow"
    assert flow.recipe.parameters == {"first_year": 2020, "last_year": 2022}
    assert flow.labels["stage"]["om"].en == "Prosecution"
    assert set(flow.table.disclosure) == {"not checked"}


def test_years_that_cannot_be_are_refused():
    project = chain_story.project()
    with pytest.raises(UsageError, match="comes after the last"):
        chain.flow(project, 2022, 2020)
    with pytest.raises(UsageError, match="2030 was not observed"):
        chain.flow(project, 2020, 2030)
