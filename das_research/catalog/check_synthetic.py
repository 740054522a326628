"""Rules for what a fictitious chain aims at: the datasets and variables that its dirt is put in."""

from collections.abc import Iterator

from das_research.catalog.models import Dirt, SyntheticChain
from das_research.catalog.names import Fault, Names, repeated, unknown
from das_research.catalog.yaml_lines import Location

DATES = ("impossible date", "next century", "too early", "other day")
FITS: dict[str, tuple[str, ...]] = {
    "unknown code": ("code",),
    "no number": ("integer", "decimal"),
    "nowhere": ("identifier",),
    **dict.fromkeys(DATES, ("date",)),
}


def synthetic_faults(chain: SyntheticChain, names: Names) -> Iterator[Fault]:
    """Datasets and variables that exist, errors that their type can have, and nothing said twice."""
    for position, dirt in enumerate(chain.dirt):
        yield from _dirt_faults(dirt, names, ("dirt", position))
    for position, what in repeated(f"{it.kind}: {it.dataset}.{it.variable}" for it in chain.dirt):
        yield ("dirt", position), f"'{what}' stands here twice"
    for field in ("doubled", "corrected"):
        shares = getattr(chain, field)
        for position, share in enumerate(shares):
            yield from names.missing("datasets", share.dataset, (field, position, "dataset"))
        for position, name in repeated(share.dataset for share in shares):
            yield (field, position, "dataset"), f"dataset '{name}' stands here twice"
    for position, recoded in enumerate(chain.recoded):
        at: Location = ("recoded", position)
        yield from _variable_faults(recoded.dataset, recoded.variable, ("code",), names, (*at, "variable"))
        yield from _variable_faults(recoded.dataset, recoded.moment, ("date",), names, (*at, "moment"))
    yield from _number_faults(chain)
    if not names.any_unread("classifications"):
        codes = {code.code for it in names.catalog.classifications.values() for code in it.codes}
        for name, town in chain.towns.items():
            if town.unit not in codes:
                yield ("towns", name, "unit"), unknown("code", town.unit, codes)


def _number_faults(chain: SyntheticChain) -> Iterator[Fault]:
    for field in ("targets", "levels"):
        for name, years in getattr(chain, field).items():
            if not years:
                yield (field, name), f"'{name}' says nothing of any year"
    for of, rows in chain.shares.items():
        for whom, weights in rows.items():
            if any(weight < 0 for weight in weights.values()) or not any(weights.values()):
                yield ("shares", of, whom), "weights are not negative, and one of them is more than 0"


def _dirt_faults(dirt: Dirt, names: Names, at: Location) -> Iterator[Fault]:
    yield from _variable_faults(dirt.dataset, dirt.variable, FITS.get(dirt.kind, ()), names, (*at, "variable"))
    dataset = names.catalog.datasets.get(dirt.dataset)
    variable = dataset.variables.get(dirt.variable) if dataset else None
    if dirt.kind == "too early" and variable is not None and variable.type == "date" and variable.not_before is None:
        yield (*at, "kind"), f"'{dirt.variable}' can't be too early: it has no 'not_before'"


def _variable_faults(dataset: str, name: str, types: tuple[str, ...], names: Names, at: Location) -> Iterator[Fault]:
    yield from names.missing("datasets", dataset, (*at[:-1], "dataset"))
    if dataset not in names.catalog.datasets:
        return
    variables = names.catalog.datasets[dataset].variables
    if name not in variables:
        yield at, f"dataset '{dataset}': {unknown('variable', name, variables)}"
    elif types and variables[name].type not in types:
        yield at, f"variable '{name}' has type {variables[name].type}, not {' or '.join(types)}"
