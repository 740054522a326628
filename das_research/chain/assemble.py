"""From a small computed table to a Result: what every function of the chain does at its end."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from das_research.catalog.models import Catalog, Text
from das_research.errors import CatalogError, UsageError
from das_research.result import AFTER, BEFORE, NUMBERS, TOTAL, Recipe, Result, Shape, Step
from das_research.style.numbers import format_period

if TYPE_CHECKING:
    from das_research.access.project import Project

CASES, ROWS, PERCENT, DAYS = "zaken", "rijen", "percent", "days"
UNKNOWN = "onbekend"
UNITS = {
    ROWS: Text(nl="rijen", en="rows"),
    PERCENT: Text(nl="procent", en="percent"),
    DAYS: Text(nl="dagen", en="days"),
}
DIMENSIONS = {
    "stage": Text(nl="fase", en="stage"),
    "span": Text(nl="traject", en="span"),
    "norm": Text(nl="norm", en="norm"),
    "days": Text(nl="dagen", en="days"),
    "dataset": Text(nl="bestand", en="file"),
    "rule": Text(nl="regel", en="rule"),
}
ALL = Text(nl="totaal", en="total")


def assemble(
    project: "Project",
    figure: str,
    rows: Sequence[Mapping[str, Any]],
    dimensions: Sequence[str],
    *,
    title: Text,
    measures: Mapping[str, Text],
    labels: Mapping[str, Mapping[str, Text]],
    recipe: Recipe,
    shape: Shape = "counts",
    attrition: Sequence[Step] = (),
) -> Result:
    """A Result of these rows; what a row doesn't name is empty, final, and a number or a true zero.

    Raises
    ------
    CatalogError
        When the catalogue does not define the figure.
    """
    definition = project.catalog.figures.get(figure)
    if definition is None:
        raise CatalogError(
            f"The catalogue does not define the figure '{figure}'.",
            why="A number without a definition does not exist.",
            fix=f"Write figures/{figure}.yaml.",
        )
    table = _table(figure, rows, dimensions)
    units = {CASES: project.catalog.chain.unit, **UNITS}
    shown = {
        "measure": measures,
        "unit": {unit: units[unit] for unit in table.unit.unique() if unit in units},
        "dimension": {
            name: _dimension(project, name) for name in dimensions if name not in labels.get("dimension", ())
        },
        **labels,
    }
    return Result(
        table=table,
        dimensions=tuple(dimensions),
        title=title,
        definition=figure,
        definition_version=definition.version,
        shape=shape,
        labels={column: dict(codes) for column, codes in shown.items()},
        recipe=recipe,
        project=project.id,
        snapshot=project.snapshot,
        synthetic=project.synthetic,
        linkage=dict(project.linkage),
        attrition=tuple(attrition),
    )


def _table(figure: str, rows: Sequence[Mapping[str, Any]], dimensions: Sequence[str]) -> pd.DataFrame:
    table = pd.DataFrame([{"figure": figure, **row} for row in rows]).reindex(columns=[*BEFORE, *dimensions, *AFTER])
    for column in NUMBERS:
        table[column] = pd.to_numeric(table[column]).astype("float64")
    known = table.value.map({0.0: "zero"}).fillna("number").where(table.value.notna(), "unknown")
    table["kind"] = table.kind.where(table.kind.notna(), known)
    table["revision"] = table.revision.where(table.revision.notna(), "final")
    table["disclosure"] = "not checked"
    return table


def _dimension(project: "Project", name: str) -> Text:
    return DIMENSIONS[name] if name in DIMENSIONS else project.catalog.chain.case_attributes[name].title


def stage_labels(project: "Project") -> dict[str, Text]:
    """Titles of the stages."""
    return {stage.id: stage.title for stage in project.catalog.chain.stages}


def attribute_labels(project: "Project", attribute: str, codes: Sequence[str]) -> dict[str, Text]:
    """Titles of the codes of an attribute that occur."""
    return code_labels(project.catalog, project.catalog.chain.case_attributes[attribute].classification, codes)


def code_labels(catalog: Catalog, classification: str | None, codes: Collection[str]) -> dict[str, Text]:
    """Titles of the codes that occur, in the order of the classification; a code without a title is its own."""
    titles = {code.code: code.label for code in catalog.classifications[classification].codes} if classification else {}
    special = {UNKNOWN: Text(nl="onbekend", en="unknown"), TOTAL: ALL}
    rest = [code for code in sorted(codes) if code not in titles and code not in special]
    ordered = [code for code in [*titles, *rest, *special] if code in codes]
    return {code: titles.get(code) or special.get(code) or Text(nl=code, en=code) for code in ordered}


def check_attributes(project: "Project", by: Sequence[str]) -> tuple[str, ...]:
    """The attributes of cases to break down by, or a refusal that lists those there are."""
    known = project.catalog.chain.case_attributes
    for name in by:
        if name not in known:
            raise UsageError(
                f"There is no attribute '{name}' of cases.", fix=f"Choose from: {', '.join(known) or 'none'}."
            )
    return tuple(dict.fromkeys(by))


def check_years(project: "Project", first_year: int, last_year: int) -> None:
    """Refuse years in the wrong order and years that no source covers."""
    if first_year > last_year:
        raise UsageError(
            f"The first year, {first_year}, comes after the last, {last_year}.",
            fix="Turn first_year and last_year around.",
        )
    if last_year > project.observed_until.year:
        raise UsageError(
            f"The year {last_year} was not observed.",
            why=f"The sources end at {project.observed_until.isoformat()}.",
            fix=f"Choose last_year={project.observed_until.year} or earlier.",
        )


def period_of(first_year: int, last_year: int) -> str:
    """How a Result writes a period.

    Examples
    --------
    >>> period_of(2012, 2024), period_of(2019, 2019)
    ('2012/2024', '2019')
    """
    return str(first_year) if first_year == last_year else f"{first_year}/{last_year}"


def in_period(what: Text, period: str) -> Text:
    """A title with its period behind it.

    Examples
    --------
    >>> in_period(Text(nl="Stroom", en="Flow"), "2012/2024").en
    'Flow, 2012 to 2024'
    """
    return Text(nl=f"{what.nl}, {format_period(period, 'nl')}", en=f"{what.en}, {format_period(period, 'en')}")


def revision_of(project: "Project", last_year: int) -> str:
    """A period the sources don't cover to its last day is provisional."""
    return "final" if date(last_year, 12, 31) <= project.observed_until else "provisional"
