"""The true tables of a synthetic chain, each row once, and a column of the row's case or person beside it."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog, Counting
from das_research.synthetic.dirt import DOUBLED
from das_research.synthetic.truth import COUNTS, FOLDER, read_truth

Tables = Mapping[str, ir.Table]


def true_tables(engine: Backend, catalog: Catalog, folder: Path) -> dict[str, ir.Table]:
    """The truth of every dataset that the chain has.

    Parameters
    ----------
    engine : Backend
        What reads the files.
    catalog : Catalog
        The catalogue that the chain was made with.
    folder : Path
        A folder that `generate` wrote.

    Returns
    -------
    dict
        Dataset to its true rows; a row that was delivered a second time counts once.
    """
    found = [name for name in catalog.datasets if any((folder / FOLDER / name).glob("*.parquet"))]
    counts = json.loads((folder / FOLDER / COUNTS).read_text(encoding="utf-8"))
    return {name: _once(read_truth(engine, folder, name), counts[name].get(DOUBLED)) for name in found}


def _once(rows: ir.Table, doubled: int | None) -> ir.Table:
    """Without the rows that stand a second time; where there are none the errors need not be read."""
    return rows if doubled == 0 else rows.filter(~rows.faults.contains(DOUBLED).fill_null(False))


def tables_of(counting: Counting) -> set[str]:
    """The tables that a counting needs.

    Examples
    --------
    >>> zaken = Counting(table="zaken", moment="dag", days=("meldingen.gemeld", "dag"))
    >>> sorted(tables_of(zaken))
    ['meldingen', 'zaken']
    """
    return {counting.table, *(name.partition(".")[0] for name in counting.named if "." in name)}


def with_columns_beside(catalog: Catalog, tables: Tables, table: str, names: Iterable[str]) -> ir.Table:
    """A table, and each ``dataset.variable`` asked for as a column: that of the row's case there, or of its person.

    Parameters
    ----------
    catalog : Catalog
        Which datasets are of cases.
    tables : mapping
        From `true_tables`.
    table : str
        The table to start from.
    names : iterable of str
        Columns; those without a dot are its own.

    Returns
    -------
    Table
        As many rows as the table has. Of a case with several rows in the other dataset the least value counts.
    """
    rows = tables[table]
    for name in dict.fromkeys(name for name in names if "." in name):
        other, _, variable = name.partition(".")
        key = "case_id" if catalog.datasets[other].case_keys else "person_id"
        beside = tables[other].filter(tables[other][key].notnull())
        values = beside.group_by(beside[key].name("_key")).agg(**{name: beside[variable].min()})
        rows = rows.left_join(values, rows[key] == values["_key"]).drop("_key")
    return rows
