"""The cards of the first page: a leading number a stage, its change in words, its years, its definition in place."""

from html import escape

from das_research.catalog.models import Catalog
from das_research.publish import links, views
from das_research.publish.editions import Edition
from das_research.publish.words import WORDS
from das_research.result import TOTAL, Result
from das_research.style.numbers import REVISIONS, Language, change_phrase, format_number, format_period
from das_research.style.page_parts import scrolled
from das_research.style.spark import sparkline
from das_research.style.tables import symbol_html, to_html

MEASURE = "in"


def cards(catalog: Catalog, edition: Edition, name: str, language: Language) -> str:
    """One card a stage, as HTML.

    Parameters
    ----------
    name : str
        The Result with the flow of the chain.
    """
    result = views.titled(edition.results[name], catalog)
    items = "".join(_card(catalog, edition, result, stage, language) for stage in views.stages(result))
    return (
        f'<section class="stages" aria-labelledby="stages"><h2 id="stages">{WORDS["stages"][language]}</h2>'
        f'<ul class="cards">{items}</ul></section>'
    )


def _card(catalog: Catalog, edition: Edition, result: Result, stage: str, language: Language) -> str:
    period, known = views.latest(result), views.years(result)
    title = views.label(result, "stage", stage, language)
    figure = catalog.figures.get(result.definition)
    measure = views.label(result, "measure", MEASURE, language)
    what = f"{measure} {WORDS['during'][language]} {format_period(period, language)}"
    entered = (_printed(result, language, stage=stage, measure=MEASURE, period=period), what.lower())
    line = sparkline([views.value(result, stage=stage, measure=MEASURE, period=year) for year in known])
    # without a line of years the number would only say again what the picture says
    (leading, what), *others = [entered] if line else _outcome(edition, stage, language) or [entered]
    others += _outcome(edition, stage, language) if line else []
    word = "definition_series" if len(known) > 1 else "definition"
    facts = "".join(f'<p class="fact"><strong>{number}</strong> {escape(said)}</p>' for number, said in others)
    return (
        f'<li class="card"><h3>{escape(title)}</h3>'
        f'<p class="leading">{leading}</p>'
        f'<p class="what">{escape(what)}</p>'
        f"{_change(result, stage, known, language)}{spark(line, known)}{facts}"
        f'<details><summary>{WORDS[word][language]}<span class="visually-hidden">: {escape(title)}</span></summary>'
        f"<p>{escape(figure.definition[language]) if figure else ''} {WORDS['unit'][language]} "
        f"{escape(catalog.chain.unit[language])}. {escape(links.leading(result, language))}</p>"
        f"{scrolled(to_html(views.stage_series(result, language, stage)), title)}</details></li>"
    )


def _outcome(edition: Edition, stage: str, language: Language) -> list[tuple[str, str]]:
    """What else the edition tells of a stage: the share that went on and the time that half of the cases took."""
    told = []
    for view, words in (("conversion", ""), ("duration", "days_until_half")):
        for name in (name for section in edition.sections if section.view == view for name in section.results):
            result = edition.results[name]
            measure = "median" if words else views.parts(result)[0]
            totals = {column: TOTAL for column in result.dimensions if column != "stage"}
            address = {"stage": stage, "measure": measure, **totals}
            if views.value(result, **address) is not None:
                said = WORDS[words][language] if words else views.label(result, "measure", measure, language)
                told.append((_printed(result, language, **address), said))
                break
    return told


def _printed(result: Result, language: Language, **address: str) -> str:
    """A number with its mark, or the point of one that may not be seen."""
    number = views.value(result, **address)
    if number is None:
        return symbol_html(".", language)
    found = views.rows(result, **address)
    mark = REVISIONS[str(found["revision"].iloc[0])]
    said = escape(format_number(number, str(found["unit"].iloc[0]), language))
    return said + (symbol_html(mark, language) if mark else "")


def _change(result: Result, stage: str, known: list[str], language: Language) -> str:
    if len(known) < 2:
        return ""
    before, after = known[-2:]
    old, new = (views.value(result, stage=stage, measure=MEASURE, period=year) for year in (before, after))
    phrase = change_phrase(old, new, language)
    previous = format_number(old, "", language)
    against = f"{WORDS['compared_with'][language]} {before} ({previous})"
    return f'<p class="change">{phrase} <span class="against">{against}</span></p>'


def spark(line: str, known: list[str]) -> str:
    """A line of years with its ends named; decoration beside a table."""
    if not line:
        return ""
    ends = "".join(f'<span aria-hidden="true">{year}</span>' for year in (known[0], known[-1]))
    return f'<div class="years">{line}{ends}</div>'
