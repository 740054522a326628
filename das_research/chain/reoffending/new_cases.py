"""What persons of a cohort did after their start: the first new case of each kind, and how many there were."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import RecidivismMethod
from das_research.chain.journey import granted
from das_research.chain.reoffending.documented import chosen, documentation
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
    until: Mapping[str, ir.DateValue],
    dated_by: str | None = None,
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
        `person_id, case_id, start`, one row a person and start; for special recidivism also `offence`.
    kinds : sequence of str
        Of `KINDS`, and `earlier_offence`.
    until : mapping
        Name of a horizon to its last day, an expression of the entries.
    dated_by : str, optional
        How a new offence is dated, by the catalogue's names.

    Returns
    -------
    Table
        The entries with a date a kind (null: none before the end of the longest horizon), and `cases_<name>`, the
        number of new cases within each horizon.
    """
    register, on = _register(project, method, dated_by, kinds)
    new = register.select(
        "maximum" if "maximum" in register.columns else "disposal",
        who=register.person_id,
        which=register.case_id,
        committed=register.committed,
        registered=register.registered,
        on=on,
        again=register.offence if "offence" in register.columns else ibis.null("string"),
        counts=register.disposal.isin(list(method.new_disposals.count)).fill_null(False),
    )
    new = new.filter(new.counts)
    longest = ibis.greatest(*until.values()) if len(until) > 1 else next(iter(until.values()))
    ends = {f"until_{name}": last for name, last in until.items()}
    carried = [name for name in ("offence",) if name in entries.columns]
    base = entries.select(*KEYS, "case_id", *carried, last=longest, **ends)
    before = new.committed.notnull() & (new.committed <= base.start)
    after = (new.on > base.start) & (new.on <= base.last) & ~before
    late = before & (new.registered > base.start) & (new.registered <= base.last)
    wanted = (after | late) if EARLIER_OFFENCE in kinds else after
    met = base.inner_join(new, [base.person_id == new.who, base.case_id != new.which, wanted.fill_null(False)])
    met = met.mutate(is_new=~(met.committed.notnull() & (met.committed <= met.start)))
    dates = {kind: _first(method, met, kind) for kind in kinds}
    counts = {f"cases_{name}": met.count(where=met.is_new & (met.on <= met[f"until_{name}"])) for name in until}
    found = met.group_by(*KEYS).agg(**dates, **counts)
    found = found.rename(found_person="person_id", found_start="start")
    joined = entries.left_join(
        found, [entries.person_id == found.found_person, entries.start == found.found_start]
    ).drop("found_person", "found_start")
    return joined.mutate(**{name: joined[name].fill_null(0) for name in counts})


def end_of(start: ir.DateValue, years: int) -> ir.DateValue:
    """The last day of a horizon of whole years after a start."""
    return (start + ibis.interval(years=years)).cast("date")


def _register(
    project: "Project", method: RecidivismMethod, dated_by: str | None, kinds: Sequence[str]
) -> tuple[ir.Table, ir.DateValue]:
    _, column = chosen("way to date a new offence", method.documentation.dates, dated_by)
    register = documentation(project, method, [column])
    told = method.documentation
    needs = {"special": ("offence", told.offence)}
    needs |= dict.fromkeys(method.thresholds, ("maximum", told.maximum))
    for kind in kinds:
        field, name = needs.get(kind, ("disposal", told.disposal))
        if field not in register.columns:
            granted(project, told.table, [name])  # says what the grant lacks
    return register, register[column]


def _first(method: RecidivismMethod, met: ir.Table, kind: str) -> ir.DateScalar:
    """The day of the first case of a kind."""
    if kind == "general":
        return met.on.min(where=met.is_new)
    if kind == "special":
        return met.on.min(where=met.is_new & (met.again == met.offence))
    if kind == EARLIER_OFFENCE:
        return met.registered.min(where=~met.is_new)
    if kind not in method.thresholds:
        known = ", ".join((*KINDS, EARLIER_OFFENCE))
        raise UsageError(f"There is no kind of recidivism '{kind}'.", fix=f"Choose from: {known}.")
    return met.on.min(where=met.is_new & (met.maximum >= method.thresholds[kind].months))
