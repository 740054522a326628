"""Rules for what partners deliver: datasets with their keys and events."""

from collections.abc import Iterator

from das_research.catalog.check_conditions import condition_faults
from das_research.catalog.check_severities import severity_faults
from das_research.catalog.check_variables import usable, variables_faults
from das_research.catalog.models import Dataset, EventRule
from das_research.catalog.names import Fault, Names, unknown
from das_research.catalog.tables import CHAIN_TABLES, DELIVERY_TABLES, Column, codes_of
from das_research.catalog.yaml_lines import Location

KEPT = ("code", "integer", "text", "boolean")  # types that tell strata and clusters apart, and are no identifier


def dataset_faults(dataset: Dataset, names: Names) -> Iterator[Fault]:
    """A partner and an agreement that exist, sound variables, keys and moments of the right type, events."""
    yield from names.missing("partners", dataset.partner, ("partner",))
    agreed = any(dataset.id in agreement.datasets for agreement in names.catalog.agreements.values())
    if not agreed and not names.any_unread("agreements"):
        yield ("id",), f"no agreement is about dataset '{dataset.id}', so nobody may deliver or use it"
    if dataset.id in (*CHAIN_TABLES, *DELIVERY_TABLES):
        yield ("id",), f"'{dataset.id}' is the name of a table of every warehouse"
    yield from layout_faults(dataset, names)
    yield from _subject_faults(dataset, names)
    for position, rule in enumerate(dataset.events):
        yield from _event_faults(rule, dataset, names, ("events", position))


def layout_faults(dataset: Dataset, names: Names) -> Iterator[Fault]:
    """Sound variables, keys and moments of the right type, severities that can hold: what any delivered file needs."""
    yield from variables_faults(dataset, names)
    for field, keys in (("case_keys", dataset.case_keys), ("person_keys", dataset.person_keys)):
        for number, key in enumerate(keys):
            for position, name in enumerate(key):
                yield from usable(dataset, name, ("identifier",), (field, number, position))
    for position, name in enumerate(dataset.unique):
        yield from usable(dataset, name, (), ("unique", position))
    for position, name in enumerate(dataset.moment):
        yield from usable(dataset, name, ("date",), ("moment", position))
    for position, severity in enumerate(dataset.severities):
        yield from severity_faults(severity, dataset, names.catalog.chain.orders, ("severities", position))
    yield from _sample_faults(dataset)
    if dataset.file.sheet is not None and dataset.file.format != "xlsx":
        yield ("file", "sheet"), f"'sheet' is for format xlsx, and this file is {dataset.file.format}"


def _subject_faults(dataset: Dataset, names: Names) -> Iterator[Fault]:
    """What a row tells of decides which keys it must have and which it can't have."""
    if dataset.subject == "person" and not names.catalog.chain.person:
        yield ("subject",), "the chain knows no persons (person: false), so no row can tell of one"
    needed = {"case": ["case_keys"], "person": ["person_keys"]}.get(dataset.subject, [])
    possible = {"case": ["case_keys", "person_keys", "events"], "person": ["person_keys"]}.get(dataset.subject, [])
    for field in ("case_keys", "person_keys", "events"):
        if field in needed and not getattr(dataset, field):
            yield ("id",), f"rows that tell of a {dataset.subject} need the field '{field}'"
        if field not in possible and getattr(dataset, field):
            yield (field,), f"rows that tell of a {dataset.subject} have no {field}"


def _sample_faults(dataset: Dataset) -> Iterator[Fault]:
    """Weights that are numbers, and strata and clusters that rows keep."""
    if dataset.sample is None:
        return
    if dataset.subject != "respondent":
        yield ("sample",), "only a dataset of respondents is a sample: 'subject: respondent'"
        return
    yield from usable(dataset, dataset.sample.weight, ("decimal", "integer"), ("sample", "weight"))
    for position, name in enumerate(dataset.sample.strata):
        yield from usable(dataset, name, KEPT, ("sample", "strata", position))
    if dataset.sample.cluster is not None:
        yield from usable(dataset, dataset.sample.cluster, KEPT, ("sample", "cluster"))


def _event_faults(rule: EventRule, dataset: Dataset, names: Names, at: Location) -> Iterator[Fault]:
    events = [event.id for event in names.catalog.chain.events]
    if rule.event not in events:
        yield (*at, "event"), unknown("event", rule.event, events)
    for position, name in enumerate(rule.moment):
        yield from usable(dataset, name, ("date",), (*at, "moment", position))
    if rule.outcome is not None:
        yield from usable(dataset, rule.outcome, ("code",), (*at, "outcome"))
    columns = {
        name: Column(name, variable.type, codes_of(names.catalog, variable.classification))
        for name, variable in dataset.variables.items()
        if variable.take
    }
    for position, condition in enumerate(rule.when):
        yield from condition_faults(condition, columns, (*at, "when", position))
