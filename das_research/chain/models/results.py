"""A fitted model as a Result: what readers see, and beside it what gate 3 judges it by."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from das_research.catalog.models import Catalog, Text
from das_research.chain.models.design import Column, Design, Numbers
from das_research.chain.models.influence import largest_shares
from das_research.result import AFTER, BEFORE, TOTAL, Recipe, Result
from das_research.tabulation.labels import code_labels, column_title
from das_research.tabulation.own_keys import kept_columns
from das_research.tabulation.queries import Project

FIGURE, VERSION = "own-model", "1"
DIMENSIONS = ("term", "level")
MEASURES = {
    "coefficient": Text(nl="coëfficiënt", en="coefficient"),
    "odds_ratio": Text(nl="kansverhouding (odds ratio)", en="odds ratio"),
    "hazard_ratio": Text(nl="hazard ratio", en="hazard ratio"),
    "largest_share": Text(nl="grootste aandeel van één persoon", en="largest share of one person"),
    "rows": Text(nl="waarnemingen", en="observations"),
    "persons": Text(nl="personen", en="persons"),
    "events": Text(nl="met de uitkomst", en="with the outcome"),
    "degrees_of_freedom": Text(nl="vrijheidsgraden", en="degrees of freedom"),
    "spare_patterns": Text(nl="patronen min coëfficiënten", en="patterns less coefficients"),
    "pseudo_r_squared": Text(nl="pseudo-R² (McFadden)", en="pseudo-R² (McFadden)"),
    "concordance": Text(nl="concordantie (Harrell)", en="concordance (Harrell)"),
    "log_likelihood": Text(nl="log-likelihood", en="log-likelihood"),
    "residual_trend": Text(nl="trend van de residuen met de tijd", en="trend of residuals with time"),
    "proportional_p": Text(nl="p-waarde: evenredige hazards", en="p-value: proportional hazards"),
}
UNITS = {
    "coefficient": Text(nl="coëfficiënt", en="coefficient"),
    "ratio": Text(nl="verhouding", en="ratio"),
    "percent": Text(nl="procent", en="percent"),
    "number": Text(nl="aantal", en="number"),
    "persons": Text(nl="personen", en="persons"),
}
WORDS = {
    "term": Text(nl="kenmerk", en="term"),
    "level": Text(nl="klasse", en="level"),
    "intercept": Text(nl="constante", en="intercept"),
    "whole": Text(nl="hele model", en="whole model"),
    "none": Text(nl="–", en="–"),
}
BOTH = Text(nl="{} naar {}", en="{} by {}")


@dataclass(frozen=True)
class Fit:
    """What a library fitted, with an intercept or without one.

    Parameters
    ----------
    coefficients, errors : array
        By column of the design.
    limits : array
        Their 95% limits, a row a coefficient.
    intercept : tuple of float, optional
        Of a model that has one: coefficient, standard error, limits.
    ratio : str
        What the exponent of a coefficient is: ``odds_ratio`` or ``hazard_ratio``.
    summary : dict
        Measures of the whole model.
    tests : dict
        Further measures of each coefficient.
    """

    coefficients: Numbers
    errors: Numbers
    limits: Numbers
    ratio: str
    summary: Mapping[str, float]
    tests: Mapping[str, Numbers] = field(default_factory=dict)
    intercept: tuple[float, float, float, float] | None = None


def model_result(
    project: Project, design: Design, happened: Numbers, fit: Fit, what: str, title: Text | None, recipe: Recipe
) -> Result:
    """The Result of a fit.

    Parameters
    ----------
    project : Project
        Where it was computed.
    design : Design
        What it was fitted on.
    happened : array
        Whether (1) or not (0) each row has the outcome.
    fit : Fit
        The coefficients.
    what : str
        The column that the model explains.
    title : Text or None
        Default: what it explains, by what.
    recipe : Recipe
        How gate 3 computes it again.

    Returns
    -------
    Result
        Shape `model`, dimensions `term` and `level` (`_T` for a number, and for the model as a whole).
    """
    kept = kept_columns(project, recipe.parameters["query"], [what, *design.levels])
    titles = {name: column_title(project.catalog, name, kept=name in kept) for name in (what, *design.levels)}
    rows = [*_coefficients(design, happened, fit), *_whole(design, happened, fit)]
    table = pd.DataFrame([{"figure": FIGURE, "period": TOTAL, **row} for row in rows])
    kind = table.value.map(lambda value: "unknown" if pd.isna(value) else "zero" if value == 0 else "number")
    return Result(
        table=table.assign(kind=kind, revision="final", disclosure="not checked").reindex(
            columns=[*BEFORE, *DIMENSIONS, *AFTER]
        ),
        dimensions=DIMENSIONS,
        title=title or _title(titles[what], [titles[name] for name in design.levels]),
        definition=FIGURE,
        definition_version=VERSION,
        shape="model",
        labels={
            "measure": {name: MEASURES[name] for name in table.measure.unique()},
            "unit": {name: UNITS[name] for name in table.unit.unique()},
            "dimension": {name: WORDS[name] for name in DIMENSIONS},
            "term": ({"intercept": WORDS["intercept"]} if fit.intercept is not None else {})
            | {name: titles[name] for name in design.levels}
            | {TOTAL: WORDS["whole"]},
            "level": {**_levels(project.catalog, design, kept), TOTAL: WORDS["none"]},
        },
        recipe=recipe,
        project=project.id,
        snapshot=project.snapshot,
        synthetic=project.synthetic,
        linkage=dict(project.linkage),
        attrition=design.attrition,
    )


def _coefficients(design: Design, happened: Numbers, fit: Fit) -> Iterator[dict[str, Any]]:
    shares = largest_shares(design.matrix, design.units)
    place = {column: i for i, column in enumerate(design.columns)}
    if fit.intercept is not None:
        value, se, lower, upper = fit.intercept
        numbers = {"value": value, "se": se, "lower": lower, "upper": upper, "n": _fewest(design, happened)}
        yield {"measure": "coefficient", "term": "intercept", "level": TOTAL, "unit": "coefficient", **numbers}
    for term, levels in design.levels.items():
        for level in levels or ("",):
            column = Column(term, level)
            at = {"term": term, "level": level or TOTAL}
            n = _fewest(design, happened, _rows_of(design, column))
            if column not in place:  # the reference
                yield {"measure": "coefficient", **at, "unit": "coefficient", "value": 0, "n": n}
                yield {"measure": fit.ratio, **at, "unit": "ratio", "value": 1, "n": n}
                continue
            i = place[column]
            value, se, (lower, upper) = fit.coefficients[i], fit.errors[i], fit.limits[i]
            numbers = {"value": value, "se": se, "lower": lower, "upper": upper, "n": n}
            yield {"measure": "coefficient", **at, "unit": "coefficient", **numbers}
            ratio = np.exp([value, lower, upper])
            numbers = {"value": ratio[0], "se": ratio[0] * se, "lower": ratio[1], "upper": ratio[2], "n": n}
            yield {"measure": fit.ratio, **at, "unit": "ratio", **numbers}
            for measure, values in fit.tests.items():
                yield {"measure": measure, **at, "unit": "coefficient", "value": values[i], "n": n}
            yield {"measure": "largest_share", **at, "unit": "percent", "value": 100 * shares[i], "n": n}


def _rows_of(design: Design, column: Column) -> "np.typing.NDArray[np.bool_]":
    """The rows that make a coefficient: those of its level; of a number, those that differ from its commonest value."""
    if column.level:
        return design.classes[column.term] == design.levels[column.term].index(column.level)
    values, counts = np.unique(design.matrix[:, design.columns.index(column)], return_counts=True)
    return design.matrix[:, design.columns.index(column)] != values[np.argmax(counts)]


def _fewest(design: Design, happened: Numbers, rows: "np.typing.NDArray[np.bool_] | None" = None) -> int:
    """The fewer of the persons with the outcome and of those without it, among some rows."""
    some = np.ones(len(happened), bool) if rows is None else rows
    return min(design.count(some & (happened > 0)), design.count(some & (happened == 0)))


def _whole(design: Design, happened: Numbers, fit: Fit) -> Iterator[dict[str, Any]]:
    n = _fewest(design, happened)
    parameters = len(fit.coefficients) + (fit.intercept is not None)
    informing = design.persons if fit.intercept is not None else design.count(happened > 0)
    counts = {
        "rows": len(happened),
        "persons": design.persons,
        "events": int(happened.sum()),
        "degrees_of_freedom": informing - parameters,
        "spare_patterns": len(np.unique(design.matrix, axis=0)) - parameters,
    }
    units = {"persons": "persons", "pseudo_r_squared": "ratio", "concordance": "ratio"}
    units |= dict.fromkeys(("log_likelihood", "proportional_p"), "coefficient")
    for measure, value in {**counts, **fit.summary}.items():
        at = {"term": TOTAL, "level": TOTAL, "unit": units.get(measure, "number")}
        yield {"measure": measure, **at, "value": value, "n": n}


def _levels(catalog: Catalog, design: Design, kept: Collection[str]) -> dict[str, Text]:
    """The labels of all levels; of a code that two terms mean something else by, the code."""
    levels: dict[str, Text] = {}
    for name, codes in design.levels.items():
        for code, text in code_labels(catalog, name, codes, kept=name in kept).items():
            levels[code] = text if levels.get(code, text) == text else Text(nl=code, en=code)
    return levels


def _title(what: Text, terms: Sequence[Text]) -> Text:
    """What a model explains, by what."""
    said = {
        language: BOTH[language].format(what[language], ", ".join(title[language].lower() for title in terms))
        for language in ("nl", "en")
    }
    return Text(**said)
