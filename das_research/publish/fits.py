"""What was fitted, as readers see it: the ratios of a model, what was found in a series, and with what margins."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from das_research.catalog.models import Text
from das_research.publish import views
from das_research.publish.pictures import Picture, forms
from das_research.publish.words import WORDS
from das_research.result import TOTAL, Result
from das_research.style.numbers import Language, format_period
from das_research.style.plots import Chart, Ratio, Series, line_chart, ratios
from das_research.style.tables import TableView

RATIOS, LINES = ("odds_ratio", "hazard_ratio"), ("trend", "nowcast")
UNLIMITED = "coefficient"  # its limits are those of its ratio
PROPORTIONAL, LEVEL = "proportional_p", 0.05
FEWEST_PERIODS = 3
LIMITS = {"lower": Text(nl="{}, vanaf", en="{}, from"), "upper": Text(nl="{}, tot en met", en="{}, through")}


def model_tables(result: Result, language: Language) -> list[TableView]:
    """The coefficients with their margins, and what is told of the whole model."""
    whole = result.table["term"] == TOTAL
    numbers = {"level": {TOTAL: views.NO_STAGE}}  # a term that is a number is no total
    terms = _with_limits(result.with_table(result.table[~whole].replace(numbers)), (UNLIMITED,))
    about = result.with_table(result.table[whole])
    chance = views.number(about, "value", measure=PROPORTIONAL)
    view = terms.view(language, rows=["term", "level"], columns=["measure"])
    notes = (WORDS["not_proportional"][language],) if chance is not None and chance < LEVEL else ()
    return [
        replace(view, notes=(*view.notes, *notes)),
        about.view(language, rows=["measure"], columns=["term"]),
    ]


def model_picture(result: Result, name: str, language: Language) -> Picture | None:
    """The ratio of every level and number, with its limits; None of a model without."""
    rows = result.table[result.table["measure"].isin(RATIOS) & result.table["value"].notna()]
    if rows.empty:
        return None
    items = []
    for row in rows.to_dict("records"):
        term, level = (views.label(result, column, row[column], language) for column in ("term", "level"))
        label, group = (term, "") if row["level"] == TOTAL else (level, term)
        lower, upper = (None if pd.isna(row[limit]) else float(row[limit]) for limit in LIMITS)
        items.append(Ratio(label, float(row["value"]), lower, upper, group))
    said = views.label(result, "measure", str(rows["measure"].iloc[0]), language)

    def draw(chart_id: str, width: int, for_print: bool) -> Chart:
        return ratios(
            items,
            chart_id=chart_id,
            title=f"{result.title[language]}: {said}",
            language=language,
            synthetic=result.synthetic,
            for_print=for_print,
            width=width,
        )

    return forms(draw, name)


def series_tables(result: Result, language: Language) -> list[TableView]:
    """What was found by period, by what divides the series, and of the series as a whole."""
    return [view for part, down in _parts(result) if len((view := _with_limits(part).view(language, **down)).rows)]


def series_picture(result: Result, name: str, language: Language) -> Picture | None:
    """The trend or the nowcast over the periods; None where neither left, or the periods are few."""
    table = result.table[(result.table["period"] != TOTAL) & result.table["value"].notna()]
    measure = next((one for one in LINES if (table["measure"] == one).any()), None)
    rows = table[table["measure"] == measure].sort_values("period")
    if measure is None or len(rows) < FEWEST_PERIODS:
        return None
    periods = [format_period(period, language) for period in rows["period"]]
    lines = [Series(views.label(result, "measure", measure, language), tuple(rows["value"]))]
    unit = str(rows["unit"].iloc[0])

    def draw(chart_id: str, width: int, for_print: bool) -> Chart:
        return line_chart(
            periods,
            lines,
            chart_id=chart_id,
            title=result.title[language],
            language=language,
            unit=unit,
            unit_label=f"{lines[0].label}, {views.label(result, 'unit', unit, language)}",
            provisional=[said for said, how in zip(periods, rows["revision"], strict=True) if how != "final"],
            synthetic=result.synthetic,
            for_print=for_print,
            width=width,
            height=260 if for_print else 300,
        )

    return forms(draw, name)


def _parts(result: Result) -> Iterator[tuple[Result, dict[str, list[str]]]]:
    """The rows of periods, those by a dimension, and the others, each with what goes down."""
    table = result.table
    by_period = table["period"] != TOTAL
    yield result.with_table(table[by_period]), {"rows": ["period"], "columns": ["measure"]}
    told = by_period
    for name in result.dimensions:
        divided = table.loc[~told & (table[name] != TOTAL), "measure"].unique()
        rows = ~told & table["measure"].isin(divided)
        yield result.with_table(table[rows]), {"rows": [name], "columns": ["measure"]}
        told |= rows
    yield result.with_table(table[~told]), {"rows": ["measure"], "columns": ["period"]}


def _with_limits(result: Result, without: Sequence[str] = ()) -> Result:
    """The Result with the limits of its measures as measures beside them, so that they are printed too."""
    parts, labels = [], dict(result.labels.get("measure", {}))
    for measure in dict.fromkeys(result.table["measure"]):
        rows = views.rows(result, measure=measure)
        parts.append(rows)
        if measure in without or rows["lower"].isna().all():
            continue
        for limit, said in LIMITS.items():
            known = rows[rows[limit].notna()]
            parts.append(known.assign(value=known[limit], measure=f"{measure}-{limit}"))
            title = labels.get(measure, Text(nl=measure, en=measure))
            labels[f"{measure}-{limit}"] = Text(nl=said.nl.format(title.nl), en=said.en.format(title.en))
    table = pd.concat(parts) if parts else result.table
    return replace(result, table=table, labels=result.labels | {"measure": labels})
