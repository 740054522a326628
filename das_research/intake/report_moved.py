"""The part of the delivery report on what moved since earlier deliveries."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

from das_research.catalog.models import Catalog, Dataset
from das_research.catalog.tables import correspondence_of
from das_research.intake import drift
from das_research.intake.delivery import Delivery
from das_research.intake.dependencies import source_codes, taken
from das_research.intake.drift import Drift, MovedShare, Share
from das_research.intake.report_checks import column_of, told
from das_research.intake.report_words import say
from das_research.style.lines import Series, line_chart
from das_research.style.numbers import Language, format_date, format_number
from das_research.style.page_parts import number, paragraph, section, table

DRAWN, PERIODS, NARROW_PERIODS = 4, 8, 4  # lines, and deliveries in a line: more is no longer read
WIDE, NARROW = 560, 300


def known_codes(catalog: Catalog, dataset: Dataset) -> dict[str, tuple[str, ...]]:
    """Every column of codes to the codes that the catalogue knows."""
    codes = {name: source_codes(catalog, dataset, it) for name, it in taken(dataset, "code").items()}
    return {name: known for name, known in codes.items() if known is not None}


def moved(catalog: Catalog, dataset: Dataset, delivery: Delivery, earlier: Sequence[Delivery]) -> Drift | None:
    """What moved since the latest delivery that this one can be compared with; None where there is none."""
    before = drift.comparable(delivery, earlier)
    return drift.drift(before[-1], delivery, known_codes(catalog, dataset)) if before else None


def moved_section(
    catalog: Catalog,
    dataset: Dataset,
    delivery: Delivery,
    earlier: Sequence[Delivery],
    found: Drift | None,
    language: Language,
) -> str:
    """What `moved` found, the numbers before and now, lines of missing values, and how it was measured."""
    title = say("moved", language)
    before = drift.comparable(delivery, earlier)
    if found is None:
        return section("moved", title, paragraph(_why_not(delivery, language)))
    last = before[-1]
    against = say("moved_against", language, day=_day(last, language), delivery=last.id)
    other = "" if last.definition_hash == delivery.definition_hash else say("moved_definition", language)
    told = (
        _missing(dataset, delivery, before, found, language)
        + _codes(catalog, dataset, found, language)
        + _rules(dataset, found, language)
        + _years(found, language)
        + paragraph(say("why", language), "note")
        if found
        else paragraph(say("moved_nothing", language))
    )
    return section("moved", title, paragraph(against), paragraph(other), told, _method(language))


def _why_not(delivery: Delivery, language: Language) -> str:
    if delivery.corrects:
        return say("moved_corrects", language)
    if delivery.delivered < drift.FEWEST:
        return say("moved_few", language, fewest=number(drift.FEWEST, language))
    return say("moved_first", language)


def _missing(dataset: Dataset, delivery: Delivery, before: Sequence[Delivery], found: Drift, language: Language) -> str:
    if not found.missing:
        return ""
    heads = [say(key, language) for key in ("column", "was", "is", "difference")]
    rows = [(column_of(it.variable, dataset, language), _pair(it, language)) for it in found.missing]
    charts = "".join(
        _line(dataset, it.variable, place, [*before, delivery][-PERIODS:], language)
        for place, it in enumerate(found.missing[:DRAWN])
    )
    return (
        f"<section><h3>{say('moved_missing', language)}</h3>"
        + table(say("missing_caption", language), heads, rows, language)
        + f'<div class="lines">{charts}</div></section>'
    )


def _line(dataset: Dataset, variable: str, place: int, deliveries: Sequence[Delivery], language: Language) -> str:
    """A line of the share missing with, folded away, its numbers; nothing under three deliveries."""
    known = {it.id: share for it in deliveries if (share := _share_missing(it, variable)) is not None}
    shown = [it for it in deliveries if it.id in known]
    if len(shown) < 3:
        return ""
    title = say("trend_chart", language, column=column_of(variable, dataset, language))
    drawn = {
        kind: line_chart(
            [f"{it.received[5:7]}-{it.received[:4]}" for it in shown[-many:]],
            [Series(title, tuple(known[it.id].percent for it in shown[-many:]))],
            chart_id=f"missing-{place}-{kind}",
            title=title,
            language=language,
            unit="percent",
            unit_label=say("percent_rows", language),
            synthetic=shown[-1].synthetic,
            width=width,
            height=190,
        )
        for kind, width, many in (("wide", WIDE, PERIODS), ("narrow", NARROW, NARROW_PERIODS))
    }
    heads = [say("delivery", language), say("received", language), say("missing", language)]
    rows = [(it.id, (_day(it, language), format_number(known[it.id].percent, "percent", language))) for it in shown]
    numbers = table(title, heads, rows, language, words=(heads[1],))
    pictures = "".join(f'<div class="{kind}">{chart.svg}</div>' for kind, chart in drawn.items())
    return (
        f"<figure><figcaption>{escape(title, quote=False)}</figcaption>{pictures}"
        f"<details><summary>{say('trend_table', language)}</summary>{numbers}</details></figure>"
    )


def _codes(catalog: Catalog, dataset: Dataset, found: Drift, language: Language) -> str:
    if not found.codes and not found.stability:
        return ""
    parts = [f"<section><h3>{say('moved_codes', language)}</h3>"]
    if found.stability:
        heads = [say("column", language), say("stability", language)]
        rows = [
            (column_of(name, dataset, language), (format_number(index, "", language, decimals=2),))
            for name, index in found.stability.items()
        ]
        parts.append(table(say("spread_caption", language), heads, rows, language))
    if found.codes:
        heads = [say(key, language) for key in ("column", "code", "was", "is", "difference")]
        told = [
            (
                column_of(it.variable, dataset, language),
                (_code(catalog, dataset, it, language), *_pair(it, language)),
            )
            for it in found.codes
        ]
        parts.append(table(say("codes_caption", language), heads, told, language, words=(heads[1],)))
    return "".join(parts) + "</section>"


def _rules(dataset: Dataset, found: Drift, language: Language) -> str:
    if not found.rules:
        return ""
    heads = [say(key, language) for key in ("rule", "column", "was", "is", "difference")]
    rows = []
    for it in found.rules:
        check, _, variable = it.variable.partition(":")
        name = (told(check, language) or (check,))[0]
        rows.append((name, (column_of(variable, dataset, language), *_pair(it, language))))
    return (
        f"<section><h3>{say('moved_rules', language)}</h3>"
        + table(say("moved_rules_caption", language), heads, rows, language, words=(heads[1],))
        + "</section>"
    )


def _years(found: Drift, language: Language) -> str:
    if not found.years:
        return ""
    heads = [say(key, language) for key in ("year", "was", "is", "difference")]
    rows = [
        (
            it.year,
            (
                number(it.before, language),
                number(it.now, language),
                format_number(100 * (it.now - it.before) / it.before, "percent", language, sign=True)
                if it.before
                else "",
            ),
        )
        for it in found.years
    ]
    return (
        f"<section><h3>{say('moved_years', language)}</h3>"
        + table(say("years_caption", language), heads, rows, language)
        + "</section>"
    )


def _method(language: Language) -> str:
    texts: Mapping[str, str] = {
        "points": format_number(drift.POINTS, "", language),
        "deviations": format_number(drift.DEVIATIONS, "", language),
        "stability": format_number(drift.STABILITY, "", language),
        "change": format_number(100 * drift.CHANGE, "percent", language, decimals=0),
    }
    told = "".join(
        paragraph(say(key, language, **texts)) for key in ("method_share", "method_stability", "method_years")
    )
    return f'<details class="method"><summary>{say("method", language)}</summary>{told}</details>'


def _share_missing(delivery: Delivery, variable: str) -> Share | None:
    filled = next((column.filled for column in delivery.columns if column.variable == variable), None)
    return None if filled is None else Share(delivery.delivered - filled, delivery.delivered)


def _pair(share: MovedShare, language: Language) -> tuple[str, str, str]:
    before, now = share.before.percent, share.now.percent
    points = say("points", language, number=format_number(now - before, "", language, decimals=1, sign=True))
    return format_number(before, "percent", language), format_number(now, "percent", language), points


def _code(catalog: Catalog, dataset: Dataset, share: MovedShare, language: Language) -> str:
    """The label of a delivered code, and how it is spelled."""
    variable, spelled = dataset.variables[share.variable], share.code or ""
    correspondence = correspondence_of(catalog, dataset, variable)
    unified = correspondence.codes[spelled] if correspondence else spelled
    codes = catalog.classifications[variable.classification or ""].codes
    label = next((code.label[language] for code in codes if code.code == unified), unified)
    return say("code_of", language, label=label, code=spelled)


def _day(delivery: Delivery, language: Language) -> str:
    return format_date(date.fromisoformat(delivery.received[:10]), language)
