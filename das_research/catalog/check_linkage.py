"""Rules for the linkage of the chain: fields and their sources, blocking, contradictions, and the trained model."""

from collections.abc import Iterator

from das_research.catalog.models import Dataset, FieldKind, Linkage, LinkageField, Variable
from das_research.catalog.names import Fault, Names, unknown
from das_research.catalog.tables import variable_of
from das_research.catalog.yaml_lines import Location

RESERVED = {"record", "dataset", "delivery", "row", "node", "key", "keyed", "fresh", "rows", "once"}
TYPES: dict[FieldKind, tuple[str, ...]] = {
    "name": ("text",),
    "initials": ("text",),
    "date": ("date",),
    "year": ("integer", "date"),
    "code": ("code", "text"),
    "place": ("text",),
    "number": ("text", "integer"),
    "shared": ("identifier",),
}


def linkage_faults(names: Names) -> Iterator[Fault]:
    """Every fault of the chain's linkage, located from the field ``chain`` of ``catalog.yaml``."""
    chain = names.catalog.chain
    events = [event.id for event in chain.events]
    for position, order in enumerate(chain.orders):
        for side, event in (("earlier", order.earlier), ("later", order.later)):
            if event not in events:
                yield ("orders", position, side), unknown("event", event, events)
    linkage = chain.linkage
    if linkage is None:
        return
    at: Location = ("linkage",)
    if not chain.person:
        yield at, "the chain knows no persons (person: false), so there is nobody to link"
    for name, field in linkage.fields.items():
        place = (*at, "fields", name)
        if name in RESERVED or not name.isidentifier():
            yield place, f"'{name}' can't be the name of a field"
        for number, source in enumerate(field.sources):
            yield from _source_faults(source, field, names, (*place, "sources", number))
        other = linkage.fields.get(field.unless or "")
        if field.unless and other is None:
            yield (*place, "unless"), unknown("field", field.unless, linkage.fields)
        elif other is not None and other.kind == "shared":
            yield (*place, "unless"), f"field '{field.unless}' holds lists (shared), so it can't say more than this one"
    for group in ("blocking", "contradictions"):
        for position, fields in enumerate(getattr(linkage, group)):
            for number, name in enumerate(fields):
                if name not in linkage.fields:
                    yield (*at, group, position, number), unknown("field", name, linkage.fields)
    for position, dataset in enumerate(linkage.once):
        yield from names.missing("datasets", dataset, (*at, "once", position))
    yield from _model_faults(linkage, names, at)


def _source_faults(source: str, field: LinkageField, names: Names, at: Location) -> Iterator[Fault]:
    name, _, variable_name = source.partition(".")
    dataset = names.catalog.datasets.get(name)
    variable = variable_of(names.catalog, source)
    if dataset is None:
        yield from names.missing("datasets", name, at)
    elif variable is None:
        yield at, f"dataset '{name}': {unknown('variable', variable_name, dataset.variables)}"
    elif not _kept(variable):
        yield at, f"variable '{source}' is neither taken nor kept for linkage (for_linkage: true)"
    elif variable.type not in TYPES[field.kind]:
        yield at, f"variable '{source}' is a {variable.type}; a field of the kind '{field.kind}' can't be one"
    elif not _tells_of_person(dataset):
        yield at, f"rows of '{name}' tell of no person"


def _kept(variable: Variable) -> bool:
    return variable.take or variable.for_linkage


def _tells_of_person(dataset: Dataset) -> bool:
    return dataset.is_linked and bool(dataset.person_keys)


def _model_faults(linkage: Linkage, names: Names, at: Location) -> Iterator[Fault]:
    trained = names.catalog.trained
    if trained is None:
        return
    rules = {"+".join(fields) for fields in linkage.blocking}
    if set(trained.fields) != set(linkage.fields) or set(trained.pairs) != rules:
        message = "was trained for other fields or blocking rules; make it again with: das snapshot train FOLDER"
        yield (*at, "model"), f"{linkage.model} {message}"
