"""What became of cohorts on a page: shares as lines and a table, rates in a table of their own, hidden ones nowhere."""

from dataclasses import replace

import disclosure_world as world
import pytest
from disclosure_world import share

from das_research.catalog.models import Text
from das_research.disclosure.rules import protect
from das_research.publish import cohorts
from das_research.publish.exhibits import VIEWS

RECIDIVISM = "das_research.chain.recidivism"
YEARS = ("2018", "2019", "2020")


def cell(measure, numerator, period, horizon="2"):
    return share(measure, numerator, 400, period=period, horizon=horizon)


def released(*rows):
    made = world.result(rows, ("horizon",), RECIDIVISM)
    labels = {
        "measure": {
            "general": Text(nl="algemeen", en="general"),
            "very_serious": Text(nl="zeer ernstig", en="serious"),
        },
        "unit": {"percent": Text(nl="procent", en="percent")},
    }
    return protect(replace(made, labels=made.labels | labels), world.catalog())[0]


@pytest.fixture(scope="module")
def result():
    shares = [cell("general", 100 + int(year) % 10, year) for year in YEARS] + [cell("general", 327, "2018/2020")]
    few = [cell("very_serious", 3, year) for year in YEARS]
    numbers = {"numerator": 150, "denominator": 700.0, "value": 150 / 700, "n": 90, "unit": "zaken_per_jaar"}
    rates = [{"measure": "frequency", "period": year, "horizon": "2", **numbers} for year in YEARS]
    return released(*shares, *few, *rates)


def test_a_line_a_kind_that_was_released(result):
    picture = cohorts.lines(cohorts.in_percent(result), "recidivism", "nl")
    assert "algemeen" in picture.wide.svg and "zeer ernstig" not in picture.wide.svg
    assert "Fictieve gegevens" in picture.wide.svg


def test_years_stand_below_one_another_with_all_of_them_last(result):
    table = cohorts.table(cohorts.in_percent(result), "nl")
    assert [row.heads[0] for row in table.rows] == ["2018", "2019", "2020", "2018–2020"]
    assert [row.cells[1].text for row in table.rows][:3] == ["."] * 3  # hidden, not zero


def test_rates_have_a_table_of_their_own_with_two_decimals(result):
    shown = VIEWS["cohorts"](result, "recidivism", "nl")
    assert [one.id for one in shown] == ["recidivism", "recidivism-rates"]
    assert shown[1].picture is None and shown[1].table.rows[0].cells[0].text == "0,21"


def test_few_years_are_no_line():
    result = released(*(cell("general", 100, year) for year in YEARS[:2]))
    assert cohorts.lines(result, "recidivism", "nl") is None
    assert len(VIEWS["cohorts"](result, "recidivism", "nl")) == 1
    hidden_between = released(*(cell("general", 3 if year == YEARS[1] else 100, year) for year in YEARS))
    assert cohorts.lines(hidden_between, "recidivism", "nl") is None


def test_of_several_horizons_the_shortest_is_drawn_and_all_stand_in_the_table():
    rows = [cell("general", 100 if horizon == "2" else 200, year, horizon) for year in YEARS for horizon in ("10", "2")]
    result = released(*rows)
    picture = cohorts.lines(result, "recidivism", "en")
    assert "25" in picture.wide.svg and len(cohorts.table(result, "en").rows) == 6


def test_where_no_year_was_released_only_all_of_them_stand_in_the_table():
    few = [cell("general", 3, year) for year in YEARS] + [cell("general", 327, "2018/2020")]
    shown = VIEWS["cohorts"](released(*few), "recidivism", "nl")
    assert [row.heads[0] for row in shown[0].table.rows] == ["2018–2020"] and shown[0].picture is None
    assert any("geheim" in note for note in shown[0].table.notes)
