"""What stands where in the long table of a Result, and what a reader sees for its codes."""

from collections.abc import Sequence
from typing import Any, Protocol

import pandas as pd

from das_research.catalog.models import Text
from das_research.errors import UsageError
from das_research.presentation.rounding import Rounded
from das_research.style.numbers import TOTAL, Language, format_period

MEASURE, PERIOD = "measure", "period"
AXES = {MEASURE: {"nl": "maat", "en": "measure"}, PERIOD: {"nl": "jaar", "en": "year"}}
TOTALS = {"nl": "totaal", "en": "total"}


class NoSuchCell(UsageError):
    """An address names no cell, or several. Its message names codes, which can be values: it stays in the project."""


class Presentable(Protocol):
    """What a Result offers to be presented."""

    @property
    def table(self) -> pd.DataFrame: ...
    @property
    def dimensions(self) -> tuple[str, ...]: ...
    @property
    def title(self) -> Text: ...
    @property
    def labels(self) -> dict[str, dict[str, Text]]: ...
    @property
    def shape(self) -> str: ...
    @property
    def project(self) -> str: ...
    @property
    def snapshot(self) -> str: ...
    @property
    def synthetic(self) -> bool: ...
    @property
    def rounded(self) -> Rounded | None: ...


def axes(result: Presentable) -> tuple[str, ...]:
    """The columns that together address a cell, in the order in which they are read."""
    return (*result.dimensions, MEASURE, PERIOD)


def is_total(code: str) -> bool:
    """Whether a code sums up others: the total, or several years together.

    Examples
    --------
    >>> is_total("_T"), is_total("2012/2024"), is_total("2012")
    (True, True, False)
    """
    return code == TOTAL or (code[:4].isdigit() and "/" in code)


def codes(table: pd.DataFrame, column: str) -> list[str]:
    """The codes of a column in the order of the table, totals last; periods in order of time."""
    found = [str(code) for code in table[column].unique()]
    ordered = sorted(found) if column == PERIOD else found
    return sorted(ordered, key=lambda code: (is_total(code), code == TOTAL))


def label(result: Presentable, column: str, code: str, language: Language) -> str:
    """What a reader sees for a code."""
    if column == PERIOD:
        return format_period(code, language)
    known = result.labels.get(column, {}).get(code)
    if known is not None:
        return known[language]
    return TOTALS[language] if code == TOTAL else code


def axis_title(result: Presentable, column: str, language: Language) -> str:
    """The head above the codes of a column."""
    if column in AXES:
        return AXES[column][language]
    known = result.labels.get("dimension", {}).get(column)
    return known[language] if known is not None else column


def refuse_unknown(name: str, given: Sequence[str], known: Sequence[str]) -> None:
    """Refuse names that do not exist, with those that do."""
    unknown = [one for one in given if one not in known]
    if unknown:
        raise UsageError(f"No such {name}: {', '.join(unknown)}.", fix=f"Choose from {', '.join(known)}.")


def one_row(result: Presentable, address: dict[str, str]) -> dict[str, Any]:
    """The only row at an address; see `Result.cell`."""
    refuse_unknown("column", list(address), ("figure", *axes(result)))
    found = result.table
    for column, code in address.items():
        found = found[found[column] == str(code)]
    for column in axes(result):
        if column not in address and (found[column] == TOTAL).any():
            found = found[found[column] == TOTAL]
    if len(found) == 1:
        row = found.iloc[0].to_dict()
        return {str(column): None if pd.isna(value) else value for column, value in row.items()}
    said = ", ".join(f"{column}={code}" for column, code in address.items())
    if found.empty:
        raise NoSuchCell(f"No number at [{said}].", why=_missing(result, address), fix="Change the address.")
    open_ones = [column for column in ("figure", *axes(result)) if found[column].nunique() > 1]
    raise NoSuchCell(
        f"{len(found)} numbers at [{said}], not one.",
        why=f"Open: {', '.join(open_ones) or 'nothing, the table holds the address twice'}.",
        fix=f"Add {', '.join(open_ones)} to the address." if open_ones else "Mend the table.",
    )


def _missing(result: Presentable, address: dict[str, str]) -> str:
    for column, code in address.items():
        if str(code) not in set(result.table[column]):
            labelled = [known for known in codes(result.table, column) if known in result.labels.get(column, {})]
            named = f": {', '.join(labelled)}" if labelled else ""
            return f"{column} has {result.table[column].nunique()} codes and not this one{named}."
    return "Each code occurs, but never together."
