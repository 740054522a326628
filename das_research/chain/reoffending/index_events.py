"""The events after which persons can be followed, with who they are on that day."""

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import CohortRule, RecidivismMethod
from das_research.chain.journey import granted
from das_research.chain.reoffending.documented import banded, documentation, main_group, offence_group

if TYPE_CHECKING:
    from das_research.access.project import Project

AGE = "leeftijd"
BACKGROUND = ("offence", "sex", "birth_year")


def index_events(
    project: "Project", method: RecidivismMethod, rule: CohortRule, start: str, also: Sequence[str]
) -> ir.Table:
    """One row an event of this cohort's table.

    Parameters
    ----------
    project : Project
        Its table of the cohort and of the register are read.
    method, rule : RecidivismMethod, CohortRule
        What the catalogue says.
    start : str
        The column whose date starts the clock.
    also : sequence of str
        Columns of the table that a condition names.

    Returns
    -------
    Table
        `person_id, case_id, start, counts` (whether its disposal makes an index case), `offence, sex` and `birth_year`
        as far as the register's columns were given, and `also`.
    """
    table = str(rule.table)
    own = [name for name in dict.fromkeys([start, *also]) if name != AGE]
    if table == method.documentation.table:
        events = documentation(project, method, own)
    else:
        events = granted(project, table, ["case_id", "person_id", *own])
        events = _with_background(events, documentation(project, method))
    counts = events.disposal.isin(list(method.index_disposals.count)) if rule.disposed else ibis.literal(True)
    told = [name for name in ("person_id", "case_id", *BACKGROUND, *own) if name in events.columns]
    return events.select(**{name: events[name] for name in told} | {"start": events[start], "counts": counts})


def attributes_of(
    project: "Project", method: RecidivismMethod, events: ir.Table, names: Collection[str] | None = None
) -> dict[str, ir.Value]:
    """Who persons are on the day of an event, and `leeftijd`: expressions, as far as the register's columns are there.

    With names only those: what nobody asks for also takes its time to be put into words.
    """
    made: dict[str, tuple[str, Callable[[], ir.Value]]] = {
        "geslacht": ("sex", lambda: events.sex),
        AGE: ("birth_year", lambda: events.start.year() - events.birth_year),
        "leeftijdsgroep": ("birth_year", lambda: banded(events.start.year() - events.birth_year, method.ages)),
        "delictgroep": (
            "offence",
            lambda: offence_group(project.catalog, method, main_group(project.catalog, method, events.offence)),
        ),
    }
    asked = made if names is None else [name for name in made if name in names]
    return {name: made[name][1]() for name in asked if made[name][0] in events.columns}


def _with_background(events: ir.Table, register: ir.Table) -> ir.Table:
    """What the register says of the case and the person of an event elsewhere; the least where it says several."""
    of_case = [name for name in BACKGROUND[:1] if name in register.columns]
    of_person = [name for name in BACKGROUND[1:] if name in register.columns]
    for key, names in (("case_id", of_case), ("person_id", of_person)):
        if names:
            known = register.filter(register[key].notnull())
            known = known.group_by(known[key].name(f"{key}_known")).agg(**{name: known[name].min() for name in names})
            events = events.left_join(known, events[key] == known[f"{key}_known"]).drop(f"{key}_known")
    return events
