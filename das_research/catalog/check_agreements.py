"""Rules for agreements: whose data, for which of the purposes, on which article, who may receive them."""

from collections.abc import Iterator

from das_research.catalog.models import PURPOSES, Agreement
from das_research.catalog.names import Fault, Names, inverted
from das_research.catalog.yaml_lines import Location


def agreement_faults(agreement: Agreement, names: Names) -> Iterator[Fault]:
    """Parties and datasets that exist, a word on every purpose, whose data, a period that ends after it begins."""
    yield from names.missing("partners", agreement.partner, ("partner",))
    yield from inverted(agreement.begin, agreement.end, ("end",))
    for position, name in enumerate(agreement.datasets):
        yield from names.missing("datasets", name, ("datasets", position))
        dataset = names.catalog.datasets.get(name)
        if dataset and agreement.partner in names.catalog.partners and dataset.partner != agreement.partner:
            yield (
                ("datasets", position),
                f"dataset '{name}' is of partner '{dataset.partner}', not '{agreement.partner}'",
            )
        yield from _overlap_faults(agreement, name, names, ("datasets", position))
    yield from _use_faults(agreement)
    for position, name in enumerate(agreement.recipients):
        yield from names.missing("partners", name, ("recipients", position))
    for name, partners in agreement.only_for.items():
        if name not in agreement.datasets:
            yield ("only_for", name), f"dataset '{name}' is not under this agreement"
        for position, partner in enumerate(partners):
            yield from names.missing("partners", partner, ("only_for", name, position))
            if partner in names.catalog.partners and partner not in agreement.recipients:
                yield ("only_for", name, position), f"partner '{partner}' is none of the recipients"
    for position, name in enumerate(agreement.own_files):
        if name not in agreement.datasets:
            yield ("own_files", position), f"dataset '{name}' is not under this agreement"
    if not agreement.subjects:
        yield ("subjects",), "must say whose data these are"


def _overlap_faults(agreement: Agreement, dataset: str, names: Names, at: Location) -> Iterator[Fault]:
    """A dataset is under one agreement at a time: else nobody can say which one holds."""
    for other in names.catalog.agreements.values():
        later = (other.begin, other.id) < (agreement.begin, agreement.id)
        both = max(agreement.begin, other.begin) <= min(agreement.end, other.end)
        if later and both and dataset in other.datasets and other.partner == agreement.partner:
            yield at, f"dataset '{dataset}' is under agreement '{other.id}' until {other.end}, and this begins before"


def _use_faults(agreement: Agreement) -> Iterator[Fault]:
    unsaid = [f"'{purpose}'" for purpose in PURPOSES if purpose not in agreement.uses]
    if unsaid:
        yield ("uses",), f"must say yes, if or no of {', '.join(unsaid)} too"
    for purpose, use in agreement.uses.items():
        if use.allowed == "if" and use.condition is None:
            yield ("uses", purpose), f"'{purpose}' is allowed if, and needs the field 'condition'"
        if use.allowed != "if" and use.condition is not None:
            yield ("uses", purpose, "condition"), "a condition is for what is allowed if; say 'allowed: if'"
