"""Whether two Results are the same: the one handed over, and the one gate 3 computed."""

import json
from math import isclose
from typing import Any

from das_research.presentation.addresses import MEASURE, PERIOD
from das_research.presentation.bands import place_of
from das_research.result import Result

OF_A_CURVE = 0.0501  # shares are cut to a tenth of a percent


def differences(handed_over: Result, recomputed: Result) -> list[str]:
    """Which parts differ, in words without values; empty when the two are the same.

    Numbers are the same within one part in a thousand million: engines add in any order. So are rows in another
    order: a stored recipe does not keep that of its measures.

    Parameters
    ----------
    handed_over, recomputed : Result
        The two.
    """
    left, right = json.loads(handed_over.to_json()), json.loads(recomputed.to_json())
    names = sorted({*left, *right} - {"rows"})
    parts = [part for part in names if not _same(left.get(part), right.get(part))]
    if parts:
        return parts
    if len(left["rows"]) != len(right["rows"]):
        return ["number of rows"]
    if not left["rows"]:
        return []
    places = [left["columns"].index(name) for name in ("figure", MEASURE, *left["dimensions"], PERIOD)]
    ordered = [sorted(it["rows"], key=lambda row: [row[place] for place in places]) for it in (left, right)]
    pairs = [zip(*rows, strict=True) for rows in zip(*ordered, strict=True)]
    changed = [[not _same(here, there) for here, there in pair] for pair in pairs]
    return [
        f"{column} in {sum(flags)} of {len(changed)} rows"
        for column, flags in zip(left["columns"], zip(*changed, strict=True), strict=True)
        if any(flags)
    ]


def still_shown(released: Result, computed: Result) -> bool:
    """Whether every number that a table of counts or shares showed when it left is still the one that is computed.

    Parameters
    ----------
    released, computed : Result
        As it left, and as it is computed again; a number that was left out of what was shown is not compared, and one
        that was rounded, or is of a curve, must lie no further from it than rounding allows.
    """
    if released.dimensions != computed.dimensions:
        return False
    now = {place_of(row, computed.dimensions): row for row in computed.table.to_dict("records")}
    is_curve = released.shape == "curve"
    columns = ("value", "n") if is_curve else ("value", "numerator", "denominator")
    within = released.rounded.within if released.rounded else OF_A_CURVE if is_curve else 0
    for then in released.table[released.table.disclosure.isin(("shown", "rounded"))].to_dict("records"):
        here = now.get(place_of(then, released.dimensions))
        told = [name for name in columns if then[name] == then[name]]
        if within and "numerator" in told:
            told = told[1:]  # a share follows from its counts
        if here is None or not all(
            abs(here[name] - then[name]) < within if within else _same(here[name], then[name]) for name in told
        ):
            return False
    return True


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    if _is_number(left) and _is_number(right):
        return isclose(left, right, rel_tol=1e-9, abs_tol=1e-12)
    return bool(left == right)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
