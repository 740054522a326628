"""The sums under a weighted estimate and its variance, as the engine gives them: a row a group and stratum.

What the respondents of a group add to the two sides of a ratio is summed by the cluster in which they were drawn; who
is outside the group adds nothing. How many clusters each stratum has is counted over all respondents, since a group is
no sample of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import ibis
import ibis.expr.types as ir

EXACT = "decimal(18, 6)"  # sums of decimals do not depend on the order in which an engine adds
SQUARES = "decimal(38, 6)"
STRATUM, CLUSTER = "_stratum", "_cluster"

Group = tuple[Any, ...]


@dataclass(frozen=True)
class Part:
    """What one stratum adds to the estimate of one group: sums over its clusters.

    Parameters
    ----------
    y, x : float
        Weighted sums above and below the line.
    yy, xy, xx : float
        The same, of the squares and products of each cluster's sums.
    """

    y: float
    x: float
    yy: float
    xy: float
    xx: float


def drawn(table: ir.Table, weight: str, strata: Sequence[str], cluster: str | None) -> ir.Table:
    """The respondents that stand for somebody, with the stratum and the cluster in which each was drawn.

    Parameters
    ----------
    table : Table
        A row a respondent.
    weight : str
        The column with how many each stands for. Who has no weight, or one of zero, stands for nobody and is left out.
    strata : sequence of str
        Columns by which the population was divided before drawing; the sample of each is one of its own.
    cluster : str, optional
        The column of what was drawn first, of which respondents are members. Default: each respondent by itself.
    """
    there = table.filter((table[weight] > 0).fill_null(False))
    parts = [there[name].cast("string").fill_null("") for name in strata]
    stratum = ibis.literal("|").join(parts) if parts else ibis.literal("")
    own = there[cluster].cast("string").fill_null("") if cluster else ibis.literal("")
    return there.mutate(**{STRATUM: stratum, CLUSTER: own})


def clusters(sample: ir.Table, by: Sequence[str], cluster: str | None) -> dict[Group, dict[str, int]]:
    """How many clusters every stratum has, in each sample there is.

    Parameters
    ----------
    sample : Table
        From `drawn`, all of it.
    by : sequence of str
        What tells samples apart: the year.
    cluster : str, optional
        As there.
    """
    number = sample[CLUSTER].nunique() if cluster else sample.count()
    found: dict[Group, dict[str, int]] = {}
    for row in _by_stratum(sample.group_by(*by, STRATUM).agg(_number=number)):
        found.setdefault(tuple(row[name] for name in by), {})[row[STRATUM]] = row["_number"]
    return found


def moments(
    sample: ir.Table,
    by: Sequence[str],
    weight: str,
    above: ir.NumericValue,
    below: ir.NumericValue,
    cluster: str | None,
) -> dict[Group, dict[str, Part]]:
    """Of every group the sums of every stratum.

    Parameters
    ----------
    sample : Table
        From `drawn`; the respondents of any group, with the columns of `by`.
    by : sequence of str
        Columns that make groups.
    weight : str
        As there.
    above, below : NumericValue
        What a respondent adds above and below the line, before weighting.
    cluster : str, optional
        As there.

    Returns
    -------
    dict
        Codes of a group to stratum to its sums.
    """
    weights = sample[weight].cast(EXACT)
    y, x = (weights * side.cast(EXACT) for side in (above, below))
    rows = sample.select(*by, STRATUM, CLUSTER, _y=y.cast(SQUARES), _x=x.cast(SQUARES))
    if cluster:
        rows = rows.group_by(*by, STRATUM, CLUSTER).agg(_y=rows._y.sum(), _x=rows._x.sum())
    floats = {name: rows[name].cast("float64") for name in ("_y", "_x")}
    products = {
        "yy": floats["_y"] * floats["_y"],
        "xy": floats["_x"] * floats["_y"],
        "xx": floats["_x"] * floats["_x"],
    }
    sums: dict[str, ir.NumericScalar] = {"y": rows._y.sum(), "x": rows._x.sum()}
    sums |= {name: product.cast(SQUARES).sum() for name, product in products.items()}
    table = rows.group_by(*by, STRATUM).agg(**{name: total.cast("float64") for name, total in sums.items()})
    found: dict[Group, dict[str, Part]] = {}
    for row in _by_stratum(table):
        group = tuple(row[name] for name in by)
        found.setdefault(group, {})[row[STRATUM]] = Part(**{name: row[name] or 0.0 for name in sums})
    return found


def _by_stratum(table: ir.Table) -> list[dict[str, Any]]:
    """The rows in the order of their strata, in which floats are then added: an engine gives them in no order."""
    return sorted(table.to_pyarrow().to_pylist(), key=itemgetter(STRATUM))


def whole(parts: Mapping[str, Part]) -> tuple[float, float]:
    """The weighted sums above and below the line, of all strata together."""
    return sum(part.y for part in parts.values()), sum(part.x for part in parts.values())
