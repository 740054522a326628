"""A fictitious own file: half of it people of a fictitious chain, half people whom no file of that chain names.

So who writes a notebook on a twin, or follows the example, has a list that behaves as a real one: some are found.
"""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog, Dataset, Range, Variable
from das_research.catalog.own_files import project_of, seen_by
from das_research.catalog.tables import correspondence_of
from das_research.engines import memory_engine
from das_research.errors import UsageError
from das_research.home import write_file
from das_research.synthetic.chance import Whole, uniform
from das_research.synthetic.columns import Coded
from das_research.synthetic.identifiers import Serials, citizen, normal, skn
from das_research.synthetic.layout import spelled_as, write
from das_research.synthetic.truth import FOLDER, read_truth

ROWS = 400
OWN = "eigen"  # the folder for it beside the partners' files
NUMBERS: dict[str, Callable[[Whole], Serials]] = {"skn": skn, "bsn": citizen}
DATES = (np.datetime64("2015-01-01"), np.datetime64("2024-12-31"))  # of a date without a range
STRANGERS = 10**7  # persons of a chain have smaller numbers


def write_own_file(catalog: Catalog, folder: Path, name: str, seed: int = 1, rows: int = ROWS) -> Path:
    """Write an own file in the layout of its grant, of the chain that a folder holds.

    Parameters
    ----------
    catalog : Catalog
        A grant of it has the own file.
    folder : Path
        What ``das synthetic`` wrote.
    name : str
        The own file.
    seed : int
        Another seed, other people.
    rows : int
        How many; a chain of fewer than half of that has fewer people found.

    Returns
    -------
    Path
        ``eigen/<own file>.csv`` or ``.parquet`` in the folder; equal folders give equal bytes.

    Raises
    ------
    UsageError
        When no grant has it, the folder holds no chain, or its numbers are of a kind that is not made up.
    """
    project = project_of(catalog, name)
    if project is None:
        raise UsageError(f"No grant has an own file '{name}'.", fix="Name one of a grant's 'own_files'.")
    if not (folder / FOLDER).is_dir():
        raise UsageError(f"{folder} holds no chain.", fix=f"das synthetic {folder}, and then this")
    catalog = seen_by(catalog, project)
    dataset = catalog.datasets[name]
    with memory_engine() as engine:
        texts = _identifiers(engine, catalog, folder, dataset, seed, rows)
    entity = np.arange(len(next(iter(texts.values()))))
    for other, variable in dataset.variables.items():
        if other not in texts:
            drawn = uniform(seed, f"own file {name} {other}", entity)
            texts[other] = _values(catalog, dataset, variable, drawn)
    place = np.argsort(uniform(seed, f"own file {name} order", entity), kind="stable")
    spelled = {other: values.take(pa.array(place)) for other, values in texts.items()}
    path = folder / OWN / f"{name}.{dataset.file.format}"
    as_csv = dataset.file.format == "csv"
    write_file(path, write(dataset, spelled, header=True, compress=False) if as_csv else _parquet(dataset, spelled))
    return path


def _identifiers(
    engine: Backend, catalog: Catalog, folder: Path, dataset: Dataset, seed: int, rows: int
) -> dict[str, pa.Array]:
    """The numbers of every row: first of people of the chain, then of people whom it does not know."""
    wanted = {name: str(it.identifier) for name, it in dataset.variables.items() if it.type == "identifier"}
    if unknown := sorted(set(wanted.values()) - set(NUMBERS)):
        raise UsageError(
            f"No fictitious list of '{dataset.id}' can be made.",
            why=f"Numbers of {', '.join(unknown)} are not made up for people outside the chain.",
            fix=f"Use identifiers of {', '.join(NUMBERS)}, or deliver a fictitious list of your own.",
        )
    source, columns = _source(catalog, folder, set(wanted.values()))
    truth = read_truth(engine, folder, source)
    truth = truth.select("person_id", *columns.values()).filter(*(truth[it].notnull() for it in columns.values()))
    known = truth.distinct().order_by("person_id", *columns.values()).to_pyarrow()
    drawn = uniform(seed, f"own file {dataset.id} people", known["person_id"].to_numpy())
    chosen = known.take(pa.array(np.argsort(drawn, kind="stable")[: rows // 2]))
    others = np.arange(STRANGERS, STRANGERS + 4 * rows)
    numbers = {domain: normal(NUMBERS[domain](others)) for domain in columns}
    taken = {domain: set(known[column].to_pylist()) for domain, column in columns.items()}
    free = [
        place
        for place in range(len(others))
        if not any(numbers[domain][place].as_py() in taken[domain] for domain in numbers)
    ]
    rest = pa.array(free[: rows - rows // 2])
    return {
        name: pa.concat_arrays([chosen[columns[domain]].combine_chunks(), numbers[domain].take(rest)])
        for name, domain in wanted.items()
    }


def _source(catalog: Catalog, folder: Path, domains: set[str]) -> tuple[str, dict[str, str]]:
    """A dataset whose rows have numbers of all these kinds, and the variable of each kind."""
    standing = {path.name for path in (folder / FOLDER).iterdir() if path.is_dir()}
    for name, dataset in sorted(catalog.datasets.items(), key=lambda it: it[1].subject != "person"):
        columns = {str(it.identifier): variable for variable, it in dataset.variables.items() if it.identifier}
        if name in standing and domains <= set(columns) and dataset.person_keys:
            return name, {domain: columns[domain] for domain in sorted(domains)}
    raise UsageError(
        f"No file of {folder} names persons by {' and '.join(sorted(domains))}.",
        fix="Use the catalogue that the chain was made with.",
    )


def _values(catalog: Catalog, dataset: Dataset, variable: Variable, drawn: np.ndarray) -> pa.Array:
    """Values of one column, spelled as the layout says; what is not taken says that it is fictitious."""
    if not variable.take:
        return pa.array(["FICTIEF"] * len(drawn))
    if variable.type == "code":
        correspondence = correspondence_of(catalog, dataset, variable)
        names = tuple(sorted(correspondence.codes)) if correspondence else ()
        return Coded(names, (drawn * len(names)).astype(np.int64)).text()
    if variable.type == "boolean":
        return spelled_as(dataset, variable, drawn < 0.5)
    if variable.type == "date":
        first, last = _bounds(variable.range, *DATES)
        days = np.arange(np.datetime64(first), np.datetime64(last) + 1)
        return spelled_as(dataset, variable, days[(drawn * len(days)).astype(np.int64)])
    low, high = _bounds(variable.range, 0, 0)
    if variable.type == "integer":
        return spelled_as(dataset, variable, int(low) + (drawn * (int(high) - int(low) + 1)).astype(np.int64))
    return spelled_as(dataset, variable, low + drawn * (high - low))


def _bounds(range: Range | None, low, high):  # type: ignore[no-untyped-def]
    if range is None:
        return low, high
    return (low if range.min is None else range.min), (high if range.max is None else range.max)


def _parquet(dataset: Dataset, spelled: dict[str, pa.Array]) -> bytes:
    names = {name: variable.column or name for name, variable in dataset.variables.items()}
    content = io.BytesIO()
    pq.write_table(pa.table({column: spelled[name] for name, column in names.items()}), content)
    return content.getvalue()
