"""What became of cohorts, as readers see it: a line a kind over the years in which persons started, and the table."""

from dataclasses import replace

import pandas as pd

from das_research.publish import views
from das_research.publish.pictures import Picture, forms
from das_research.result import TOTAL, Result
from das_research.style.numbers import Language
from das_research.style.plots import Chart, Series, line_chart
from das_research.style.tables import TableView

PERCENT = "percent"
FEWEST_YEARS = 3


def in_percent(result: Result) -> Result:
    """The shares of a Result."""
    return result.with_table(result.table[result.table["unit"] == PERCENT])


def not_in_percent(result: Result) -> Result:
    """What of a Result is no share."""
    return result.with_table(result.table[result.table["unit"] != PERCENT])


def table(result: Result, language: Language) -> TableView:
    """Years down, and what else varies, the kinds across; where no year was released, only all of them together."""
    shown = views.without_withheld_years(result)
    varying = [name for name in result.dimensions if shown.table[name].nunique() > 1]
    view = shown.view(language, rows=[*varying, "period"], columns=["measure"])
    return replace(view, notes=(*view.notes, *views.withheld_note(result, shown, language)))


def lines(result: Result, name: str, language: Language) -> Picture | None:
    """A line for each kind of which anything was released, at the shortest horizon; None where such years are few."""
    shown, years = _drawn(result), views.years(result)
    measures = list(dict.fromkeys(shown["measure"]))
    if shown["period"].nunique() < FEWEST_YEARS:
        return None
    series = [
        Series(views.label(result, "measure", measure, language), _along(shown[shown["measure"] == measure], years))
        for measure in measures
    ]
    caption = table(result, language).caption

    def draw(chart_id: str, width: int, for_print: bool) -> Chart:
        return line_chart(
            years,
            series,
            chart_id=chart_id,
            title=caption,
            language=language,
            unit=PERCENT,
            unit_label=views.label(result, "unit", PERCENT, language),
            synthetic=result.synthetic,
            for_print=for_print,
            width=width,
            height=260 if for_print else 340,
        )

    return forms(draw, name)


def _drawn(result: Result) -> pd.DataFrame:
    """The cells of single years and all persons together at the shortest horizon, where they may be seen."""
    table = result.table[result.table["value"].notna() & (result.table["disclosure"] != "hidden")]
    table = table[table["period"].str.isdigit()]
    for dimension in result.dimensions:
        whole = TOTAL if dimension != "horizon" else min(result.table["horizon"], key=int)
        table = table[table[dimension] == whole]
    return table


def _along(rows: pd.DataFrame, years: list[str]) -> tuple[float | None, ...]:
    known = dict(zip(rows["period"], rows["value"], strict=True))
    return tuple(float(known[year]) if year in known else None for year in years)
