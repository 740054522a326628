"""Which breaks fall within a series: by what they break, and by the years of the series."""

import pytest
from result_examples import result_of

from das_research.catalog import load_catalog
from das_research.catalog.breaks import breaks_between
from das_research.errors import UsageError
from das_research.publish import views

DAY = "breaks/nieuw-systeem.yaml"


@pytest.fixture
def catalog(write_catalog, miniature):
    """Three breaks: of the dataset zaken and the figure stroom, of the theme vervolging, of the theme preventie."""
    law = miniature[DAY].replace("datasets: [zaken]\nfigures: [stroom]", "themes: [vervolging]")
    other = law.replace("[vervolging]", "[preventie]")
    changes = {
        "breaks/wet.yaml": law.replace("id: nieuw-systeem", "id: wet").replace("2016-07-01", "2014-01-01"),
        "breaks/elders.yaml": other.replace("id: nieuw-systeem", "id: elders"),
    }
    return load_catalog(write_catalog(changes))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("zaken", ["wet", "nieuw-systeem"]),  # the dataset itself, and as that of a stage of the theme vervolging
        ("meldingen", []),
        ("stroom", ["nieuw-systeem"]),  # a figure of no theme
        ("vervolging", ["wet"]),
        ("preventie", ["elders"]),
        ("berechting", []),
    ],
)
def test_a_series_has_the_breaks_of_what_it_is_made_of(name, found, catalog):
    assert [entry.id for entry in breaks_between(catalog, name, 2010, 2020)] == found


def test_a_figure_has_the_breaks_of_its_theme(write_catalog, miniature):
    text = miniature["figures/stroom.yaml"] + "theme: preventie\n"
    law = miniature[DAY].replace("datasets: [zaken]\nfigures: [stroom]", "themes: [preventie]")
    catalog = load_catalog(write_catalog({"figures/stroom.yaml": text, DAY: law}))
    assert [entry.id for entry in breaks_between(catalog, "stroom", 2010, 2020)] == ["nieuw-systeem"]


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (2010, 2013, 0),
        (2010, 2014, 1),  # the break of 2014-01-01
        (2014, 2015, 0),  # on its first day: nothing stands before it
        (2014, 2016, 1),  # that of 2016-07-01
        (2016, 2016, 1),  # within the year
        (2017, 2020, 0),
    ],
)
def test_a_break_counts_only_between_two_moments_of_the_series(first, last, count, catalog):
    assert len(breaks_between(catalog, "zaken", first, last)) == count


@pytest.mark.parametrize(("dimensions", "count"), [((), 0), (("feit",), 0), (("delict",), 1), (("feit", "delict"), 1)])
def test_a_break_of_one_breakdown_counts_in_that_breakdown_only(dimensions, count, write_catalog, miniature):
    catalog = load_catalog(write_catalog({DAY: miniature[DAY] + "dimension: delict\n"}))
    assert len(breaks_between(catalog, "zaken", 2010, 2020, dimensions)) == count


@pytest.mark.parametrize(("code", "found"), [("_T", []), ("geweld", ["nieuw-systeem"])])
def test_it_is_drawn_where_more_than_the_total_is_shown(code, found, write_catalog, miniature):
    text = miniature[DAY].replace("[stroom]", "[stroom]\ndimension: delict")
    catalog = load_catalog(write_catalog({DAY: text}))
    rows = [{"stage": "vervolging", "delict": code, "period": year, "value": 10} for year in ("2015", "2017")]
    assert [entry.id for entry in views.breaks(result_of(rows, ["stage", "delict"]), catalog)] == found


def test_what_is_no_series_is_wrong_use(catalog):
    with pytest.raises(UsageError, match="no series of 'delict'"):
        breaks_between(catalog, "delict", 2010, 2020)
