"""What can be estimated of a survey: shares, means, ratios and totals, by what each respondent adds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from das_research.chain.models.terms import check_column
from das_research.chain.survey.linearised import Estimate, limits, ratio, total
from das_research.chain.survey.moments import Part
from das_research.errors import UsageError

COLUMNS = {"share": 1, "mean": 1, "ratio": 2, "total": 1}
HOW = '("share", column), ("mean", column), ("ratio", column, column) or ("total", column)'


@dataclass(frozen=True)
class Asked:
    """One estimate that was asked for."""

    name: str
    kind: str
    columns: tuple[str, ...]

    @property
    def unit(self) -> str:
        """The unit of its value."""
        return {"share": "percent", "ratio": "ratio"}.get(self.kind, "number")


def read_asked(table: ir.Table, measures: Mapping[str, Sequence[str]]) -> tuple[Asked, ...]:
    """The estimates a user wrote, or a refusal that says how to write them."""
    if not measures:
        raise UsageError("There is nothing to estimate.", fix='Give measures={"slachtoffers": ("share", column)}.')
    found = []
    for name, given in measures.items():
        kind, *columns = [given] if isinstance(given, str) else given
        if COLUMNS.get(kind) != len(columns):
            raise UsageError(f"The measure '{name}' is not one that can be estimated.", fix=f"Write {HOW}.")
        for column in columns:
            check_column(table, column, boolean=kind == "share", numeric=kind != "share")
        found.append(Asked(name, kind, tuple(columns)))
    return tuple(found)


def sides(sample: ir.Table, asked: Asked) -> tuple[ir.NumericValue, ir.NumericValue, ir.BooleanValue]:
    """What each respondent adds above and below the line, and whether it is known; unknown, it adds nothing."""
    columns = [sample[name].cast("int64" if asked.kind == "share" else sample[name].type()) for name in asked.columns]
    known: Any = ibis.and_(*(sample[name].notnull() for name in asked.columns))
    above = known.ifelse(columns[0], 0)
    below = known.ifelse(columns[1] if asked.kind == "ratio" else 1, 0)
    return above, below, known


def numbers(
    asked: Asked, parts: Mapping[str, Part], clusters: Mapping[str, int], counts: Mapping[str, int]
) -> dict[str, Any]:
    """The numbers of one cell of a Result.

    Parameters
    ----------
    asked : Asked
        The estimate.
    parts, clusters : mapping
        Of `das_research.chain.survey.moments`.
    counts : mapping
        ``known``: respondents of the cell who answered; of a share, those who ``met`` it and those who did not
        (``unmet``).

    Returns
    -------
    dict
        `numerator` and `denominator` of a share are respondents. Where the error can't be known neither error nor
        limits stand there; nothing known is a cell that cannot occur.
    """
    estimate: Estimate | None = (total if asked.kind == "total" else ratio)(parts, clusters)
    row: dict[str, Any] = {"measure": asked.name, "unit": asked.unit, "n": counts["known"]}
    if asked.kind == "share":
        row |= {"numerator": counts["met"], "denominator": counts["known"], "n": min(counts["met"], counts["unmet"])}
    if estimate is None or not counts["known"]:
        return row | {"kind": "cannot occur", "n": 0}
    scale = 100 if asked.kind == "share" else 1
    row |= {"value": scale * estimate.value, "kind": "zero" if estimate.value == 0 else "number"}
    if found := limits(estimate, share=asked.kind == "share"):
        row |= {"se": scale * (estimate.se or 0.0), "lower": scale * found[0], "upper": scale * found[1]}
    return row
