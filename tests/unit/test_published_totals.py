"""The published totals of the Dutch catalogue: complete, each with its source, and the headline series counted."""

from collections import Counter
from pathlib import Path

import pytest

from das_research.catalog.load import load_catalog
from das_research.catalog.models import Calibration, Published, Tolerance
from das_research.catalog.published import tolerance_of, totals, width_of

CATALOG = load_catalog(Path(__file__).parents[2] / "data_catalog")
TOTALS = [total for entry in CATALOG.published.values() for total in totals(entry)]
HEADLINE = {
    "geregistreerde-misdrijven": {"totaal"},
    "unieke-verdachten": {"cr", "cbs"},
    "instroom-om": {"cr", "om", "om_met_herinstroom", "cbs"},
    "beslissingen-om": {"cr", "cbs"},
    "afdoeningen-rechter": {"cr", "cbs"},
    "instroom-gevangeniswezen": {"totaal"},
    "gedetineerden": {"op_30_september"},
    "recidive-twee-jaar": {"schuldig_jeugdigen", "schuldig_volwassenen"},
}


def total(entry, series, year):
    """One published number."""
    return next(it for it in TOTALS if (it.entry.id, it.name, it.year) == (entry, series, year))


def test_every_number_that_was_read_is_there_once():
    assert len(TOTALS) == 664
    assert Counter((it.entry.theme, it.title.nl, it.unit.nl, it.year) for it in TOTALS).most_common(1)[0][1] == 1
    assert sum(len(entry.series) for entry in CATALOG.published.values()) == 281


def test_every_number_says_where_it_was_read():
    assert all(it.source and (it.source.startswith(("http://", "https://"))) for it in TOTALS)


def test_the_headline_series_are_those_and_all_are_counted():
    found: dict[str, set[str]] = {}
    for it in TOTALS:
        if it.series.headline:
            found.setdefault(it.entry.id, set()).add(it.name)
            assert it.not_counted is None
    assert found == HEADLINE


def test_what_is_not_counted_says_why_and_adjusted_numbers_never_are():
    uncounted = [it for it in TOTALS if not (it.series.count or it.series.function)]
    assert all(it.not_counted is not None for it in uncounted)
    assert all(not it.series.count for it in TOTALS if {"corrected", "subpopulation"} & set(it.status))
    assert {"corrected", "subpopulation"} == set(CATALOG.calibration.never)


def test_the_statuses_of_a_number_are_kept():
    assert total("geregistreerde-misdrijven", "totaal", 2012).status == ("final",)
    assert total("geregistreerde-misdrijven", "totaal", 2022).status == ("provisional",)
    old = total("geregistreerde-misdrijven", "cr_2017", 2017)
    assert (old.status, old.words) == (
        ("provisional", "rounded", "other_edition"),
        "voorlopig; afgerond; later herzien tot 832950",
    )


@pytest.mark.parametrize(
    ("entry", "series", "year", "width"),
    [
        ("geregistreerde-misdrijven", "totaal", 2012, 23099),  # final: 2 % of 1,154,950
        ("geregistreerde-misdrijven", "totaal", 2022, 40469.5),  # provisional: 5 % of 809,390
        ("geregistreerde-misdrijven", "cr_2017", 2017, 41550),  # rounded, of another edition: 5 % of 831,000
        ("instroom-om", "cr", 2017, 500),  # 174,000: half of 1,000
        ("instroom-om", "om", 2018, 50),  # 169,800: half of 100
        ("gedetineerden", "op_30_september", 2019, 50),
        ("recidive-twee-jaar", "schuldig_jeugdigen", 2012, 2),  # a share: 2 points
        ("doorlooptijd-om", "afgedaan", 2013, 1.7),  # a mean duration: 10 % of 17 weeks
        ("misdrijven-per-inwoner", "totaal", 2012, 1.38),  # 2 % of 69, more than half of 1
        ("unieke-verdachten-per-inwoner", "aandeel", 2012, 0.05),  # half of 0.1, more than 2 % of 1.5
    ],
)
def test_how_far_the_synthetic_chain_may_be_from_it(entry, series, year, width):
    found = total(entry, series, year)
    assert width_of(tolerance_of(CATALOG.calibration, found), found) == pytest.approx(width)


@pytest.mark.parametrize(
    ("kind", "status", "first"),
    [
        ("share", ["final"], 0),
        ("count", ["rounded", "own_count"], 1),
        ("count", ["final"], 2),
        ("rate", ["rounded"], 1),
    ],
)
def test_the_first_tolerance_about_a_number_is_its_own(kind, status, first):
    tolerances = (
        Tolerance(kinds=("share",), points=2),
        Tolerance(status=("rounded",), steps=0.5),
        Tolerance(percent=2),
    )
    values = [{"year": 2020, "value": 10, "status": status, "rounding": 1}]
    entry = Published.model_validate(
        {"id": "x", "title": "x", "theme": "opsporing", "unit": "x", "kind": kind, "series": {"x": {"values": values}}}
    )
    assert tolerance_of(Calibration(tolerances=tolerances), next(totals(entry))) == tolerances[first]
