"""The pages of the site as Markdown: one for every edition, one index, and the static pages, in both languages."""

from html import escape

import yaml

from das_research.handover import Section
from das_research.publish import places
from das_research.publish.cards import cards
from das_research.publish.colophon import closing
from das_research.publish.downloads import marks
from das_research.publish.editions import Edition
from das_research.publish.frame import Site, frame, mark_line
from das_research.publish.markdown import (
    Numbering,
    front_matter,
    html,
    kicker,
    new_page,
    paper,
    plain,
    with_next,
)
from das_research.publish.parts import anchor, date_line, lead, pdf_link, say, shown
from das_research.publish.places import Place
from das_research.publish.themes import all_themes, blocks
from das_research.publish.words import WORDS
from das_research.style.numbers import Language, format_date


def edition_page(site: Site, edition: Edition, place: Place, *, permanent: bool = True) -> str:
    """The page of one edition.

    Parameters
    ----------
    site : Site
        The site it belongs to; an edition that isn't the latest of its monitor carries a banner.
    edition : Edition
        What it shows.
    place : Place
        Where it lies.
    permanent : bool
        False for the page of the monitor, which shows whatever edition is the latest and has no document of its own.

    Returns
    -------
    str
        Pandoc-Markdown with its front matter.
    """
    language = place.language
    head = next((section for section in edition.sections[:1] if section.view != "figures"), None)
    title = say(head.headline, edition, head, language) if head else edition.title[language]
    published = date_line(edition, language)
    fields = frame(
        site,
        place,
        title=title,
        kicker=edition.title[language],
        description=f"{edition.title[language]}, {published.lower()}: {title}",
        marked=marks(edition),
    )
    numbering = Numbering(language)
    parts = [
        _banner(site, edition, place),
        html(f'<p class="dateline">{escape(published)} · {pdf_link(edition, place)}</p>'),
    ]
    for section in edition.sections:
        parts.append(_section(site, edition, section, place, numbering, first=section is head))
    parts.append(closing(site, edition, place))
    if permanent:
        fields |= _document(site, edition, place, published)
    return front_matter(fields) + "\n".join(part for part in parts if part)


def index_page(site: Site, language: Language) -> str:
    """The first page: the chain in one picture, leading figures by theme or else a number a stage, and all editions."""
    place = Place(places.INDEX, language)
    if not site.editions:
        fields = frame(site, place, title=site.catalog.title[language], description=WORDS["about"][language])
        return front_matter(fields) + f"\n{WORDS['no_editions'][language]}\n"
    edition = _leading(site)
    section = next((one for one in edition.sections if one.view == "flow"), edition.sections[0])
    title = say(section.headline, edition, section, language)
    published = date_line(edition, language)
    fields = frame(
        site,
        place,
        title=title,
        kicker=f"{edition.title[language]} · {published}",
        description=f"{title}. {WORDS['about'][language]}",
    )
    numbering = Numbering(language)
    parts = [lead(say(section.text, edition, section, language))]
    parts += [shown(edition, one, place, numbering) for one in site.exhibits(edition, section, language)[:1]]
    if site.themes():
        parts.append(html(all_themes(site, place)))
    elif section.view == "flow":
        parts.append(html(cards(site.catalog, edition, section.results[0], language)))
    parts += [_ways(edition, section, place), _all_editions(site, place)]
    return front_matter(fields) + "\n".join(parts)


def static_page(site: Site, source: str, place: Place) -> str:
    """A page of `reports/` with the head, menu, marks and foot of the site.

    Parameters
    ----------
    source : str
        Its Markdown; the front matter holds ``title`` and ``description``.
    """
    _, header, body = source.split("---\n", 2)
    own = yaml.safe_load(header)
    fields = frame(site, place, title=own["title"], description=own["description"])
    return front_matter(fields) + html('<div class="prose">') + "\n" + body.strip() + "\n\n" + html("</div>")


def _section(site: Site, edition: Edition, section: Section, place: Place, numbering: Numbering, *, first: bool) -> str:
    language = place.language
    above, headline, text = (
        say(part, edition, section, language) for part in (section.kicker, section.headline, section.text)
    )
    heading = f"{kicker(above)}\n## {plain(headline)} {{#{anchor(section)}}}\n"
    parts = [paper(heading) if first else heading, with_next(lead(text) if first else f"{plain(text)}\n")]
    if section.view == "figures":
        parts += blocks(site, edition, section, place, numbering)
    else:
        parts += [shown(edition, one, place, numbering) for one in site.exhibits(edition, section, language)]
        parts.append(_definitions(site, edition, section, language))
    return (
        f"{new_page()}\n::: {{.part .view-{section.view}}}\n\n" + "\n".join(part for part in parts if part) + "\n:::\n"
    )


def _definitions(site: Site, edition: Edition, section: Section, language: Language) -> str:
    figures = [site.catalog.figures.get(edition.results[name].definition) for name in section.results]
    known = [figure for figure in figures if figure]
    if not known:
        return ""
    said = "".join(
        f"<p><strong>{escape(figure.title[language])}</strong>. {escape(figure.definition[language])} "
        f'<span class="mute">({WORDS["version"][language]} {escape(figure.version)})</span></p>'
        for figure in known
    )
    return html(f'<details class="definition"><summary>{WORDS["definition"][language]}</summary>{said}</details>')


def _banner(site: Site, edition: Edition, place: Place) -> str:
    newest = site.latest()[edition.monitor]
    if newest.id == edition.id:
        return ""
    language = place.language
    href = place.to(places.monitor_page(edition.monitor, language))
    return html(
        f'<p class="banner"><strong>{_word("older", place)}</strong> '
        f'<a href="{href}">{_word("to_latest", place)} ({format_date(newest.date, language)})</a></p>'
    )


def _ways(edition: Edition, leading: Section, place: Place) -> str:
    """The other findings of the edition, each a link to where it is shown."""
    language = place.language
    monitor = place.to(places.monitor_page(edition.monitor, language))
    items = "".join(
        f'<li><a href="{monitor}#{anchor(section)}">'
        f'<span class="kicker">{escape(say(section.kicker, edition, section, language))}</span>'
        f"<span>{escape(say(section.headline, edition, section, language))}</span></a></li>"
        for section in edition.sections
        if section is not leading
    )
    return html(
        f'<section class="ways" aria-labelledby="ways"><h2 id="ways">{_word("other_findings", place)}</h2>'
        f'<ul>{items}</ul><p class="more"><a class="action" href="{monitor}">{_word("read_monitor", place)}</a> '
        f"{pdf_link(edition, place)}</p></section>"
    )


def _all_editions(site: Site, place: Place) -> str:
    language = place.language
    items = "".join(
        f'<li><a href="{place.to(places.edition_page(edition.id, language))}">{escape(edition.title[language])}, '
        f"{format_date(edition.date, language)}{_suffix(edition)}</a></li>"
        for edition in sorted(
            site.editions, key=lambda it: (-it.date.toordinal(), it.title[language], it.monitor, -it.number)
        )
    )
    return html(
        f'<section class="editions" aria-labelledby="editions"><h2 id="editions">{_word("editions", place)}</h2>'
        f"<ul>{items}</ul></section>"
    )


def _suffix(edition: Edition) -> str:
    return f" ({edition.number})" if edition.number > 1 else ""


def _leading(site: Site) -> Edition:
    """The edition on the first page: the latest that shows the flow through the chain, else the latest."""
    newest = list(site.latest().values())
    flows = [one for one in newest if any(section.view == "flow" for section in one.sections)]
    return max(flows or newest, key=lambda one: (one.date, one.id))


def _document(site: Site, edition: Edition, place: Place, published: str) -> dict[str, object]:
    """What only the printed form needs: its cover, running heads and file name."""
    language = place.language
    cover = next(
        (one for section in edition.sections for one in site.exhibits(edition, section, language) if one.picture),
        None,
    )
    return {
        "edition-line": plain(published),
        "mark": plain(mark_line(marks(edition), language)),
        "contents": WORDS["contents"][language],
        "page-word": WORDS["page_of"][language],
        "publisher": site.catalog.host[language],
        "cover": f"`{place.to_file(places.picture_file(edition.id, cover.id, language))}`{{=typst}}" if cover else "",
        "cover-alt": cover.picture.printed.description if cover and cover.picture else "",
        "format": {"html": "default", "typst": {"output-file": f"{edition.id}.pdf"}},
    }


def _word(word: str, place: Place) -> str:
    return WORDS[word][place.language]
