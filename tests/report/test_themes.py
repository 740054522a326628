"""The pages of the key figures: a card says what its number is, a series shows its breaks, every address stays."""

import json
import re
from dataclasses import replace

import pytest
from edition_world import PUBLISHED, texts
from site_pages import Page, pages
from theme_world import KEY, catalog, release, results, without

from das_research.catalog.models import THEMES
from das_research.home import Home
from das_research.publish import keyfigures, views
from das_research.publish.editions import compose
from das_research.publish.figure_cards import figure_cards
from das_research.publish.frame import Site
from das_research.publish.places import Place
from das_research.publish.themes import theme_page

EDITION = f"kerncijfers-{PUBLISHED}"


def cards_of(text: str) -> list[str]:
    return re.findall(r'<li class="card">.*?</details></li>', text, re.DOTALL)


def plain_words(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def page(home: Home, name: str) -> str:
    return (home.site / name).read_text(encoding="utf-8")


def test_the_first_page_groups_the_leading_figures_by_theme_in_order(themes_home: Home):
    text = page(themes_home, "index.html")
    assert re.findall(r'<h2 id="theme-(\w+)">', text) == ["slachtofferschap", "vervolging"]
    leading = [re.search(r'class="leading">([\d.,%]+)<', card).group(1) for card in cards_of(text)]
    # victims: three in four, heavier and lighter alike but for the odd one; inflow 400 - 12 * 10; half of 280 succeed
    assert leading[1:] == ["280", "50,0%"]
    assert text.index('id="flow"') < text.index('class="themes"')


def test_a_card_says_unit_year_status_change_and_where_its_series_is(themes_home: Home):
    inflow, success = cards_of(page(themes_home, "index.html"))[1:]
    assert plain_words(inflow).startswith(
        "Instroom 280 * (voorlopig cijfer) zaken, in 2024, voorlopig cijfer daalde met 3,4% ten opzichte van 2023 (290)"
    )
    assert '<a href="vervolging/index.html#instroom">' in inflow
    # a share changes in percentage points: 217 of 290 is 74,8%, and 140 of 280 is 50,0%
    assert "daalde met 24,8 procentpunt ten opzichte van 2023 (74,8%)" in plain_words(success)
    assert plain_words(success).endswith("Definitie : Slaagkans Wat slaagt &amp; blijft. (niet geverifieerd)")
    english = plain_words(cards_of(page(themes_home, "en/index.html"))[2])
    assert "per cent of cases, in 2024 fell by 24.8 percentage points compared with 2023 (74.8%)" in english


def test_a_survey_is_compared_with_the_survey_before_and_warns_of_the_break_between(themes_home: Home):
    victims = plain_words(cards_of(page(themes_home, "index.html"))[0])
    assert "procent van de inwoners, in 2023" in victims
    assert "ten opzichte van 2021" in victims
    assert "Let op, breuk in de reeks: Herontwerp" in victims
    assert "breuk" not in plain_words(cards_of(page(themes_home, "index.html"))[1])


def test_a_theme_has_a_page_in_both_languages_that_the_menu_leads_to(themes_home: Home):
    found = pages(themes_home)
    for theme in ("slachtofferschap", "vervolging"):
        assert {f"{theme}/index.html", f"en/{theme}/index.html"} <= set(found)
        assert f"{theme}/index.html" in found["index.html"].references
        assert "../index.html" in found[f"{theme}/index.html"].references
    assert not [name for name in found if name.startswith("preventie")]
    assert "kerncijfers/index.html" not in found["index.html"].references


def test_every_figure_has_an_address_of_its_own_on_the_page_of_its_theme_and_in_its_edition(themes_home: Home):
    found = pages(themes_home)
    for one in KEY:
        assert one.id in found[f"{one.theme}/index.html"].ids
        edition = found[f"editie/{EDITION}/index.html"]
        assert one.id in edition.ids
        assert f"theme-{one.theme}" in edition.ids
        permanent = f"../editie/{EDITION}/index.html#{one.id}"
        assert permanent in found[f"{one.theme}/index.html"].references
    for name, text in texts(themes_home.site).items():
        if name.endswith(".html"):
            ids = Page(text).ids
            assert len(ids) == len(set(ids)), name


def test_an_older_edition_keeps_its_page_and_leads_to_the_latest(themes_home: Home):
    older = page(themes_home, "editie/kerncijfers-2025-03-03/index.html")
    assert "Er is een nieuwere uitgave." in older
    assert "../../kerncijfers/index.html" in older
    assert "Uitgave van 2 juni 2025" in page(themes_home, "vervolging/index.html")


def test_the_series_draws_its_break_and_has_its_table_behind_it(themes_home: Home):
    text = page(themes_home, "slachtofferschap/index.html")
    assert "1 2022: Herontwerp" in text
    figure = re.search(r'<figure[^>]* id="slachtofferschap-series">.*?</figure>', text, re.DOTALL).group(0)
    heads = re.findall(r'<th scope="row">(.*?)</th>', figure)
    assert heads == ["2012", *(str(year) for year in range(2013, 2025, 2))]  # no row for a year without a survey
    assert re.findall(r'<th scope="col"[^>]*>(.*?)</th>', figure)[1:] == ["aandeel", "95%-marge vanaf", "tot en met"]
    assert "bij benadering" in figure
    assert "Herontwerp" not in page(themes_home, "vervolging/index.html")


def test_a_withheld_breakdown_is_left_out_and_said(themes_home: Home):
    text = page(themes_home, "vervolging/index.html")
    assert 'id="instroom-soort"' not in text
    assert "hooguit het totaal is vrijgegeven" in text
    assert keyfigures.withheld(results()["instroom"])


def test_a_released_breakdown_is_a_table_of_the_last_years():
    table = results()["slachtofferschap"].table
    shown = table.assign(disclosure=table.disclosure.replace("hidden", "shown"), value=table.value.fillna(12.0))
    result = views.titled(replace(results()["slachtofferschap"], table=shown), catalog())
    view = keyfigures.breakdown_table(result, "nl", "soort")
    assert view.columns == ("2013", "2015", "2017", "2019", "2021", "2023")
    assert [row.heads[0] for row in view.rows] == ["tweede", "eerste", "totaal"]
    assert view.rows[-1].total
    assert view.caption == "Slachtoffers naar soort, 2013–2023 (procent van de inwoners)"


def test_what_was_counted_stands_line_by_line(themes_home: Home):
    text = plain_words(page(themes_home, "vervolging/index.html"))
    assert "boven de streep: geslaagd is ja" in text
    assert "onder de streep: geslaagd is bekend" in text
    assert "elke rij van het bestand" in text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_hidden_number_is_a_point_on_its_card_a_word_in_its_sentence_and_compared_with_nothing(language: str):
    hidden = release(results=results() | {"instroom": without(results()["instroom"], "2024")})
    edition = compose(catalog(), hidden, PUBLISHED)
    card = figure_cards(catalog(), edition, ["instroom"], language, "", 3)
    assert re.search(r'class="leading"><[^>]*>\.<|class="leading"><abbr', card)
    secret = {"nl": "onbekend of geheim", "en": "unknown or confidential"}[language]
    assert secret in card and 'class="change"' not in card
    text = theme_page(Site(catalog(), (edition,)), "vervolging", Place("vervolging/index", language))
    assert f"In 2024: {secret}." in text


def test_an_edition_whose_figure_left_the_catalogue_still_has_its_page():
    edition = compose(catalog(), release(), PUBLISHED)
    later = catalog().model_copy(update={"figures": {}})
    text = theme_page(Site(later, (edition,)), "vervolging", Place("vervolging/index", "nl"))
    assert "### Instroom {#instroom}" in text


def test_the_description_of_a_table_says_its_own_unit(themes_home: Home):
    about = json.loads(page(themes_home, f"editie/{EDITION}/data/instroom-metadata.json"))
    assert about["unit_of_counting"] == {"nl": "zaken", "en": "cases"}
    assert about["definition"]["text"]["en"] == "Cases of a year."


def test_the_themes_of_the_site_are_in_the_order_of_the_chain():
    edition = compose(catalog(), release(), PUBLISHED)
    turned = replace(edition, sections=tuple(reversed(edition.sections)))
    order = list(Site(catalog(), (turned,)).themes())
    assert order == [theme for theme in THEMES if theme in order]


def test_the_edition_is_also_a_document(themes_home: Home):
    for folder in ("", "en/"):
        document = themes_home.site / folder / "editie" / EDITION / f"{EDITION}.pdf"
        assert document.read_bytes().startswith(b"%PDF-")
