"""Key figures of which one counts a part of what another counts: what lies between them is a number too.

A population is what a figure counts, as the lines of the catalogue say it. One with the same table, day and lines and
some lines more is a part of it, and their difference is how many fall out by those lines. Sums, weighted counts and
several countings added up are left out: their difference is no number of units.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from das_research.catalog.models import Catalog, Condition, Figure
from das_research.disclosure.populations import Population, counts_units, population_of
from das_research.presentation.bands import Place, place_of
from das_research.result import TOTAL, Result

FUNCTION = "das_research.figures.compute"
Column = Literal["value", "numerator", "denominator"]
Spot = tuple[tuple[str, str], ...]  # the columns and codes that are no totals, and the year


def too_near_a_figure(catalog: Catalog, new: Result, shown: Iterable[Result], minimum: int) -> frozenset[Place]:
    """The cells of a key figure that differ by few from a shown cell of another, of which they are a part or the whole.

    Parameters
    ----------
    catalog : Catalog
        The lines of its figures.
    new : Result
        As it was computed.
    shown : iterable of Result
        Other Results on the same snapshot, as they left or are about to: a hidden cell has no number.
    minimum : int
        Fewer units than this tell of them.

    Returns
    -------
    frozenset of tuple
        Addresses, as those of a band.
    """
    mine = _counted(catalog, new)
    found: set[Place] = set()
    for other in shown if mine else ():
        for beside, theirs in _counted(catalog, other).items():
            related = (held for one, held in mine.items() if one.is_part_of(beside) or beside.is_part_of(one))
            found |= {
                place
                for held in related
                for spot, (number, place) in held.items()
                if spot in theirs and 0 < abs(number - theirs[spot][0]) < minimum
            }
    return frozenset(found)


def _counted(catalog: Catalog, result: Result) -> dict[Population, dict[Spot, tuple[float, Place]]]:
    """How many of each population a key figure tells, and where; nothing of another Result."""
    figure = catalog.figures.get(result.definition)
    if figure is None or result.recipe.function != FUNCTION:
        return {}
    found: dict[Population, dict[Spot, tuple[float, Place]]] = {}
    rows = result.table.to_dict("records")
    for column, population in _populations(figure):
        told = found.setdefault(population, {})
        for row in rows:
            if row[column] == row[column]:  # a hidden cell has no number
                codes = ((name, str(row[name])) for name in result.dimensions if row[name] != TOTAL)
                told[*codes, ("", str(row["period"]))] = float(row[column]), place_of(row, result.dimensions)
    return found


def _populations(figure: Figure) -> Iterator[tuple[Column, Population]]:
    """The columns of a figure's Result that are numbers of units, with what they count."""
    function = figure.function or ""
    if len(figure.count) == 1 and counts_units(figure.count[0]):
        above = figure.count[0]
        if above.what == "mean_days":
            known = tuple(Condition(column=day, operator="known") for day in above.days or ())
            yield "denominator", population_of(above.model_copy(update={"what": "rows"}), function, known)
        else:
            yield ("numerator" if figure.per else "value"), population_of(above, function)
    if figure.per and counts_units(figure.per):
        yield "denominator", population_of(figure.per, function)
