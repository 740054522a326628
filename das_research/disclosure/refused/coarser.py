"""What could be handed over in the place of a Result: coarser tables that its recipe can give, from its own rows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import pandas as pd

from das_research.catalog.models import Catalog
from das_research.disclosure.own_tables import COUNTED, TABULATE
from das_research.disclosure.tables.hierarchies import hierarchies_of
from das_research.presentation.addresses import MEASURE, PERIOD
from das_research.presentation.bands import Place
from das_research.result import TOTAL, Result

FLOW = "das_research.chain.flow"
PERIODS: Mapping[str, tuple[str, ...]] = {"month": ("quarter", "year"), "quarter": ("year",)}
FIRST, LAST = ("open_begin",), ("open_end",)  # measures of a flow that stand at one day; the others add up over periods
ADDED = ("value", "numerator", "denominator")
Kind = Literal["breakdown", "measure", "period", "upward", "table"]


@dataclass(frozen=True)
class Change:
    """One thing that would be left out or told in less detail.

    Parameters
    ----------
    table : str
        Name of the Result.
    kind : {'breakdown', 'measure', 'period', 'upward', 'table'}
        A breakdown or a measure is left out; a flow is told by longer periods; codes of a dimension are told by those
        above them; the whole table is left out.
    name : str
        Which breakdown or measure, which periods; empty of a table.
    """

    table: str
    kind: Kind
    name: str = ""


def coarser(table: str, result: Result, catalog: Catalog) -> Iterator[tuple[Change, Result]]:
    """Every Result one step coarser that a recipe can give, as it would be computed.

    Parameters
    ----------
    table : str
        Name of the Result.
    result : Result
        As it was computed.
    catalog : Catalog
        What is a part of what among codes.

    Yields
    ------
    Change, Result
        What changes, and the Result then.
    """
    asked = result.recipe.parameters
    for name in asked.get("by", ()):
        if (found := _without_breakdown(result, name)) is not None:
            yield Change(table, "breakdown", name), found
    if len(asked.get("measures", ())) > 1:
        for name in asked["measures"]:
            yield Change(table, "measure", name), _without_measure(result, name)
    if result.recipe.function == FLOW:
        for longer in PERIODS.get(asked.get("every", "year"), ()):
            yield Change(table, "period", longer), _by_longer_periods(result, longer)
    if result.recipe.function == TABULATE and _only_counts(result):
        for name, above in hierarchies_of(catalog, result.dimensions).items():
            if set(result.table[name]) & set(above):
                yield Change(table, "upward", name), _upward(result, name, above)


def dropped(place: Place, dimensions: tuple[str, ...], name: str) -> Place | None:
    """The address of a cell in the table without a breakdown; None where the cell is no total of it.

    Examples
    --------
    >>> dropped(("zaken", "wv", "_T", "2024"), ("soort", "regio"), "regio")
    ('zaken', 'wv', '2024')
    >>> dropped(("zaken", "wv", "noord", "2024"), ("soort", "regio"), "regio") is None
    True
    """
    if name not in dimensions:  # it is the period that is no breakdown any more
        return place if place[-1] == TOTAL else None
    at = 1 + dimensions.index(name)
    return (*place[:at], *place[at + 1 :]) if place[at] == TOTAL else None


def _without_breakdown(result: Result, name: str) -> Result | None:
    """The rows that are totals of a breakdown, without its column; None where there are none, or all are."""
    column = name if name in result.dimensions else PERIOD
    total = result.table[column] == TOTAL
    if not total.any() or total.all():
        return None
    rest = tuple(it for it in result.dimensions if it != name)
    labels = {key: texts for key, texts in result.labels.items() if key != name}
    labels |= {"dimension": {key: text for key, text in labels.get("dimension", {}).items() if key != name}}
    kept = {"by": [it for it in result.recipe.parameters["by"] if it != name]}
    table = result.table[total].drop(columns=[name] if column == name else [])
    return replace(
        _asking(result, **kept),
        table=table,
        dimensions=rest,
        labels=labels,
        dominance=_moved(result, lambda place: dropped(place, result.dimensions, name)),
        band=None,
        attrition=(),
    )


def _without_measure(result: Result, name: str) -> Result:
    asked = result.recipe.parameters["measures"]
    left = [it for it in asked if it != name]
    rest = {it: asked[it] for it in left} if isinstance(asked, dict) else left
    moved = _moved(result, lambda place: None if place[0] == name else place)
    table = result.table[result.table.measure != name]
    return replace(_asking(result, measures=rest), table=table, dominance=moved, band=None)


def _moved(result: Result, where: Callable[[Place], Place | None]) -> Any:
    """What the rules of concentration say, at the addresses that are left."""
    told = result.dominance
    if told is None:
        return None

    def mapped(percents: Mapping[Place, int]) -> dict[Place, int]:
        pairs = ((where(place), percent) for place, percent in percents.items())
        return {place: percent for place, percent in pairs if place is not None}

    apart = frozenset(place for place in map(where, told.apart) if place is not None)
    return replace(told, needs=mapped(told.needs), known=mapped(told.known), apart=apart)


def _by_longer_periods(result: Result, longer: str) -> Result:
    """A flow by longer periods: what came and went adds up, and what is open stands at the first or the last day."""
    within = result.table.period.map(lambda period: _longer(period, longer))
    rows = [row for _, row in result.table[within.isna()].iterrows()]
    short = result.table.assign(within=within)[within.notna() & ~within.isin(set(result.table.period))]
    for _, part in short.sort_values(PERIOD, kind="stable").groupby(
        [MEASURE, *result.dimensions, "within"], sort=False
    ):
        measure, occurs = part.measure.iloc[0], part.kind.iloc[0] != "cannot occur"
        row = part.iloc[-1 if measure in LAST else 0].copy()
        row[PERIOD], row["revision"] = row["within"], part.revision.iloc[-1]
        if occurs and measure not in (*FIRST, *LAST):
            row["value"], row["n"] = part.value.sum(), part.n.max()
            row["kind"] = "number" if row["value"] else "zero"
        rows.append(row)
    made = pd.DataFrame(rows).reindex(columns=result.table.columns)
    asked = {name: value for name, value in result.recipe.parameters.items() if name != "every"}
    asked |= {} if longer == "year" else {"every": longer}
    return replace(result.with_table(made), recipe=replace(result.recipe, parameters=asked), band=None)


def _longer(period: str, longer: str) -> str | None:
    """The quarter or the year of a month or a quarter; None of any other period.

    Examples
    --------
    >>> _longer("2024-05", "quarter"), _longer("2024-Q2", "year"), _longer("2020/2024", "year"), _longer("2024", "year")
    ('2024-Q2', '2024', None, None)
    """
    year, _, part = period.partition("-")
    if not part:
        return None
    if longer == "year":
        return year
    return period if part.startswith("Q") else f"{year}-Q{(int(part) + 2) // 3}"


def _only_counts(result: Result) -> bool:
    """Whether every measure of an own table counts rows, alone or as a share, so that codes add up."""
    asked = result.recipe.parameters.get("measures", {}).values()
    kinds = {what if isinstance(what, str) else what[0] for what in asked}
    return kinds <= {"count", "share"} and kinds <= set(COUNTED)


def _upward(result: Result, name: str, above: Mapping[str, str]) -> Result:
    """The table with codes of one dimension told by those above them. Persons: no fewer than under any of the codes."""
    table = result.table.assign(**{name: result.table[name].map(lambda code: above.get(code, code))})
    rows = []
    for _, part in table.groupby([MEASURE, *result.dimensions, PERIOD], sort=False):
        row = part.iloc[0].copy()
        if len(part) > 1:
            for column in ADDED:
                row[column] = part[column].sum(min_count=1)
            if pd.notna(row["denominator"]):
                row["value"] = 100 * row["numerator"] / row["denominator"] if row["denominator"] else float("nan")
            row["n"] = part.n.max()
            row["kind"] = part.kind[part.kind != "zero"].iloc[0] if (part.kind != "zero").any() else "zero"
        rows.append(row)
    made = replace(result.with_table(pd.DataFrame(rows)), band=None)
    return _asking(made, upward=name)  # no query that is known: who is under its cells was not compared


def _asking(result: Result, **changed: Any) -> Result:
    recipe = result.recipe
    return replace(result, recipe=replace(recipe, parameters=recipe.parameters | changed))
