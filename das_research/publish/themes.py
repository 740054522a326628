"""The key figures by theme: their cards on the first page, a page a theme, and what an edition says of each figure."""

from html import escape

from das_research.catalog.condition_words import condition_in_words
from das_research.catalog.key_figures import THEME_TITLES
from das_research.catalog.models import Catalog, Figure, Theme
from das_research.handover import Section
from das_research.publish import keyfigures, links, places, views
from das_research.publish.colophon import closing
from das_research.publish.downloads import marks
from das_research.publish.editions import Edition
from das_research.publish.figure_cards import figure_cards
from das_research.publish.frame import Site, frame
from das_research.publish.markdown import Numbering, front_matter, html, plain, with_next
from das_research.publish.parts import anchor, date_line, lead, pdf_link, say, shown
from das_research.publish.places import Place
from das_research.publish.words import WORDS
from das_research.result import Result
from das_research.style.numbers import HIDDEN, SYMBOLS, Language, format_number


def all_themes(site: Site, place: Place) -> str:
    """Every theme with the cards of its leading figures, for the first page."""
    language = place.language
    parts = []
    for theme, (edition, section) in site.themes().items():
        title = THEME_TITLES[theme][language]
        page = place.to(places.theme_page(theme, language))
        more = f"{WORDS['all_figures_of'][language]} {title.lower()}"
        parts.append(
            f'<section class="theme" aria-labelledby="theme-{theme}"><div class="theme-head">'
            f'<h2 id="theme-{theme}"><a href="{page}">{escape(title)}</a></h2>'
            f'<p><a href="{page}">{escape(more)}</a></p></div>'
            f"{figure_cards(site.catalog, edition, _leading(site, edition, section), language, page, 3)}</section>"
        )
    return f'<div class="themes">{"".join(parts)}</div>'


def theme_page(site: Site, theme: Theme, place: Place) -> str:
    """The page of a theme: its cards, then the series of each figure with its table, definition and downloads.

    Parameters
    ----------
    site : Site
        The latest edition with figures of the theme is shown.
    theme : str
        One of `Site.themes`.
    place : Place
        Where it lies.
    """
    language = place.language
    edition, section = site.themes()[theme]
    title = say(section.headline, edition, section, language)
    named = THEME_TITLES[theme][language]
    published = date_line(edition, language)
    fields = frame(
        site,
        place,
        title=title,
        kicker=named,
        description=f"{named}, {published.lower()}: {title}",
        marked=marks(edition),
    )
    permanent = f"{place.to(places.edition_page(edition.id, language))}#{anchor(section)}"
    to_it = f'<a href="{permanent}">{WORDS["permalink"][language]}</a>'
    line = f"{escape(published)} · {to_it} · {pdf_link(edition, place)}"
    numbering = Numbering(language)
    leading = figure_cards(site.catalog, edition, _leading(site, edition, section), language, "", 3)
    word = WORDS["at_a_glance"][language]
    parts = [
        html(f'<p class="dateline">{line}</p>'),
        lead(say(section.text, edition, section, language)),
        html(f'<section class="stages" aria-labelledby="glance"><h2 id="glance">{word}</h2>{leading}</section>'),
        "::: {.part .view-figures}\n",
        f"## {WORDS['series'][language]} {{#series}}\n",
        *blocks(site, edition, section, place, numbering),
        ":::\n",
        closing(site, edition, place, section),
    ]
    return front_matter(fields) + "\n".join(part for part in parts if part)


def blocks(site: Site, edition: Edition, section: Section, place: Place, numbering: Numbering) -> list[str]:
    """Every figure of a section: its heading, what changed, its series and breakdowns, and what was counted."""
    language = place.language
    exhibits = site.exhibits(edition, section, language)
    parts = []
    for name in section.results:
        result = views.titled(edition.results[name], site.catalog)
        figure = keyfigures.figure_of(site.catalog, result)
        parts.append(f"### {plain(figure.title[language])} {{#{name}}}\n")
        parts.append(with_next(plain(_sentence(site, result, figure, language)) + "\n"))
        parts += [shown(edition, one, place, numbering) for one in exhibits if one.result == name]
        parts.append(html(_definition(site.catalog, edition, name, figure, place)))
    return parts


def _leading(site: Site, edition: Edition, section: Section) -> list[str]:
    """The Results of the figures that the catalogue puts on cards."""
    figures = {name: keyfigures.figure_of(site.catalog, edition.results[name]) for name in section.results}
    return [name for name, figure in figures.items() if figure.leading]


def _sentence(site: Site, result: Result, figure: Figure, language: Language) -> str:
    """The latest number in words, and what changed."""
    found = keyfigures.latest(site.catalog, result, language)
    is_hidden = found.printed == HIDDEN
    number = SYMBOLS[HIDDEN][language] if is_hidden else f"{found.printed}{found.mark}"
    said = f"{WORDS['during'][language].capitalize()} {found.period}: {number}"
    said += "" if is_hidden or keyfigures.unit_of(result) == "percent" else f" {figure.unit[language]}"
    if found.before:
        said += f"; {found.change} {WORDS['compared_with'][language]} {found.before} ({found.against})"
    breaks = "".join(f" {WORDS['broken'][language].format(entry.title[language])}." for entry in found.broken)
    hidden = f" {WORDS['withheld_note'][language]}" if keyfigures.withheld(result) else ""
    return f"{said}.{breaks}{hidden}"


def _definition(catalog: Catalog, edition: Edition, name: str, figure: Figure, place: Place) -> str:
    language, result = place.language, edition.results[name]
    remark = f" ({WORDS['unverified'][language]})" if figure.unverified else ""
    said = [f"{figure.definition[language]}{remark}", f"{WORDS['unit'][language]} {figure.unit[language]}."]
    said += [figure.across_units[language]] if figure.across_units else []
    said += [f"{WORDS['version'][language].capitalize()} {result.definition_version}. {WORDS['source'][language]}: "
             f"{figure.source}."]  # fmt: skip
    said += [*links.shares(catalog, [result], language), links.leading(result, language)]
    lines = "".join(f"<li>{escape(line)}</li>" for line in _lines(figure, result, language))
    permanent = f"{place.to(places.edition_page(edition.id, language))}#{name}"
    return (
        f'<details class="definition"><summary>{WORDS["definition"][language]}<span class="visually-hidden">: '
        f"{escape(figure.title[language])}</span></summary>"
        f"{''.join(f'<p>{escape(part)}</p>' for part in said if part)}"
        f"<p>{WORDS['lines'][language]}</p><ul>{lines}</ul>"
        f'<p><a href="{permanent}">{WORDS["permalink"][language]}</a></p></details>'
    )


def _lines(figure: Figure, result: Result, language: Language) -> list[str]:
    """The lines that are executed, and what each of those below (or alone) left out."""
    steps = {step.reason[language]: step for step in result.attrition}
    told = []
    for counting in figure.countings:
        above = figure.per is not None and counting is not figure.per
        place = WORDS["above" if above else "below"][language] + ": " if figure.per else ""
        told += [f"{place}{condition_in_words(condition)[language]}" for condition in counting.where]
    told += [
        WORDS["step"][language].format(
            format_number(step.n_in, "", language), format_number(step.n_out, "", language), reason
        )
        for reason, step in steps.items()
        if step.n_out < step.n_in
    ]
    return told or [WORDS["every_row"][language]]
