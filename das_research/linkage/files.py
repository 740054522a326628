"""Files of partners read as gate 1 reads them, in memory: for training and for measuring; nothing is stored."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.engines import keep
from das_research.errors import UsageError
from das_research.intake.check import MOMENT, REASON, check
from das_research.intake.dependencies import for_linkage, taken
from das_research.intake.file import find
from das_research.intake.read import reading
from das_research.intake.refuse import is_synthetic

ENDINGS = (".csv", ".csv.gz", ".parquet")


@dataclass(frozen=True)
class Files:
    """What a folder of files holds.

    Parameters
    ----------
    accepted : dict
        Dataset to accepted rows; their ``delivery`` is the dataset's id.
    names : dict
        Dataset to what is kept for linkage alone.
    synthetic : bool
        Whether all identifiers are fictitious.
    """

    accepted: dict[str, ir.Table]
    names: dict[str, ir.Table]
    synthetic: bool


def read_files(engine: Backend, catalog: Catalog, folder: Path, datasets: Collection[str]) -> Files:
    """The rows and the names of a folder of files, one a dataset.

    Parameters
    ----------
    engine : Backend
        Holds what was read; identifiers stay as they were normalised, so that nothing of it may be written.
    catalog : Catalog
        The layouts.
    folder : Path
        Holds ``<dataset>.csv``, ``.csv.gz`` or ``.parquet``.
    datasets : collection of str
        Which are read.

    Returns
    -------
    Files
        Tables that the engine keeps.

    Raises
    ------
    UsageError
        When a file isn't there.
    """
    accepted, names, synthetic = {}, {}, True
    for name in datasets:
        dataset = catalog.datasets[name]
        paths = [folder / f"{name}{ending}" for ending in ENDINGS if (folder / f"{name}{ending}").is_file()]
        if not paths:
            raise UsageError(
                f"There is no file of {name} in {folder}.",
                why="The linkage of this catalogue compares its records.",
                fix=f"Put it there as {name}.csv, or name another folder.",
            )
        file = find(paths[0])
        with reading(engine, file, dataset) as delivered:
            checked = check(delivered, catalog, dataset).table
            rows = keep(engine, checked.filter(checked[REASON].isnull()))
        synthetic &= is_synthetic(rows, catalog, dataset, file)
        here, kept = ibis.literal(name), for_linkage(dataset)
        accepted[name] = keep(engine, rows.select("row", *taken(dataset), moment=rows[MOMENT], delivery=here))
        if kept:
            names[name] = keep(engine, rows.select("row", *kept, delivery=here))
    return Files(accepted, names, synthetic)
