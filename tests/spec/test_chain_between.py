"""Spec: the days between two events of a case, and which event counts. The cases are told in tests/chain_story.py."""

import chain_story
import pytest

from das_research import chain
from das_research.errors import UsageError

SPAN = "aangifte-besluit"  # from the report to the intake at the prosecution, or to the end at the police


def quantiles(result, **codes):
    rows = result.table[result.table.unit == "days"]
    for column, code in codes.items():
        rows = rows[rows[column] == code]
    return {row.measure: None if row.kind == "unknown" else row.value for row in rows.itertuples()}


def completed(result):
    rows = result.table[result.table.measure == "completed_share"]
    return dict(zip(rows.days.astype(int), rows.value.round(6), strict=True))


def test_open_cases_count_until_the_last_observed_day():
    # started 2019-2022: b 10 days, g 30 (its end at the police comes first), a 61, c 228; d is open for 698 days, f for
    # 1126. Open: 5/6 after day 10, 4/6 after 30, 3/6 after 61, 2/6 after 228: three quarters are never done
    result = chain.durations_between(chain_story.project(), SPAN, 2019, 2022, step_days=50)
    points = completed(result)
    assert (points[0], points[50], points[100], points[250]) == (0, round(200 / 6, 6), 50, round(400 / 6, 6))
    assert quantiles(result) == {"first_quartile": 30, "median": 61, "third_quartile": None}


def test_by_the_end_only_cases_that_ended_then_count():
    # in 2021 c ended after 228 days and g after 30: half were done by day 30, three quarters by 228. d and f wait far
    # longer, and are not seen
    result = chain.durations_between(chain_story.project(), SPAN, 2021, 2021, period_of_the="end")
    assert quantiles(result) == {"first_quartile": 30, "median": 30, "third_quartile": 228}
    assert result.title.en == "from report to intake or end: cases that ended in 2021"


def test_which_of_several_starts_counts():
    # d was reported on 2021-02-01 and again on 2021-06-01: 578 days before the last observed day, not 698
    for count_start, until in (("first", 700), ("last", 600)):
        own = {"start": "aangifte", "end": ["instroom", "einde"], "count_start": count_start}
        result = chain.durations_between(chain_story.project(), own, 2021, 2021, by=["soort"], step_days=100)
        days = result.table[(result.table.soort == "gw") & (result.table.days != "_T")].days.astype(int)
        assert days.max() == until


def test_which_of_several_ends_counts():
    # g ended at the police after 30 days, and came in at the prosecution after 162
    for count_end, days in (("first after", 30), ("first", 30), ("last", 162)):
        own = {"start": "aangifte", "end": ["instroom", "einde"], "count_end": count_end}
        result = chain.durations_between(chain_story.project(), own, 2021, 2022, by=["soort"])
        assert quantiles(result, soort="wv")["median"] == days


def test_an_end_before_its_start_is_left_out_and_told():
    # from the intake to the first report: a, c and g were reported before they came in; e was never reported
    own = {"start": "instroom", "end": "aangifte", "count_end": "first"}
    result = chain.durations_between(chain_story.project(), own, 2020, 2022)
    assert [(step.n_in, step.n_out, step.reason.en) for step in result.attrition] == [
        (8, 4, "never started"), (4, 1, "the end lies before the start"), (1, 1, "did not start in these years"),
    ]  # fmt: skip
    assert quantiles(result) == {"first_quartile": None, "median": None, "third_quartile": None}


def test_the_first_end_after_the_start_is_looked_for_behind_an_earlier_one():
    # reported twice, ended between: the end that counts is that after the last report, 20 days later
    events = [
        ("a", "aangifte", None, "2020-01-01"), ("a", "einde", None, "2020-01-05"),
        ("a", "aangifte", None, "2020-02-01"), ("a", "einde", None, "2020-02-21"), ("a", "einde", None, "2020-03-01"),
    ]  # fmt: skip
    own = {"start": "aangifte", "end": "einde", "count_start": "last"}
    result = chain.durations_between(chain_story.project(events=events), own, 2020, 2020)
    assert quantiles(result)["median"] == 20


def test_an_outcome_can_be_asked_of_a_start():
    # of those who came in at the prosecution, e was charged (2021-10-01) and heard in court 273 days later
    own = {"start": {"event": "besluit", "outcomes": ["dagvaarding"]}, "end": "zitting"}
    assert quantiles(chain.durations_between(chain_story.project(), own, 2021, 2021))["median"] == 273


def test_all_censored_leaves_every_quantile_unknown_and_the_curve_at_nought():
    # only d and f stay, both open
    events = [event for event in chain_story.EVENTS if event[0] in "df" and event[1] == "aangifte"]
    result = chain.durations_between(chain_story.project(events=events), SPAN, 2019, 2022, step_days=400)
    assert set(completed(result).values()) == {0.0}
    assert set(quantiles(result).values()) == {None}


def test_years_without_a_case_give_no_number_and_say_why():
    result = chain.durations_between(chain_story.project(), SPAN, 2010, 2011)
    assert result.table.empty
    assert (result.attrition[-1].n_in, result.attrition[-1].n_out) == (6, 0)


def test_the_recipe_gives_the_same_again():
    own = {"start": "aangifte", "end": ("instroom", {"event": "besluit", "outcomes": ["sepot"]})}
    for span in (SPAN, own):
        first = chain.durations_between(chain_story.project(), span, 2019, 2022, by=["soort"])
        again = chain.durations_between(chain_story.project(), **first.recipe.parameters)
        assert first.to_json() == again.to_json()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"span": "kerk"}, "Choose from: aangifte-besluit; or name two events"),
        ({"span": {"start": "doop", "end": "zitting"}}, "There is no event 'doop'"),
        ({"span": {"start": "aangifte"}}, "This span can't be used: end"),
        ({"span": {"start": "zitting", "end": "zitting"}}, "ends as it starts"),
        ({"span": {"start": "aangifte", "end": "zitting", "count_end": "middle"}}, "can't be used: count_end"),
        ({"span": {"start": "aangifte", "end": "zitting", "title": "Jan, 7 zaken"}}, "A span has no 'title'"),
        ({"span": SPAN, "period_of_the": "middle"}, "period_of_the='start' or 'end'"),
        ({"span": SPAN, "step_days": 0}, "step of 0 days"),
        ({"span": SPAN, "last_year": 2030}, "2030 was not observed"),
        ({"span": SPAN, "by": ["lengte"]}, "no attribute 'lengte'"),
    ],
)
def test_what_cannot_be_is_refused(asked, said):
    with pytest.raises(UsageError, match=said.replace("?", ".")):
        chain.durations_between(chain_story.project(), **{"first_year": 2020, "last_year": 2022, **asked})
