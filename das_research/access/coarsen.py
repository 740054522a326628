"""Columns as coarse as a grant gives them, made so before an extract is written."""

import ibis
import ibis.expr.types as ir

from das_research.catalog.coarsening import becomes, coarsenings
from das_research.catalog.models import Bands, Catalog, Coarsening, Grant, Width

UNITS = {"quarter": "Q", "month": "M"}


def coarsened(catalog: Catalog, grant: Grant, table: str, rows: ir.Table) -> ir.Table:
    """The rows of a table with every column as coarse as the grant gives it.

    A year is an integer; a quarter and a month are dates, their first day; a band is its lower bound, of the column's
    own type. A code without a coarser one becomes unknown.
    """
    given = coarsenings(grant, table)
    return rows.mutate(
        **{
            name: _coarse(rows[name], how, becomes(catalog, table, name, how))
            for name, how in given.items()
            if name in rows.columns
        }
    )


def _coarse(column: ir.Value, how: Coarsening, codes: dict[str, str]) -> ir.Value:
    if isinstance(how, Bands):
        falls_in = [(column >= bound, ibis.literal(bound).cast(column.type())) for bound in reversed(how.bands)]
        return ibis.cases(*falls_in, else_=ibis.null(column.type()))
    if isinstance(how, Width):
        return ((column / how.width).floor() * how.width).cast(column.type())
    if how == "year":
        return column.year().cast("int64")
    if isinstance(how, str) and how in UNITS:
        return column.truncate(UNITS[how])
    nothing = ibis.null("string")
    return column.cases(*codes.items(), else_=nothing) if codes else nothing
