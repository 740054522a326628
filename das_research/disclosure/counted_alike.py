"""Which numbers of the files count the same as a counting of the catalogue, and which of them it is about."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from das_research.catalog.models import Catalog, Counting, Figure
from das_research.disclosure.attacker.codes import ALL, OTHERS, PERIOD, months_in, upward
from das_research.disclosure.attacker.known import Seen
from das_research.disclosure.attacker.readings import definition_of
from das_research.disclosure.populations import ONE_OF, Line, Population, counts_units, population_of
from das_research.disclosure.tables.hierarchies import hierarchies_of

Codes = dict[str, frozenset[str]]
Alike = Mapping[str, Codes | None]  # what counts the same, with the codes it is about; None where they are not told
APART = re.compile(r"/[^/=]+=([^/]*)")


@dataclass(frozen=True)
class Shape:
    """The dimensions of one kind of units: all finest codes that the files tell of, and those without a total.

    And what it adds up, where it is what a key figure of the catalogue counts; else nothing.
    """

    codes: dict[str, set[str]]
    without_total: frozenset[str]
    adds_up: list[Population]


def shapes_of(catalog: Catalog, cells: Iterable[Seen]) -> dict[str, Shape]:
    """Of everything counted its dimensions, and what it is."""
    by_counted: dict[str, list[Seen]] = {}
    for cell in cells:
        by_counted.setdefault(cell.counted, []).append(cell)
    shapes = {}
    for counted, several in by_counted.items():
        sets: dict[str, set[frozenset[str]]] = {PERIOD: set()}
        for name, codes in (pair for cell in several for pair in cell.where):
            sets.setdefault(name, set()).add(codes)
        known = {name: set().union(*found) for name, found in sets.items()}
        totals_of = {
            name for name, codes in known.items() if codes in sets[name] and (len(codes) > 1 or codes == {ALL})
        }
        figure = catalog.figures.get(definition_of(counted)) if _is_whole(counted) else None
        shapes[counted] = Shape(known, frozenset(known.keys() - totals_of - {PERIOD}), _of_figure(figure))
    return shapes


def is_told(year: int, shape: Shape) -> bool:
    """Whether the files tell of all months of a year."""
    return set(months_in(str(year))) <= shape.codes[PERIOD]


def alike_of(catalog: Catalog, countings: Sequence[Counting], shapes: dict[str, Shape]) -> Alike:
    """What counts the same as a counting, or adds up the same ones."""
    mine, found = [population_of(it) for it in countings], dict[str, Codes | None]()
    for counted, shape in shapes.items():
        theirs = shape.adds_up
        if not len(mine) == len(theirs) > 0:
            continue
        if len(mine) == 1:
            if mine[0].is_same_as(theirs[0]) or mine[0].is_part_of(theirs[0]):
                found[counted] = _where(catalog, mine[0].beyond(theirs[0]), shape)
        elif all(sum(it.is_same_as(one) for one in mine) == sum(it.is_same_as(one) for one in theirs) for it in mine):
            found[counted] = _where(catalog, (), shape)
    return found


def _is_whole(counted: str) -> bool:
    """Whether it is not one code of a dimension whose codes don't add up, which the attacker counts apart."""
    return all(code == ALL for code in APART.findall(counted))


def _of_figure(figure: Figure | None) -> list[Population]:
    """What the value of a key figure adds up; nothing where it is no number of units."""
    if (
        figure is None
        or figure.per is not None
        or any(it.what == "mean_days" or not counts_units(it) for it in figure.count)
    ):
        return []
    return [population_of(it, figure.function or "") for it in figure.count]


def _where(catalog: Catalog, lines: Sequence[Line], shape: Shape) -> Codes | None:
    """The finest codes that the lines choose; None where the table does not tell them apart."""
    # of a dimension without a total the files hold some codes, and others published of all
    where: Codes = {name: frozenset({*shape.codes[name], OTHERS}) for name in shape.without_total}
    chosen: Codes = {}
    for column, operator, values in lines:
        above = hierarchies_of(catalog, [column]).get(column, {})
        inside = {code: upward(code, above) for code in shape.codes.get(column, ())}
        if operator not in ONE_OF or column in chosen or set(values) - set().union(*inside.values()):
            return None
        chosen[column] = frozenset(code for code, those in inside.items() if those & set(values))
    return where | chosen
