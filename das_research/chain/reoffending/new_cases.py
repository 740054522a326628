"""What persons of a cohort did after their start: the first new case of each kind, and how many there were."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import RecidivismMethod
from das_research.chain.journey import granted
from das_research.chain.reoffending.documented import chosen, documentation, main_group
from das_research.errors import UsageError

if TYPE_CHECKING:
    from das_research.access.project import Project

KEYS = ("person_id", "start")
KINDS = ("general", "serious", "very_serious", "special")
EARLIER_OFFENCE = "earlier_offence"


def with_new_cases(
    project: "Project",
    method: RecidivismMethod,
    entries: ir.Table,
    kinds: Sequence[str],
    until: Mapping[str, str],
    dated_by: str | None = None,
    onto: ir.Table | None = None,
) -> ir.Table:
    """The entries of a cohort with what they did after their start.

    A new case is one with a disposal that counts, whose offence is dated after the start. One whose offence was
    committed by the day of the start, and came into the register only after it, is no recidivism: it is
    `earlier_offence`.

    Parameters
    ----------
    project, method
        Where new cases stand, and which count.
    entries : Table
        `person_id, case_id, start` and the last days, one row a person and start; for special recidivism also
        `offence`.
    kinds : sequence of str
        Of `KINDS`, and `earlier_offence`.
    until : mapping
        Name of a horizon to the column with its last day.
    dated_by : str, optional
        How a new offence is dated, by the catalogue's names.
    onto : Table, optional
        The same entries with more columns, which the new ones are put to: an engine that has to find out first what
        stands in those would do that work twice.

    Returns
    -------
    Table
        The entries with a date a kind (null: none before the end of the longest horizon), and `cases_<name>`, the
        number of new cases within each horizon.
    """
    register, column = _register(project, method, dated_by, kinds)
    counted = register.filter(register.disposal.isin(list(method.new_disposals.count)))
    renamed = {"who": "person_id", "which": "case_id", "again": "offence"}
    told = {new: counted[old] for new, old in renamed.items() if old in counted.columns}
    kept = [name for name in ("maximum", "committed", "registered") if name in counted.columns]
    new = counted.select(*kept, on=counted[column], **told)
    base = entries.view()  # a second look at the same table: so an engine makes it once, as a common table expression
    last = latest_of(base, until.values())
    after = [new.on > base.start, new.on <= last]
    if column != register_date(method):
        after.append(new.committed.isnull() | (new.committed > base.start))
    if EARLIER_OFFENCE in kinds:
        late = (new.committed <= base.start) & (new.registered > base.start) & (new.registered <= last)
        after = [ibis.and_(*after).fill_null(False) | late.fill_null(False)]
    met = base.inner_join(new, [base.person_id == new.who, base.case_id != new.which, *after])
    if EARLIER_OFFENCE in kinds:
        met = met.mutate(is_new=met.committed.isnull() | (met.committed > met.start))
    dates = {kind: _first(project, method, met, kind) for kind in kinds}
    within = {name: met.on <= met[column] if len(until) > 1 else None for name, column in until.items()}
    counts = {f"cases_{name}": met.count(where=_new(met, some)) for name, some in within.items()}
    found = met.group_by(*KEYS).agg(**dates, **counts)
    return by_entry(entries if onto is None else onto, found, list(counts))


def by_entry(entries: ir.Table, found: ir.Table, numbers: Sequence[str]) -> ir.Table:
    """The entries with what was found of some of them; of the others these numbers are 0."""
    more = {name: found[name] for name in found.columns if name not in KEYS}
    more |= {name: more[name].fill_null(0).cast("int64") for name in numbers}
    return entries.left_join(found, list(KEYS)).select(*(entries[name] for name in entries.columns), **more)


def latest_of(table: ir.Table, columns: Iterable[str]) -> ir.DateValue:
    """The latest of the days in these columns."""
    days = [table[name] for name in columns]
    return ibis.greatest(*days) if len(days) > 1 else days[0]


def end_of(start: ir.DateValue, years: int) -> ir.DateValue:
    """The last day of a horizon of whole years after a start."""
    # by way of a moment: a day and an interval are a moment to engines, and days are compared faster with days
    return (start.cast("timestamp") + ibis.interval(years=years)).date()


def register_date(method: RecidivismMethod) -> str:
    """The column of the register with the day of the offence itself: the method's first way to date one."""
    return next(iter(method.documentation.dates.values()))


def _register(
    project: "Project", method: RecidivismMethod, dated_by: str | None, kinds: Sequence[str]
) -> tuple[ir.Table, str]:
    _, column = chosen("way to date a new offence", method.documentation.dates, dated_by)
    register = documentation(project, method, [column])
    told = method.documentation
    needs = {"special": ("offence", told.offence)}
    needs |= dict.fromkeys(method.thresholds, ("maximum", told.maximum))
    for kind in kinds:
        field, name = needs.get(kind, ("disposal", told.disposal))
        if field not in register.columns:
            granted(project, told.table, [name])  # says what the grant lacks
    return register, column


def _new(met: ir.Table, also: ir.BooleanValue | None = None) -> ir.BooleanValue | None:
    """Which of the cases that were met are new ones, where others can be among them."""
    if "is_new" not in met.columns:
        return also
    return met.is_new if also is None else met.is_new & also


def _first(project: "Project", method: RecidivismMethod, met: ir.Table, kind: str) -> ir.DateScalar:
    """The day of the first case of a kind."""
    if kind == "general":
        return met.on.min(where=_new(met))
    if kind == "special":
        index, again = (main_group(project.catalog, method, met[name]) for name in ("offence", "again"))
        return met.on.min(where=_new(met, again == index))
    if kind == EARLIER_OFFENCE:
        return met.registered.min(where=~met.is_new)
    if kind not in method.thresholds:
        known = ", ".join((*KINDS, EARLIER_OFFENCE))
        raise UsageError(f"There is no kind of recidivism '{kind}'.", fix=f"Choose from: {known}.")
    return met.on.min(where=_new(met, met.maximum >= method.thresholds[kind].months))
