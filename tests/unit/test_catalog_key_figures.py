"""Key figures in the catalogue: one fault brought in is exactly one problem, at its line (`§` marks it)."""

import json

import pytest
from typer.testing import CliRunner

from das_research.catalog import load_catalog
from das_research.catalog.breaks import breaks_between
from das_research.catalog.key_figures import key_figures, themes_of
from das_research.cli import app
from das_research.errors import CatalogError

FILE = "figures/sepotpercentage.yaml"
SHARE = """\
id: sepotpercentage
title: {nl: Sepotpercentage, en: Dismissal rate}
source: bron
version: "1"
theme: vervolging
definition: {nl: Sepots per beslissing., en: Dismissals per decision.}
unit: {nl: procent, en: per cent}
numerator: zaak
denominator: zaak
phrase: {nl: het sepotpercentage, en: the dismissal rate}
count:
  table: zaken
  moment: besloten
  where:
    - {column: uitkomst, operator: known}
    - {column: uitkomst, operator: is, values: [sepot]}
per:
  table: zaken
  moment: besloten
  where:
    - {column: uitkomst, operator: known}
scale: 100
by: [feit]
leading: 1
monitor: keten
"""
LINES_BELOW = "scale: 100\n"
ROWS = [
    ("theme: vervolging\n", "", "§id: sep", "a key figure needs the field 'theme'"),
    ("phrase: {nl: het sepotpercentage, en: the dismissal rate}\n", "", "§id: sep", "needs the field 'phrase'"),
    ("monitor: keten\n", "§monitor: ketens\n", "", "there is no monitor 'ketens'; did you mean 'keten'?"),
    ("title: {nl: Sepotp", "§title: {nl: 3 Sepotp", "", "id and title of a key figure hold no number"),
    ("denominator: zaak\n", "", "§per:", "'per' says what is counted below the line"),
    ("count:\n  table: zaken", "count:\n  §table: zakken", "", "there is no table 'zakken'; did you mean 'zaken'?"),
    ("count:\n  table: zaken\n  moment: besloten", "count:\n  table: zaken\n  §moment: feit", "", "has type code, not"),
    (
        "count:\n  table: zaken\n  moment: besloten\n",
        "§count:\n  table: zaken\n",
        "",
        "give either a 'moment', whose year counts, or a 'stock'",
    ),
    ("count:\n  table: zaken\n", "§count:\n  table: zaken\n  what: sum\n", "", "a sum needs the field 'column'"),
    (
        "count:\n  table: zaken\n",
        "count:\n  table: zaken\n  what: sum\n  §column: feit\n",
        "",
        "'feit' has type code, not integer or decimal",
    ),
    (
        "count:\n  table: zaken\n",
        "count:\n  table: zaken\n  what: persons\n  §weight: geboortejaar\n",
        "",
        "only rows and sums are weighted",
    ),
    (
        "count:\n  table: zaken\n",
        "count:\n  table: zaken\n  §weight: geboortejaar\n",
        "",
        "a weighted number needs a margin",
    ),
    ("values: [sepot]", "values: [§seppot]", "", "there is no code 'seppot'; did you mean 'sepot'?"),
    (
        "  where:\n    - {column: uitkomst, operator: known}\n    - {column: uitkomst, operator: is,",
        "  §where:\n    - {column: uitkomst, operator: is,",
        "",
        "above the line is counted a part of what is below: repeat its lines here",
    ),
    ("by: [feit]", "by: [§feiten]", "", "table 'zaken': there is no column 'feiten'; did you mean 'feit'?"),
]


def problems(folder):
    with pytest.raises(CatalogError) as caught:
        load_catalog(folder)
    return [line.strip().removeprefix(f"{folder}/") for line in caught.value.what.splitlines()[1:]]


def test_a_key_figure_in_order_is_listed_under_its_theme(write_catalog):
    catalog = load_catalog(write_catalog({FILE: SHARE}))
    assert [figure.id for figure in key_figures(catalog)] == ["sepotpercentage"]
    assert themes_of(catalog) == ["vervolging"]
    assert key_figures(catalog, "opsporing") == []


@pytest.mark.parametrize("row", ROWS, ids=[row[3][:60] for row in ROWS])
def test_one_fault_is_exactly_one_problem_at_its_line(row, write_catalog):
    old, new, elsewhere, message = row
    assert SHARE.count(old) == 1
    marked = SHARE.replace(old, new)
    changed = marked.replace("§", "")
    marked = changed.replace(elsewhere.removeprefix("§"), elsewhere) if elsewhere else marked
    (line,) = [number for number, text in enumerate(marked.splitlines(), start=1) if "§" in text]
    (found,) = problems(write_catalog({FILE: changed}))
    assert found.startswith(f"{FILE}:{line}: ")
    assert message in found


@pytest.mark.parametrize("field", ["by: [delict]", "leading: 1", "function: gevolgd"])
def test_what_only_a_key_figure_has(field, write_catalog, miniature):
    text = miniature["figures/stroom.yaml"] + f"{field}\n"
    (found,) = problems(write_catalog({"figures/stroom.yaml": text}))
    assert found.endswith("only a key figure has it: give the field 'count' too")


def test_a_column_that_a_function_adds_is_known_to_the_function_alone(write_catalog):
    text = SHARE.replace("[feit]", "[gevolgd]") + "function: gevolgd_tot_vonnis\n"
    assert load_catalog(write_catalog({FILE: text})).figures["sepotpercentage"].function == "gevolgd_tot_vonnis"


def test_a_monitor_is_not_named_as_the_page_of_a_theme(write_catalog, miniature):
    text = miniature["monitors/keten.yaml"].replace("id: keten", "id: vervolging")
    (found,) = problems(write_catalog({"monitors/vervolging.yaml": text}))
    assert "is a theme, whose page on the site has that name" in found


def test_a_break_in_a_dataset_breaks_every_key_figure_counted_in_it(write_catalog, miniature):
    day = "breaks/nieuw-systeem.yaml"
    text = miniature[day].replace("figures: [stroom]\n", "")
    catalog = load_catalog(write_catalog({FILE: SHARE, day: text}))
    assert [entry.id for entry in breaks_between(catalog, "sepotpercentage", 1900, 2100)] == ["nieuw-systeem"]


@pytest.fixture
def das(write_catalog, tmp_path):
    """Runs `das` over the miniature catalogue with the key figure in it."""
    folder = write_catalog({FILE: SHARE})

    def run(*arguments):
        return CliRunner().invoke(app, ["--catalog", str(folder), "--home", str(tmp_path / "home"), *arguments])

    return run


def test_the_list_tells_theme_title_unit_and_version_for_people_and_programs(das):
    (found,) = json.loads(das("figure", "list", "--json").stdout)
    assert found == {
        "theme": "vervolging",
        "figure": "sepotpercentage",
        "title": "Sepotpercentage",
        "unit": "procent",
        "version": "1",
    }
    assert "Sepotpercentage" in das("figure", "list").stdout


def test_a_figure_is_shown_with_every_line_above_and_below_in_both_languages(das):
    dutch = das("figure", "show", "sepotpercentage").stdout
    above, below = dutch.partition("Onder de streep")[::2]
    assert "Boven de streep" in above
    assert "uitkomst is sepot" in above
    assert "uitkomst is bekend" in below
    assert "uitkomst is sepot" not in below
    english = das("figure", "show", "sepotpercentage", "--language", "en").stdout
    for said in ("Dismissal rate", "Multiplied by: 100", "uitkomst is known", "Monitor: keten", "Source: bron"):
        assert said in english
    assert "New system" in english  # the break in the file it counts


def test_a_figure_of_the_chain_is_no_key_figure(das):
    done = das("figure", "show", "stroom")
    assert done.exit_code == 2
    assert "das figure list" in done.stderr
