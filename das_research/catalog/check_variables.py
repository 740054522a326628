"""Rules for the variables of one dataset."""

import math
import re
from collections.abc import Iterator

from das_research.catalog.check_conditions import has_type
from das_research.catalog.models import Dataset, Variable
from das_research.catalog.names import Fault, Names, circles, unknown
from das_research.catalog.tables import DATASET_COLUMNS, SOURCE_SUFFIX, VERSION_SUFFIX, variable_of
from das_research.catalog.yaml_lines import Location

BELONGS_TO = {
    "identifier": ("identifier",),
    "classification": ("code",),
    "correspondence": ("code",),
    "formats": ("date",),
    "not_before": ("date",),
    "range": ("integer", "decimal", "date"),
    "references": ("identifier",),
    "pattern": ("identifier", "text"),
}


def usable(dataset: Dataset, name: str, types: tuple[str, ...], at: Location) -> Iterator[Fault]:
    """A fault when a dataset has no such variable, doesn't take it, or has it in another type."""
    variable = dataset.variables.get(name)
    if variable is None:
        yield at, unknown("variable", name, dataset.variables)
    elif not variable.take:
        yield at, f"variable '{name}' is not taken (take: false), so nothing can use it"
    elif types and variable.type not in types:
        yield at, f"variable '{name}' has type {variable.type}, not {' or '.join(types)}"


def variables_faults(dataset: Dataset, names: Names) -> Iterator[Fault]:
    """Names and columns that occur once, and for every variable what its type needs."""
    yield from _name_faults(dataset)
    for name, variable in dataset.variables.items():
        at = ("variables", name)
        for field, types in BELONGS_TO.items():
            if getattr(variable, field) and variable.type not in types:
                yield (*at, field), f"'{field}' is for type {' or '.join(types)}, and '{name}' has type {variable.type}"
        if variable.term is not None:
            yield from names.missing("terms", variable.term, (*at, "term"))
        if variable.identifier is not None:
            domains = [domain.id for domain in names.catalog.chain.identifiers]
            if variable.identifier not in domains:
                yield (*at, "identifier"), unknown("identifier domain", variable.identifier, domains)
        if variable.classification is not None:
            yield from names.missing("classifications", variable.classification, (*at, "classification"))
        yield from _correspondence_faults(variable, dataset, names, at)
        yield from _range_faults(variable, at)
        if variable.not_before is not None:
            yield from usable(dataset, variable.not_before, ("date",), (*at, "not_before"))
            if variable.not_before == name:
                yield (*at, "not_before"), "a date can't come before itself"
        if variable.references is not None:
            yield from _reference_faults(variable, dataset, names, (*at, "references"))
        yield from _pattern_faults(variable, at)
        if variable.take:
            yield from _completeness_faults(name, variable, dataset)
        elif variable.required:
            yield (*at, "required"), f"'{name}' is not taken (take: false), so nothing can ask for it"
        if variable.for_linkage:
            yield from _linkage_faults(name, variable, dataset, names)
    order = {name: it.not_before for name, it in dataset.variables.items() if it.not_before not in (None, name)}
    for circle in circles({name: str(before) for name, before in order.items()}):
        yield ("variables", circle[0], "not_before"), f"the dates go in a circle: {' > '.join(circle)}"


def _name_faults(dataset: Dataset) -> Iterator[Fault]:
    made = dict.fromkeys(DATASET_COLUMNS, "a column that every dataset gets")
    for name, variable in dataset.variables.items():
        if variable.type == "code":
            made |= {(name + suffix).casefold(): f"made from '{name}'" for suffix in (SOURCE_SUFFIX, VERSION_SUFFIX)}
    columns: set[str] = set()
    for name, variable in dataset.variables.items():
        if not (name.isascii() and name.isidentifier()):
            yield (
                ("variables", name),
                f"'{name}' must be letters, digits and _ only; give the file's own name as 'column'",
            )
        if name.casefold() in made:
            yield ("variables", name), f"'{name}' is {made[name.casefold()]}: give the variable another name"
        column = (variable.column or name).casefold()
        if column in columns:
            yield ("variables", name), f"the column '{variable.column or name}' of the file is named twice"
        columns.add(column)


def _correspondence_faults(variable: Variable, dataset: Dataset, names: Names, at: Location) -> Iterator[Fault]:
    classification = names.catalog.classifications.get(variable.classification or "")
    if classification is None or not variable.take:
        return
    known = [correspondence.id for correspondence in classification.correspondences]
    wanted = variable.correspondence or dataset.partner
    if wanted not in known:
        field = "correspondence" if variable.correspondence else "classification"
        yield (*at, field), f"classification '{classification.id}': {unknown('correspondence', wanted, known)}"


def _reference_faults(variable: Variable, dataset: Dataset, names: Names, at: Location) -> Iterator[Fault]:
    other, _, column = str(variable.references).partition(".")
    if other not in names.catalog.datasets:
        yield from names.missing("datasets", other, at)
        return
    if other == dataset.id:
        yield at, "a value is held by another dataset, not by its own"
    for where, message in usable(names.catalog.datasets[other], column, ("identifier",), at):
        yield where, f"dataset '{other}': {message}"
    target = variable_of(names.catalog, str(variable.references))
    if target is not None and target.identifier != variable.identifier:
        yield at, f"'{variable.references}' is a '{target.identifier}', and this a '{variable.identifier}'"


def _range_faults(variable: Variable, at: Location) -> Iterator[Fault]:
    if variable.range is None or variable.type not in BELONGS_TO["range"]:
        return
    low, high = variable.range.min, variable.range.max
    for side, bound in (("min", low), ("max", high)):
        if bound is None:
            continue
        if not has_type(bound, variable.type) or (isinstance(bound, float) and not math.isfinite(bound)):
            yield (*at, "range", side), f"'{bound}' is not of type {variable.type}"
            return
    if low is not None and high is not None and high < low:  # type: ignore[operator]
        yield (*at, "range", "max"), f"the greatest value {high} is smaller than the smallest {low}"


def _pattern_faults(variable: Variable, at: Location) -> Iterator[Fault]:
    try:
        re.compile(variable.pattern or "")
    except re.error as error:
        yield (*at, "pattern"), f"it is no regular expression: {error}"


def _linkage_faults(name: str, variable: Variable, dataset: Dataset, names: Names) -> Iterator[Fault]:
    at = ("variables", name, "for_linkage")
    if variable.take:
        yield at, f"'{name}' is taken already; what is for linkage alone has take: false"
    for agreement in names.catalog.agreements.values():
        if dataset.id in agreement.datasets and not agreement.names_for_linkage:
            yield at, f"agreement '{agreement.id}' does not allow it; it would say names_for_linkage: true"


def _completeness_faults(name: str, variable: Variable, dataset: Dataset) -> Iterator[Fault]:
    at = ("variables", name)
    if variable.type == "identifier" and variable.identifier is None:
        yield at, f"'{name}' is an identifier and needs the field 'identifier': its domain"
    if variable.type == "code" and variable.classification is None:
        yield at, f"'{name}' is a code and needs the field 'classification'"
    if variable.type == "date" and dataset.file.format == "csv" and not variable.formats:
        yield at, f"'{name}' is a date in a csv file and needs the field 'formats'"
    for position, spelling in enumerate(variable.formats):
        if "%" not in spelling:
            yield (*at, "formats", position), f"'{spelling}' is no date format; write it as %d-%m-%Y"
