"""How far a number depends on how persons were linked: its value by a stricter and by a looser link, as a band."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import pandas as pd

from das_research.presentation.addresses import MEASURE, PERIOD, codes, is_total, label
from das_research.style.numbers import TOTAL, Language, format_number, format_period

STRICT, LOOSE = "strict", "loose"
Place = tuple[str, ...]  # measure, the codes of the dimensions, period

WORDS = {
    "insensitive": {"nl": "ongevoelig voor de koppeling", "en": "does not depend on how persons were linked"},
    "sensitivity": {"nl": "koppelgevoeligheid", "en": "linkage sensitivity"},
    "linked": {
        "nl": "aandeel van de zaken dat een eerdere fase ook kent",
        "en": "share of the cases that an earlier stage knows too",
    },
}


@dataclass(frozen=True)
class Band:
    """The numbers of a Result computed again by the strict and by the loose link of persons.

    Parameters
    ----------
    cells : dict
        Address (measure, the codes of the dimensions, period) to the value by the strict and by the loose link; None
        where there is none. Empty: no number differs. Of a cell that is not in a band with cells nothing is told.

    Examples
    --------
    >>> band = Band({("number", "2024"): (104.0, 98.0)})
    >>> band.limits(("number", "2024"), 100.0), band.limits(("number", "2023"), 90.0), Band().limits(("n", "2024"), 7.0)
    ((98.0, 104.0), None, (7.0, 7.0))
    """

    cells: Mapping[Place, tuple[float | None, float | None]] = field(default_factory=dict)

    def limits(self, place: Place, value: float) -> tuple[float, float] | None:
        """The least and the greatest of the three values of a cell; None where a value is not told."""
        strict, loose = self.cells.get(place, (None, None) if self.cells else (value, value))
        return None if strict is None or loose is None else (min(strict, value, loose), max(strict, value, loose))

    def to_document(self, dimensions: Iterable[str]) -> dict[str, Any]:
        """The band as a table of columns and rows, for JSON."""
        rows = [[*place, *(_plain(value) for value in values)] for place, values in self.cells.items()]
        return {"columns": [MEASURE, *dimensions, PERIOD, STRICT, LOOSE], "rows": rows}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Band":
        """Read what `to_document` wrote."""
        return cls({tuple(place): (_number(strict), _number(loose)) for *place, strict, loose in document["rows"]})


class Banded(Protocol):
    """What is needed of a Result."""

    @property
    def table(self) -> pd.DataFrame: ...
    @property
    def dimensions(self) -> tuple[str, ...]: ...
    @property
    def labels(self) -> dict[str, dict[str, Any]]: ...
    @property
    def linkage(self) -> dict[str, float]: ...
    @property
    def band(self) -> Band | None: ...


def place_of(row: Mapping[Any, Any], dimensions: Iterable[str]) -> Place:
    """The address of a row."""
    return (row[MEASURE], *(row[name] for name in dimensions), row[PERIOD])


def printed(result: Banded, row: Mapping[Any, Any], language: Language) -> str:
    """The band of one cell as a reader sees it, without its unit; empty where there is none to tell.

    The ends have as many decimals as the number itself, and more where they would else look equal.
    """
    if result.band is None or row["disclosure"] == "hidden" or pd.isna(row["value"]):
        return ""
    limits = result.band.limits(place_of(row, result.dimensions), float(row["value"]))
    if limits is None:
        return ""
    if limits[0] == limits[1]:
        return WORDS["insensitive"][language]
    unit = str(row["unit"])
    whole = all(float(limit).is_integer() for limit in limits) and unit != "percent"
    for decimals in [None] if whole else [1, 2, 3, 4]:
        low, high = (format_number(limit, unit, language, decimals=decimals) for limit in limits)
        if low != high:
            break
    return f"{WORDS['sensitivity'][language]} {low.removesuffix('%')}–{high}"


def leading_row(result: Banded) -> dict[Any, Any] | None:
    """The row that stands for a Result where there is room for one band: its totals in the last year, first measure."""
    table = result.table
    for name in result.dimensions:
        if (table[name] == TOTAL).any():
            table = table[table[name] == TOTAL]
    table = table[table["value"].notna()]
    if table.empty:
        return None
    known = codes(table, PERIOD)
    period = ([code for code in known if not is_total(code)] or known)[-1]
    return table[table[PERIOD] == period].to_dict("records")[0]


def notes(result: Banded, language: Language) -> tuple[str, ...]:
    """What stands under a Result that shows itself: the share linked, and how far its numbers depend on the links."""
    told = []
    if result.linkage:
        shares = (
            f"{name} {format_number(100 * share, 'percent', language, decimals=0)}"
            for name, share in result.linkage.items()
        )
        told.append(f"{WORDS['linked'][language]}: {', '.join(shares)}")
    if result.band is not None and not result.band.cells:
        told.append(WORDS["insensitive"][language])
    elif (row := leading_row(result)) and (said := printed(result, row, language)):
        told.append(f"{label_of(result, row, language)}: {said}")
    return tuple(told)


def label_of(result: Banded, row: Mapping[Any, Any], language: Language) -> str:
    """Which cell it is, in words: measure, the codes that are no total, period."""
    parts = [(MEASURE, row[MEASURE]), *((name, row[name]) for name in result.dimensions)]
    said = [label(result, column, code, language) for column, code in parts if code != TOTAL]  # type: ignore[arg-type]
    return ", ".join([*said, format_period(row[PERIOD], language)])


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def _plain(value: float | None) -> float | int | None:
    return value if value is None or not float(value).is_integer() else int(value)
