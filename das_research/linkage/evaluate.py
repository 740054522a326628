"""Precision and recall of links, where it is known who is who: of a synthetic chain, or of labelled pairs."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.engines import EngineError, keep
from das_research.errors import UsageError

Subject = Literal["person", "case"]
ALL = "_T"
LABELS = {
    "delivery_left": "string",
    "row_left": "int64",
    "delivery_right": "string",
    "row_right": "int64",
    "same": "int64",
}


@dataclass(frozen=True)
class PairQuality:
    """Pairs of rows of one pair of datasets (or of all, `_T`) that tell of the same person or case.

    Parameters
    ----------
    subject : {'person', 'case'}
        What was linked.
    dataset, other : str
        Where the two rows stand.
    true, found, right : int
        Pairs that are of one; that the links say are; that both say.
    """

    subject: Subject
    dataset: str
    other: str
    true: int
    found: int
    right: int

    @property
    def precision(self) -> float | None:
        """The share of the found pairs that is right (0-1); none when nothing was found."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """The share of the true pairs that was found (0-1); none when there are none."""
        return self.right / self.true if self.true else None

    def to_dict(self) -> dict[str, Any]:
        """All of it, with both shares."""
        return asdict(self) | {"precision": self.precision, "recall": self.recall}


def against_truth(engine: Backend, rows: ir.Table, subject: Subject) -> list[PairQuality]:
    """Compare links with the truth, pair by pair of rows, without ever making the pairs.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    rows : Table
        ``dataset``, ``found`` (the surrogate of the row, or null) and ``true`` (who it is).
    subject : {'person', 'case'}
        What the two are of.

    Returns
    -------
    list of PairQuality
        Of every pair of datasets, and first of all rows together.
    """
    rows = rows.filter(rows["true"].notnull())
    ways: dict[str, tuple[str, ...]] = {"true": ("true",), "found": ("found",), "right": ("found", "true")}
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for way, keys in ways.items():
        known = rows.filter([rows[key].notnull() for key in keys])
        sizes = keep(engine, known.group_by(*keys, "dataset").agg(size=known.count().cast("int64")))
        one, other = sizes, sizes.view()
        pairs = one.join(other, [*keys, one.dataset <= other.dataset])
        of_two = ibis.ifelse(
            one.dataset == other.dataset, one["size"] * (one["size"] - 1) // 2, one["size"] * other["size"]
        )
        told = pairs.select(dataset=one.dataset, other=other.dataset, pairs=of_two)
        for row in told.group_by("dataset", "other").agg(pairs=told.pairs.sum()).to_pyarrow().to_pylist():
            place = counts.setdefault((row["dataset"], row["other"]), dict.fromkeys(ways, 0))
            place[way] = int(row["pairs"])
    total = {way: sum(place[way] for place in counts.values()) for way in ways}
    every = {(ALL, ALL): total} | dict(sorted(counts.items()))
    return [
        PairQuality(subject, dataset, other, numbers["true"], numbers["found"], numbers["right"])
        for (dataset, other), numbers in every.items()
        if any(numbers.values())
    ]


def against_labels(engine: Backend, rows: ir.Table, labels: Path, subject: Subject) -> list[PairQuality]:
    """Compare links with pairs that people labelled.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    rows : Table
        ``dataset, delivery, row, found``.
    labels : Path
        A CSV file with the columns of `LABELS`: two rows by delivery and number, and ``same``, 1 where they are of one
        person and 0 where not.
    subject : {'person', 'case'}
        What ``found`` and the labels are of.

    Returns
    -------
    list of PairQuality
        Over the labelled pairs, by the datasets of their deliveries. A pair that names a row which isn't there counts
        as not found; where its delivery isn't there either, in all alone.

    Raises
    ------
    UsageError
        When the file isn't there or has other columns.
    """
    try:
        table = engine.read_csv(labels, header=True).select(*LABELS).cast(LABELS)
        table = keep(engine, table)
    except (EngineError, OSError, AttributeError, ibis.common.exceptions.IbisError):
        table = None
    if table is None:
        raise UsageError(
            f"{labels} is no file of labelled pairs.",
            fix=f"A CSV file with the columns {', '.join(LABELS)}; same is 1 or 0.",
        )
    told = table
    for side in ("left", "right"):
        here = rows.select(**{f"{name}_{side}": rows[name] for name in ("delivery", "row", "found")})
        told = told.left_join(here, [f"delivery_{side}", f"row_{side}"], rname="{name}_of")
        told = told.drop(f"delivery_{side}_of", f"row_{side}_of")
        datasets = rows.select(**{f"{name}_{side}": rows[name] for name in ("delivery", "dataset")}).distinct()
        told = told.left_join(datasets, f"delivery_{side}", rname="{name}_of").drop(f"delivery_{side}_of")
    linked = (told.found_left == told.found_right).fill_null(False)
    known = told.dataset_left.notnull() & told.dataset_right.notnull()  # of two, least and greatest pass over a null
    low, high = (end(told.dataset_left, told.dataset_right) for end in (ibis.least, ibis.greatest))
    told = told.select(
        dataset=ibis.ifelse(known, low, ALL), other=ibis.ifelse(known, high, ALL), same=told.same == 1, linked=linked
    )
    counts = told.group_by("dataset", "other").agg(
        true=told.same.sum(), found=told.linked.sum(), right=(told.same & told.linked).sum()
    )
    listed = counts.order_by("dataset", "other").to_pyarrow().to_pylist()
    found = [PairQuality(subject, **row) for row in listed]
    total = {way: sum(row[way] for row in listed) for way in ("true", "found", "right")}
    return [PairQuality(subject, ALL, ALL, **total), *(it for it in found if it.dataset != ALL)]
