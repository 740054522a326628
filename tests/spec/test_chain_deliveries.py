"""Spec: what became of the delivered rows."""

import chain_story
import pytest

from das_research import chain
from das_research.catalog.models import Text

DELIVERIES = [
    {"dataset": "compas", "stage": "om", "delivered": 50, "accepted": 50, "quarantined": 0,
     "units_delivered": 40, "units_accepted": 40, "units_lost": 0},
    {"dataset": "bvh", "stage": "politie", "delivered": 100, "accepted": 97, "quarantined": 3,
     "units_delivered": 80, "units_accepted": 78, "units_lost": 2},
]  # fmt: skip
RULES = [
    {"dataset": "bvh", "stage": "politie", "rule": "no-moment:moment", "effect": "quarantined", "rows": 3, "units": 2},
    {"dataset": "bvh", "stage": "politie", "rule": "not-a-date:moment", "effect": "nulled", "rows": 5, "units": 0},
]  # fmt: skip


@pytest.fixture(scope="module")
def table():
    result = chain.deliveries(chain_story.project(deliveries=DELIVERIES, delivery_rules=RULES))
    return result, result.table.set_index(["dataset", "rule", "measure"]).value


def test_every_row_is_taken_in_or_put_aside(table):
    _, value = table
    # 97 + 3 = 100 rows; 78 + 2 = 80 cases
    assert [value["bvh", "_T", measure] for measure in ("rows_delivered", "rows_accepted", "rows_quarantined")] == [
        100,
        97,
        3,
    ]
    assert [value["bvh", "_T", measure] for measure in ("units_delivered", "units_accepted", "units_lost")] == [
        80,
        78,
        2,
    ]


def test_every_rule_tells_what_it_took(table):
    _, value = table
    assert value["bvh", "no-moment:moment", "rows_quarantined"] == 3
    assert value["bvh", "no-moment:moment", "units_lost"] == 2
    assert value["bvh", "not-a-date:moment", "values_nulled"] == 5


def test_rows_of_all_files_add_up_and_cases_of_different_files_do_not(table):
    result, value = table
    assert value["_T", "_T", "rows_delivered"] == 100 + 50
    assert not ((result.table.dataset == "_T") & (result.table.unit == "zaken")).any()


def test_rules_are_told_in_both_languages(table):
    result, _ = table
    expected = Text(
        nl="geen bruikbaar gebeurtenismoment: datum aangifte", en="no usable moment of an event: date reported"
    )
    assert result.labels["rule"]["no-moment:moment"] == expected
    assert result.shape == "faults"


def test_files_stand_in_the_order_of_the_catalogue(table):
    result, _ = table
    assert list(dict.fromkeys(result.table.dataset)) == ["bvh", "compas", "_T"]


def test_rows_that_are_no_cases_are_counted_in_rows_only():
    story = chain_story.catalog()
    crimes = story.datasets["bvh"].model_copy(
        update={"id": "misdrijven", "subject": "crime", "case_keys": (), "events": ()}
    )
    delivered = {"dataset": "misdrijven", "stage": None, "delivered": 30, "accepted": 28, "quarantined": 2,
                 "units_delivered": 29, "units_accepted": 28, "units_lost": 1}  # fmt: skip
    rule = {"dataset": "misdrijven", "stage": None, "rule": "no-key:moment", "effect": "quarantined",
            "rows": 2, "units": 1}  # fmt: skip
    project = chain_story.project(deliveries=[*DELIVERIES, delivered], delivery_rules=[*RULES, rule])
    project.catalog = story.model_copy(update={"datasets": {**story.datasets, "misdrijven": crimes}})
    result = chain.deliveries(project)
    of_crimes = result.table[result.table.dataset == "misdrijven"].set_index(["rule", "measure"]).value.to_dict()
    # 28 + 2 = 30 rows, of no number of cases
    assert of_crimes == {
        ("_T", "rows_delivered"): 30,
        ("_T", "rows_accepted"): 28,
        ("_T", "rows_quarantined"): 2,
        ("no-key:moment", "rows_quarantined"): 2,
    }
    total = result.table[(result.table.dataset == "_T") & (result.table.measure == "rows_delivered")]
    assert total.value.tolist() == [100 + 50 + 30]
    assert result.labels["rule"]["no-key:moment"].en == "no usable key: date reported"
