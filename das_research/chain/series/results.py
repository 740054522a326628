"""What is computed of a series as a Result: with the series itself under it, by which gate 3 judges it."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from das_research.catalog.models import Text
from das_research.chain.series.observed import Observed
from das_research.result import AFTER, BEFORE, TOTAL, Recipe, Result

VERSION = "1"
OBSERVED = Text(nl="waargenomen", en="observed")
UNITS = {
    "ratio": Text(nl="verhouding", en="ratio"),
    "percent": Text(nl="procent", en="percent"),
    "number": Text(nl="aantal", en="number"),
}


def series_result(
    result: Result,
    observed: Observed,
    rows: Iterable[Mapping[str, Any]],
    *,
    figure: str,
    title: Text,
    measures: Mapping[str, Text],
    recipe: Recipe,
    dimensions: Mapping[str, tuple[Text, Mapping[str, Text]]] | None = None,
) -> Result:
    """A Result of shape `series`.

    Parameters
    ----------
    result : Result
        Where the series comes from.
    observed : Observed
        The series.
    rows : iterable of mapping
        What was computed of it; a row without a period is of the whole series. `n` is the fewest under the series.
    figure : str
        What kind of computation it is.
    title, measures, recipe
        As a Result has them.
    dimensions : mapping, optional
        Name to its title and the titles of its codes.
    """
    named = dimensions or {}
    places = dict.fromkeys(named, TOTAL)
    under = [
        {"measure": "observed", "period": row["period"], **places}
        | {name: row[name] for name in ("value", "unit", "numerator", "denominator", "n", "revision", "kind")}
        for row in observed.rows
    ]
    computed = [{"period": TOTAL, **places, "revision": "final", "n": observed.fewest, **row} for row in rows]
    table = pd.DataFrame([*under, *computed]).assign(figure=figure, disclosure="not checked")
    kinds = table.value.map(lambda value: "unknown" if pd.isna(value) else "zero" if value == 0 else "number")
    table["kind"] = table.kind.where(table.kind.notna(), kinds)
    known = {**UNITS, **result.labels.get("unit", {})}
    return Result(
        table=table.reindex(columns=[*BEFORE, *named, *AFTER]),
        dimensions=tuple(named),
        title=title,
        definition=figure,
        definition_version=VERSION,
        shape="series",
        labels={
            "measure": {"observed": OBSERVED, **measures},
            "unit": {unit: known[unit] for unit in table.unit.unique() if unit in known},
            "dimension": {name: head for name, (head, _) in named.items()},
            **{name: dict(codes) for name, (_, codes) in named.items()},
        },
        recipe=recipe,
        project=result.project,
        snapshot=result.snapshot,
        synthetic=result.synthetic,
        linkage=dict(result.linkage),
        attrition=result.attrition,
        dominance=result.dominance,
    )


def recipe_of(function: str, result: Result, **parameters: Any) -> Recipe:
    """How to compute it again: first the Result under it, then this of it."""
    of = {"function": result.recipe.function, "parameters": result.recipe.parameters}
    return Recipe(function, {"of": of, **parameters})


def titled(result: Result, what: Text) -> Text:
    """What was computed, and of what."""
    return Text(nl=f"{what.nl}: {result.title.nl}", en=f"{what.en}: {result.title.en}")
