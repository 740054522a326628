"""Every cell of a cube of estimates: each code and total of its dimensions."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import ibis.expr.types as ir

from das_research.catalog.models import Sample
from das_research.chain.survey.measures import Asked, numbers, sides
from das_research.chain.survey.moments import clusters, moments
from das_research.errors import UsageError
from das_research.result import TOTAL

Address = tuple[str, ...]


def inner_name(column: str | None) -> str:
    """What the codes of a dimension are called among the columns of the sample."""
    return f"_by_{column}"


@dataclass(frozen=True)
class Cells:
    """Every cell of a cube of estimates.

    Parameters
    ----------
    sample : Table
        All respondents that were drawn, with the codes of the dimensions.
    design : Sample
        How they were drawn.
    by : tuple of str
        The dimensions and the period.
    period : str or None
        What tells one sample from another.
    """

    sample: ir.Table
    design: Sample
    by: tuple[str, ...]
    period: str | None

    def of(self, asked: Asked) -> dict[Address, dict[str, Any]]:
        """The cells of one measure that occur."""
        samples = clusters(self.sample, [inner_name(self.period)] if self.period else [], self.design.cluster)
        everything = {stratum: number for strata in samples.values() for stratum, number in strata.items()}
        cells: dict[Address, dict[str, Any]] = {}
        for kept in (kept for size in range(len(self.by), -1, -1) for kept in combinations(self.by, size)):
            above, below, known = sides(self.sample, asked)
            inner = [inner_name(column) for column in kept]
            parts = moments(self.sample, inner, self.design.weight, above, below, self.design.cluster)
            for codes, counts in self._counts(inner, above, known):
                at = dict(zip(kept, codes, strict=True))
                strata = samples[(at[self.period],)] if self.period in at else everything
                address = tuple(at.get(column, TOTAL) for column in self.by)
                if address in cells:
                    raise UsageError(
                        f"A column of by= holds the code {TOTAL}, which means the total.",
                        fix="Give that code another name.",
                    )
                cells[address] = numbers(asked, parts[codes], strata, counts)
        return cells

    def _counts(
        self, inner: list[str], above: ir.NumericValue, known: ir.BooleanValue
    ) -> Iterator[tuple[Address, dict[str, int]]]:
        """How many respondents a group has, with an answer and with a yes."""
        counts = {"known": known, "met": known & (above > 0), "unmet": known & (above <= 0)}
        aggregates = {name: self.sample.count(where=where) for name, where in counts.items()}
        grouped = self.sample.group_by(inner) if inner else self.sample
        for row in grouped.agg(**aggregates).to_pyarrow().to_pylist():
            yield tuple(row.pop(name) for name in inner), row
