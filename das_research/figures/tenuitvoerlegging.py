"""What key figures of enforcement need beyond their lines."""

from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

if TYPE_CHECKING:
    from das_research.access.project import Project

YEARS = 2


def begun_within_two_years(project: "Project", table: ir.Table) -> ir.Table:
    """Community service orders with `begonnen`, within two years of being received, and `gevolgd`.

    `gevolgd` holds where those two years were observed for every order received in the same calendar year: within one
    year all are followed equally long, or none counts.
    """
    until = project.observed_until
    complete = until.year if (until.month, until.day) == (12, 31) else until.year - 1
    received, begun = table.taakstraf_ontvangen, table.taakstraf_begin
    deadline = (received + ibis.interval(years=YEARS)).cast("date")
    return table.mutate(
        gevolgd=(received.year() <= complete - YEARS).fill_null(False), begonnen=(begun <= deadline).fill_null(False)
    )
