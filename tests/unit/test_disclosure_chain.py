"""What gate 3 hides of the shares along the chain, so that no small number can be computed from what it shows."""

import chain_story
import pytest

from das_research import chain
from das_research.disclosure.rules import protect

SIZES = {"on": 120, "left": 3, "open": 77}  # of the cases that entered the police in 2020


@pytest.fixture(scope="module")
def project():
    cases, events = [], []
    for way, size in SIZES.items():
        for number in range(size):
            case = f"{way}{number}"
            cases.append((case, f"p-{case}", "wv"))
            events.append((case, "aangifte", None, "2020-02-01"))
            after = {"on": [("instroom", None)], "left": [("einde", None)], "open": []}[way]
            events += [(case, *kind, "2020-03-01") for kind in after]
            lost = way == "on" and number < 4
            events += [(case, "besluit", "dagvaarding", "2020-04-01")] if way == "on" else []
            events += [(case, "zitting", None, "2020-06-01")] if way == "on" and not lost else []
    return chain_story.project(cases=cases, events=events)


def shown(result, **codes):
    rows = result.table[result.table.disclosure == "shown"]
    for column, code in codes.items():
        rows = rows[rows[column] == code]
    return set(rows[rows.numerator.notna()].measure)


def test_three_that_left_can_not_be_found_as_the_rest(project):
    # of 200, 120 went on and 77 are open: with both shown, 3 left
    released, decision = protect(chain.conversion_by_year(project, 2020, 2020), project.catalog)
    assert decision.status == "passed"
    parts = {"of_entered", "left", "open"}  # any two of them give the third
    assert len(parts & shown(released, stage="politie")) < 2


def test_a_small_leak_is_hidden_and_the_others_stay(project):
    # of 120 that the prosecution passed on, 4 were never seen; all 120 had been at the police
    released, _ = protect(chain.leakage(project, 2020, 2020), project.catalog)
    assert shown(released) == set()
    assert released.table.loc[released.table.disclosure == "hidden", "value"].isna().all()


def test_three_in_time_of_what_started_are_hidden_and_the_other_measure_is_judged_by_itself(project):
    # the end of the police within 365 days: 123 of 200 that started; of 123 that ended, all
    released, _ = protect(chain.share_within(project, "aangifte-besluit", 365, 2020, 2020), project.catalog)
    assert shown(released) == {"of_started"}


@pytest.mark.parametrize("every", ["quarter", "month"])
def test_periods_within_a_year_are_hidden_before_the_year(project, every):
    # 3 leave in one quarter, in one month: the year has no more of them, so that the measures go, not the year alone
    released, _ = protect(chain.flow(project, 2020, 2020, every=every), project.catalog)
    table = released.table[(released.table.disclosure == "shown") & (released.table.measure == "out")]
    assert table[table.stage == "politie"].value.isna().all() or table[table.stage == "politie"].empty
