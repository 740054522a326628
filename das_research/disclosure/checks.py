"""Every rule that was asked of a Result, by name, with its verdict; `check_words` holds the words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from das_research.catalog.models import Catalog, Disclosure
from das_research.catalog.tables import key_columns
from das_research.disclosure.breakdowns import parts_overlap
from das_research.disclosure.cohorts import own_choices
from das_research.disclosure.estimates import is_estimate
from das_research.disclosure.group_rules import group_disclosed, within_group
from das_research.disclosure.models import FEWEST_DEGREES
from das_research.disclosure.near import among, places_at, shown_places
from das_research.disclosure.own_queries import computes_with_keys, joins_by_key, reads_row_by_row
from das_research.disclosure.own_tables import has_query, is_own, uncounted
from das_research.result import TOTAL, Result

Status = Literal["passed", "failed", "not checked"]
SHOWN = ("shown", "rounded")


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
        What its words vary by: numbers of cells, the minimum, names of columns. ``hidden``: the cells that the rule
        itself hid, without those that were hidden to keep them so.
    """

    name: str
    verdict: Status = "passed"
    given: Mapping[str, int | str] = field(default_factory=dict)


def checks_of(
    result: Result, released: Result, catalog: Catalog, hid: Mapping[str, int], *, by_cell: bool
) -> tuple[Check, ...]:
    """The rules that a Result passed, and those of which nobody but people can say it.

    Parameters
    ----------
    result, released : Result
        As it was computed, and as it leaves.
    catalog : Catalog
        Its rules: the least number of units, and how much of a total one code may hold; and its keys.
    hid : mapping of str to int
        Rule to the cells that it hid.
    by_cell : bool
        Whether it was hidden cell by cell, over all that leaves together.
    """
    minimum = catalog.disclosure.minimum
    asked = {"counts": lambda: _of_counts(result, released, catalog, hid), "model": lambda: _of_models(minimum)}
    of_shape = asked.get(result.shape, lambda: iter([Check(result.shape, given={"n": minimum})]))()
    return (*of_shape, *_of_hiding(result, by_cell), *_of_authors(result))


def checks_of_rounded(result: Result, rounded: Result, rules: Disclosure) -> tuple[Check, ...]:
    """The rules of a Result, as it was computed, whose counts leave rounded."""
    how = rounded.rounded
    given = {"base": how.base, "less": how.within - 1} if how else {}
    return (
        Check("rounded", given=given),
        Check("one method"),
        *_of_groups(result, rounded, rules),
        *_of_authors(result),
    )


def _of_counts(result: Result, released: Result, catalog: Catalog, hid: Mapping[str, int]) -> Iterator[Check]:
    minimum = catalog.disclosure.minimum

    def hiding(rule: str, **given: int) -> Check:
        return Check(rule, given=given | ({"hidden": hid[rule]} if hid.get(rule) else {}))

    yield hiding("minimum", n=minimum)
    if result.table.denominator.notna().any():
        yield hiding("shares", n=minimum)
    yield from _of_groups(result, released, catalog.disclosure)
    yield Check("all but few", given={"n": minimum})
    if parts_overlap(result):
        yield Check("parts overlap", given={"n": minimum})
    if is_estimate(result):
        yield Check("respondents")
    elif is_own(result):
        if uncounted(result):
            yield hiding("concentration")
        if result.dominance is not None and result.dominance.rows:
            yield Check("rows of one", "not checked", {"cells": len(result.dominance.rows)})
        yield Check("extremes") if reads_row_by_row(result) else Check("other rows", "not checked")
        if not joins_by_key(result, key_columns(catalog)):
            yield Check("joined", "not checked")


def _of_groups(result: Result, released: Result, rules: Disclosure) -> Iterator[Check]:
    """What is told of a whole group: to everybody who reads of it, and to the only one in it who is another."""
    how, given = ("all", {}) if rules.group_percent == 100 else ("most", {"percent": f"{rules.group_percent:g}"})
    if found := one_code_holds_all(result, released, rules.group_percent):
        yield Check(f"one code holds {how}", "not checked", given | {"cells": found})
    else:
        yield Check(f"no code holds {how}", given=given)
    if alone := one_knows_of_all_others(result, released):
        yield Check("all but one", "not checked", {"cells": alone})


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
        if computes_with_keys(result):
            yield Check("keys", "not checked")
    if chosen := own_choices(result):
        yield Check("own cohort", "not checked", {"names": ", ".join(chosen)})


def one_code_holds_all(result: Result, released: Result, percent: float = 100) -> int:
    """Of how many shown totals everybody has one and the same code: it is told of each of them.

    Parameters
    ----------
    result, released : Result
        As it was computed, and as it leaves. Shares are not looked at: one of nobody or everybody is hidden. Of rounded
        numbers the true ones are asked: a 5 of a 5 can be three of four; and a 0 tells of nobody.
    percent : float
        Or more than this percentage of them, of which it is told nearly surely.
    """
    table = _counted(result)
    seen = places_at(released, released.table.disclosure.isin(SHOWN) & (released.table.value > 0))
    told = table[among(result, seen)[table.index]]
    return sum(
        int(group_disclosed(it, percent)[:, 0].sum())
        for it in _largest_and_rest(result, told.assign(units=told.value, is_told=True))
    )


def one_knows_of_all_others(result: Result, released: Result) -> int:
    """Of how many shown totals everybody but one person has one and the same code: that one knows it of all others.

    Parameters
    ----------
    result, released : Result
        As it was computed, and as it leaves: that a part is hidden keeps it from all but the one who is not in it, and
        a total that is rounded from that one too.
    """
    table = _counted(result)
    told = table.assign(units=table.n.fillna(table.value), is_told=among(result, shown_places(released)))
    return sum(int(within_group(it)[:, 0].sum()) for it in _largest_and_rest(result, told))


def _counted(result: Result) -> pd.DataFrame:
    """The rows that count units."""
    sums = uncounted(result) if is_own(result) else []
    table = result.table
    is_count = table.denominator.isna() & (table.value > 0) & (table.unit != "percent")
    return table[is_count & ~table.measure.isin(sums)]


def _largest_and_rest(result: Result, counted: pd.DataFrame) -> Iterator[np.ndarray]:
    """By every dimension, of each total that is told how many units its largest part holds, and how many others are."""
    for dimension in result.dimensions:
        if result.table[dimension].nunique() < 3 and not is_own(result):  # where it alone is counted, by definition
            continue
        keys = ["measure", "period", *(name for name in result.dimensions if name != dimension)]
        is_total = counted[dimension] == TOTAL
        totals = counted[is_total & counted.is_told].groupby(keys).units.max()
        largest = counted[~is_total].groupby(keys).units.max().reindex(totals.index).fillna(0)
        if len(totals):
            yield np.column_stack([largest, np.maximum(totals - largest, 0)])
