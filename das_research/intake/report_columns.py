"""The part of the delivery report on columns: how far each is filled and usable, as a picture and in numbers."""

from collections import defaultdict
from html import escape

from das_research.catalog.models import Dataset
from das_research.intake.delivery import ColumnCount, Delivery
from das_research.intake.report_checks import column_of, in_file
from das_research.intake.report_words import say
from das_research.style.numbers import Language
from das_research.style.page_parts import number, paragraph, percent, section, table
from das_research.style.shares import SplitBar, SplitPanel, split_bars

WIDE, NARROW = 900, 340
Sums = dict[tuple[str, str], int]


def columns_section(dataset: Dataset, delivery: Delivery, language: Language) -> str:
    """Of every column how far it is filled, and what was taken out or marked."""
    title = say("columns", language)
    if not delivery.columns:
        return section("columns", title, paragraph(say("columns_none", language)))
    sums: Sums = defaultdict(int)
    for rule in delivery.rules:
        sums[rule.effect, rule.variable] += rule.rows
    heads = [say(key, language) for key in ("column", "filled", "missing", "nulled", "marked", "in_file")]
    rows = [
        (
            column_of(column.variable, dataset, language),
            (
                percent(column.filled, delivery.delivered, language),
                number(delivery.delivered - column.filled, language),
                number(sums["nulled", column.variable], language),
                number(sums["marked", column.variable], language),
                in_file(column.variable, dataset),
            ),
        )
        for column in delivery.columns
    ]
    numbers = table(say("columns_caption", language), heads, rows, language, words=heads[-1:])
    return section(
        "columns",
        title,
        paragraph(say("columns_intro", language)),
        _picture(dataset, delivery, sums, language) if delivery.delivered else "",
        f"<details open><summary>{say('columns_table', language)}</summary>{numbers}</details>",
    )


def _picture(dataset: Dataset, delivery: Delivery, sums: Sums, language: Language) -> str:
    title = say("columns_chart", language, delivered=number(delivery.delivered, language))
    bars = tuple(
        SplitBar(column_of(column.variable, dataset, language), _parts(column, delivery, sums))
        for column in delivery.columns
    )
    names = [say(key, language) for key in ("usable", "not_usable", "not_there")]
    pictures = "".join(
        f'<div class="{kind}">'
        + split_bars(
            [SplitPanel(title, bars)],
            names,
            chart_id=f"columns-{kind}",
            title=title,
            language=language,
            synthetic=delivery.synthetic,
            width=width,
        ).svg
        + "</div>"
        for kind, width in (("wide", WIDE), ("narrow", NARROW))
    )
    return f'<figure><figcaption class="visually-hidden">{escape(title, quote=False)}</figcaption>{pictures}</figure>'


def _parts(column: ColumnCount, delivery: Delivery, sums: Sums) -> tuple[float, float, float]:
    """Usable, taken out or marked, and missing, in percent of the delivered rows."""
    spoiled = min(sums["nulled", column.variable] + sums["marked", column.variable], column.filled)
    counts = (column.filled - spoiled, spoiled, delivery.delivered - column.filled)
    usable, not_usable, missing = (100 * count / delivery.delivered for count in counts)
    return usable, not_usable, missing
