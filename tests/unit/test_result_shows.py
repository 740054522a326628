"""What a Result shows of itself: the same marks in every form, and never a hidden number."""

import csv
import io

import pandas as pd
import pytest
from result_examples import flow_result, result_of

from das_research.errors import UsageError
from das_research.result import Result
from das_research.style.numbers import NOT_RELEASED, SYNTHETIC

FORMS = {
    "html": lambda result: result._repr_html_(),
    "markdown": lambda result: result._repr_markdown_(),
    "text": str,
    "repr": repr,
    "csv": lambda result: result.to_csv("nl"),
    "chart": lambda result: result.plot("nl").svg,
    "chart for print": lambda result: result.plot("nl", for_print=True).svg,
}


@pytest.mark.parametrize("form", FORMS)
def test_fictitious_and_unreleased_are_said_in_every_form(form):
    assert SYNTHETIC["nl"] in FORMS[form](flow_result())
    assert NOT_RELEASED["nl"] in FORMS[form](flow_result())
    released = FORMS[form](flow_result(disclosure="shown", synthetic=False))
    assert SYNTHETIC["nl"] not in released
    assert NOT_RELEASED["nl"] not in released


def test_one_number_that_was_not_checked_leaves_the_whole_unreleased():
    result = flow_result(disclosure="shown")
    result = result.with_table(result.table.assign(disclosure=["not checked"] + ["shown"] * 15))
    assert NOT_RELEASED["nl"] in str(result)


@pytest.mark.parametrize("form", FORMS)
def test_a_hidden_number_stands_in_no_form(form):
    secret = 31415
    rows = [{"value": secret, "period": str(year), "n": secret, "numerator": secret} for year in (2022, 2023, 2024)]
    shown = FORMS[form](result_of(rows, disclosure="hidden"))
    assert str(secret) not in shown.replace(".", "")


def test_measures_stand_side_by_side_and_stages_and_years_go_down():
    view = flow_result().view()
    assert view.row_titles == ("fase", "jaar")
    assert view.columns == ("ingestroomd", "uitgestroomd")
    assert [row.heads for row in view.rows[:4]] == [
        ("Opsporing", "2022"), ("Opsporing", "2023"), ("Opsporing", "2024"), ("Opsporing", "2022–2024"),
    ]  # fmt: skip
    assert [row.total for row in view.rows[:4]] == [False, False, False, True]
    assert view.caption == "Stroom (zaken)"


def test_one_measure_by_a_few_years_stands_with_years_across():
    view = flow_result().view("en", measures=["in"])
    assert view.columns == ("2022", "2023", "2024", "2022 to 2024")
    assert [row.heads for row in view.rows] == [("Investigation",), ("Vervolging",)]
    assert view.rows[0].cells[1].text == "1,001"
    assert view.caption == "Flow (entered, cases)"


def test_rows_and_columns_can_be_chosen():
    view = flow_result().view(rows=["period"], columns=["measure", "stage"])
    assert view.columns[:2] == ("ingestroomd, Opsporing", "ingestroomd, Vervolging")
    assert flow_result().view(columns=["period"]).row_titles == ("fase", "maat")


def test_a_layout_that_puts_two_numbers_in_a_cell_is_refused():
    with pytest.raises(UsageError, match="stage would put several"):
        flow_result().view(rows=["period"], columns=["measure"])
    with pytest.raises(UsageError, match="No such column: fase"):
        flow_result().view(rows=["fase"])
    with pytest.raises(UsageError, match="No such measure: on"):
        flow_result().view(measures=["on"])


def test_what_is_unknown_hidden_or_impossible_is_printed_as_the_statistical_office_does():
    rows = [
        {"measure": "a", "value": 0},
        {"measure": "b", "kind": "unknown"},
        {"measure": "c", "kind": "cannot occur"},
        {"measure": "d", "value": 7, "disclosure": "hidden"},
        {"measure": "e", "kind": "cannot occur", "disclosure": "hidden"},
        {"measure": "f", "value": 7, "revision": "provisional"},
    ]
    cells = [row.cells[0] for row in result_of(rows).view().rows]
    assert [cell.text + cell.mark for cell in cells] == ["0", ".", "", ".", ".", "7*"]


def test_a_cell_is_found_by_its_address_and_the_total_is_understood():
    rows = [{"sekse": code, "value": value} for code, value in (("m", 5), ("v", 6), ("_T", 11))]
    result = result_of(rows, ["sekse"])
    assert result.cell(sekse="v")["value"] == 6
    assert result.cell()["value"] == 11
    assert result.cell(period=2024, measure="in")["se"] is None


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ({"stage": "hof"}, "stage has 2 codes and not this one: opsporing, vervolging"),
        ({"stage": "opsporing"}, "Add measure, period to the address"),
        ({"fase": "opsporing"}, "No such column: fase"),
    ],
)
def test_an_address_of_no_or_several_cells_says_what_to_type(address, words):
    with pytest.raises(UsageError, match=words):
        flow_result().cell(**address)


def test_a_refused_address_does_not_quote_codes_that_the_catalogue_does_not_know():
    result = result_of([{"straat": "Dorpsstraat", "value": 3}], ["straat"])
    with pytest.raises(UsageError) as refusal:
        result.cell(straat="elders")
    assert "Dorpsstraat" not in str(refusal.value)


def test_csv_holds_raw_values_and_the_state_of_each():
    rows = [{"value": 1234.0, "period": "2012/2024"}, {"value": 12.5, "period": "2024", "disclosure": "hidden"}]
    read = list(csv.DictReader(io.StringIO(result_of(rows).to_csv())))
    assert [(row["value"], row["period"], row["disclosure"]) for row in read] == [
        ("1234", "2012/2024", "not checked"),
        ("", "2024", "hidden"),
    ]


def test_dutch_csv_opens_in_a_dutch_spreadsheet():
    text = flow_result().to_csv("nl")
    assert text.startswith("\ufefffigure;measure;measure_label;stage;stage_label;period;value;")
    assert result_of([{"value": 12.5}]).to_csv("nl").splitlines()[1].split(";")[4] == "12,5"


def test_a_result_without_rows_can_be_shown_stored_and_read():
    empty = flow_result().with_table(flow_result().table.iloc[:0])
    assert "geen cijfers" in str(empty)
    assert "<caption>" in empty._repr_html_()
    assert Result.from_json(empty.to_json()) == empty
    assert empty.to_csv().count("\n") == 1
    with pytest.raises(UsageError, match="nothing to draw"):
        empty.plot()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": float("inf")}, "infinite"),
        ({"period": None}, "texts only: period"),
        ({"kind": "nought"}, "kind of a Result"),
        ({"disclosure": "secret"}, "disclosure of a Result"),
    ],
)
def test_a_table_that_is_no_result_is_refused(change, words):
    table = flow_result().table.astype({"period": object})
    table = table.assign(**{column: pd.Series([value] * len(table), dtype=object) for column, value in change.items()})
    with pytest.raises(ValueError, match=words):
        flow_result().with_table(table)


def test_results_are_equal_when_their_contents_are():
    assert flow_result() == flow_result()
    assert flow_result() != flow_result(synthetic=False)
    assert len({flow_result(), flow_result()}) == 1
