"""The numbers of a synthetic chain, counted on its truth as published series say."""

from collections.abc import Sequence

from das_research.catalog.models import Catalog, Counting, Published, PublishedSeries
from das_research.counting import counted
from das_research.synthetic.truth_functions import FUNCTIONS, NEEDS
from das_research.synthetic.truth_tables import Tables, tables_of, with_columns_beside


class Numbers:
    """The numbers of a chain, by published series and year; what was counted once is kept.

    Parameters
    ----------
    catalog : Catalog
        The catalogue with the series.
    tables : mapping
        The true tables of the chain.
    years : range
        Of which it was made.
    scale : float
        Share of the real chain's size.
    """

    def __init__(self, catalog: Catalog, tables: Tables, years: range, scale: float):
        self.catalog, self.tables, self.years, self.scale = catalog, tables, years, scale
        self._counted: dict[Counting, dict[int, float]] = {}
        self._series: dict[tuple[str, str], dict[int, float]] = {}

    def of(self, entry: Published, name: str) -> dict[int, float]:
        """Year to the number of a series at the real chain's size, where something could be counted and divided by."""
        if (entry.id, name) not in self._series:
            series = entry.series[name]
            found = {} if self.missing(series) else self._numbers(series)
            size = self.scale if (series.kind or entry.kind) == "count" else 1
            self._series[entry.id, name] = {year: value / size for year, value in found.items()}
        return self._series[entry.id, name]

    def missing(self, series: PublishedSeries) -> list[str]:
        """The datasets that a series is counted in and the chain does not have."""
        needed = {table for counting in (*series.count, *series.per) for table in tables_of(counting)}
        if series.function is not None:
            needed.add(NEEDS.get(series.function) or str(series.arguments["table"]))
        return sorted(needed.difference(self.tables))

    def _numbers(self, series: PublishedSeries) -> dict[int, float]:
        if series.function is not None:
            found = FUNCTIONS[series.function](self.tables, self.years, **series.arguments)
            return _by_year(found.select("year", "value").to_pyarrow().to_pylist())
        above, below = (self._added(countings) for countings in (series.count, series.per))
        factor = series.times / series.divided_by
        if not series.per:
            return {year: value * factor for year, value in above.items()}
        return {year: value * factor / below[year] for year, value in above.items() if below.get(year)}

    def _added(self, countings: Sequence[Counting]) -> dict[int, float]:
        each = [self._one(counting) for counting in countings]
        return {year: sum(one[year] for one in each) for year in self.years if each and all(year in it for it in each)}

    def _one(self, counting: Counting) -> dict[int, float]:
        if counting not in self._counted:
            table = with_columns_beside(self.catalog, self.tables, counting.table, counting.named)
            found = _by_year(
                counted(table, counting, list(self.years)).select("year", "value").to_pyarrow().to_pylist()
            )
            nothing = {} if counting.what == "mean_days" else dict.fromkeys(self.years, 0.0)
            self._counted[counting] = nothing | found
        return self._counted[counting]


def _by_year(rows: list[dict]) -> dict[int, float]:
    return {row["year"]: float(row["value"]) for row in rows if row["value"] is not None}
