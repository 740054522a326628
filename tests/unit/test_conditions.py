"""What each operator of the closed grammar means, on one small table with a missing value in every column."""

from datetime import date

import ibis
import pytest

from das_research.catalog.models import Condition
from das_research.conditions import condition_to_expression
from das_research.errors import UsageError

ROWS = {
    "id": [1, 2, 3, 4],
    "code": ["a", "b", "7", None],
    "days": [10, 20, 30, None],
    "moment": [date(2020, 1, 1), date(2020, 6, 1), date(2021, 1, 1), None],
    "appeal": [True, False, True, None],
}


def holds(*conditions: Condition) -> list[int]:
    table = ibis.memtable(ROWS)
    return sorted(table.filter(condition_to_expression(table, conditions)).id.to_list())


@pytest.mark.parametrize(
    ("column", "operator", "values", "rows"),
    [
        ("code", "is", ("a",), [1]),
        ("code", "is_not", ("a",), [2, 3]),
        ("code", "in", ("a", "b"), [1, 2]),
        ("code", "not_in", ("a", "b"), [3]),
        ("code", "is", (7,), [3]),
        ("code", "known", (), [1, 2, 3]),
        ("code", "unknown", (), [4]),
        ("days", "at_least", (20,), [2, 3]),
        ("days", "at_most", (20,), [1, 2]),
        ("moment", "at_least", (date(2020, 6, 1),), [2, 3]),
        ("moment", "is", (date(2020, 1, 1),), [1]),
        ("appeal", "is", (True,), [1, 3]),
        ("appeal", "is_not", (True,), [2]),
    ],
)
def test_an_operator(column, operator, values, rows):
    assert holds(Condition(column=column, operator=operator, values=values)) == rows


def test_all_conditions_must_hold():
    days = Condition(column="days", operator="at_least", values=(20,))
    code = Condition(column="code", operator="is_not", values=("b",))
    assert holds(days, code) == [3]


def test_without_conditions_every_row_holds():
    assert holds() == [1, 2, 3, 4]


def test_the_answer_is_never_null():
    table = ibis.memtable(ROWS)
    answer = condition_to_expression(table, [Condition(column="code", operator="is_not", values=("a",))])
    assert table.select(answer=answer).answer.isnull().sum().execute() == 0


def test_an_unknown_column_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match="days"):
        holds(Condition(column="dagen", operator="is", values=(1,)))


def test_a_comparison_without_values_is_refused():
    with pytest.raises(UsageError, match="compares with nothing"):
        holds(Condition(column="days", operator="at_least"))
