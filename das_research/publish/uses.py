"""The page "What may be done with whose data": every agreement by every purpose, for whoever guards the data."""

from collections.abc import Iterable
from html import escape

from das_research.catalog.models import PURPOSES, Agreement, Catalog, Text, Use
from das_research.catalog.uses import ANSWERS, PURPOSE_TITLES, Uses
from das_research.publish.frame import Site, frame
from das_research.publish.markdown import front_matter, html, plain
from das_research.publish.places import Place
from das_research.publish.words import WORDS
from das_research.style.numbers import Language, format_date

LEAD = Text(
    nl="Elke leveringsovereenkomst zegt van elk doel of de gegevens ervoor gebruikt mogen worden, en waar dat staat. "
    "Deze tabel is gemaakt uit dezelfde overeenkomsten als waarmee elke toegang wordt getoetst.",
    en="Every delivery agreement says of every purpose whether the data may be used for it, and where that stands. "
    "This table is made from the same agreements by which every access is judged.",
)
DESCRIPTION = Text(
    nl="Van elke levering en elk doel of het mag, op welke voorwaarde, en in welk artikel dat staat.",
    en="Of every delivery and every purpose whether it is allowed, on which condition, and in which article.",
)
AGREEMENT = Text(nl="Overeenkomst, en wiens gegevens", en="Agreement, and whose data")
FROM, THROUGH = Text(nl="van", en="from"), Text(nl="tot en met", en="through")
KEPT = Text(nl="bewaard: {years} jaar", en="kept: {years} years")


def uses_page(site: Site, place: Place) -> str:
    """The page in one language.

    Parameters
    ----------
    site : Site
        Its catalogue holds the agreements.
    place : Place
        Where the page lies.

    Returns
    -------
    str
        Pandoc-Markdown with its front matter.
    """
    language = place.language
    title = Uses.title[language]
    fields = frame(site, place, title=title, description=DESCRIPTION[language])
    lead = f"::: {{.lead}}\n{LEAD[language]}\n:::\n"
    region = f'<div class="scroll uses" tabindex="0" role="region" aria-label="{escape(title)}">'
    said = {agreement.description for agreement in site.catalog.agreements.values()}
    of_all = next(iter(said)) if len(said) == 1 else None  # what is said of every agreement is said once
    above = f"\n{plain(of_all[language])}\n\n" if of_all else "\n"
    table = _table(site.catalog, title, language, described=of_all is None)
    return front_matter(fields) + lead + above + html(f"{region}{table}</div>")


def _table(catalog: Catalog, title: str, language: Language, *, described: bool) -> str:
    heads = "".join(
        f'<th scope="col" class="l">{escape(PURPOSE_TITLES[purpose][language])}</th>' for purpose in PURPOSES
    )
    rows = "".join(
        f'<tr><th scope="row">{_agreement(catalog, agreement, language, described)}</th>'
        + "".join(f'<td class="l">{_use(agreement.uses.get(purpose), language)}</td>' for purpose in PURPOSES)
        + "</tr>"
        for agreement in catalog.agreements.values()
    )
    return (
        f'<table><caption class="visually-hidden">{escape(title)}</caption>'
        f'<thead><tr><th scope="col" class="l">{AGREEMENT[language]}</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _agreement(catalog: Catalog, agreement: Agreement, language: Language, described: bool) -> str:
    datasets = (catalog.datasets[name].title[language] for name in agreement.datasets if name in catalog.datasets)
    begin, end = (format_date(day, language) for day in (agreement.begin, agreement.end))
    period = f"{FROM[language]} {begin} {THROUGH[language]} {end}"
    mark = f" ({WORDS['unverified'][language]})" if agreement.unverified else ""
    small = [
        "; ".join(subject[language] for subject in agreement.subjects),
        ", ".join(datasets),
        f"{period}; {KEPT[language].format(years=agreement.retention_years)}",
        agreement.description[language] if described and agreement.description else "",
    ]
    return f"<strong>{escape(agreement.title[language])}</strong>{mark}{_lines(small)}"


def _use(use: Use | None, language: Language) -> str:
    if use is None:
        return ""
    small = [use.condition[language] if use.condition else "", use.article, f"DPIA: {use.dpia}" if use.dpia else ""]
    return f"<strong>{ANSWERS[use.allowed][language]}</strong>{_lines(small)}"


def _lines(texts: Iterable[str]) -> str:
    return "".join(f"<br>{escape(' '.join(text.split()))}" for text in texts if text)
