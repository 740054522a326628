"""Rules for columns that a grant gives coarser: the form fits, and the fine value does not stand elsewhere in it."""

from collections.abc import Iterator
from itertools import pairwise

from das_research.catalog.coarsening import (
    classification_of,
    coarsenings,
    correspondence_to,
    fitting_types,
)
from das_research.catalog.models import Bands, Catalog, Coarsening, Coarser, Dataset, Grant
from das_research.catalog.names import Fault, Names, unknown
from das_research.catalog.tables import SOURCE_SUFFIX, Column, attributes_of, table_columns, table_names
from das_research.catalog.yaml_lines import Location

Place = tuple[str, str]  # table and column


def coarsening_faults(grant: Grant, names: Names) -> Iterator[Fault]:
    """Located from the grant: every column that it gives coarser."""
    for table in grant.tables:
        if table not in table_names(names.catalog):
            continue
        known = table_columns(names.catalog, table)
        for column, how in coarsenings(grant, table).items():
            at: Location = ("tables", table, "coarsen", column)
            if column not in known:
                yield at, f"table '{table}': {unknown('column', column, known)}"
            elif column not in grant.tables[table].columns:
                yield at, f"'{column}' is not among the columns of '{table}' that are granted"
            else:
                yield from _form_faults(table, known[column], how, names, at)
                yield from _needed_faults(table, column, grant, names.catalog, at)


def _form_faults(table: str, column: Column, how: Coarsening, names: Names, at: Location) -> Iterator[Fault]:
    fitting = fitting_types(how)
    if column.type not in fitting:
        yield at, f"'{column.name}' is of type {column.type}; this form is for {' and '.join(fitting)}"
        return
    if isinstance(how, Bands) and any(later <= earlier for earlier, later in pairwise(how.bands)):
        yield (*at, "bands"), "must rise"
    own = classification_of(names.catalog, table, column.name)
    if fitting != ("code",):
        return
    if own not in names.catalog.classifications:
        yield at, f"'{column.name}' has no classification, so there is no coarser code"
    elif isinstance(how, Coarser):
        yield from names.missing("classifications", how.classification, (*at, "classification"))
        known = how.classification in names.catalog.classifications
        if known and correspondence_to(names.catalog, own, how) is None:
            what = f"classification '{how.classification}' has no correspondence '{own}'"
            yield (*at, "classification"), f"{what}, which would say what its codes become"
    elif not any(code.parent for code in names.catalog.classifications[own].codes):
        yield at, f"no code of classification '{own}' has one above it"


def _needed_faults(table: str, column: str, grant: Grant, catalog: Catalog, at: Location) -> Iterator[Fault]:
    if table == "events":
        yield at, f"'{column}' of events is needed as it is: the order and the kind of events rest on it"
    for condition in grant.tables[table].rows:
        if condition.column == column:
            yield at, f"a condition on the rows needs '{column}' as it is; it would tell what the coarse value hides"
    for other, name in sorted(_elsewhere(catalog, table, column)):
        given = other in grant.tables and name in grant.tables[other].columns
        if given and name not in coarsenings(grant, other):
            yield at, f"'{name}' of '{other}' gives the fine value all the same; coarsen it too, or leave it out"


def _elsewhere(catalog: Catalog, table: str, column: str) -> set[Place]:
    """The columns in which a value of this one can stand too."""
    found = {(table, column + SOURCE_SUFFIX)}
    if dataset := catalog.datasets.get(table):
        found |= _told_by(dataset, column)
        for subject in ("cases", "persons"):
            for name, attribute in attributes_of(catalog, subject).items():
                if f"{table}.{column}" in attribute.sources:
                    found.add((subject, name))
    if own := attributes_of(catalog, table).get(column):
        for source in own.sources:
            origin, _, name = source.partition(".")
            found |= {(origin, name), (origin, name + SOURCE_SUFFIX)}
    return found


def _told_by(dataset: Dataset, column: str) -> set[Place]:
    found = {(dataset.id, "moment")} if column in dataset.moment else set()
    if any(column in event.moment for event in dataset.events):
        found.add(("events", "moment"))
    if any(column == event.outcome for event in dataset.events):
        found.add(("events", "outcome"))
    return found
