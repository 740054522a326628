"""Which span is meant: one of the catalogue by its id, or one of a researcher's own between two events."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from das_research.catalog.check_chain import both_mean, outcome_faults
from das_research.catalog.models import Catalog, Occurrence, Span, Text
from das_research.catalog.names import Names
from das_research.errors import UsageError

if TYPE_CHECKING:
    from das_research.access.project import Project

OWN = {"start", "end", "count_start", "count_end"}
Asked = str | Mapping[str, Any]


@dataclass(frozen=True)
class NamedSpan:
    """A span with the name that it has in a Result, and what a recipe needs to ask for it again."""

    id: str
    span: Span
    asked: Asked


def find_span(project: "Project", asked: Asked) -> NamedSpan:
    """The span of the catalogue with this id; or one of one's own, checked against the events of the chain.

    Parameters
    ----------
    project : Project
        Its catalogue is read.
    asked : str or mapping
        An id; or the fields of a span: `start` and `end`, each an event or a mapping of `event` and `outcomes` (of
        `end` also several), and `count_start`, `count_end`.

    Returns
    -------
    NamedSpan
        The span and its id; of one's own, the first event of each side.

    Raises
    ------
    UsageError
        When there is no such span or no such event.
    """
    chain = project.catalog.chain
    if isinstance(asked, str):
        if asked not in chain.spans:
            raise UsageError(
                f"There is no span '{asked}'.",
                fix=f"Choose from: {', '.join(chain.spans) or 'none'}; or name two events: "
                '{"start": EVENT, "end": EVENT}.',
            )
        return NamedSpan(asked, chain.spans[asked], asked)
    return _own_span(project.catalog, asked)


def _own_span(catalog: Catalog, asked: Mapping[str, Any]) -> NamedSpan:
    """A span of one's own. Its title is that of its events: what is typed here would stand on a page unread."""
    titles = {event.id: event.title for event in catalog.chain.events}
    fields = {**asked, "start": _occurrence(asked.get("start")), "end": _ends(asked.get("end"))}
    if not set(fields) <= OWN:
        raise UsageError(f"A span has no '{min(set(fields) - OWN)}'.", fix=f"Choose from: {', '.join(sorted(OWN))}.")
    try:
        span = Span(title=Text(nl="", en=""), **fields)
    except ValidationError as error:
        at_fault = sorted({str(fault["loc"][0]) for fault in error.errors()})
        raise UsageError(
            f"This span can't be used: {', '.join(at_fault)}.",
            fix='Write {"start": EVENT, "end": EVENT}, where count_start may be first or last, and count_end '
            "first after, first or last.",
        ) from None
    for it in (span.start, *span.end):
        if it.event not in titles:
            raise UsageError(f"There is no event '{it.event}'.", fix=f"Choose from: {', '.join(titles)}.")
        for _, message in outcome_faults(it, Names(catalog), (), catalog.datasets):
            raise UsageError(f"This span can't be used: {message}.")
    if any(both_mean(span.start, it) for it in span.end):
        raise UsageError("This span ends as it starts.", fix="Choose two events that are not the same.")
    start, end = titles[span.start.event], titles[span.end[0].event]
    title = Text(nl=f"{start.nl} – {end.nl}", en=f"{start.en} – {end.en}")
    again = span.model_dump(mode="json", exclude_defaults=True, exclude={"title"})
    return NamedSpan(f"{span.start.event}-{span.end[0].event}", span.model_copy(update={"title": title}), again)


def _occurrence(given: Any) -> dict[str, Any]:
    if isinstance(given, Occurrence):
        return given.model_dump()
    return dict(given) if isinstance(given, Mapping) else {"event": given}


def _ends(given: Any) -> list[dict[str, Any]]:
    return [_occurrence(one) for one in (given if isinstance(given, list | tuple) else [given])]
