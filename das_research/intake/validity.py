"""Whether a delivered code was valid: a classification's codes come and go, and a row is judged at its own moment."""

from datetime import date

import ibis
import ibis.expr.types as ir

from das_research import engines
from das_research.intake.periods import Period


def not_valid(value: ir.Value, moment: ir.DateValue, periods: dict[tuple[Period, ...], tuple[str, ...]]) -> ir.Value:
    """Whether a delivered code was not valid at a moment; null or false where it was, or the moment isn't known."""
    outside = (
        engines.one_of(value, codes)
        & ibis.and_(*(_before(moment, begin) | _after(moment, end) for begin, end in valid))
        for valid, codes in periods.items()
    )
    return ibis.or_(ibis.literal(False), *outside)


def _before(moment: ir.DateValue, begin: date | None) -> ir.Value:
    return moment < engines.literal_date(begin) if begin else ibis.literal(False)


def _after(moment: ir.DateValue, end: date | None) -> ir.Value:
    return moment > engines.literal_date(end) if end else ibis.literal(False)
