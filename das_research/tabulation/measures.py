"""What can be measured in a table: as aggregates that the engine computes, and as the numbers of a Result."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, get_args

import ibis.expr.types as ir

from das_research.errors import UsageError

Kind = Literal["count", "cases", "persons", "sum", "mean", "share"]
WITH_COLUMN: tuple[Kind, ...] = ("sum", "mean", "share")
KEY_OF = {"cases": "case_id", "persons": "person_id"}
UNITS: dict[Kind, str] = {
    "count": "rows", "cases": "cases", "persons": "persons", "sum": "number", "mean": "number", "share": "percent",
}  # fmt: skip
EXACT = "decimal(18, 6)"  # sums of decimals do not depend on the order in which an engine adds
SQUARED = "decimal(38, 6)"  # an engine does not widen a product by itself


@dataclass(frozen=True)
class Measure:
    """One measure: its name, what it counts, and the column it is about."""

    name: str
    kind: Kind
    column: str = ""


def read_measures(table: ir.Table, measures: Mapping[str, str | Sequence[str]]) -> tuple[Measure, ...]:
    """The measures a user wrote, or a refusal that says how to write them."""
    if not measures:
        raise UsageError("There is nothing to measure.", fix='Give measures={"zaken": "count"}.')
    return tuple(
        _read(table, name, (given,) if isinstance(given, str) else tuple(given)) for name, given in measures.items()
    )


def _read(table: ir.Table, name: str, given: tuple[str, ...]) -> Measure:
    kind = given[0] if given else ""
    how = '"count", "cases", "persons", ("sum", column), ("mean", column) or ("share", column)'
    if kind not in get_args(Kind) or len(given) != (2 if kind in WITH_COLUMN else 1):
        raise UsageError(f"The measure '{name}' is not one that can be computed.", fix=f"Write {how}.")
    measure = Measure(name, kind, given[1] if len(given) == 2 else KEY_OF.get(kind, ""))  # type: ignore[arg-type]
    if measure.column and measure.column not in table.columns:
        raise UsageError(
            f"The measure '{name}' needs the column {measure.column}, which the table does not have.",
            fix=f"Choose from {', '.join(table.columns)}.",
        )
    fits = {"sum": "is_numeric", "mean": "is_numeric", "share": "is_boolean"}.get(kind)
    if fits and not getattr(table[measure.column].type(), fits)():
        wanted = "a column of true and false, such as table.x == 1" if kind == "share" else "a column of numbers"
        raise UsageError(f"The measure '{name}' needs {wanted}.", why=f"{measure.column} holds something else.")
    return measure


def aggregates(table: ir.Table, measure: Measure, unit: str) -> dict[str, ir.Scalar]:
    """What the engine computes for a measure in each cell."""
    units = table[unit]
    if measure.kind == "count":
        return {"count": table.count(), "n": units.nunique()}
    column: Any = table[measure.column]
    if measure.kind in KEY_OF:
        return {"count": column.nunique(), "n": units.nunique()}
    if measure.kind == "share":
        return {
            "count": column.count(),
            "met": table.count(where=column),
            "n_met": units.nunique(where=column),
            "n_unmet": units.nunique(where=~column),
        }
    exact = column.cast(EXACT)
    wide = exact.cast(SQUARED)
    return {
        "count": column.count(),
        "n": units.nunique(where=column.notnull()),
        "sum": exact.sum().cast("string"),
        "squares": (wide * wide).sum().cast("string"),
    }


def numbers(measure: Measure, found: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers of one cell of a Result; nothing found is an empty cell."""
    count = found.get("count") or 0
    if measure.kind == "share":
        met = found.get("met") or 0
        return _cell(
            measure,
            value=100 * met / count if count else None,
            numerator=met,
            denominator=count,
            n=min(found.get("n_met") or 0, found.get("n_unmet") or 0),
        )
    n = found.get("n") or 0
    if measure.kind == "sum":
        return _cell(measure, value=float(Decimal(found.get("sum") or 0)), n=n)
    if measure.kind == "mean":
        total, squares = (Decimal(found.get(part) or 0) for part in ("sum", "squares"))
        return _cell(
            measure,
            value=float(total / count) if count else None,
            denominator=count,
            se=_standard_error(count, total, squares),
            n=n,
        )
    return _cell(measure, value=count, numerator=count, n=n)


def _cell(measure: Measure, *, value: float | None, **others: float | None) -> dict[str, Any]:
    kind = "cannot occur" if value is None else "zero" if value == 0 else "number"
    return {"measure": measure.name, "unit": UNITS[measure.kind], "kind": kind, "value": value, **others}


def _standard_error(count: int, total: Decimal, squares: Decimal) -> float | None:
    if count < 2:
        return None
    variance = (squares - total * total / count) / (count - 1)
    return math.sqrt(max(variance, Decimal(0)) / count)
