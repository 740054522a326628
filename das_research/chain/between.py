"""How long it takes from one event of a case to another: by when it started, or by when it ended."""

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Literal

from das_research.catalog.models import Text
from das_research.chain.assemble import assemble, check_attributes, check_years, period_of, revision_of
from das_research.chain.cohort import cohort_title, group_labels, lies_in, persons_per_group
from das_research.chain.named_spans import Asked, find_span
from das_research.chain.spans import span_steps, timed_cases
from das_research.chain.survival import MEASURES, check_step, curve_rows, curves
from das_research.errors import UsageError
from das_research.result import Recipe, Result
from das_research.sensitivity import CASES_ONLY, with_band
from das_research.style.numbers import format_period

if TYPE_CHECKING:
    from das_research.access.project import Project

PeriodOf = Literal["start", "end"]
START: PeriodOf = "start"
END: PeriodOf = "end"
MOMENTS: dict[PeriodOf, str] = {START: "started", END: "ended"}
STARTED = Text(nl="begonnen", en="started")
LEFT_OUT: dict[PeriodOf, Text] = {
    START: Text(nl="begon niet in deze jaren", en="did not start in these years"),
    END: Text(nl="eindigde niet in deze jaren", en="did not end in these years"),
}


@with_band(CASES_ONLY)
def durations_between(
    project: "Project",
    span: Asked,
    first_year: int,
    last_year: int,
    by: Sequence[str] = (),
    period_of_the: PeriodOf = START,
    step_days: int = 7,
) -> Result:
    """The Kaplan-Meier curve of the days between two events of a case.

    By the start, all cases that started in the years count, the open ones up to the last day the sources cover: what
    to ask how long a case takes. By the end, only cases that ended in the years count, as annual reports count them:
    that says how old they were then, not how long a case takes. When fewer old cases are finished those durations
    fall, while the cases that wait only get older; and a stock that is cleared makes them rise.

    Parameters
    ----------
    project : Project
        From `das_research.open_project`.
    span : str or mapping
        Id of a span of the catalogue; or one of one's own: `{"start": EVENT, "end": EVENT}`, where an event is its id
        or `{"event": ..., "outcomes": [...]}` and `end` may be several, of which the first counts. `count_start`
        (`first`, `last`) and `count_end` (`first after`, `first`, `last`) say which of repeated events counts.
    first_year, last_year : int
        Calendar years of the start or of the end, both included.
    by : sequence of str
        Attributes of cases to break down by; what is not known counts as `onbekend`.
    period_of_the : {'start', 'end'}
        Of which of the two the years are.
    step_days : int
        Days between two points of the curve.

    Returns
    -------
    Result
        Shape `curve`; dimensions `span`, `days` and the attributes; the measures of `das_research.chain.durations`. A
        case whose end can't come any more counts as open for ever: a span names every event that closes it.

    Raises
    ------
    UsageError
        When the span, the years, the attributes or the step can't be used.
    AccessRefused
        When the grant leaves out a column that is needed.

    Notes
    -----
    The product-limit estimator of Kaplan and Meier (1958); see `das_research.chain.product_limit` for every source. It
    takes it that whether a case is still open on the last day has nothing to do with how long it would have taken.

    Examples
    --------
    >>> das.chain.durations_between(project, "dagvaarding-uitspraak", 2015, 2020)  # doctest: +SKIP
    >>> das.chain.durations_between(project, {"start": "instroom_om", "end": "om_beslissing"}, 2015, 2020)
    ... # doctest: +SKIP
    """
    if period_of_the not in (START, END):
        raise UsageError(f"A case has no '{period_of_the}'.", fix="Choose period_of_the='start' or 'end'.")
    check_step(step_days)
    check_years(project, first_year, last_year)
    by = check_attributes(project, by)
    named = find_span(project, span)
    timed = timed_cases(project, named.span, by)
    in_period = lies_in(timed[MOMENTS[period_of_the]], first_year, last_year)
    cohort = timed.filter(timed.lasted >= 0, in_period)
    groups = curves(cohort, by)
    persons = persons_per_group(cohort, by)
    labels = group_labels(project, by, groups)
    place = {"span": named.id, "period": period_of(first_year, last_year)}
    place["revision"] = revision_of(project, last_year)
    rows = [
        {**place, **dict(zip(by, key, strict=True)), "n": persons[key], **row}
        for key in product(*labels.values())
        if key in groups
        for row in curve_rows(groups[key], step_days)
    ]
    parameters = {
        "span": named.asked,
        "first_year": first_year,
        "last_year": last_year,
        "by": list(by),
        "period_of_the": period_of_the,
        "step_days": step_days,
    }
    return assemble(
        project,
        "doorlooptijd-traject",
        rows,
        ["span", "days", *by],
        title=_title(project, named.span.title, first_year, last_year, period_of_the),
        measures=MEASURES,
        labels={"span": {named.id: named.span.title}, **labels},
        recipe=Recipe("das_research.chain.durations_between", parameters),
        shape="curve",
        attrition=span_steps(project, named.span, timed, [(in_period, LEFT_OUT[period_of_the])]),
    )


def _title(project: "Project", what: Text, first_year: int, last_year: int, period_of_the: PeriodOf) -> Text:
    if period_of_the == START:
        return cohort_title(project, what, first_year, last_year, STARTED)
    years, unit = period_of(first_year, last_year), project.catalog.chain.unit
    return Text(
        nl=f"{what.nl}: {unit.nl} die in {format_period(years, 'nl')} eindigden",
        en=f"{what.en}: {unit.en} that ended in {format_period(years, 'en')}",
    )
