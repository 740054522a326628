"""What stands around every page: head, menu, marks and foot. All of it travels in the page's front matter."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from das_research.catalog.key_figures import THEME_TITLES
from das_research.catalog.models import THEMES, Catalog, Theme
from das_research.catalog.uses import Uses
from das_research.handover import Section
from das_research.publish import places
from das_research.publish.downloads import marks
from das_research.publish.editions import Edition
from das_research.publish.exhibits import Exhibit, exhibits
from das_research.publish.markdown import plain
from das_research.publish.places import Place
from das_research.publish.words import WORDS
from das_research.style.numbers import LANGUAGES, Language


@dataclass(frozen=True)
class Site:
    """What every page of the site knows.

    Parameters
    ----------
    catalog : Catalog
        Title, publisher, contact, licence.
    editions : tuple of Edition
        Every edition, oldest first.
    drawn : dict
        Edition, section and language to what is shown there: drawn once, shown on several pages.
    """

    catalog: Catalog
    editions: tuple[Edition, ...]
    drawn: dict[tuple[str, str, Language], list[Exhibit]] = field(default_factory=dict)

    def exhibits(self, edition: Edition, section: Section, language: Language) -> list[Exhibit]:
        """What a section shows."""
        key = (edition.id, section.id, language)
        if key not in self.drawn:
            self.drawn[key] = exhibits(self.catalog, edition, section, language)
        return self.drawn[key]

    def latest(self) -> dict[str, Edition]:
        """The latest edition of every monitor."""
        return {edition.monitor: edition for edition in self.editions}

    def themes(self) -> dict[Theme, tuple[Edition, Section]]:
        """Every theme that has key figures: the latest edition that shows them, and its section of the theme."""
        found = {
            section.id: (edition, section)
            for edition in self.latest().values()
            for section in edition.sections
            if section.view == "figures"
        }
        return {theme: found[theme] for theme in THEMES if theme in found}

    def marks(self) -> list[str]:
        """The marks of any of its editions: a page that belongs to no edition carries all of them."""
        found = {mark for edition in self.editions for mark in marks(edition)}
        return [mark for mark in ("synthetic", "unreviewed") if mark in found]


def frame(
    site: Site, place: Place, *, title: str, description: str, kicker: str = "", marked: Sequence[str] | None = None
) -> dict[str, Any]:
    """The front matter that every page has.

    Parameters
    ----------
    site : Site
        The site.
    place : Place
        The page.
    title : str
        Its heading.
    description : str
        One sentence for search engines.
    kicker : str
        The line above the heading.
    marked : sequence of str, optional
        The marks of the edition it shows; default: those of the whole site.
    """
    language, name = place.language, site.catalog.title[place.language]
    shown = site.marks() if marked is None else list(marked)
    return {
        "title": plain(title),
        "pagetitle": plain(f"{title} – {name}" if title != name else name),
        "description": plain(description),
        "kicker": plain(kicker),
        "lang": language,
        "site": plain(name),
        "root": place.root,
        "home": place.to(Place(places.INDEX, language)),
        "skip": WORDS["skip"][language],
        "menu": WORDS["menu"][language],
        "navigation": [_entry(place, target, text) for target, text in _menu(site, language)],
        "translation": {
            "text": WORDS["other_language"][language],
            "href": place.to(place.translation),
            "lang": place.translation.language,
        },
        "foot": _foot(site, place),
        "format": {"html": "default"},
        "include-in-header": [{"text": _head_links(site, place, shown)}],
        "include-before-body": [{"text": band(shown, language)}] if shown else None,
    }


def band(shown: Sequence[str], language: Language) -> str:
    """The mark of fictitious data: quiet, permanent, on every page."""
    label = {"nl": "Aard van de gegevens", "en": "Nature of the data"}[language]
    said = " · ".join(_sentence(mark, language) for mark in shown)
    return f'<aside class="band" aria-label="{label}"><p>{said}</p></aside>\n'


def mark_line(shown: Sequence[str], language: Language) -> str:
    """The same mark for paper."""
    return " · ".join(_sentence(mark, language) for mark in shown)


def _sentence(mark: str, language: Language) -> str:
    return WORDS[mark][language]


def _menu(site: Site, language: Language) -> list[tuple[Place, str]]:
    entries = [(Place(places.INDEX, language), WORDS["home"][language])]
    entries += [(places.theme_page(theme, language), THEME_TITLES[theme][language]) for theme in site.themes()]
    for monitor, edition in site.latest().items():
        if any(section.view != "figures" for section in edition.sections):
            entries.append((places.monitor_page(monitor, language), edition.title[language]))
    return [*entries, (Place(places.METHOD, language), WORDS["method"][language])]


def _entry(place: Place, target: Place, text: str) -> dict[str, Any]:
    entry: dict[str, Any] = {"text": plain(text), "href": place.to(target)}
    return entry | ({"current": True} if target == place else {})


def _foot(site: Site, place: Place) -> list[str]:
    language, catalog = place.language, site.catalog
    links = [(WORDS["accessibility"][language], places.ACCESSIBILITY)]
    links += [(Uses.title[language], places.USES)] if catalog.agreements else []
    ways = " · ".join(f"[{text}]({place.to(Place(path, language))})" for text, path in links)
    return [
        f"{plain(catalog.host[language])} · {plain(WORDS['licence'][language])} {plain(catalog.licence)}",
        f"{WORDS['contact'][language]}: <{catalog.contact}> · {ways}",
    ]


def _head_links(site: Site, place: Place, shown: Sequence[str]) -> str:
    lines = [
        f'<link rel="alternate" hreflang="{language}" href="{escape(place.to(Place(place.path, language)))}">'
        for language in LANGUAGES
    ]
    first = Place(place.path, site.catalog.language)
    lines.append(f'<link rel="alternate" hreflang="x-default" href="{escape(place.to(first))}">')
    if "synthetic" in shown:
        lines.append('<meta name="robots" content="noindex">')
    # The last line is a tag that Pandoc takes for a block: links alone would become a paragraph.
    lines.append('<meta name="generator" content="das-research">')
    return "\n".join(lines) + "\n"
