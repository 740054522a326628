"""Rules for the countings of a key figure: tables and columns that are there, of a type that can be counted so."""

import re
from collections.abc import Iterator, Mapping

from das_research.catalog.check_conditions import condition_faults
from das_research.catalog.check_truth import named_fields
from das_research.catalog.models import Counting, Figure
from das_research.catalog.names import Fault, Names, unknown
from das_research.catalog.tables import CHAIN_TABLES, Column, table_columns, table_names
from das_research.catalog.yaml_lines import Location

KEYS = {"persons": "person_id", "cases": "case_id"}


def key_figure_faults(figure: Figure, names: Names) -> Iterator[Fault]:
    """What a key figure needs, and countings that can be computed."""
    if not figure.is_key:
        for field in ("per", "by", "function", "leading", "phrase"):
            if getattr(figure, field):
                yield (field,), "only a key figure has it: give the field 'count' too"
        return
    for field in ("theme", "phrase", "monitor", "numerator", "source"):
        if getattr(figure, field) is None:
            yield (field,), f"a key figure needs the field '{field}'"
    if figure.monitor is not None:
        yield from names.missing("monitors", figure.monitor, ("monitor",))
    if re.search(r"\d", f"{figure.id}{figure.title.nl}{figure.title.en}"):
        yield ("title",), "id and title of a key figure hold no number: no name that leaves a project does"
    if (figure.per is None) != (figure.denominator is None):
        yield ("per",), "'per' says what is counted below the line, 'denominator' in which unit: give both or neither"
    if figure.scale != 1 and figure.per is None:
        yield ("scale",), "only a ratio is multiplied: give the field 'per' too"
    if figure.per and any(counting.what == "mean_days" for counting in figure.countings):
        yield ("per",), "a mean is no part of a ratio"
    for position, counting in enumerate(figure.count):
        at = ("count", position) if len(figure.count) > 1 else ("count",)  # one counting is written without a list
        yield from _counting_faults(counting, figure, names, at)
    if figure.per is not None:
        yield from _counting_faults(figure.per, figure, names, ("per",))
        if shared(figure) and not set(figure.per.where) <= set(figure.count[0].where):
            yield ("count", "where"), "above the line is counted a part of what is below: repeat its lines here"


def shared(figure: Figure) -> bool:
    """Whether a ratio counts the same rows above and below its line, in the same way and year."""
    if figure.per is None or len(figure.count) != 1:
        return False
    return all(
        getattr(figure.count[0], field) == getattr(figure.per, field)
        for field in ("table", "what", "moment", "stock", "weight")
    )


def _counting_faults(counting: Counting, figure: Figure, names: Names, at: Location) -> Iterator[Fault]:
    known = (*CHAIN_TABLES, *table_names(names.catalog))
    if counting.table not in known:
        if ("datasets", counting.table) not in names.unread:
            yield (*at, "table"), unknown("table", counting.table, known)
        return
    columns = table_columns(names.catalog, counting.table)
    if (counting.moment is None) == (counting.stock is None):
        yield (*at, "moment"), "give either a 'moment', whose year counts, or a 'stock'"
    for field, column, types in named_fields(counting):
        yield from _column_faults(column, columns, types, figure, (*at, *field))
    if counting.what == "sum" and counting.column is None:
        yield (*at, "column"), "a sum needs the field 'column'"
    if counting.what == "mean_days" and counting.days is None:
        yield (*at, "days"), "the mean days need the field 'days': two dates"
    if counting.weight and counting.what not in ("rows", "sum"):
        yield (*at, "weight"), "only rows and sums are weighted"
    elif counting.weight and not shared(figure):
        yield (*at, "weight"), "a weighted number needs a margin: make it a ratio over the same rows (see 'per')"
    if counting.what in KEYS and not _has_key(counting, columns, names):
        yield (*at, "what"), f"table '{counting.table}' does not tell {counting.what} apart"
    for position, condition in enumerate(counting.where):
        if condition.column in columns or figure.function is None:
            yield from condition_faults(condition, columns, (*at, "where", position))
    for position, column in enumerate(figure.by):
        if column not in columns and figure.function is None:
            yield ("by", position), f"table '{counting.table}': {unknown('column', column, columns)}"


def _column_faults(
    name: str, columns: Mapping[str, Column], types: tuple[str, ...], figure: Figure, at: Location
) -> Iterator[Fault]:
    column = columns.get(name)
    if column is None:
        if figure.function is None:
            yield at, unknown("column", name, columns)
    elif column.type not in types:
        yield at, f"'{name}' has type {column.type}, not {' or '.join(types)}"


def _has_key(counting: Counting, columns: Mapping[str, Column], names: Names) -> bool:
    """Whether a table tells persons or cases apart: a dataset by its own keys, persons by those of its cases too."""
    if KEYS[counting.what] not in columns:
        return False
    dataset = names.catalog.datasets.get(counting.table)
    if dataset is None:
        return True
    return bool(dataset.case_keys or (counting.what == "persons" and dataset.person_keys))
