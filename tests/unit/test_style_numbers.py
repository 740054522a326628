"""Numbers, dates and changes as readers of Dutch and of English expect them."""

import pytest

from das_research.style.numbers import change_phrase, format_date, format_number, format_period, rounded


@pytest.mark.parametrize(
    ("value", "unit", "dutch", "english"),
    [
        (1234, "zaken", "1.234", "1,234"),
        (1234567.0, "", "1.234.567", "1,234,567"),
        (0, "", "0", "0"),
        (-1234, "", "−1.234", "−1,234"),
        (12.25, "percent", "12,3%", "12.3%"),  # half goes up: 12,25 -> 12,3
        (12.15, "percent", "12,2%", "12.2%"),  # binary 12,15 lies under the half; the reader's does not
        (-0.04, "percent", "0,0%", "0.0%"),  # no minus before nothing
        (2024, "year", "2024", "2024"),
        (99.95, "percent", "100,0%", "100.0%"),
        (212.5, "days", "212,5", "212.5"),
        (float("nan"), "percent", ".", "."),
        (None, "", ".", "."),
    ],
)
def test_a_number_in_both_languages(value, unit, dutch, english):
    assert (format_number(value, unit, "nl"), format_number(value, unit, "en")) == (dutch, english)


def test_a_sign_stands_before_a_rise_and_a_fall_and_not_before_nothing():
    assert [format_number(value, sign=True) for value in (5, -5, 0)] == ["+5", "−5", "0"]


def test_rounding_goes_half_away_from_zero():
    assert [float(rounded(value, 0)) for value in (0.5, 1.5, 2.5, -0.5, -2.5)] == [1, 2, 3, -1, -3]


def test_dates_and_periods():
    assert format_date("2026-03-01") == "1 maart 2026"
    assert format_date("2026-03-01", "en") == "1 March 2026"
    assert format_period("2012/2024") == "2012–2024"
    assert format_period("2012/2024", "en") == "2012 to 2024"
    assert format_period("_T", "en") == "all years"


@pytest.mark.parametrize(
    ("old", "new", "unit", "dutch", "english"),
    [
        (200, 206, "", "steeg met 3,0%", "rose by 3.0%"),  # 6 / 200
        (206, 200, "", "daalde met 2,9%", "fell by 2.9%"),  # 6 / 206 = 2,91
        (8, 8, "", "bleef gelijk", "stayed the same"),
        (100000, 100001, "", "bleef vrijwel gelijk", "hardly changed"),  # 0,001%
        (40.0, 42.5, "percent", "steeg met 2,5 procentpunt", "rose by 2.5 percentage points"),
        (0.0, 0.5, "percent", "steeg met 0,5 procentpunt", "rose by 0.5 percentage points"),
        (0, 7, "", "steeg van 0 naar 7", "rose from 0 to 7"),
        (10, 0, "", "daalde met 100,0%", "fell by 100.0%"),
        (None, 7, "", "kan niet worden vergeleken", "cannot be compared"),
        (7, float("nan"), "", "kan niet worden vergeleken", "cannot be compared"),
    ],
)
def test_a_change_in_words(old, new, unit, dutch, english):
    assert change_phrase(old, new, "nl", unit) == dutch
    assert change_phrase(old, new, "en", unit) == english
