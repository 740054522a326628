"""A Result shows how far its numbers depend on how persons were linked; a project gives its tables by every link."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from links_world import opened
from result_examples import result_of

from das_research import figures
from das_research.errors import UsageError
from das_research.presentation import bands
from das_research.presentation.bands import Band
from das_research.result import Result

ROWS = [(place, 1 + place % 4, "wv", 100, 2022) for place in range(1, 9)]
TOGETHER = {1: 1, 2: 1, 3: 3, 4: 4}  # strict 1 and 2 are one person by the standard link
LOOSELY = {1: 1, 3: 1, 4: 4}  # and 3 is that person too by the loose one


def shares(**band):
    """A share of two years, with these bands."""
    rows = [
        {
            "measure": "share",
            "period": year,
            "value": value,
            "numerator": value * 10,
            "denominator": 1000,
            "unit": "percent",
        }
        for year, value in (("2023", 40.0), ("2024", 41.5))
    ]
    cells = {("share", year.removeprefix("y")): ends for year, ends in band.items()}
    return replace(result_of(rows), band=Band(cells))


def test_a_result_says_the_band_of_its_latest_number():
    result = shares(y2024=(42.04, 41.18), y2023=(40.0, 40.0))
    assert bands.notes(result, "nl") == ("share, 2024: koppelgevoeligheid 41,2–42,0%",)
    assert bands.notes(result, "en") == ("share, 2024: linkage sensitivity 41.2–42.0%",)
    assert "koppelgevoeligheid 41,2–42,0%" in repr(result)
    assert "koppelgevoeligheid 41,2–42,0%" in result._repr_html_()
    assert "koppelgevoeligheid" not in " ".join(result.view().notes)  # a page says it beside its figure


def test_the_ends_of_a_narrow_band_have_decimals_enough_to_differ():
    assert bands.notes(shares(y2024=(41.512, 41.5)), "nl") == ("share, 2024: koppelgevoeligheid 41,50–41,51%",)


def test_a_result_that_does_not_depend_on_the_link_says_so():
    assert bands.notes(shares(), "nl") == ("ongevoelig voor de koppeling",)
    assert bands.notes(shares(y2024=(41.5, 41.5)), "en") == ("share, 2024: does not depend on how persons were linked",)


def test_nothing_is_said_of_what_is_not_known():
    assert bands.notes(replace(shares(), band=None), "nl") == ()
    assert bands.notes(shares(y2024=(None, 41.5)), "nl") == ()
    assert bands.notes(shares(y2023=(41.0, 39.0)), "nl") == ()


def test_the_share_linked_stands_with_it():
    result = replace(shares(), linkage={"strafzaken": 0.973})
    assert bands.notes(result, "nl")[0] == "aandeel van de zaken dat een eerdere fase ook kent: strafzaken 97%"


def test_a_hidden_number_says_nothing():
    result = shares(y2024=(42.0, 41.0))
    hidden = result.table.assign(disclosure="hidden")
    assert bands.printed(result, hidden.to_dict("records")[1], "nl") == ""


def test_a_result_of_before_there_were_bands_is_read_and_stays_the_same_to_the_byte():
    old = replace(shares(), band=None).to_json()
    assert "band" not in json.loads(old)
    assert Result.from_json(old).band is None
    assert Result.from_json(old).to_json() == old


@pytest.fixture
def project(tmp_path: Path):
    with opened(tmp_path, ROWS, TOGETHER, LOOSELY) as project:
        yield project


def test_the_tables_of_another_link_have_its_persons_in_the_place_of_the_standard_ones(project):
    """Strict 1, 2, 3, 4; standard {1, 2}, 3, 4; loose {1, 2, 3}, 4."""
    for link, persons in (("strict", 4), ("standard", 3), ("loose", 2)):
        at = project.at(link)
        assert at.tables.zaken.person_id.nunique().execute() == persons
        assert at.tables.persons.count().execute() == persons
        assert at.tables.zaken.schema() == project.tables.zaken.schema()
    assert project.tables.persons.person_id.nunique().execute() == 3


def test_a_number_gets_its_band_by_itself(project):
    result = figures.compute(project, "personen", 2022, 2022)
    assert result.cell(period="2022")["value"] == 3
    assert result.band.limits(("number", "_T", "2022"), 3.0) == (2.0, 4.0)


def test_only_what_was_computed_by_the_standard_link_is_released(project):
    strict = project.at("strict")
    result = figures.compute(strict, "personen", 2022, 2022)
    assert result.band is None
    with pytest.raises(UsageError, match="by the strict link can't be released"):
        strict.release(result, "personen")


def test_there_are_three_links(project):
    with pytest.raises(UsageError, match="Choose one of: strict, standard, loose"):
        project.at("streng")


def test_a_project_whose_links_agree_computes_nothing_again(tmp_path, monkeypatch):
    alone = {person: person for person in (1, 2, 3, 4)}
    with opened(tmp_path, ROWS, alone, alone) as project:
        assert project.person_links == "same"
        monkeypatch.setattr(type(project), "at", None)
        assert figures.compute(project, "personen", 2022, 2022).band == Band()
