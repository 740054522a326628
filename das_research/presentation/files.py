"""A Result as comma-separated values."""

import pandas as pd

from das_research.presentation.addresses import MEASURE, Presentable, label
from das_research.presentation.wide import not_released, rounding_notes
from das_research.style.numbers import NOT_RELEASED, SYNTHETIC, Language

NUMBERS = ("value", "numerator", "denominator", "se", "lower", "upper", "n")


def to_csv(result: Presentable, language: Language | None) -> str:
    """Raw values for machines, or in a language with labels; see `Result.to_csv`."""
    table = result.table.copy()
    numbers = [column for column in NUMBERS if column in table]
    table[numbers] = table[numbers].mask(table["disclosure"] == "hidden")
    decimal = "," if language == "nl" else "."
    for column in numbers:
        table[column] = [_raw(value).replace(".", decimal) for value in table[column]]
    if language is not None:
        for axis in (*result.dimensions, MEASURE, "unit"):
            texts = [label(result, axis, code, language) for code in table[axis]]
            table.insert(list(table.columns).index(axis) + 1, f"{axis}_label", texts)
    said: Language = language or "en"
    marks = [SYNTHETIC[said]] if result.synthetic else []
    marks += [NOT_RELEASED[said]] if not_released(result.table) else []
    marks += rounding_notes(result, said)
    if marks:
        table["note"] = "; ".join(marks)
    text = table.to_csv(index=False, sep=";" if language == "nl" else ",", lineterminator="\n")
    return ("\ufeff" if language == "nl" else "") + text


def _raw(value: float) -> str:
    if pd.isna(value):
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))
