"""Rules for the fictitious chain: errors of variables that exist, towns of police units that exist, offices' codes."""

from collections.abc import Iterator

from das_research.catalog.models import SyntheticChain
from das_research.catalog.names import Fault, Names, unknown
from das_research.catalog.yaml_lines import Location


def synthetic_faults(chain: SyntheticChain, names: Names) -> Iterator[Fault]:
    """Everything an error, a second delivery or a new code list is about, and levels that say something."""
    for position, dirt in enumerate(chain.dirt):
        yield from _variable_faults(names, dirt.dataset, dirt.variable, ("dirt", position))
    for position, change in enumerate(chain.recoded):
        yield from _variable_faults(names, change.dataset, change.variable, ("recoded", position))
        yield from _variable_faults(names, change.dataset, change.moment, ("recoded", position))
    for field in ("doubled", "corrected"):
        for position, share in enumerate(getattr(chain, field)):
            yield from names.missing("datasets", share.dataset, (field, position, "dataset"))
    for field in ("targets", "levels"):
        for name, years in getattr(chain, field).items():
            if not years:
                yield (field, name), f"'{name}' says nothing of any year"
    for of, rows in chain.shares.items():
        for whom, weights in rows.items():
            if any(weight < 0 for weight in weights.values()) or not any(weights.values()):
                yield ("shares", of, whom), "weights are not negative, and one of them is more than 0"
    yield from _town_faults(chain, names)


def _town_faults(chain: SyntheticChain, names: Names) -> Iterator[Fault]:
    units = names.catalog.classifications.get("politie-eenheden")
    known = [code.code for code in units.codes] if units else []
    for name, town in chain.towns.items():
        if known and town.unit not in known:
            yield ("towns", name, "unit"), unknown("police unit", town.unit, known)


def _variable_faults(names: Names, dataset_id: str, name: str, at: Location) -> Iterator[Fault]:
    yield from names.missing("datasets", dataset_id, (*at, "dataset"))
    dataset = names.catalog.datasets.get(dataset_id)
    if dataset and name not in dataset.variables:
        yield (*at, "variable"), f"dataset '{dataset_id}': {unknown('variable', name, dataset.variables)}"
