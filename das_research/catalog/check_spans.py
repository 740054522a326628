"""Rules for the spans between two events, and for their norms."""

from collections.abc import Iterator

from das_research.catalog.check_chain import both_mean, outcome_faults
from das_research.catalog.models import Norm, Span
from das_research.catalog.names import Fault, Names, unknown
from das_research.catalog.yaml_lines import Location


def span_faults(names: Names) -> Iterator[Fault]:
    """Every fault of the spans, located from the field ``chain`` of ``catalog.yaml``."""
    seen: dict[str, str] = {}
    for name, span in names.catalog.chain.spans.items():
        yield from _span_faults(span, names, ("spans", name))
        for norm_id, norm in span.norms.items():
            at = ("spans", name, "norms", norm_id)
            if norm_id in seen:
                yield at, f"the span '{seen[norm_id]}' has a norm '{norm_id}' too"
            seen.setdefault(norm_id, name)
            yield from _norm_faults(norm, names, at)


def _span_faults(span: Span, names: Names, at: Location) -> Iterator[Fault]:
    events = [event.id for event in names.catalog.chain.events]
    ends = [((*at, "end", position), it) for position, it in enumerate(span.end)]
    for place, it in [((*at, "start"), span.start), *ends]:
        if it.event not in events:
            yield (*place, "event"), unknown("event", it.event, events)
        else:
            yield from outcome_faults(it, names, place, names.catalog.datasets)
    for place, it in ends:
        if both_mean(span.start, it):
            yield place, "starts the span too, so that it would last no time"
    if span.term is not None:
        yield from names.missing("terms", span.term, (*at, "term"))


def _norm_faults(norm: Norm, names: Names, at: Location) -> Iterator[Fault]:
    catalog = names.catalog
    for attribute, codes in norm.applies_to.items():
        place = (*at, "applies_to", attribute)
        known = catalog.chain.case_attributes.get(attribute)
        if known is None:
            yield place, unknown("attribute", attribute, catalog.chain.case_attributes)
            continue
        classification = catalog.classifications.get(known.classification or "")
        every = [code.code for code in classification.codes] if classification else None
        for position, code in enumerate(codes):
            if every is not None and code not in every:
                yield (*place, position), unknown("code", code, every)
    if norm.published is not None:
        entry, _, series = norm.published.partition(".")
        yield from names.missing("published", entry, (*at, "published"))
        if entry in catalog.published and series not in catalog.published[entry].series:
            yield (*at, "published"), unknown("series", series, catalog.published[entry].series)
