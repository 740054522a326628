"""Models and series on a page: computed, through the rules of gate 3, in an edition, on the site, as downloads."""

import csv
from dataclasses import replace
from datetime import date

import disclosure_world
import edition_world
import models_world
import numpy as np
import pytest
import series_world
from edition_world import SNAPSHOT, texts

from das_research import chain
from das_research.catalog.models import Text
from das_research.chain.models.proportional import NotProportional
from das_research.disclosure.models import JUDGED_ONLY
from das_research.disclosure.rules import protect
from das_research.handover import Section
from das_research.publish import fits
from das_research.publish.exhibits import VIEWS

PAGES = {"nl": "ketenmonitor/index.html", "en": "en/ketenmonitor/index.html"}
DATA = "editie/ketenmonitor-2025-06-02/data"
HEADLINES = {
    "cox": "Groep b: {cox[measure=hazard_ratio, term=groep, level=b]}",
    "logistic": "Kans",
    "seasonality": "Seizoen: {seasonality[measure=trend, period=2016-03]}",
    "interrupted": "Breuk",
    "nowcast": "Verwacht: {nowcast[measure=nowcast, period=2022]}",
}


def table_of_people():
    rows = models_world.people(1500)
    project = models_world.project("mensen", rows.assign(opnieuw=rows.dagen < 200, dagen=rows.dagen.clip(upper=200)))
    return project.engine.table("mensen")


def by_month():
    time = np.arange(60)
    return series_world.series(np.round(500 + 3 * time + 40 * np.sin(time / 6 * np.pi) + 7 * np.cos(2.3 * time)))


def by_age():
    counts = [[300 + 10 * row, 120 + 4 * row, 50 + 2 * row, 20 + row] for row in range(8)]
    known = [[one if row + age < 8 else np.nan for age, one in enumerate(line)] for row, line in enumerate(counts)]
    return series_world.triangle(known, 2015)


@pytest.fixture(scope="module")
def released():
    people, months, project = table_of_people(), by_month(), series_world.PROJECT
    results = {
        "cox": chain.cox(people, "dagen", "opnieuw", ["groep", "leeftijd"]),
        "logistic": chain.logistic(people, "terug", ["groep", "leeftijd"]),
        "seasonality": chain.seasonality(project, months),
        "interrupted": chain.interrupted(project, months, ["2018-01-01"]),
        "nowcast": chain.nowcast(project, by_age(), "leeftijd"),
    }
    protected = {name: protect(result, disclosure_world.catalog()) for name, result in results.items()}
    assert {decision.status for _, decision in protected.values()} == {"passed"}
    return {name: replace(result, snapshot=SNAPSHOT) for name, (result, _) in protected.items()}


@pytest.fixture(scope="module")
def site(released, tmp_path_factory):
    sections = tuple(
        Section(name, "table", (name,), headline=Text(nl=words, en=words)) for name, words in HEADLINES.items()
    )
    made = edition_world.release(results=released, sections=sections)
    home = edition_world.publish_editions(tmp_path_factory.mktemp("fits"), made, date(2025, 6, 2))
    return texts(home.site)


@pytest.mark.parametrize("language", PAGES)
def test_every_one_is_on_the_page_with_its_numbers(site, released, language):
    page = site[PAGES[language]]
    for name in HEADLINES:
        assert f'id="{name}"' in page, name
    for name in ("cox", "logistic", "seasonality", "nowcast"):
        assert f"{name}-wide" in page and f"{name}-narrow" in page
    ratio = released["cox"].cell(measure="hazard_ratio", term="groep", level="b")
    comma = "," if language == "nl" else "."
    for number in ("value", "lower", "upper"):
        assert f"{ratio[number]:.2f}".replace(".", comma) in page
    assert f"Groep b: {ratio['value']:.2f}".replace(".", comma) in page


def test_margins_stand_beside_what_they_are_of(released):
    terms, whole = fits.model_tables(released["cox"], "nl")
    assert {"hazard ratio, vanaf", "hazard ratio, tot en met"} <= {column.lower() for column in terms.columns}
    assert [row.heads[0] for row in whole.rows][-1] == "p-waarde: evenredige hazards"
    assert not any(row.total for row in terms.rows)  # a term that is a number is no total
    months, *_ = fits.series_tables(released["nowcast"], "en")
    assert [row.heads[0] for row in months.rows] == ["2020", "2021", "2022"] and len(months.columns) == 3
    assert all(cell.text for row in months.rows for cell in row.cells)


def test_no_table_has_two_numbers_in_a_cell_or_loses_one(released):
    for name, result in released.items():
        shown = [one for exhibit in VIEWS["table"](result, name, "nl") for one in exhibit.table.rows]
        printed = sum(bool(cell.text) for row in shown for cell in row.cells)
        limits = result.table[["lower", "upper"]].notna() & (result.table["measure"] != "coefficient").to_frame().values
        assert printed == len(result.table) + int(limits.to_numpy().sum()), name


def test_a_model_whose_hazards_are_not_proportional_says_so_on_its_page():
    rows = models_world.people(1500)
    # of the one group the risk is high at first and low after, of the other the reverse
    early = np.where(np.arange(1500) % 3 > 0, 20, 150)
    rows = rows.assign(dagen=np.where(rows.man, early, 170 - early) + np.arange(1500) % 19, opnieuw=rows.leeftijd > 25)
    project = models_world.project("mensen", rows)
    with pytest.warns(NotProportional, match="man"):
        model = chain.cox(project.engine.table("mensen"), "dagen", "opnieuw", ["man", "groep"])
    for result, is_told in ((model, True), (chain.cox(table_of_people(), "dagen", "opnieuw", ["groep"]), False)):
        terms, _ = fits.model_tables(protect(result, disclosure_world.catalog())[0], "nl")
        assert any("veranderen met de tijd" in note for note in terms.notes) is is_told


def test_the_downloads_hold_what_left_and_nothing_else(site, released):
    for name, result in released.items():
        rows = list(csv.DictReader(site[f"{DATA}/{name}.csv"].splitlines()))
        assert len(rows) == len(result.table)
        assert {row["measure"] for row in rows} == set(result.table.measure)
        assert not {row["measure"] for row in rows} & {*JUDGED_ONLY, "observed", "adjusted", "known"}


def test_a_series_of_few_periods_and_one_without_any_have_no_picture(released):
    few = released["nowcast"].with_table(released["nowcast"].table[lambda rows: rows.period != "2020"])
    assert fits.series_picture(few, "nowcast", "nl") is None
    assert fits.series_picture(released["interrupted"], "interrupted", "nl") is None
