"""A Result as a chart: which of its cells become lines, curves or bars."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import pandas as pd

from das_research.errors import UsageError
from das_research.presentation.addresses import MEASURE, PERIOD, Presentable, codes, is_total, label
from das_research.presentation.wide import DAYS, not_released, shown_number
from das_research.style.numbers import HIDDEN, NOT_RELEASED, TOTAL, Language, format_number
from das_research.style.palette import MAX_SERIES
from das_research.style.plots import Bar, Chart, Curve, Series, bars, line_chart, step_curves

MEDIAN = "median"
FEWEST_YEARS = 3


def chart(result: Presentable, language: Language, measure: str | None, for_print: bool) -> Chart:
    """The chart that the shape of a Result asks for; see `Result.plot`."""
    if result.table.empty:
        raise UsageError("There is nothing to draw: the Result has no numbers.")
    drawn = _curves if result.shape == "curve" else _faults if result.shape == "faults" else _counts
    look: dict[str, Any] = {
        "chart_id": "chart-" + sha256(result.table.to_csv().encode()).hexdigest()[:8] + f"-{language}",
        "title": result.title[language],
        "language": language,
        "synthetic": result.synthetic,
        "for_print": for_print,
        "notes": [
            *([NOT_RELEASED[language]] if not_released(result.table) else []),
            *([result.rounded.short(language)] if result.rounded else []),
        ],
    }
    return drawn(result, language, measure, look)


def _counts(result: Presentable, language: Language, measure: str | None, look: dict[str, Any]) -> Chart:
    table, axis = _one_axis(result, measure)
    years = [period for period in codes(table, PERIOD) if not is_total(period)]
    unit = str(table["unit"].iloc[0])
    if len(years) >= FEWEST_YEARS:
        table = table[table[PERIOD].isin(years)]
        series = [
            Series(_name(result, axis, code, language), _along(table[table[axis] == code], years))
            for code in codes(table, axis)
        ]
        provisional = sorted(set(table.loc[table["revision"] != "final", PERIOD]))
        above = _above(result, table, axis, language)
        return line_chart(years, series, unit=unit, unit_label=above, provisional=provisional, **look)
    latest = table[table[PERIOD] == (years or codes(table, PERIOD))[-1]]
    return bars([_bar(result, row, axis, language) for row in latest.to_dict("records")], **look)


def _one_axis(result: Presentable, measure: str | None) -> tuple[pd.DataFrame, str]:
    """The cells along the first dimension that varies, everything else at its total; else along the measures."""
    measures = codes(result.table, MEASURE)
    if measure is not None and measure not in measures:
        raise UsageError(f"The Result has no measure '{measure}'.", fix=f"Choose from {', '.join(measures)}.")
    table = result.table
    varying = [axis for axis in result.dimensions if table[axis].nunique() > 1]
    if not varying and measure is None:
        return table[table["unit"] == table["unit"].iloc[0]], MEASURE
    table = table[table[MEASURE] == (measure or measures[0])]
    axis = varying[0] if varying else MEASURE
    for other in varying[1:]:
        if TOTAL not in set(table[other]):
            raise UsageError(
                f"A chart shows one dimension; {other} has no total to stand for it.",
                fix="Draw a part: result.with_table(result.table[...]).plot().",
            )
        table = table[table[other] == TOTAL]
    parts = table[table[axis] != TOTAL] if axis != MEASURE else table
    return parts, axis


def _along(table: pd.DataFrame, years: Sequence[str]) -> tuple[float | None, ...]:
    known = {row[PERIOD]: shown_number(row) for row in table.to_dict("records")}
    return tuple(known.get(year) for year in years)


def _curves(result: Presentable, language: Language, _: str | None, look: dict[str, Any]) -> Chart:
    table = result.table
    groups = [axis for axis in result.dimensions if axis != DAYS and table[axis].nunique() > 1]
    steps = table[(table[DAYS] != TOTAL) & (table["unit"] == "percent")]
    curves = []
    for address in _drawable(steps, groups):
        here = (table[groups] == list(address)).all(axis=1)
        points = steps[here.reindex(steps.index)].assign(day=lambda part: part[DAYS].astype(int)).sort_values("day")
        rows = points.to_dict("records")
        medians = [shown_number(row) for row in table[here & (table[MEASURE] == MEDIAN)].to_dict("records")]
        names = [_name(result, axis, code, language) for axis, code in zip(groups, address, strict=True)]
        if all(shown_number(row) is None for row in rows):
            continue  # nothing of this group may be seen
        curves.append(
            Curve(
                ", ".join(names) or result.title[language],
                tuple(points["day"]),
                tuple(shown_number(row) for row in rows),
                lower=tuple(shown_number(row, "lower") for row in rows),
                upper=tuple(shown_number(row, "upper") for row in rows),
                median=medians[0] if medians else None,
            )
        )
    return step_curves(curves, unit_label=label(result, MEASURE, str(steps[MEASURE].iloc[0]), language), **look)


def _drawable(steps: pd.DataFrame, groups: Sequence[str]) -> list[tuple[str, ...]]:
    """The groups to draw: all of them where they fit in one chart, else the totals."""
    found = list(dict.fromkeys(steps[list(groups)].itertuples(index=False, name=None)))
    if len(found) <= MAX_SERIES:
        return found
    totals = [address for address in found if TOTAL in address]
    return totals or found


def _faults(result: Presentable, language: Language, measure: str | None, look: dict[str, Any]) -> Chart:
    group, *rest = result.dimensions
    table = result.table[result.table["kind"].isin(["number", "unknown"])]
    table = table[(table[list(result.dimensions[-1:])] != TOTAL).all(axis=1)]
    if measure is not None:
        table = table[table[MEASURE] == measure]
    items = []
    for row in table.to_dict("records"):
        words = [_name(result, axis, row[axis], language) for axis in rest[-1:]]
        words += [label(result, MEASURE, row[MEASURE], language)] if table[MEASURE].nunique() > 1 else []
        items.append(
            _bar(result, row, group, language, name=", ".join(words), group=label(result, group, row[group], language))
        )
    return bars(items, **look)


def _bar(
    result: Presentable, row: dict[Any, Any], axis: str, language: Language, name: str | None = None, group: str = ""
) -> Bar:
    number = shown_number(row)
    printed = HIDDEN if number is None else format_number(number, row["unit"], language)
    return Bar(name if name is not None else _name(result, axis, row[axis], language), number, printed, group)


def _name(result: Presentable, axis: str, code: str, language: Language) -> str:
    text = label(result, axis, code, language)
    return text[:1].upper() + text[1:]


def _above(result: Presentable, table: pd.DataFrame, axis: str, language: Language) -> str:
    unit = label(result, "unit", str(table["unit"].iloc[0]), language)
    measure = "" if axis == MEASURE else label(result, MEASURE, str(table[MEASURE].iloc[0]), language)
    return ", ".join(dict.fromkeys(part for part in (measure, unit) if part))
