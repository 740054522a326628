"""`Result`: the one type of everything computed, from a researcher's notebook to the figure on the site."""

import json
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pandas as pd

from das_research.catalog.models import Text

BEFORE = ("figure", "measure")
AFTER = (
    "period", "value", "unit", "numerator", "denominator", "se", "lower", "upper", "n", "revision", "kind", "disclosure",
)  # fmt: skip
TOTAL = "_T"
NUMBERS = ("value", "numerator", "denominator", "se", "lower", "upper", "n")

Shape = Literal["counts", "curve", "faults"]


@dataclass(frozen=True)
class Step:
    """One step of the attrition: how many went in, how many stayed, and why the others went."""

    n_in: int
    n_out: int
    reason: Text


@dataclass(frozen=True)
class Recipe:
    """How to compute a Result again: a public function of this package and its parameters.

    Parameters
    ----------
    function : str
        Dotted name, as ``das_research.chain.flow``; ``das_research.tabulate`` for a researcher's own table, whose
        compiled query then is the parameter ``query``.
    parameters : dict
        Everything else the function is called with; JSON values only.
    """

    function: str
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """A long table, one row a number, and all that a reader needs to trust it.

    Parameters
    ----------
    table : DataFrame
        Columns ``figure, measure``, one per dimension (code of the total: ``_T``), then ``period, value, unit,
        numerator, denominator, se, lower, upper, n, revision, kind, disclosure``.
    dimensions : tuple of str
        Names of the dimension columns.
    title : Text
        What the table shows.
    definition : str
        Id of the figure in the catalogue.
    definition_version : str
        Version of that figure.
    shape : {'counts', 'curve', 'faults'}
        How disclosure control must read it: numbers of units, a curve of steps over time, or counts of faults in
        delivered files.
    labels : dict
        Column to code to Text, for dimensions, measure and unit.
    recipe : Recipe
        How gate 3 computes it again.
    project, snapshot : str
        Where it was computed.
    synthetic : bool
        True when the deliveries under it are fictitious; no step can take it off.
    linkage : dict
        Dataset to the share of its cases that were linked to the stage before.
    attrition : tuple of Step
        What was left out on the way, and why.
    """

    table: pd.DataFrame
    dimensions: tuple[str, ...]
    title: Text
    definition: str
    definition_version: str
    shape: Shape
    labels: dict[str, dict[str, Text]]
    recipe: Recipe
    project: str
    snapshot: str
    synthetic: bool
    linkage: dict[str, float] = field(default_factory=dict)
    attrition: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        expected = [*BEFORE, *self.dimensions, *AFTER]
        if list(self.table.columns) != expected:
            raise ValueError(f"a Result's columns must be {expected}")

    def with_table(self, table: pd.DataFrame) -> "Result":
        """The same Result over another table of the same columns."""
        return replace(self, table=table.reset_index(drop=True))

    def to_json(self) -> str:
        """Canonical JSON: equal Results are equal to the byte."""
        rows = json.loads(self.table.to_json(orient="values", double_precision=15))
        document = {
            "columns": list(self.table.columns),
            "rows": rows,
            "dimensions": list(self.dimensions),
            "title": self.title.model_dump(),
            "definition": self.definition,
            "definition_version": self.definition_version,
            "shape": self.shape,
            "labels": {
                column: {code: text.model_dump() for code, text in codes.items()} for column, codes in self.labels.items()
            },
            "recipe": {"function": self.recipe.function, "parameters": self.recipe.parameters},
            "project": self.project,
            "snapshot": self.snapshot,
            "synthetic": self.synthetic,
            "linkage": self.linkage,
            "attrition": [
                {"n_in": step.n_in, "n_out": step.n_out, "reason": step.reason.model_dump()} for step in self.attrition
            ],
        }
        return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1)

    @classmethod
    def from_json(cls, text: str) -> "Result":
        """Read what `to_json` wrote."""
        document = json.loads(text)
        table = pd.DataFrame(document["rows"], columns=document["columns"])
        for column in NUMBERS:
            table[column] = pd.to_numeric(table[column]).astype("float64")
        return cls(
            table=table,
            dimensions=tuple(document["dimensions"]),
            title=Text(**document["title"]),
            definition=document["definition"],
            definition_version=document["definition_version"],
            shape=document["shape"],
            labels={
                column: {code: Text(**text) for code, text in codes.items()}
                for column, codes in document["labels"].items()
            },
            recipe=Recipe(**document["recipe"]),
            project=document["project"],
            snapshot=document["snapshot"],
            synthetic=document["synthetic"],
            linkage=document["linkage"],
            attrition=tuple(
                Step(step["n_in"], step["n_out"], Text(**step["reason"])) for step in document["attrition"]
            ),
        )
