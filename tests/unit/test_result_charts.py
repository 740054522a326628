"""Which chart a Result becomes: by its shape, from the cells that may be seen."""

import re

import pytest
from result_examples import flow_result, result_of, same

from das_research.errors import UsageError


def test_counts_over_years_become_lines_along_the_first_dimension():
    chart = flow_result().plot("nl", measure="out")
    assert chart.description == "Opsporing: 1.000 in 2022, 1.002 in 2024. Vervolging: 0 in 2022, 2 in 2024."
    assert "uitgestroomd, zaken" in chart.svg


def test_years_that_sum_up_others_are_no_point_of_a_line():
    assert len(re.search(r'data-x="\[([^\]]+)\]"', flow_result().plot().svg)[1].split(",")) == 3


def test_counts_of_one_year_become_bars():
    rows = [{"sekse": code, "value": value} for code, value in (("m", 5), ("v", 6), ("_T", 11))]
    assert result_of(rows, ["sekse"]).plot().description == "M: 5; V: 6."


def test_another_dimension_stands_at_its_total_or_is_refused():
    rows = [{"sekse": sekse, "groep": groep, "value": 3} for sekse in ("m", "v") for groep in ("jong", "oud", "_T")]
    assert result_of(rows, ["sekse", "groep"]).plot().description == "M: 3; V: 3."
    with pytest.raises(UsageError, match="groep has no total"):
        result_of([row for row in rows if row["groep"] != "_T"], ["sekse", "groep"]).plot()


def test_an_unknown_measure_is_refused_with_those_there_are():
    with pytest.raises(UsageError, match="Choose from in, out"):
        flow_result().plot(measure="on")


def curve(groups, **named):
    rows = [
        {"measure": "completed_share", "days": str(day), "groep": group, "value": share, "unit": "percent"}
        | {"lower": share - 5, "upper": share + 5}
        for group in groups
        for day, share in ((0, 0.0), (10, 40.0), (20, 60.0))
    ]
    rows += [{"measure": "median", "days": "_T", "groep": group, "value": 15, "unit": "days"} for group in groups]
    labels = {
        "measure": {"completed_share": same("afgerond"), "median": same("mediaan")},
        "unit": {"days": same("dagen")},
    }
    return result_of(rows, ["days", "groep"], shape="curve", labels=labels, **named)


def test_a_curve_becomes_steps_with_its_median():
    chart = curve(["a", "b"]).plot()
    assert chart.description == "A: mediaan 15 dagen, 60,0% na 20 dagen. B: mediaan 15 dagen, 60,0% na 20 dagen."


def test_of_too_many_curves_the_total_is_drawn_and_without_a_total_none():
    assert curve([*"abcdef", "_T"]).plot().description == "Totaal: mediaan 15 dagen, 60,0% na 20 dagen."
    with pytest.raises(UsageError, match="6 curves"):
        curve("abcdef").plot()


def test_a_group_of_which_nothing_may_be_seen_is_not_drawn():
    result = curve(["a", "b"], disclosure="shown")
    hidden = result.table.assign(disclosure=["hidden" if group == "b" else "shown" for group in result.table["groep"]])
    assert result.with_table(hidden).plot().description == "A: mediaan 15 dagen, 60,0% na 20 dagen."


def test_the_table_of_a_curve_shows_its_quantiles_and_its_steps_when_asked():
    assert [row.cells[0].text for row in curve(["a", "b"]).view().rows] == ["15", "15"]
    steps = curve(["a", "b"]).view(measures=["completed_share"])
    assert ([row.heads for row in steps.rows], steps.columns) == ([("0",), ("10",), ("20",)], ("a", "b"))


def test_faults_become_bars_under_the_name_of_their_file():
    rows = [
        {"dataset": "zaken", "rule": rule, "measure": "rows", "value": value, "kind": kind}
        for rule, value, kind in (("no-key", 7, "number"), ("before", 0, "zero"), ("_T", 7, "number"))
    ]
    chart = result_of(rows, ["dataset", "rule"], shape="faults").plot()
    assert chart.description == "zaken, No-key: 7."


def test_a_long_table_shows_its_first_rows_and_says_so():
    rows = [{"groep": f"g{number}", "value": number} for number in range(1, 251)]
    result = result_of(rows, ["groep"])
    assert "eerste 100 van 250 rijen" in result._repr_html_()
    assert result._repr_html_().count('scope="row"') == 100
    assert len(result.view().rows) == 250


def test_the_same_result_draws_the_same_bytes():
    assert flow_result().plot().svg == flow_result().plot().svg
