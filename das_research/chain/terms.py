"""How many cases came to their end within a term, by the year of the start and by that of the end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Text
from das_research.chain.assemble import (
    assemble,
    check_attributes,
    check_years,
    in_period,
    period_of,
    revision_of,
)
from das_research.chain.calendar import how_far_followed, years_and_all
from das_research.chain.cohort import Part, group_labels, in_years, lies_in, part_of, per_group, share_of
from das_research.chain.named_spans import NamedSpan
from das_research.chain.spans import span_steps, timed_cases
from das_research.engines import literal_date
from das_research.result import TOTAL, Recipe, Result

if TYPE_CHECKING:
    from das_research.access.project import Project

MEASURES = {
    "of_started": Text(nl="op tijd, van wat begon", en="in time, of what started"),
    "of_ended": Text(nl="op tijd, van wat eindigde", en="in time, of what ended"),
}

NOT_STARTED = Text(nl="begon niet in deze jaren", en="did not start in these years")


@dataclass(frozen=True)
class Term:
    """So many days, for the cases that have these codes of these attributes; for all of them without."""

    days: int
    applies_to: Mapping[str, Sequence[str]] = field(default_factory=dict)


def within_term(
    project: "Project",
    named: NamedSpan,
    term: Term,
    first_year: int,
    last_year: int,
    by: Sequence[str],
    what: Text,
    recipe: Recipe,
) -> Result:
    """The Result of `das_research.chain.share_within` and `share_within_norm`.

    Raises
    ------
    UsageError
        When the years or the attributes can't be used.
    AccessRefused
        When the grant leaves out a column that is needed.
    """
    check_years(project, first_year, last_year)
    by = check_attributes(project, by)
    timed = timed_cases(project, named.span, tuple(dict.fromkeys([*by, *term.applies_to])))
    latest, meant = latest_start(project, term), _meant(timed, term)
    counted: dict[str, dict[tuple[str, ...], dict[str, int]]] = {}
    for table, holds in in_time(project, timed, term, first_year, last_year):
        [measure] = holds
        found = per_group(table.mutate(**holds), [*by, "year"], partial(_of_all, measure))
        counted[measure] = {tuple(row.pop(name) for name in (*by, "year")): row for row in found}
    groups = [key[:-1] for cells in counted.values() for key in cells]
    labels = group_labels(project, by, dict.fromkeys(groups))
    whole, years = period_of(first_year, last_year), years_and_all(first_year, last_year)
    rows = [
        {"span": named.id, **dict(zip(by, key, strict=True)), "period": period, "measure": measure, **row}
        for key in product(*labels.values())
        if key in groups or set(key) <= {TOTAL}
        for period, code in years.items()
        for measure in MEASURES
        for row in [_row(project, measure, counted[measure].get((*key, code), {}), period, latest)]
    ]
    return assemble(
        project,
        "doorlooptijd-norm",
        rows,
        ["span", *by],
        title=in_period(what, whole),
        measures=MEASURES,
        labels={"span": {named.id: named.span.title}, **labels},
        recipe=recipe,
        attrition=span_steps(
            project,
            named.span,
            timed,
            [
                (meant, Text(nl="de norm gaat er niet over", en="the norm is not about them")),
                (lies_in(timed.started, first_year, last_year), NOT_STARTED),
                (timed.started <= literal_date(latest), Text(nl="te kort gevolgd", en="not followed long enough")),
            ],
        ),
    )


def in_time(project: "Project", timed: ir.Table, term: Term, first_year: int, last_year: int) -> Iterator[Part]:
    """What started and what ended in these years, with the cases that came to their end within the term."""
    about = timed.filter(timed.lasted >= 0, _meant(timed, term))
    started = about.filter(about.started <= literal_date(latest_start(project, term)))
    for measure, table, moment in (("of_started", started, "started"), ("of_ended", about, "ended")):
        rows = in_years(table, moment, first_year, last_year)
        yield rows, {measure: ~rows.is_open & (rows.lasted <= term.days)}


def latest_start(project: "Project", term: Term) -> date:
    """The last day on which a case may have started to be followed for the whole term."""
    return project.observed_until - timedelta(days=term.days)


def _meant(timed: ir.Table, term: Term) -> ir.BooleanValue:
    return ibis.and_(True, *(timed[name].isin(codes).fill_null(False) for name, codes in term.applies_to.items()))


def _of_all(measure: str, rows: ir.Table) -> dict[str, ir.Scalar]:
    return part_of(rows, measure, rows[measure])


def _row(project: "Project", measure: str, found: Mapping[str, int], period: str, latest: date) -> dict[str, Any]:
    if measure == "of_ended":
        return {"revision": revision_of(project, int(period[-4:])), **share_of(found, measure)}
    return {**share_of(found, measure), **how_far_followed(period, latest)}
