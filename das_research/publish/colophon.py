"""The end of an edition: how to read its figures, the symbols, and on what it rests and how to make it again."""

from dataclasses import replace

from das_research.catalog.models import Catalog
from das_research.handover import Section
from das_research.presentation.wide import rounding_notes
from das_research.publish import keyfigures, links, places
from das_research.publish.downloads import marks
from das_research.publish.editions import Edition
from das_research.publish.frame import Site, mark_line
from das_research.publish.markdown import new_page, part_space, plain, small_print
from das_research.publish.places import Place
from das_research.publish.words import WORDS
from das_research.style.numbers import SYMBOLS, Language, format_date, format_number


def closing(site: Site, edition: Edition, place: Place, section: Section | None = None) -> str:
    """The last two parts of an edition's page, or of a page that shows one section of it."""
    language = place.language
    names = section.results if section else tuple(edition.results)
    shown = replace(edition, results={name: edition.results[name] for name in names})
    return (
        f"{new_page()}\n{small_print()}\n::: {{.part .closing}}\n\n"
        f"## {WORDS['how_to_read'][language]} {{#how-to-read}}\n\n"
        f"{_reading(site, shown, language)}\n"
        f"### {WORDS['symbols'][language]}\n\n{_symbols(language)}\n\n"
        f"{part_space()}\n## {WORDS['colophon'][language]} {{#colophon}}\n\n{_colophon(site, edition, place)}\n:::\n"
    )


def _reading(site: Site, edition: Edition, language: Language) -> str:
    catalog = site.catalog
    key = [name for name, result in edition.results.items() if keyfigures.is_key(catalog, result)]
    lines = [WORDS["own_units"][language]] if key else []
    of_chain = [name for name, it in edition.results.items() if it.definition in catalog.figures]
    if len(key) < len(of_chain):  # an own table says its unit itself
        lines.append(f"{WORDS['unit'][language]} {catalog.chain.unit[language]}. {WORDS['unit_note'][language]}")
    if marks(edition):
        said = mark_line(marks(edition), language)
        lines.insert(0, f"{said[0].upper()}{said[1:]}.")
    results = list(edition.results.values())
    lines += dict.fromkeys(note for it in results for note in rounding_notes(it, language))
    lines += [
        *(
            []
            if results and all(it.rounded and it.rounded.adds_up for it in results)
            else [WORDS["rounding_note"][language]]
        ),
        *links.shares(catalog, edition.results.values(), language),
        *links.bands(edition.results.values(), language),
        *_attrition(site, edition, language),
    ]
    figures = {result.definition: result.definition_version for result in edition.results.values()}
    defined = [
        f"**{plain(catalog.figures[id].title[language])}** ({WORDS['version'][language]} {plain(version)}). "
        f"{plain(catalog.figures[id].definition[language])}"
        for id, version in figures.items()
        if id in catalog.figures
    ]
    return "".join(f"{plain(line)}\n\n" for line in lines) + "".join(f"{line}\n\n" for line in defined)


def _attrition(site: Site, edition: Edition, language: Language) -> list[str]:
    """What a figure leaves out, and why; a key figure tells that itself, line by line."""
    return [
        WORDS["counted_in"][language].format(
            result.title[language].partition(":")[0],
            format_number(step.n_out, "", language),
            format_number(step.n_in, "", language),
            step.reason[language],
        )
        for result in edition.results.values()
        if not keyfigures.is_key(site.catalog, result)
        for step in result.attrition
        if step.n_out < step.n_in
    ]


def _symbols(language: Language) -> str:
    return "\n\n".join(
        f"{plain(symbol) if symbol else WORDS['empty_symbol'][language]}\n:   {plain(meaning[language])}"
        for symbol, meaning in SYMBOLS.items()
    )


def _colophon(site: Site, edition: Edition, place: Place) -> str:
    language, catalog = place.language, site.catalog
    permanent = place.to(places.edition_page(edition.id, language))
    parameters = ", ".join(f"{name} = {value}" for name, value in sorted(edition.parameters.items()))
    options = " ".join(f"-p {name}={value}" for name, value in sorted(edition.parameters.items()))
    lines = {
        "edition": f"[{plain(edition.id)}]({permanent})",
        "published": plain(format_date(edition.date, language)),
        "publisher": plain(catalog.host[language]),
        "review": WORDS["reviewed" if edition.reviewed else "unreviewed"][language],
        "sources": plain(", ".join(_sources(catalog, edition, language))),
        "snapshot": f"`{edition.snapshot}`",
        "release": f"`{edition.release}`",
        "parameters": plain(parameters),
        "licence": plain(catalog.licence),
        "contact": f"<{catalog.contact}>",
        "reproduce": f"{WORDS['reproduce_note'][language]} `das monitor run {edition.monitor} {options}`.",
    }
    return "\n\n".join(f"{WORDS[name][language]}\n:   {said}" for name, said in lines.items() if said)


def _sources(catalog: Catalog, edition: Edition, language: Language) -> list[str]:
    """The partners under whose agreements the projects of these numbers work."""
    projects = {result.project for result in edition.results.values()} & catalog.grants.keys()
    partners = {catalog.agreements[it].partner for name in projects for it in catalog.grants[name].agreements}
    return [partner.title[language] for name, partner in catalog.partners.items() if name in partners]
