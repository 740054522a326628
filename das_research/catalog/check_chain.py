"""Rules for the chain itself: identifiers, events, stages, and the attributes of cases and persons."""

import re
from collections.abc import Collection, Iterator

from das_research.catalog.models import Attribute, IdentifierDomain, Occurrence, Stage
from das_research.catalog.names import Fault, Names, repeated, unknown
from das_research.catalog.tables import PERSON_KEYS, variable_of
from das_research.catalog.yaml_lines import Location


def chain_faults(names: Names) -> Iterator[Fault]:
    """Every fault of the chain, located from the field ``chain`` of ``catalog.yaml``."""
    chain = names.catalog.chain
    for field in ("identifiers", "events", "stages"):
        for position, name in repeated(entry.id for entry in getattr(chain, field)):
            yield (field, position, "id"), f"'{name}' stands here twice"
    for position, domain in enumerate(chain.identifiers):
        yield from _pattern_faults(domain, ("identifiers", position))
    for position, name in repeated(stage.dataset for stage in chain.stages):
        yield ("stages", position, "dataset"), f"dataset '{name}' already shows another stage"
    for position, stage in enumerate(chain.stages):
        yield from _stage_faults(stage, names, ("stages", position))
    surrogates = ("case_id", *PERSON_KEYS)
    for field in ("case_attributes", "person_attributes"):
        for name, attribute in getattr(chain, field).items():
            if name in surrogates or not (name.isascii() and name.isidentifier()):
                yield (field, name), f"'{name}' can't be the name of an attribute"
            yield from _attribute_faults(attribute, names, (field, name), field == "person_attributes")
    if chain.person_attributes and not chain.person:
        yield ("person_attributes",), "the chain knows no persons (person: false), so persons have no attributes"


def _pattern_faults(domain: IdentifierDomain, at: Location) -> Iterator[Fault]:
    for field, pattern in (("keep", f"[{domain.keep}]"), ("synthetic", domain.synthetic), ("form", domain.form)):
        if pattern is None:
            continue
        try:
            re.compile(pattern)
        except re.error as error:
            yield (*at, field), f"is no pattern: {error.msg}"


def _stage_faults(stage: Stage, names: Names, at: Location) -> Iterator[Fault]:
    chain = names.catalog.chain
    yield from names.missing("datasets", stage.dataset, (*at, "dataset"))
    dataset = names.catalog.datasets.get(stage.dataset)
    if dataset and dataset.subject != "case":
        yield (*at, "dataset"), f"rows of '{dataset.id}' tell of a {dataset.subject}; a stage is shown by rows of cases"
    told = {rule.event for rule in dataset.events} if dataset else set()
    events = [event.id for event in chain.events]
    ways = {"leave": stage.leave, "pass_on": stage.pass_on}
    named = [((*at, way, place, "event"), it.event) for way, each in ways.items() for place, it in enumerate(each)]
    for place, event in [((*at, "enter"), stage.enter), *named]:
        if event not in events:
            yield place, unknown("event", event, events)
        elif dataset and event not in told:
            yield place, f"dataset '{dataset.id}' does not tell of the event '{event}'"
    for way, each in ways.items():
        for position, it in enumerate(each):
            yield from outcome_faults(it, names, (*at, way, position), [stage.dataset])
    for position, it in enumerate(stage.pass_on):
        if any(both_mean(it, leave) for leave in stage.leave):
            yield (*at, "pass_on", position), "says that a case goes on, and 'leave' that it leaves the chain"
    if stage.pass_on and stage == chain.stages[-1]:
        yield (*at, "pass_on"), "after the last stage no case goes on"


def outcome_faults(it: Occurrence, names: Names, at: Location, datasets: Collection[str]) -> Iterator[Fault]:
    """A fault for every outcome with which none of these datasets can tell of the event."""
    codes = _outcomes(it.event, names, datasets)
    for number, outcome in enumerate(it.outcomes):
        if codes is not None and outcome not in codes:
            yield (*at, "outcomes", number), f"event '{it.event}': {unknown('outcome', outcome, codes)}"


def both_mean(one: Occurrence, other: Occurrence) -> bool:
    """Whether one event can be what both mean.

    Examples
    --------
    >>> both_mean(Occurrence(event="besluit"), Occurrence(event="besluit", outcomes=("sepot",)))
    True
    """
    if one.event != other.event:
        return False
    return not one.outcomes or not other.outcomes or bool(set(one.outcomes) & set(other.outcomes))


def _outcomes(event: str, names: Names, datasets: Collection[str]) -> list[str] | None:
    """The codes with which these datasets can tell of an event; None when that can't be known yet."""
    known = [names.catalog.datasets[name] for name in datasets if name in names.catalog.datasets]
    told = [(dataset, rule) for dataset in known for rule in dataset.events if rule.event == event]
    codes: list[str] = []
    for dataset, rule in told:
        if rule.outcome is None:
            continue
        variable = dataset.variables.get(rule.outcome)
        classification = names.catalog.classifications.get((variable and variable.classification) or "")
        if classification is None:
            return None
        codes += [code.code for code in classification.codes]
    return codes if told else None


def _attribute_faults(attribute: Attribute, names: Names, at: Location, of_person: bool) -> Iterator[Fault]:
    known_in = ("case", "person") if of_person else ("case",)
    if attribute.classification is not None:
        yield from names.missing("classifications", attribute.classification, (*at, "classification"))
    first = None
    for position, source in enumerate(attribute.sources):
        place = (*at, "sources", position)
        dataset, _, name = source.partition(".")
        variable = variable_of(names.catalog, source)
        if dataset not in names.catalog.datasets:
            yield from names.missing("datasets", dataset, place)
        elif variable is None:
            yield place, f"dataset '{dataset}': {unknown('variable', name, names.catalog.datasets[dataset].variables)}"
        elif names.catalog.datasets[dataset].subject not in known_in:
            yield place, f"rows of '{dataset}' tell of no {'person' if of_person else 'case'}"
        elif not variable.take:
            yield place, f"variable '{source}' is not taken (take: false), so nothing can use it"
        elif variable.type == "identifier":
            yield place, f"variable '{source}' is an identifier, which is never an attribute"
        elif variable.classification != attribute.classification:
            has, needs = _named(variable.classification), _named(attribute.classification)
            yield place, f"variable '{source}' has {has}, the attribute has {needs}"
        elif first is not None and variable.type != first:
            yield place, f"variable '{source}' has type {variable.type}, and the source before it {first}"
        else:
            first = variable.type


def _named(classification: str | None) -> str:
    return f"classification '{classification}'" if classification else "no classification"
