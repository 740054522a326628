"""The share of cases in which a span lasted no longer than so many days: any term, or that of a norm."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from das_research.catalog.models import Norm, Text
from das_research.chain.named_spans import Asked, NamedSpan, find_span
from das_research.chain.terms import Term, within_term
from das_research.errors import UsageError
from das_research.result import Recipe, Result
from das_research.sensitivity import CASES_ONLY, with_band

if TYPE_CHECKING:
    from das_research.access.project import Project


@with_band(CASES_ONLY)
def share_within(
    project: "Project", span: Asked, within_days: int, first_year: int, last_year: int, by: Sequence[str] = ()
) -> Result:
    """The share of cases in which a span ended within so many days, by the year of its start and by that of its end.

    By the start: of the cases that started in a year and could be followed for so many days, open ones included. No
    open case has to be guessed at. By the end: of the cases that ended in a year, whatever waits still. The second is
    how annual reports count; it can rise while cases take longer, as long as the long ones are not finished.

    Parameters
    ----------
    project : Project
        From `das_research.open_project`.
    span : str or mapping
        As of `das_research.chain.durations_between`.
    within_days : int
        The term.
    first_year, last_year : int
        Calendar years, both included.
    by : sequence of str
        Attributes of cases to break down by; what is not known counts as `onbekend`.

    Returns
    -------
    Result
        Dimension `span` and the attributes (total `_T`); measures `of_started` and `of_ended` in percent, for every
        year and all years. `n`: distinct persons (cases where the chain knows no persons), the smaller of those in the
        numerator and those outside it. A year of which some cases were not followed long enough is provisional and
        counts those that were; one of which none was is unknown.

    Raises
    ------
    UsageError
        When the span, the days, the years or the attributes can't be used.
    AccessRefused
        When the grant leaves out a column that is needed.

    Examples
    --------
    >>> das.chain.share_within(project, "instroom-beslissing", 90, 2015, 2020)  # doctest: +SKIP
    """
    if within_days < 0:
        raise UsageError(f"A term of {within_days} days is not possible.", fix="Choose within_days=0 or more.")
    named = find_span(project, span)
    asked = {"span": named.asked, "within_days": within_days}
    recipe = Recipe(
        "das_research.chain.share_within",
        {**asked, "first_year": first_year, "last_year": last_year, "by": list(by)},
    )
    what = Text(
        nl=f"{named.span.title.nl}: binnen {within_days} dagen", en=f"{named.span.title.en}: within {within_days} days"
    )
    return within_term(project, named, Term(within_days), first_year, last_year, by, what, recipe)


@with_band(CASES_ONLY)
def share_within_norm(project: "Project", norm: str, first_year: int, last_year: int, by: Sequence[str] = ()) -> Result:
    """The share of cases within the term of a norm of the catalogue, of the cases that the norm is about.

    Parameters
    ----------
    project : Project
        From `das_research.open_project`.
    norm : str
        Its id, in one of the spans of the catalogue.
    first_year, last_year : int
        Calendar years, both included.
    by : sequence of str
        Attributes of cases to break down by.

    Returns
    -------
    Result
        As of `share_within`. How the norm's own way of measuring differs stands in the catalogue (`differs`).

    Raises
    ------
    UsageError
        When there is no such norm, or the years or the attributes can't be used.
    AccessRefused
        When the grant leaves out a column that is needed.

    Examples
    --------
    >>> das.chain.share_within_norm(project, "politierechter", 2015, 2020)  # doctest: +SKIP
    """
    named, chosen = find_norm(project, norm)
    recipe = Recipe(
        "das_research.chain.share_within_norm",
        {"norm": norm, "first_year": first_year, "last_year": last_year, "by": list(by)},
    )
    what = Text(nl=f"{named.span.title.nl}: {chosen.title.nl}", en=f"{named.span.title.en}: {chosen.title.en}")
    term = Term(chosen.within, chosen.applies_to)
    return within_term(project, named, term, first_year, last_year, by, what, recipe)


def find_norm(project: "Project", norm: str) -> tuple[NamedSpan, Norm]:
    """A norm of the catalogue with its span, or a refusal that lists those there are."""
    spans = project.catalog.chain.spans
    norms: dict[str, tuple[str, Norm]] = {
        name: (span_id, it) for span_id, span in spans.items() for name, it in span.norms.items()
    }
    if norm not in norms:
        raise UsageError(f"There is no norm '{norm}'.", fix=f"Choose from: {', '.join(norms) or 'none'}.")
    span_id, chosen = norms[norm]
    return find_span(project, span_id), chosen
