"""Who stands in the cells of a key figure: how gate 3 compares it with a researcher's own tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from das_research.catalog.check_counting import shared
from das_research.catalog.models import Counting, Figure
from das_research.chain.journey import cases_with_person
from das_research.conditions import condition_to_expression
from das_research.counting import KEYS, counted_rows
from das_research.errors import UsageError
from das_research.figures.cells import Counted, code_of
from das_research.figures.compute import counting_of, defined_figure, measure_of
from das_research.result import TOTAL
from das_research.tabulation.cube import UNIT
from das_research.tabulation.membership import CASE_OF, COUNTED, Cell, Members

if TYPE_CHECKING:
    from das_research.access.project import Project

CASE, PERSON = "case_id", "person_id"
SHARED = "shared"  # above and below the line of a share stand the same rows


def members_of_figure(project: "Project", parameters: Mapping[str, Any]) -> Members:
    """Who stands in the cells of a key figure, from the parameters of its recipe.

    Of a share: who is below its line, who of them is above it too, and who is not; of another ratio, who is above and
    who is below where its rows name persons or cases.

    Raises
    ------
    UsageError
        When what it counts names neither, or it is defined no more. Respondents of a survey are nobody of the chain.
    """
    figure = defined_figure(project, parameters["figure"])
    years = range(parameters["first_year"], parameters["last_year"] + 1)
    sides = list(_sides(project, figure))
    if any(side != "below" and it.sample is None and not _names_units(it) for it, side in sides):
        raise UsageError(f"Who is under the figure {figure.id} can't be told: its rows name neither persons nor cases.")
    counted = {side: _counts(it.counting) for it, side in sides}
    known = [(it, side) for it, side in sides if _names_units(it)]
    cases = all(CASE in it.table.columns for it, _ in known)
    rows = [_rows(project, figure, it, side, years, cases) for it, side in known] or [_nobody(sides[0][0].table)]

    def cells(row: Mapping[str, str]) -> Iterable[Cell]:
        for place in _places(figure, row):
            if row["side"] == SHARED:
                yield place, "known"
                yield place, "holds" if row["holds"] == "1" else "lacks"
            else:
                yield place, row["side"]

    together = ibis.union(*rows) if len(rows) > 1 else rows[0]
    return Members(together, cells, counts=lambda cell: counted.get(cell[1], counted.get(SHARED, "")))


def _names_units(one: Counted) -> bool:
    return not {PERSON, CASE}.isdisjoint(one.table.columns)


def _counts(counting: Counting) -> str:
    if counting.weight or counting.what in ("sum", "mean_days"):
        return ""
    return COUNTED[KEYS[counting.what]] if counting.what in KEYS else "rows"


def _sides(project: "Project", figure: Figure) -> Iterator[tuple[Counted, str]]:
    if figure.per and shared(figure):
        yield counting_of(project, figure, figure.per), SHARED
        return
    for counting in figure.count:
        yield counting_of(project, figure, counting), "above"
    if figure.per:
        yield counting_of(project, figure, figure.per), "below"


def _rows(project: "Project", figure: Figure, one: Counted, side: str, years: Sequence[int], cases: bool) -> ir.Table:
    counting = one.counting
    rows = counted_rows(_with_unit(project, one.table), counting, years)
    holds = condition_to_expression(rows, figure.count[0].where) if side == SHARED else ibis.literal(True)
    if counting.what == "sum" and counting.column:
        rows = rows.filter(rows[counting.column].fill_null(0) > 0)
        holds &= rows[str(figure.count[0].column)].fill_null(0) > 0 if side == SHARED else ibis.literal(True)
    if counting.days:
        rows = rows.filter(ibis.and_(*(rows[day].notnull() for day in counting.days)))
    codes = {f"by_{place}": code_of(rows, by) for place, by in enumerate(figure.by)}
    units = {UNIT: rows[UNIT].fill_null("")}
    units |= {name: rows[key if key in rows.columns else UNIT].cast("string") for key, name in COUNTED.items()}
    if cases:
        units[CASE_OF] = rows[CASE].cast("string").fill_null("")
    return rows.select(**units, side=ibis.literal(side), year=rows.year.cast("string"), **codes, holds=holds)


def _nobody(table: ir.Table) -> ir.Table:
    return table.filter(ibis.literal(False)).select(**{UNIT: ibis.literal(""), "side": ibis.literal("")})


def _with_unit(project: "Project", table: ir.Table) -> ir.Table:
    """The rows with who stands under them, as own tables name them: the person, else the case."""
    keys = [table[key].cast("string") for key in (PERSON, CASE) if key in table.columns]
    if PERSON not in table.columns and project.catalog.chain.person:
        persons = cases_with_person(project).select(CASE, **{UNIT: PERSON})
        joined = table.left_join(persons, CASE)
        return joined.select(*table.columns, **{UNIT: ibis.coalesce(joined[UNIT], joined[CASE])})
    return table.mutate(**{UNIT: ibis.coalesce(*keys)})


def _places(figure: Figure, row: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """The addresses of the cells that a row stands in: of its year, and one breakdown at a time."""
    nothing = [TOTAL] * len(figure.by)
    for codes in (nothing, *([*nothing[:at], row[f"by_{at}"], *nothing[at + 1 :]] for at in range(len(nothing)))):
        yield measure_of(figure), *codes, row["year"]
