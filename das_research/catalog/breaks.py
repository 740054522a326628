"""Which dated breaks fall within a series, so that nobody compares across one unwarned."""

from collections.abc import Collection
from datetime import date

from das_research.catalog.models import THEMES, Break, Catalog
from das_research.errors import UsageError


def breaks_between(
    catalog: Catalog, name: str, first_year: int, last_year: int, dimensions: Collection[str] = ()
) -> list[Break]:
    """The breaks in a series of whole years.

    Parameters
    ----------
    catalog : Catalog
        Where breaks stand.
    name : str
        A figure, a theme or a dataset. A break of a theme is one of every figure of the theme, and of every dataset
        that shows a stage of it; a break of a dataset is one of every key figure counted in it.
    first_year, last_year : int
        Of the series. A break on its very first day has nothing before it and is none.
    dimensions : collection of str
        What the series is broken down by. A break of one breakdown only is none of any other series.

    Returns
    -------
    list of Break
        By date.

    Raises
    ------
    UsageError
        When nothing has this name.
    """
    stages = catalog.chain.stages
    themes = {name, *(stage.theme for stage in stages if stage.dataset == name)}
    tables = {name}
    if name in catalog.figures:
        figure = catalog.figures[name]
        themes |= {figure.theme} if figure.theme else set()
        tables |= {counting.table for counting in figure.countings}
    known = {*catalog.figures, *catalog.datasets, *THEMES}
    if name not in known:
        raise UsageError(
            f"There is no series of '{name}'.",
            why="It is no figure, theme or dataset of the catalogue.",
            fix="das catalog search TEXT",
        )
    begin, end = date(first_year, 1, 1), date(last_year, 12, 31)
    found = [
        entry
        for entry in catalog.breaks.values()
        if begin < entry.date <= end
        and (entry.dimension is None or entry.dimension in dimensions)
        and (name in entry.figures or tables.intersection(entry.datasets) or themes.intersection(entry.themes))
    ]
    return sorted(found, key=lambda entry: (entry.date, entry.id))
