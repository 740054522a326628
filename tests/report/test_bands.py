"""What a reader is told of the links: on the card, with the definition, in the colophon, and beside the download."""

import json
import re
from dataclasses import replace

import pytest
from edition_world import PUBLISHED
from theme_world import catalog, release, results, without

from das_research.errors import ReleaseRefused
from das_research.presentation.bands import Band
from das_research.publish.colophon import closing
from das_research.publish.downloads import files
from das_research.publish.editions import compose
from das_research.publish.figure_cards import figure_cards
from das_research.publish.frame import Site
from das_research.publish.places import Place
from das_research.publish.themes import theme_page

MOVED = Band({("number", "_T", "2024"): (290.0, 270.0)})
LINKED = {"zaken": 0.97}


@pytest.fixture(scope="module")
def edition():
    """Inflow moves by ten by either link; the success rate does not; of victims nothing is known."""
    found = results()
    bands = {"instroom": MOVED, "slaagkans": Band(), "slachtofferschap": None}
    told = {name: replace(result, band=bands[name], linkage=LINKED) for name, result in found.items()}
    return compose(catalog(), release(results=told), PUBLISHED)


def words(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html).split())


@pytest.mark.parametrize(
    ("language", "moved", "unmoved", "linked"),
    [
        ("nl", "Koppelgevoeligheid 270–290 (2024).", "Ongevoelig voor de koppeling", "ook kent: zaken 97%."),
        ("en", "Linkage sensitivity 270–290 (2024).", "Does not depend on how persons", "knows too: zaken 97%."),
    ],
)
def test_a_card_says_its_band_and_the_share_linked(edition, language, moved, unmoved, linked):
    inflow, success, victims = (
        words(figure_cards(catalog(), edition, [name], language, "", 3))
        for name in ("instroom", "slaagkans", "slachtofferschap")
    )
    assert moved in inflow
    assert linked in inflow
    assert unmoved in success
    assert moved.split()[0] not in success + victims
    assert unmoved not in inflow + victims


@pytest.mark.parametrize(("language", "said"), [("nl", "Koppelgevoeligheid 270"), ("en", "Linkage sensitivity 270")])
def test_the_page_of_a_theme_says_it_with_the_definition(edition, language, said):
    site = Site(catalog(), [edition])
    page = theme_page(site, "vervolging", Place("vervolging/index.html", language))
    definitions = re.findall(r'<details class="definition">.*?</details>', page, re.DOTALL)
    assert [said in words(one) for one in definitions] == [True, False]


@pytest.mark.parametrize(
    ("language", "listed", "others"),
    [
        ("nl", "Instroom, 2012–2024: Koppelgevoeligheid 270–290 (2024).", "De andere cijfers zijn ongevoelig"),
        ("en", "Inflow, 2012 to 2024: Linkage sensitivity 270–290 (2024).", "The other figures do not depend"),
    ],
)
def test_the_colophon_lists_what_depends_on_the_link_and_says_that_the_rest_does_not(edition, language, listed, others):
    text = closing(Site(catalog(), [edition]), edition, Place("index.html", language)).replace("\\", "")
    assert listed in text
    assert others in text


def test_an_edition_in_which_nothing_depends_on_the_link_says_that_in_one_line(edition):
    still = replace(edition, results={name: replace(one, band=Band()) for name, one in edition.results.items()})
    text = closing(Site(catalog(), [still]), still, Place("index.html", "nl"))
    assert "Alle cijfers zijn ongevoelig voor de koppeling" in text
    assert "Koppelgevoeligheid" not in text


def test_an_edition_of_before_there_were_bands_says_nothing(edition):
    old = replace(edition, results={name: replace(one, band=None) for name, one in edition.results.items()})
    assert "koppelgevoelig" not in closing(Site(catalog(), [old]), old, Place("index.html", "nl")).lower()


def test_the_description_of_a_download_has_the_band(edition):
    written = files(catalog(), edition)
    about = json.loads(written["instroom-metadata.json"])["linkage"]
    assert about["known_to_an_earlier_stage"] == LINKED
    assert about["by_the_strict_and_the_loose_link"] == {
        "columns": ["measure", "soort", "period", "strict", "loose"],
        "rows": [["number", "_T", "2024", 290, 270]],
    }
    assert about["text"]["nl"] == "Koppelgevoeligheid 270–290 (2024)."
    assert json.loads(written["slachtofferschap-metadata.json"])["linkage"]["by_the_strict_and_the_loose_link"] is None


def test_no_edition_is_made_of_a_band_under_a_hidden_number():
    hidden = without(results()["instroom"], "2024")
    with pytest.raises(ReleaseRefused, match="1 hidden ones carry a number"):
        compose(catalog(), release(results=dict(results()) | {"instroom": replace(hidden, band=MOVED)}), PUBLISHED)
