"""Gate 1 on the real files of a chain: 133,782 rows, every one accepted or put aside with its reason.

The expected counts were measured once with a plain loop over the files, apart from the code under test.
"""

import pytest

from das_research.home import Home
from das_research.intake.delivery import Delivery, Units

# dataset: rows delivered, accepted, quarantined; participants delivered, accepted, lost
EXPECTED = {
    "intake": (36_190, 36_190, 0, Units(36_190, 36_190, 0)),
    "initiation": (73_029, 66_328, 6_701, Units(28_886, 23_268, 5_618)),
    "dispositions": (20_234, 19_646, 588, Units(11_322, 10_746, 576)),
    "sentencing": (4_329, 4_318, 11, Units(4_112, 4_103, 9)),
}

# rule: rows, participants
RULES = {
    "intake": {
        "out-of-range:age_at_incident": (8, 8),
        "out-of-range:arrest_date": (6, 6),
        "out-of-range:felony_review_date": (2, 2),
        "before:felony_review_date": (391, 391),
    },
    "initiation": {
        "no-moment:event_date": (6_701, 5_618),
        "out-of-range:event_date": (512, 341),
        "out-of-range:arraignment_date": (1_701, 592),
        "before:event_date": (508, 182),
        "before:arraignment_date": (96, 21),
    },
    "dispositions": {
        "no-moment:disposition_date": (588, 576),  # the 1 out of range and the 587 before the case was received
        "out-of-range:disposition_date": (1, 1),
        "before:disposition_date": (587, 578),
    },
    "sentencing": {
        "no-moment:sentence_date": (11, 9),  # 3 + 8
        "out-of-range:sentence_date": (3, 3),
        "before:sentence_date": (8, 7),
    },
}


@pytest.fixture
def delivered(real_deliveries: tuple[Home, dict[str, Delivery]]) -> dict[str, Delivery]:
    return real_deliveries[1]


@pytest.mark.parametrize("dataset", EXPECTED)
def test_rows_and_participants(dataset: str, delivered: dict[str, Delivery]) -> None:
    found = delivered[dataset]
    assert (found.delivered, found.accepted, found.quarantined, found.units) == EXPECTED[dataset]
    assert found.accepted + found.quarantined == found.delivered
    assert not found.synthetic


@pytest.mark.parametrize("dataset", RULES)
def test_counts_by_rule(dataset: str, delivered: dict[str, Delivery]) -> None:
    """No rule is missing and none is there besides: not one code of the four files is unknown to the catalogue."""
    assert {rule.rule: (rule.rows, rule.units) for rule in delivered[dataset].rules} == RULES[dataset]


def test_all_rows_together(delivered: dict[str, Delivery]) -> None:
    assert sum(found.delivered for found in delivered.values()) == 36_190 + 73_029 + 20_234 + 4_329 == 133_782
