"""Every rule that was asked of a Result, by name, with its verdict; `check_words` holds the words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from das_research.disclosure.breakdowns import parts_overlap
from das_research.disclosure.cohorts import own_choices
from das_research.disclosure.estimates import is_estimate
from das_research.disclosure.models import FEWEST_DEGREES
from das_research.disclosure.own_tables import has_query, is_own, reads_row_by_row, uncounted
from das_research.disclosure.suppression.primary import group_disclosed
from das_research.result import TOTAL, Result

Status = Literal["passed", "failed", "not checked"]


@dataclass(frozen=True)
class Check:
    """One rule, as it was asked of a Result.

    Parameters
    ----------
    name : str
        Of the rule.
    verdict : {'passed', 'failed', 'not checked'}
        Passed is: by what was hidden, if need be. Not checked is for people.
    given : mapping
        What its words vary by: numbers of cells, the minimum, names of columns.
    """

    name: str
    verdict: Status = "passed"
    given: Mapping[str, int | str] = field(default_factory=dict)


def checks_of(result: Result, released: Result, minimum: int, *, by_cell: bool) -> tuple[Check, ...]:
    """The rules that a Result passed, and those of which nobody but people can say it.

    Parameters
    ----------
    result, released : Result
        As it was computed, and as it leaves.
    minimum : int
        The least number of units.
    by_cell : bool
        Whether it was hidden cell by cell, over all that leaves together.
    """
    asked = {"counts": lambda: _of_counts(result, released, minimum), "model": lambda: _of_models(minimum)}
    of_shape = asked.get(result.shape, lambda: iter([Check(result.shape, given={"n": minimum})]))()
    return (*of_shape, *_of_hiding(result, by_cell), *_of_authors(result))


def checks_of_rounded(result: Result, rounded: Result) -> tuple[Check, ...]:
    """The rules of a Result, as it was computed, whose counts leave rounded."""
    how = rounded.rounded
    given = {"base": how.base, "less": how.within - 1} if how else {}
    return (Check("rounded", given=given), Check("one method"), _of_groups(rounded), *_of_authors(result))


def _of_counts(result: Result, released: Result, minimum: int) -> Iterator[Check]:
    yield Check("minimum", given={"n": minimum})
    if result.table.denominator.notna().any():
        yield Check("shares", given={"n": minimum})
    yield _of_groups(released)
    yield Check("all but few", given={"n": minimum})
    if parts_overlap(result):
        yield Check("parts overlap", given={"n": minimum})
    if is_estimate(result):
        yield Check("respondents")
    elif is_own(result):
        if uncounted(result):
            yield Check("concentration")
        yield (
            Check("extremes")
            if not uncounted(result) or reads_row_by_row(result)
            else Check("other rows", "not checked")
        )


def _of_groups(released: Result) -> Check:
    found = one_code_holds_all(released)
    return Check("one code holds all", "not checked", {"cells": found}) if found else Check("no code holds all")


def _of_models(minimum: int) -> Iterator[Check]:
    yield Check("levels", given={"n": minimum})
    yield Check("degrees of freedom", given={"n": FEWEST_DEGREES})
    yield Check("saturation")
    yield Check("influence", given={"percent": 100 // minimum})


def _of_hiding(result: Result, by_cell: bool) -> Iterator[Check]:
    if result.shape == "counts":
        yield Check("cell by cell" if by_cell else "by breakdown")


def _of_authors(result: Result) -> Iterator[Check]:
    if has_query(result):
        yield Check("query", "not checked")
    if chosen := own_choices(result):
        yield Check("own cohort", "not checked", {"names": ", ".join(chosen)})


def one_code_holds_all(released: Result) -> int:
    """Of how many shown totals everybody has one and the same code: it is told of each of them.

    Parameters
    ----------
    released : Result
        As it leaves. Shares are not looked at: one of nobody or everybody is hidden.
    """
    table, sums = released.table, uncounted(released) if is_own(released) else []
    counted = table[table.disclosure.isin(("shown", "rounded")) & table.denominator.isna() & (table.value > 0)]
    counted = counted[~counted.measure.isin(sums) & (counted.unit != "percent")]
    found = 0
    for dimension in released.dimensions:
        if table[dimension].nunique() < 3 and not is_own(released):  # where it alone is counted, by definition
            continue
        keys = ["measure", "period", *(name for name in released.dimensions if name != dimension)]
        is_total = counted[dimension] == TOTAL
        totals = counted[is_total].groupby(keys).value.max()
        largest = counted[~is_total].groupby(keys).value.max().reindex(totals.index).fillna(0)
        parts = np.column_stack([largest, np.maximum(totals - largest, 0)])
        found += int(group_disclosed(parts)[:, 0].sum()) if len(parts) else 0
    return found
