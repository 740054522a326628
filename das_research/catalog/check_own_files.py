"""Rules for own files: a name that nothing else has, a term within the grant's, and columns in which no number fits."""

from collections.abc import Iterator

from das_research.catalog.check_datasets import layout_faults
from das_research.catalog.models import Catalog, Grant, OwnFile, Variable
from das_research.catalog.names import Fault, Names, unknown
from das_research.catalog.own_files import submitter
from das_research.catalog.tables import CHAIN_TABLES, DELIVERY_TABLES, QUALITY_TABLE
from das_research.catalog.yaml_lines import Location

WIDEST = 10_000_000  # a number of this size or more could be the number of a person


def own_file_faults(grant: Grant, names: Names, own: Names) -> Iterator[Fault]:
    """Located from the grant.

    Parameters
    ----------
    grant : Grant
        Whose own files.
    names : Names
        The catalogue as it stands.
    own : Names
        The catalogue of the project, in which its own files are datasets.
    """
    if grant.own_files and not names.catalog.chain.person:
        yield ("own_files",), "the chain knows no persons (person: false), so nobody on a list could be found in it"
    if grant.own_files and submitter(grant.id) in names.catalog.partners:
        yield ("own_files",), f"a partner has the id '{submitter(grant.id)}', under which this project delivers"
    if grant.only_persons_of is not None and grant.only_persons_of not in grant.own_files:
        yield ("only_persons_of",), unknown("own file", grant.only_persons_of, grant.own_files)
    for name, file in grant.own_files.items():
        at: Location = ("own_files", name)
        yield from _name_faults(name, grant, names, at)
        yield from _classification_faults(file, grant, names.catalog, at)
        if not grant.begin <= file.keep_until <= grant.end:
            yield (*at, "keep_until"), f"must lie within the grant, {grant.begin} to {grant.end}"
        if name not in grant.tables and grant.only_persons_of != name:
            yield at, f"nothing is done with it: name '{name}' in 'tables' or in 'only_persons_of', or leave it out"
        if own.catalog.datasets[name].partner == submitter(grant.id):
            for place, message in layout_faults(own.catalog.datasets[name], own):
                yield (*at, *place), message
        if file.file.format == "xlsx":
            yield (*at, "file", "format"), "a workbook drops the zeros at the front of a number: use csv or parquet"
        for variable_name, variable in file.variables.items():
            yield from _variable_faults(variable_name, variable, (*at, "variables", variable_name))
        yield from _key_faults(file, names.catalog, at)


def _name_faults(name: str, grant: Grant, names: Names, at: Location) -> Iterator[Fault]:
    others = [it.id for it in names.catalog.grants.values() if it.id != grant.id and name in it.own_files]
    if name in (*CHAIN_TABLES, *DELIVERY_TABLES, QUALITY_TABLE):
        yield at, f"'{name}' is the name of a table of every warehouse"
    elif name in names.catalog.datasets or ("datasets", name) in names.unread:
        yield at, f"'{name}' is the name of a dataset"
    elif others:
        yield at, f"'{name}' is the name of an own file of grant '{others[0]}'"


def _classification_faults(file: OwnFile, grant: Grant, catalog: Catalog, at: Location) -> Iterator[Fault]:
    elsewhere = {
        name
        for other in catalog.grants.values()
        for it in other.own_files.values()
        if other.id != grant.id or it is not file
        for name in it.classifications
    }
    used = {variable.classification for variable in file.variables.values()}
    for name in file.classifications:
        place = (*at, "classifications", name)
        if name in catalog.classifications or name in elsewhere:
            yield place, f"'{name}' is the name of a classification elsewhere"
        elif name not in used:
            yield place, "no variable of the file has these codes"


def _variable_faults(name: str, variable: Variable, at: Location) -> Iterator[Fault]:
    """What is taken of an own file can hold no number or name of a person by accident."""
    if variable.for_linkage:
        yield (*at, "for_linkage"), "an own file is found by its numbers alone; leave it out, names are not taken"
    if variable.references is not None:
        yield (*at, "references"), "an own file holds persons that no other file knows, so nothing is asked of them"
    if not variable.take:
        return
    if variable.type == "text":
        yield (*at, "type"), f"anything could be typed in '{name}': make it a code, or don't take it (take: false)"
    if variable.type in ("integer", "decimal"):
        bounds = (variable.range.min, variable.range.max) if variable.range else (None, None)
        if any(not isinstance(bound, int | float) or abs(bound) >= WIDEST for bound in bounds):
            yield at, f"'{name}' could hold the number of a person: give a 'range' from min to max, below {WIDEST:,}"


def _key_faults(file: OwnFile, catalog: Catalog, at: Location) -> Iterator[Fault]:
    """A key that names persons in no dataset would find nobody."""
    known = {
        frozenset(str(dataset.variables[name].identifier) for name in key)
        for dataset in catalog.datasets.values()
        for key in dataset.person_keys
        if set(key) <= set(dataset.variables)
    }
    for number, key in enumerate(file.person_keys):
        domains = [file.variables[name].identifier for name in key if name in file.variables]
        if len(domains) == len(key) and all(domains) and frozenset(map(str, domains)) not in known:
            spelled = " + ".join(map(str, domains))
            yield (*at, "person_keys", number), f"no dataset names its persons by {spelled}, so nobody would be found"
