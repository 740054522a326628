"""Rules for countings on the true values of a synthetic chain, where a column can be that of another table."""

from collections.abc import Iterator, Mapping

from das_research.catalog.check_conditions import condition_faults
from das_research.catalog.models import Catalog, Counting
from das_research.catalog.names import Fault, Names, unknown
from das_research.catalog.tables import Column, codes_of
from das_research.catalog.yaml_lines import Location

DATES, NUMBERS = ("date",), ("integer", "decimal")


def truth_columns(catalog: Catalog, table: str) -> dict[str, Column]:
    """The columns of the truth of a dataset: every variable, taken or not; none when there is no such dataset."""
    dataset = catalog.datasets.get(table)
    if dataset is None:
        return {}
    return {
        name: Column(name, variable.type, codes_of(catalog, variable.classification))
        for name, variable in dataset.variables.items()
    }


def columns_beside(names: Names, table: str) -> dict[str, Column]:
    """The same, and those of every dataset as ``dataset.variable``: of the row's case, or of its person.

    Examples
    --------
    >>> from das_research.catalog import load_catalog
    >>> columns_beside(Names(load_catalog("data_catalog")), "uitspraken")["strafzaken.geslacht"].type
    'code'
    """
    if not names.beside:
        for other in names.catalog.datasets:
            named = truth_columns(names.catalog, other).items()
            names.beside.update({f"{other}.{name}": column for name, column in named})
    return {**names.beside, **truth_columns(names.catalog, table)}


def counting_faults(counting: Counting, names: Names, at: Location) -> Iterator[Fault]:
    """A table, columns and codes that exist, and everything said that the counting needs."""
    yield from names.missing("datasets", counting.table, (*at, "table"))
    if counting.table not in names.catalog.datasets:
        return
    columns = columns_beside(names, counting.table)
    for field, name, types in named_fields(counting):
        yield from _column_faults(name, types, columns, (*at, *field))
    if (counting.moment is None) == (counting.stock is None):
        yield at, "needs either a 'moment', whose year counts, or a 'stock'"
    if counting.what == "sum" and counting.column is None:
        yield at, "a sum needs the field 'column': which number is added up"
    if counting.what == "mean_days" and counting.days is None:
        yield at, "the mean days need the field 'days': from which date until which"
    yield from _key_faults(counting, names, at)
    for position, condition in enumerate(counting.where):
        if not _of_unread(condition.column, names):
            yield from condition_faults(condition, columns, (*at, "where", position))


def named_fields(counting: Counting) -> Iterator[tuple[Location, str, tuple[str, ...]]]:
    """Every column a counting names, where it does so, and the types that column can have."""
    for field, types in (("moment", DATES), ("column", NUMBERS), ("weight", NUMBERS)):
        if getattr(counting, field) is not None:
            yield (field,), getattr(counting, field), types
    for position, name in enumerate(counting.days or ()):
        yield ("days", position), name, DATES
    if counting.stock is not None:
        yield ("stock", "begin"), counting.stock.begin, DATES
        yield ("stock", "end"), counting.stock.end, DATES


def _column_faults(name: str, types: tuple[str, ...], columns: Mapping[str, Column], at: Location) -> Iterator[Fault]:
    column = columns.get(name)
    if column is None:
        yield at, unknown("column", name, columns)
    elif column.type not in types:
        yield at, f"'{name}' has type {column.type}, not {' or '.join(types)}"


def _key_faults(counting: Counting, names: Names, at: Location) -> Iterator[Fault]:
    dataset = names.catalog.datasets[counting.table]
    keys = {"persons": dataset.person_keys or dataset.case_keys, "cases": dataset.case_keys}
    if counting.what in keys and not keys[counting.what]:
        yield (*at, "what"), f"dataset '{counting.table}' knows no {counting.what}"


def _of_unread(column: str, names: Names) -> bool:
    """Whether a column is of a dataset whose file is faulty in itself."""
    return ("datasets", column.partition(".")[0]) in names.unread
