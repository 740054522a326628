"""When persons could not reoffend, or not be seen to: days in detention, and the day they died or left the country."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Detention, RecidivismMethod
from das_research.chain.journey import granted
from das_research.chain.reoffending.new_cases import KEYS, by_entry, latest_of
from das_research.engines import days, literal_date
from das_research.errors import AccessRefused

if TYPE_CHECKING:
    from das_research.access.project import Project


def with_detention(
    project: "Project",
    method: RecidivismMethod,
    entries: ir.Table,
    until: Mapping[str, str],
    onto: ir.Table | None = None,
) -> ir.Table:
    """The entries with the days in detention after their start, up to each of some days.

    Stays that overlap count once. A stay that has not ended lasts until the last day the sources cover.

    Parameters
    ----------
    project, method
        Where stays stand.
    entries : Table
        `person_id, start` and the last days, one row each.
    until : mapping
        Name to the column with the last day that counts.
    onto : Table, optional
        The same entries with more columns, which the new ones are put to.

    Returns
    -------
    Table
        The entries with a column of whole days for each name.
    """
    stays = _stays(project, method)
    base = entries.view()  # as in `with_new_cases`
    last = latest_of(base, until.values())
    met = base.inner_join(stays, [base.person_id == stays.who, stays.left > base.start, stays.came < last])
    met = _apart(met.select(*KEYS, *dict.fromkeys(until.values()), "came", "left"))
    found = met.group_by(*KEYS).agg(**{name: _overlap(met, met[last]).sum() for name, last in until.items()})
    return by_entry(entries if onto is None else onto, found, list(until))


def with_departures(project: "Project", method: RecidivismMethod, entries: ir.Table) -> ir.Table:
    """The entries with `departed`: the first day after the start on which the person died or left the country.

    Null where neither happened. Without a source of it in the catalogue or the grant nobody is seen to depart.
    """
    source = method.departures
    if source is None or source.table not in project.tables:
        return entries.mutate(departed=ibis.null("date"))
    rows = granted(project, source.table, ["person_id", *source.dates])
    dates = [rows[name] for name in source.dates]
    earliest = ibis.least(*dates) if len(dates) > 1 else dates[0]
    known = rows.mutate(gone=earliest).filter(lambda t: t.gone.notnull() & t.person_id.notnull())
    first = known.group_by(who=known.person_id).agg(gone=known.gone.min())
    joined = entries.left_join(first, entries.person_id == first.who)
    gone = ibis.ifelse(joined.gone.isnull(), ibis.null("date"), ibis.greatest(joined.gone, joined.start))
    return joined.mutate(departed=gone).drop("who", "gone")


def _stays(project: "Project", method: RecidivismMethod) -> ir.Table:
    missing = [source.table for source in method.detention if source.table not in project.tables]
    if missing or not method.detention:
        raise AccessRefused(
            "Time in detention is not known here.",
            why=f"The grant of the project does not name {', '.join(missing)}."
            if missing
            else "The catalogue names no table of stays in detention.",
            fix="Leave out the frequency, and follow by the calendar.",
            ask="the steward of the data, who can widen the grant",
        )
    return ibis.union(*(_of_table(project, source) for source in method.detention))


def _of_table(project: "Project", source: Detention) -> ir.Table:
    rows = granted(project, source.table, ["person_id", source.begin, source.end])
    until = rows[source.end].fill_null(literal_date(project.observed_until))
    stays = rows.select(who=rows.person_id, came=rows[source.begin], left=until)
    return stays.filter(stays.who.notnull())


def _apart(met: ir.Table) -> ir.Table:
    """The same days of an entry in stays that don't overlap."""
    order = [met.came, met.left]
    before = ibis.window(group_by=[met.person_id, met.start], order_by=order, rows=(None, -1))
    reached = met.left.max().over(before)
    rows = met.mutate(came=ibis.greatest(met.came, reached.fill_null(met.came)))
    return rows.filter(rows.came < rows.left)


def _overlap(met: ir.Table, until: ir.DateValue) -> ir.IntegerValue:
    spent = days(ibis.least(met.left, until), ibis.greatest(met.came, met.start))
    return ibis.ifelse(spent > 0, spent, 0)
