"""The pictures of a page, drawn by the house style from released Results: wide, for a telephone, and for paper."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from das_research.catalog.models import Break
from das_research.publish import views
from das_research.publish.words import WORDS
from das_research.result import TOTAL, Result
from das_research.style.numbers import REVISIONS, SYMBOLS, Language, format_date, format_number
from das_research.style.palette import MAX_SERIES
from das_research.style.plots import (
    Amount,
    Chart,
    Curve,
    FlowStage,
    Series,
    chain_flow,
    line_chart,
    step_curves,
)

WIDE, NARROW, PRINTED = 900, 340, 640
CHAIN_WIDE, CHAIN_PRINTED = 1040, 760


@dataclass(frozen=True)
class Picture:
    """One picture in the forms in which it is shown: on a screen, on a telephone, on paper; and a line under it."""

    wide: Chart
    narrow: Chart
    printed: Chart
    note: str = ""


def chain(result: Result, name: str, language: Language) -> Picture:
    """The whole chain as one flow, in the latest year."""
    stages = [_stage(result, stage, language) for stage in views.stages(result)]
    table = views.flow_table(result, language)
    marks = sorted({cell.mark for row in table.rows for cell in row.cells if cell.mark})

    def draw(chart_id: str, width: int, for_print: bool) -> Chart:
        return chain_flow(
            stages,
            chart_id=chart_id,
            title=table.caption,
            language=language,
            notes=["; ".join(f"{mark} {SYMBOLS[mark][language]}" for mark in marks)] if marks else [],
            orientation="vertical" if width == NARROW else "horizontal",
            synthetic=result.synthetic,
            for_print=for_print,
            width=CHAIN_PRINTED if for_print else CHAIN_WIDE,
        )

    return forms(draw, name)


def series(result: Result, name: str, language: Language, measure: str, breaks: Sequence[Break] = ()) -> Picture:
    """One measure over the years, a line a stage, and the breaks in them."""
    years = views.years(result)
    lines = [
        Series(
            views.label(result, "stage", stage, language),
            tuple(views.value(result, stage=stage, measure=measure, period=year) for year in years),
        )
        for stage in views.stages(result)
    ]
    said = views.series_table(result, language, measure).caption
    above = views.unit_label(result, language)
    return over_years(
        views.where(result, measure=measure), lines, name, language, said, breaks, above=above, height=340
    )


def figure_series(result: Result, name: str, language: Language, caption: str, breaks: Sequence[Break]) -> Picture:
    """The total of a key figure over the years, and the breaks in it."""
    years = views.years(result)
    unit, measure = (str(result.table[column].iloc[0]) for column in ("unit", "measure"))
    values = tuple(views.value(result, period=year) for year in years)
    lines = [Series(views.label(result, "measure", measure, language), values)]
    above = views.label(result, "unit", unit, language)
    return over_years(result, lines, name, language, caption, breaks, unit=unit, above=above)


def over_years(
    result: Result,
    lines: Sequence[Series],
    name: str,
    language: Language,
    title: str,
    breaks: Sequence[Break] = (),
    *,
    unit: str = "",
    above: str = "",
    height: int = 300,
) -> Picture:
    """Lines over the years of a Result, with those that are provisional and the breaks in them.

    Parameters
    ----------
    result : Result
        The cells that the lines are made of.
    lines : sequence of Series
        A number for each of its years.
    name, language, title
        The id, the reader's language, and what it is called.
    breaks : sequence of Break
        What broke in these years.
    unit, above : str
        How numbers are written; what stands above them.
    height : int
        Of the drawing on a screen; on paper it is 40 less.
    """
    years = views.years(result)
    provisional = sorted(set(result.table.loc[result.table["revision"] != "final", "period"]) & set(years))

    def draw(chart_id: str, width: int, for_print: bool) -> Chart:
        return line_chart(
            years,
            lines,
            chart_id=chart_id,
            title=title,
            language=language,
            unit=unit,
            unit_label=above,
            provisional=provisional,
            breaks=notes_of(breaks, language),
            notes=[result.rounded.short(language)] if result.rounded else [],
            synthetic=result.synthetic,
            for_print=for_print,
            width=width,
            height=height - 40 if for_print else height,
        )

    return forms(draw, name)


def curve(result: Result, name: str, language: Language) -> Picture | None:
    """The share completed by days, for everything and for the largest groups; None where there is no curve."""
    points = views.rows(result, measure="completed_share")
    if points.empty:
        return None
    groups = [views.subject(result), *views.breakdown(result)]
    sizes = points.groupby(groups, sort=False)["n"].max().fillna(0)
    total = [key for key in sizes.index if set(_key(key)[1:]) <= {TOTAL}]
    largest = [key for key in sizes.sort_values(ascending=False, kind="stable").index if key not in total]
    curves = [_curve(result, groups, _key(key), language) for key in [*total, *largest][:MAX_SERIES]]

    def draw(chart_id: str, width: int, for_print: bool) -> Chart:
        return step_curves(
            curves,
            chart_id=chart_id,
            title=views.curve_table(result, language).caption,
            language=language,
            unit_label=WORDS["completed_percent"][language],
            synthetic=result.synthetic,
            for_print=for_print,
            width=width,
            height=260 if for_print else 430 if width == NARROW else 360,
        )

    return forms(draw, name, note=WORDS["largest_note"][language] if len(sizes) > MAX_SERIES else "")


def notes_of(breaks: Sequence[Break], language: Language) -> dict[str, str]:
    """Year to what broke in it: the title, the day where it isn't the first of the year, and whether it was read."""
    notes: dict[str, str] = {}
    for entry in breaks:
        first_day = (entry.date.month, entry.date.day) == (1, 1)
        remarks = [] if first_day else [format_date(entry.date, language)]
        remarks += [WORDS["unverified"][language]] if entry.unverified else []
        note = entry.title[language] + (f" ({', '.join(remarks)})" if remarks else "")
        year = str(entry.date.year)
        notes[year] = f"{notes[year]}; {note}" if year in notes else note
    return notes


def forms(draw: Callable[[str, int, bool], Chart], name: str, wide: int = WIDE, note: str = "") -> Picture:
    """One picture in every form, drawn by its id, its width, and whether it is for paper."""
    return Picture(
        draw(f"{name}-wide", wide, False),
        draw(f"{name}-narrow", NARROW, False),
        draw(f"{name}-print", PRINTED, True),
        note,
    )


def _stage(result: Result, stage: str, language: Language) -> FlowStage:
    return FlowStage(
        stage,
        views.label(result, "stage", stage, language),
        entered=_amount(result, stage, "in", language),
        passed_on=_amount(result, stage, "on", language),
        left=_amount(result, stage, "out", language),
        open_end=_amount(result, stage, "open_end", language),
        open_begin=_amount(result, stage, "open_begin", language),
    )


def _amount(result: Result, stage: str, measure: str, language: Language) -> Amount:
    address = {"stage": stage, "measure": measure, "period": views.latest(result)}
    found = views.rows(result, **address)
    if found.empty or (found["kind"] == "cannot occur").all():
        return Amount(None, "")
    number = views.value(result, **address)
    if number is None:
        return Amount(None)
    return Amount(number, format_number(number, "", language) + REVISIONS[str(found["revision"].iloc[0])])


def _curve(result: Result, groups: list[str], key: tuple[str, ...], language: Language) -> Curve:
    codes = dict(zip(groups, key, strict=True))
    rows = views.rows(result, measure="completed_share", **codes)
    rows = rows.assign(step=pd.to_numeric(rows["days"])).sort_values("step")
    shares, lower, upper = (
        tuple(
            None if hidden or pd.isna(number) else float(number)
            for number, hidden in zip(rows[of], unseen, strict=True)
        )
        for unseen in [rows["disclosure"] == "hidden"]
        for of in ("value", "lower", "upper")
    )
    what = views.subject(result)
    named = [views.label(result, column, code, language) for column, code in codes.items() if column != what]
    name = ", ".join(named) or views.label(result, what, codes[what], language)
    return Curve(
        label=name[:1].upper() + name[1:],
        days=tuple(float(step) for step in rows["step"]),
        shares=shares,
        lower=lower,
        upper=upper,
        median=views.value(result, measure="median", **codes),
    )


def _key(key: str | tuple[str, ...]) -> tuple[str, ...]:
    return key if isinstance(key, tuple) else (key,)
