"""The parts that pages are put together from: texts of sections, numbered exhibits, the lead, links."""

from das_research.catalog.models import Text
from das_research.handover import Section
from das_research.publish import places, templates
from das_research.publish.editions import Edition
from das_research.publish.exhibits import Exhibit
from das_research.publish.markdown import Link, Numbering, exhibit, plain
from das_research.publish.places import Place
from das_research.publish.words import WORDS
from das_research.style.numbers import Language, format_date


def say(text: Text, edition: Edition, section: Section, language: Language) -> str:
    """A text of a section with its cells filled in."""
    return templates.render(text, edition.results, language, section.id)


def anchor(section: Section) -> str:
    """Its id on a page; a section of key figures is a theme, and a figure of it can have the theme's name."""
    return f"theme-{section.id}" if section.view == "figures" else section.id


def lead(text: str) -> str:
    """The large paragraph under a headline."""
    return f"::: {{.lead}}\n{plain(text)}\n:::\n" if text else ""


def date_line(edition: Edition, language: Language) -> str:
    """Which edition this is, as a reader says it."""
    return f"{WORDS['edition_of'][language]} {format_date(edition.date, language)}"


def shown(edition: Edition, one: Exhibit, place: Place, numbering: Numbering) -> str:
    """A figure or table with its number and downloads, in both forms."""
    links = [
        Link(place.to_file(places.data_file(edition.id, one.result + ending)), WORDS[word][place.language])
        for ending, word in ((".csv", "csv"), ("_nl.csv", "csv_nl"), ("-metadata.json", "metadata"))
    ]
    picture = place.to_file(places.picture_file(edition.id, one.id, place.language))
    return exhibit(one, numbering, links, picture)


def pdf_link(edition: Edition, place: Place) -> str:
    """The link to the edition as a document."""
    href = place.to_file(places.pdf_file(edition.id, place.language))
    return f'<a href="{href}" download>{WORDS["pdf"][place.language]}</a>'
