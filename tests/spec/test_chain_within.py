"""Spec: the share of cases within a term, of what started and of what ended. The cases: tests/chain_story.py."""

from datetime import date

import chain_story
import pytest

from das_research import chain
from das_research.errors import UsageError

SPAN = (
    "aangifte-besluit"  # a 61 days (2020), b 10 (2020), c 228 (2020 to 2021), g 30 (2021); d (2021) and f (2019) open
)


def shares(result, period, **codes):
    rows = result.table[result.table.period == period]
    for column, code in codes.items():
        rows = rows[rows[column] == code]
    return {row.measure: (row.numerator, row.denominator) for row in rows.itertuples() if row.kind != "cannot occur"}


def test_of_what_started_the_open_cases_count_too():
    result = chain.share_within(chain_story.project(), SPAN, 90, 2019, 2021)
    # 2020: a and b of a, b, c; 2021: g of d and g; 2019: f is open after 1126 days
    assert [shares(result, year)["of_started"] for year in ("2019", "2020", "2021")] == [(0, 1), (2, 3), (1, 2)]
    assert shares(result, "2019/2021")["of_started"] == (3, 6)


def test_of_what_ended_only_what_is_done_counts():
    result = chain.share_within(chain_story.project(), SPAN, 90, 2019, 2021)
    # 2020: a and b ended, both in time; 2021: c after 228 days, g in time; in 2019 nothing ended
    assert [shares(result, year).get("of_ended") for year in ("2019", "2020", "2021")] == [None, (2, 2), (1, 2)]
    assert result.cell(measure="of_ended", period="2020")["value"] == 100


def test_whoever_cannot_be_followed_for_the_whole_term_does_not_count():
    # observed until 30 September 2021: of g (1 August) 60 days are seen, though it ended in time; d can be followed.
    # So 0 of 1 of those that started in 2021, and the year is provisional; of what ended nothing changes
    project = chain_story.project(observed_until=date(2021, 9, 30))
    result = chain.share_within(project, SPAN, 90, 2020, 2021)
    assert shares(result, "2021") == {"of_started": (0, 1), "of_ended": (1, 2)}
    revisions = result.table[result.table.measure == "of_started"].set_index("period").revision.to_dict()
    assert revisions == {"2020": "final", "2021": "provisional", "2020/2021": "provisional"}
    assert [(step.n_in, step.n_out) for step in result.attrition] == [(8, 6), (6, 6), (6, 5), (5, 4)]


def test_a_term_longer_than_the_data_is_unknown_and_says_why():
    result = chain.share_within(chain_story.project(), SPAN, 2000, 2020, 2021)
    started = result.table[result.table.measure == "of_started"]
    assert set(started.kind) == {"unknown"} and set(started.denominator) == {0}
    assert (result.attrition[-1].n_out, result.attrition[-1].reason.en) == (0, "not followed long enough")


def test_a_norm_is_about_the_cases_it_names():
    # of the violence c (228 days) started in 2020, d (open for 698) in 2021
    result = chain.share_within_norm(chain_story.project(), "snel", 2020, 2021)
    assert shares(result, "2020/2021") == {"of_started": (0, 2), "of_ended": (0, 1)}
    assert result.title.nl == "van aangifte tot instroom of einde: geweld, 80% binnen 90 dagen, 2020–2021"
    assert [(step.n_in, step.n_out, step.reason.en) for step in result.attrition][1:3] == [
        (6, 3, "the norm is not about them"), (3, 2, "did not start in these years"),
    ]  # fmt: skip


def test_n_is_the_smaller_side_in_persons():
    # 2020: in time are a and b, both of p1; not in time is c of p2
    cell = chain.share_within(chain_story.project(), SPAN, 90, 2020, 2020).cell(measure="of_started", period="2020")
    assert (cell["numerator"], cell["n"]) == (2, 1)


def test_groups_add_up_and_the_recipe_gives_the_same_again():
    result = chain.share_within(chain_story.project(), SPAN, 90, 2019, 2021, by=["soort"])
    counts = result.table[(result.table.measure == "of_started") & (result.table.period == "2019/2021")]
    assert counts.set_index("soort").denominator.to_dict() == {"wv": 3, "gw": 3, "_T": 6}
    again = chain.share_within(chain_story.project(), **result.recipe.parameters)
    assert again.to_json() == result.to_json()


def test_what_cannot_be_is_refused():
    project = chain_story.project()
    with pytest.raises(UsageError, match="Choose from: snel"):
        chain.share_within_norm(project, "traag", 2020, 2021)
    with pytest.raises(UsageError, match="term of -1 days"):
        chain.share_within(project, SPAN, -1, 2020, 2021)
