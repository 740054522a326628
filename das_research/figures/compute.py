"""A key figure of the catalogue as a Result: its lines executed on a project, a year a number, with its breakdowns."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from das_research.catalog.coarsening import coarsenings
from das_research.catalog.key_figures import key_figures
from das_research.catalog.models import Counting, Figure, Text
from das_research.catalog.tables import attributes_of, variable_of
from das_research.chain.assemble import (
    ALL,
    DAYS,
    PERCENT,
    assemble,
    check_years,
    code_labels,
    period_of,
    revision_of,
)
from das_research.chain.journey import granted
from das_research.counting import KEYS as COUNTED
from das_research.errors import UsageError
from das_research.figures.attrition import attrition
from das_research.figures.cells import Cells, Counted, cells, margin
from das_research.figures.functions import with_its_columns
from das_research.figures.units import KEYS
from das_research.result import TOTAL, Recipe, Result
from das_research.sensitivity import with_band
from das_research.style.numbers import format_period, rounded

if TYPE_CHECKING:
    from das_research.access.project import Project

FUNCTION = "das_research.figures.compute"


def _reads_persons(project: "Project", figure: str, *_: int, **__: int) -> bool:
    """Whether a key figure counts persons, or has a function, which may do anything with them."""
    defined = defined_figure(project, figure)
    counts_them = any(counting.what == "persons" or counting.table == "persons" for counting in defined.countings)
    return counts_them or defined.function is not None


@with_band(_reads_persons)
def compute(project: "Project", figure: str, first_year: int, last_year: int) -> Result:
    """A key figure, for every calendar year, as a total and by each of its breakdowns.

    Parameters
    ----------
    project : Project
        From `das_research.open_project`.
    figure : str
        Its id in the catalogue.
    first_year, last_year : int
        Calendar years, both included.

    Returns
    -------
    Result
        One measure: ``number``, ``share`` (percent), ``rate`` or ``mean``. Dimensions: the columns it is broken down
        by, one at a time. `n`: distinct persons under the number, cases or rows where persons are not known; of a share
        the smaller of those in it and those outside it. A year in which nothing is below the line has no value. Shares
        of a survey have a standard error and 95% limits by how its respondents were drawn.

    Raises
    ------
    UsageError
        When the catalogue has no such key figure, or the years are in the wrong order or were not observed.
    AccessRefused
        When the grant leaves out a table or column that is needed.
    CatalogError
        When the figure names a function that does not exist.

    Examples
    --------
    >>> das.figures.compute(project, "sepotpercentage", 2012, 2024)  # doctest: +SKIP
    """
    defined = defined_figure(project, figure)
    check_years(project, first_year, last_year)
    years = range(first_year, last_year + 1)
    above = [counting_of(project, defined, counting) for counting in defined.count]
    below = counting_of(project, defined, defined.per) if defined.per else None
    found = {by: cells(defined, above, below, years, by) for by in ("", *defined.by)}
    codes = {by: _codes(project, defined, by, found[by]) for by in defined.by}
    made = assemble(
        project,
        figure,
        [row for by, held in found.items() for row in _rows(project, defined, by, held, years, codes.get(by, [""]))],
        defined.by,
        title=_titled(defined.title, first_year, last_year),
        measures={measure_of(defined): defined.title},
        labels={
            "unit": {unit_of(defined): defined.unit},
            "dimension": {name: _column_title(project, defined, name) for name in defined.by},
            **{name: {**titles, TOTAL: ALL} for name, titles in codes.items()},
        },
        recipe=Recipe(FUNCTION, {"figure": figure, "first_year": first_year, "last_year": last_year}),
        attrition=attrition([below] if below else above, years),
    )
    counted = {counting.table for counting in defined.countings}
    return replace(made, linkage={name: share for name, share in made.linkage.items() if name in counted})


def measure_of(figure: Figure) -> str:
    """What kind of number it is."""
    if figure.per is None:
        return "mean" if any(counting.what == "mean_days" for counting in figure.count) else "number"
    return "share" if figure.scale == 100 else "rate"


def unit_of(figure: Figure) -> str:
    """The id of the unit in which its value is given."""
    return {"mean": DAYS, "share": PERCENT}.get(measure_of(figure), str(figure.numerator))


def defined_figure(project: "Project", figure: str) -> Figure:
    known = {one.id: one for one in key_figures(project.catalog)}
    if figure not in known:
        raise UsageError(
            f"There is no key figure '{figure}'.", fix=f"Type das figure list; there are: {', '.join(known) or 'none'}."
        )
    return known[figure]


def counting_of(project: "Project", figure: Figure, counting: Counting) -> Counted:
    table = with_its_columns(project, figure, project.tables[counting.table])
    wanted = [name for one in figure.countings if one.table == counting.table for name in _columns(one)]
    coarse = coarsenings(project.grant, counting.table)
    dataset = project.catalog.datasets.get(counting.table)
    sample = dataset.sample if dataset and counting.weight else None
    design = (*sample.strata, *([sample.cluster] if sample.cluster else [])) if sample else ()
    needed = (*wanted, *design, *figure.by, *(coarse if figure.function else ()))  # nobody knows what a function reads
    lacking = [name for name in needed if name not in table.columns or name in coarse]
    if lacking:
        granted(project, counting.table, lacking)
    kept = (name for name in (*design, *wanted, *figure.by, *KEYS) if name in table.columns)
    return Counted(counting, table.select(*dict.fromkeys(kept)), sample)


def _columns(counting: Counting) -> list[str]:
    """Every column that a counting needs: those it names, and the key of what it counts."""
    key = COUNTED.get(counting.what)
    return [*counting.named, *([key] if key else [])]


def _rows(
    project: "Project", figure: Figure, by: str, held: Cells, years: Sequence[int], codes: Collection[str]
) -> Iterator[dict[str, Any]]:
    for code in codes:
        for year in years:
            yield {
                "measure": measure_of(figure),
                "period": str(year),
                "unit": unit_of(figure),
                "revision": _revision(project, figure, year),
                **{name: code if name == by else TOTAL for name in figure.by},
                **_numbers(figure, held.get((year, code), {})),
            }


def _numbers(figure: Figure, cell: dict[str, Any]) -> dict[str, Any]:
    numerator, n = cell.get("numerator"), cell.get("n") or 0
    kind = measure_of(figure)
    if kind == "number":
        return {"value": _given(figure, numerator or 0), "n": n}
    denominator = cell.get("denominator") or 0
    if not denominator:
        return {"kind": "cannot occur", "denominator": 0, "n": 0}
    if kind == "mean":
        return {"value": _given(figure, numerator), "denominator": denominator, "n": n}
    ratio = figure.scale * (numerator or 0) / denominator
    return {
        "value": ratio if kind == "share" else _given(figure, ratio),
        "numerator": numerator or 0,
        "denominator": denominator,
        "n": n,
        **margin(cell, figure.scale),
    }


def _given(figure: Figure, value: Any) -> float:
    return float(rounded(float(value), figure.decimals))


def _revision(project: "Project", figure: Figure, year: int) -> str:
    recent = year > project.observed_until.year - figure.provisional_years
    return "provisional" if recent else revision_of(project, year)


def _titled(title: Text, first_year: int, last_year: int) -> Text:
    period = period_of(first_year, last_year)
    return Text(nl=f"{title.nl}, {format_period(period)}", en=f"{title.en}, {format_period(period, 'en')}")


def _column_title(project: "Project", figure: Figure, name: str) -> Text:
    table = figure.count[0].table
    variable = variable_of(project.catalog, f"{table}.{name}")
    attribute = attributes_of(project.catalog, table).get(name)
    found = variable or attribute
    return found.title if found else Text(nl=name, en=name)


def _codes(project: "Project", figure: Figure, name: str, held: Cells) -> dict[str, Text]:
    table = figure.count[0].table
    found = variable_of(project.catalog, f"{table}.{name}") or attributes_of(project.catalog, table).get(name)
    named = found.classification if found else None
    return code_labels(project.catalog, named, {code for _, code in held})
