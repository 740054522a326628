"""The card of a key figure: its latest number, unit and year, what changed in words, its years, its definition."""

from html import escape

from das_research.catalog.models import Catalog
from das_research.publish import keyfigures, links, views
from das_research.publish.cards import spark
from das_research.publish.editions import Edition
from das_research.publish.words import WORDS
from das_research.result import Result
from das_research.style.numbers import HIDDEN, SYMBOLS, Language
from das_research.style.spark import sparkline
from das_research.style.tables import symbol_html


def figure_cards(catalog: Catalog, edition: Edition, names: list[str], language: Language, to: str, level: int) -> str:
    """A list of cards, as HTML.

    Parameters
    ----------
    names : list of str
        Names of Results, in order.
    to : str
        The page on which each stands under its id; empty for the page itself.
    level : int
        Of the headings.
    """
    items = "".join(_card(catalog, edition, name, language, to, level) for name in names)
    return f'<ul class="cards">{items}</ul>'


def _card(catalog: Catalog, edition: Edition, name: str, language: Language, to: str, level: int) -> str:
    result = views.titled(edition.results[name], catalog)
    figure = keyfigures.figure_of(catalog, result)
    found = keyfigures.latest(catalog, result, language)
    title, unit = figure.title[language], figure.unit[language]
    number = _number(found, language)
    when = f"{WORDS['during'][language]} {found.period}"
    revised = f", {SYMBOLS[found.mark][language]}" if found.mark else ""
    whole = keyfigures.total(result)
    years = keyfigures.measured_years(result)
    line = sparkline([views.value(whole, period=year) for year in years])
    return (
        f'<li class="card"><h{level}><a href="{to}#{name}">{escape(title)}</a></h{level}>'
        f'<p class="leading">{number}</p>'
        f'<p class="what">{escape(f"{unit}, {when}{revised}")}</p>'
        f"{_change(found, language)}{spark(line, years)}{_band(result, language)}"
        f'<details><summary>{WORDS["definition"][language]}<span class="visually-hidden">: {escape(title)}</span>'
        f"</summary><p>{escape(figure.definition[language])}{_unverified(figure.unverified, language)}</p>"
        f"{_shares(catalog, result, language)}</details></li>"
    )


def _number(found: keyfigures.Latest, language: Language) -> str:
    if found.printed == HIDDEN:
        return symbol_html(HIDDEN, language)
    return escape(found.printed) + (symbol_html(found.mark, language) if found.mark else "")


def _change(found: keyfigures.Latest, language: Language) -> str:
    if not found.before:
        return ""
    against = f"{WORDS['compared_with'][language]} {found.before} ({found.against})"
    broken = "".join(
        f'<span class="against">{escape(WORDS["broken"][language].format(entry.title[language]))}</span>'
        for entry in found.broken
    )
    return f'<p class="change">{found.change} <span class="against">{escape(against)}</span>{broken}</p>'


def _band(result: Result, language: Language) -> str:
    said = links.leading(result, language)
    return f'<p class="fact">{escape(said)}</p>' if said else ""


def _shares(catalog: Catalog, result: Result, language: Language) -> str:
    return "".join(f"<p>{escape(said)}</p>" for said in links.shares(catalog, [result], language))


def _unverified(unverified: bool, language: Language) -> str:
    return f" ({WORDS['unverified'][language]})" if unverified else ""
