"""From the long table of a Result to the wide one that people read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from das_research.errors import UsageError
from das_research.presentation.addresses import (
    MEASURE,
    PERIOD,
    Presentable,
    axes,
    axis_title,
    codes,
    is_total,
    label,
    refuse_unknown,
)
from das_research.style.numbers import HIDDEN, NOT_RELEASED, TOTAL, Language, format_number
from das_research.style.tables import Cell, Row, TableView

MAX_PERIOD_COLUMNS = 8
DAYS = "days"
PERCENT = "percent"  # says its unit with every number
EMPTY = {"nl": "geen cijfers", "en": "no figures"}


@dataclass(frozen=True)
class Layout:
    """Which columns of the long table become rows of the printed one, and which become columns."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]


def choose_layout(result: Presentable, table: pd.DataFrame) -> Layout:
    """The arrangement that reads best: measures side by side, else years if they are few, and the rest downwards."""
    varying = [axis for axis in axes(result) if table[axis].nunique() > 1]
    if len(varying) < 2:
        row = varying[0] if varying else MEASURE
        return Layout((row,), (PERIOD if row == MEASURE else MEASURE,))
    if MEASURE in varying:
        across = MEASURE
    elif PERIOD in varying and table[PERIOD].nunique() <= MAX_PERIOD_COLUMNS:
        across = PERIOD
    else:
        across = min(varying, key=lambda axis: table[axis].nunique())
    return Layout(tuple(axis for axis in varying if axis != across), (across,))


def view(
    result: Presentable,
    language: Language,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    measures: Sequence[str] | None = None,
) -> TableView:
    """The table as it will be read; see `Result.view`."""
    table = result.table
    if measures is not None:
        refuse_unknown("measure", measures, codes(table, MEASURE))
        table = table[table[MEASURE].isin(list(measures))]
    elif result.shape == "curve" and (table[DAYS] == TOTAL).any():
        table = table[table[DAYS] == TOTAL]  # its steps are for a chart; `measures` asks for them
    layout = _layout(result, table, rows, columns)
    cells = {
        address: _cell(record, language)
        for address, record in zip(
            table[[*layout.rows, *layout.columns]].itertuples(index=False, name=None),
            table.to_dict("records"),
            strict=True,
        )
    }
    heads = _combinations(table, layout.rows)
    across = _combinations(table, layout.columns)
    return TableView(
        caption=_caption(result, table, layout, language),
        row_titles=tuple(axis_title(result, axis, language) for axis in layout.rows),
        columns=tuple(_joined(result, layout.columns, place, language) for place in across),
        rows=tuple(
            Row(
                heads=tuple(label(result, axis, code, language) for axis, code in zip(layout.rows, head, strict=True)),
                cells=tuple(cells.get((*head, *place), Cell("")) for place in across),
                total=any(is_total(code) for code in head),
            )
            for head in heads
        ),
        language=language,
        source=", ".join(part for part in (result.project, result.snapshot) if part),
        notes=_notes(result, table, language),
        synthetic=result.synthetic,
    )


def _layout(
    result: Presentable, table: pd.DataFrame, rows: Sequence[str] | None, columns: Sequence[str] | None
) -> Layout:
    if rows is None and columns is None:
        return choose_layout(result, table)
    known = axes(result)
    given = (*(rows or ()), *(columns or ()))
    refuse_unknown("column", given, known)
    varying = [axis for axis in known if table[axis].nunique() > 1]
    rest = [axis for axis in varying if axis not in given] or [axis for axis in (MEASURE, PERIOD) if axis not in given][
        :1
    ]
    if rows is not None and columns is not None and set(varying) - set(given):
        raise UsageError(
            f"The table can't be laid out: {', '.join(rest)} would put several numbers in one cell.",
            fix=f"Name {', '.join(rest)} in rows= or in columns=.",
        )
    return Layout(tuple(rows or rest), tuple(columns or rest))


def _combinations(table: pd.DataFrame, columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    order = {column: {code: place for place, code in enumerate(codes(table, column))} for column in columns}
    found = dict.fromkeys(table[list(columns)].itertuples(index=False, name=None))
    return sorted(found, key=lambda place: [order[column][code] for column, code in zip(columns, place, strict=True)])


def shown_number(record: dict[Any, Any], number: str = "value") -> float | None:
    """A number of a row that may be seen; None where it is hidden, unknown or cannot occur."""
    if record["disclosure"] == "hidden" or record["kind"] not in ("number", "zero") or pd.isna(record[number]):
        return None
    return float(record[number])


def _cell(record: dict[Any, Any], language: Language) -> Cell:
    number = shown_number(record)
    if number is None:
        impossible = record["kind"] == "cannot occur" and record["disclosure"] != "hidden"
        return Cell("" if impossible else HIDDEN)
    return Cell(format_number(number, record["unit"], language), revision=record["revision"])


def _caption(result: Presentable, table: pd.DataFrame, layout: Layout, language: Language) -> str:
    fixed = [axis for axis in axes(result) if axis not in (*layout.rows, *layout.columns) and len(table)]
    said = [label(result, axis, str(table[axis].iloc[0]), language) for axis in fixed if table[axis].iloc[0] != TOTAL]
    units = [unit for unit in codes(table, "unit") if unit != PERCENT]
    if len(units) == 1 and units[0] in result.labels.get("unit", {}):
        said.append(label(result, "unit", units[0], language))
    title = result.title[language]
    news = [words for words in said if not _says(title, words)]
    return title + (f" ({', '.join(news)})" if news else "")


def _says(title: str, words: str) -> bool:
    """Whether a title holds these words; a year within a date or at the end of a range is not that year."""
    without_dates = re.sub(r"\b\d{1,2} \w+ \d{4}", "", title)
    return re.search(rf"(?<![\w–-]){re.escape(words)}(?![\w–-])", without_dates, re.IGNORECASE) is not None


def _joined(result: Presentable, columns: tuple[str, ...], place: tuple[str, ...], language: Language) -> str:
    return ", ".join(label(result, axis, code, language) for axis, code in zip(columns, place, strict=True))


def not_released(table: pd.DataFrame) -> bool:
    """Whether any number of the table has not been through disclosure control."""
    return bool((table["disclosure"] == "not checked").any())


def rounding_notes(result: Presentable, language: Language) -> list[str]:
    """What is said of counts that were rounded; nothing where they were not."""
    shares = bool((result.table["unit"] == PERCENT).any())
    return [result.rounded.note(language, shares=shares)] if result.rounded else []


def _notes(result: Presentable, table: pd.DataFrame, language: Language) -> tuple[str, ...]:
    notes = [NOT_RELEASED[language]] if not_released(table) else []
    notes += rounding_notes(result, language)
    return (*notes, *([EMPTY[language]] if table.empty else []))
