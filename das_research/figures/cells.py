"""The numbers of a key figure, a cell a year and group: above the line, below it, and how many are under it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from das_research.catalog.check_counting import shared
from das_research.catalog.models import Counting, Figure, Sample
from das_research.chain.survey.linearised import Estimate, limits, ratio
from das_research.chain.survey.moments import clusters, drawn, moments
from das_research.conditions import condition_to_expression
from das_research.counting import counted_rows, number_of
from das_research.figures.units import units

UNKNOWN = "onbekend"

Key = tuple[int, str]  # year, code of the group; "" where nothing is broken down
Cells = dict[Key, dict[str, Any]]


@dataclass(frozen=True)
class Counted:
    """A counting and the table it counts, with every column its lines name; of a survey how respondents were drawn."""

    counting: Counting
    table: ir.Table
    sample: Sample | None = None


def cells(figure: Figure, above: Sequence[Counted], below: Counted | None, years: Sequence[int], by: str = "") -> Cells:
    """Every cell in which something was counted.

    Parameters
    ----------
    figure : Figure
        Of a ratio, whether it counts the same rows above and below its line.
    above : sequence of Counted
        Added up.
    below : Counted, optional
        Of a ratio.
    years : sequence of int
        Calendar years.
    by : str
        The column to break down by; none where it is empty.

    Returns
    -------
    dict
        Year and code to ``numerator``, ``n`` and, of a ratio or a mean, ``denominator``; of a weighted share also its
        ``estimate``.
    """
    if below is not None and shared(figure):
        return _part_of_whole(above[0], below, years, by)
    found: Cells = {}
    for one in above:
        for key, new in _numbers(one, years, by).items():
            old = found.get(key)
            found[key] = new if old is None else _added(old, new)
    if below is not None:
        for key, whole in _numbers(below, years, by).items():
            found.setdefault(key, {"numerator": 0, "n": 0})["denominator"] = whole["numerator"]
    return found


def margin(cell: Mapping[str, Any], scale: int) -> dict[str, float]:
    """Standard error and 95% limits of a weighted share; nothing where they can't be known."""
    estimate: Estimate | None = cell.get("estimate")
    found = limits(estimate, share=True) if estimate else None
    if estimate is None or estimate.se is None or found is None:
        return {}
    return {"se": scale * estimate.se, "lower": scale * found[0], "upper": scale * found[1]}


def _part_of_whole(above: Counted, below: Counted, years: Sequence[int], by: str) -> Cells:
    """Of a share: what is above the line is a part of the rows below it."""
    counting, rows = above.counting, counted_rows(below.table, below.counting, years)
    met = condition_to_expression(rows, counting.where)
    inside, outside = met, ~met
    y, x = met.cast("int64"), met.cast("int64") * 0 + 1
    if counting.what == "sum":
        y, x = (_of(rows, one.counting.column) for one in (above, below))
        y = met.ifelse(y, 0)
        inside, outside = y > 0, x > y
    aggregates = {
        "numerator": number_of(rows, counting, met),
        "denominator": number_of(rows, below.counting),
        "n_in": units(rows, inside),
        "n_out": units(rows, outside),
    }
    if counting.what in ("persons", "cases"):
        whole, part = number_of(rows, below.counting), number_of(rows, counting, met)
        aggregates |= {"n_in": part, "n_out": whole - part}
    estimates = _estimates(below, years, by, rows, y, x) if counting.weight else {}
    return {
        key: {**cell, "n": min(cell["n_in"], cell["n_out"]), "estimate": estimates.get(key)}
        for key, cell in _grouped(rows, by, aggregates).items()
    }


def _estimates(
    below: Counted, years: Sequence[int], by: str, rows: ir.Table, y: ir.NumericValue, x: ir.NumericValue
) -> dict[Key, Estimate | None]:
    """Of every cell the share with its error, which follows from all respondents of its year."""
    weight, design = str(below.counting.weight), below.sample or Sample(weight=str(below.counting.weight))
    everybody = counted_rows(below.table, below.counting.model_copy(update={"where": ()}), years)
    drawn_at = clusters(drawn(everybody, weight, design.strata, design.cluster), ["year"], design.cluster)
    group = drawn(rows.mutate(code=code_of(rows, by), _above=y, _below=x), weight, design.strata, design.cluster)
    found = moments(group, ["year", "code"], weight, group["_above"], group["_below"], design.cluster)
    return {(year, code): ratio(parts, drawn_at[(year,)]) for (year, code), parts in found.items()}


def _numbers(one: Counted, years: Sequence[int], by: str) -> Cells:
    counting, rows = one.counting, counted_rows(one.table, one.counting, years)
    under = _of(rows, counting.column) > 0 if counting.what == "sum" else None
    aggregates = {"numerator": number_of(rows, counting), "n": units(rows, under)}
    if counting.what == "persons":
        aggregates["n"] = aggregates["numerator"]
    if counting.days:
        measured = ibis.and_(*(rows[day].notnull() for day in counting.days))
        aggregates |= {"denominator": rows.count(where=measured), "n": units(rows, measured)}
    return _grouped(rows, by, aggregates)


def _of(rows: ir.Table, column: str | None) -> Any:
    return rows[str(column)].fill_null(0)


def _grouped(rows: ir.Table, by: str, aggregates: Mapping[str, ir.Value]) -> Cells:
    table = rows.group_by(rows.year, code=code_of(rows, by)).agg(**aggregates)
    small = table.order_by("year", "code").to_pyarrow().to_pylist()
    return {(row.pop("year"), row.pop("code")): row for row in small}


def code_of(rows: ir.Table, by: str) -> ir.StringValue:
    return rows[by].cast("string").fill_null(UNKNOWN) if by else rows.year.cast("string").substr(0, 0)


def _added(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Two countings added up: at least so many persons are under the sum as under the larger of them."""
    return {"numerator": old["numerator"] + new["numerator"], "n": max(old["n"], new["n"])}
