"""`Result`: the one type of everything computed, from a researcher's notebook to the figure on the site."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from das_research.catalog.models import Text
from das_research.presentation import addresses, bands, charts, files, wide
from das_research.presentation.bands import Band
from das_research.presentation.dominance import Dominance
from das_research.presentation.files import NUMBERS
from das_research.presentation.rounding import Rounded
from das_research.style.numbers import TOTAL, Language
from das_research.style.svg import Chart
from das_research.style.tables import TableView, to_markdown, to_notebook_html, to_text

__all__ = [
    "AFTER",
    "BEFORE",
    "NUMBERS",
    "TOTAL",
    "Band",
    "Recipe",
    "Result",
    "Rounded",
    "Shape",
    "Step",
    "read_results",
]

BEFORE = ("figure", "measure")
AFTER = ("period", "value", "unit", *NUMBERS[1:], "revision", "kind", "disclosure")

PRINTED_ROWS = 100  # of a Result that shows itself; `view` gives all
STATES = {
    "revision": ("final", "provisional", "revised provisional"),
    "kind": ("number", "zero", "cannot occur", "unknown"),
    "disclosure": ("not checked", "shown", "rounded", "hidden"),
}

Shape = Literal["counts", "curve", "faults", "model", "series"]


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


@dataclass(frozen=True, eq=False, repr=False)
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
    shape : {'counts', 'curve', 'faults', 'model', 'series'}
        How disclosure control must read it: numbers of units, a curve of steps over time, counts of faults in
        delivered files, a fitted model, or what was
        computed of a series.
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
    band : Band, optional
        Its numbers by the strict and by the loose link of persons; without cells where none depends on it, None where
        that is not known.
    dominance : Dominance, optional
        Of which of its sums and means one unit or a few make up too much by the catalogue's rules; None where that was
        not judged, and of everything that was released.
    rounded : Rounded, optional
        How its counts were rounded before it left; None where they were not.

    Raises
    ------
    ValueError
        When the columns are not these, a number is infinite, or a word is none of those the column may hold.

    Examples
    --------
    >>> row = {"figure": "stroom", "measure": "in", "stage": "opsporing", "period": "2024", "value": 1234}
    >>> row |= {"unit": "zaken", "revision": "provisional", "kind": "number", "disclosure": "not checked"}
    >>> result = Result(
    ...     pd.DataFrame([row]).reindex(columns=[*BEFORE, "stage", *AFTER]), dimensions=("stage",), shape="counts",
    ...     title=Text(nl="Instroom", en="Inflow"), definition="stroom", definition_version="1", labels={},
    ...     recipe=Recipe("das_research.chain.flow"), project="proef", snapshot="", synthetic=True,
    ... )
    >>> result.cell(stage="opsporing", period="2024")["value"]
    1234.0
    >>> result
    Instroom (opsporing)
    <BLANKLINE>
    maat    2024
    ────────────
    in    1.234*
    <BLANKLINE>
    Fictieve gegevens, geen echte cijfers
    niet vrijgegeven: alleen binnen het project
    * voorlopig cijfer
    proef
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
    band: Band | None = None
    dominance: Dominance | None = None
    rounded: Rounded | None = None

    def __post_init__(self) -> None:
        expected = [*BEFORE, *self.dimensions, *AFTER]
        if list(self.table.columns) != expected:
            raise ValueError(f"a Result's columns must be {expected}")
        table = self.table.reset_index(drop=True)
        others = {
            name: pd.to_numeric(table[name]).astype("float64") for name in NUMBERS if table[name].dtype != "float64"
        }
        if others:
            table = table.assign(**others)
        if np.isinf(table[list(NUMBERS)].to_numpy()).any():
            raise ValueError("a Result holds no infinite number")
        words = {name: table[name].tolist() for name in expected if name not in NUMBERS}
        wrong = [name for name, held in words.items() if not all(isinstance(word, str) for word in held)]
        if wrong:
            raise ValueError(f"these columns of a Result must hold texts only: {', '.join(wrong)}")
        for name, allowed in STATES.items():
            if not set(words[name]).issubset(allowed):
                raise ValueError(f"the column {name} of a Result holds one of: {', '.join(allowed)}")
        object.__setattr__(self, "table", table)

    def __eq__(self, other: object) -> bool:
        return self.to_json() == other.to_json() if isinstance(other, Result) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.to_json())

    def with_table(self, table: pd.DataFrame) -> "Result":
        """The same Result over another table of the same columns."""
        return replace(self, table=table)

    def cell(self, **address: str) -> dict[str, Any]:
        """The one row at an address.

        Parameters
        ----------
        **address
            Column and code, as ``stage="opsporing", measure="in", period="2024"``. What is not named means its total
            where it has one.

        Returns
        -------
        dict
            Every column of the row; None where there is no number.

        Raises
        ------
        UsageError
            When not exactly one row is there.
        """
        return addresses.one_row(self, {column: str(code) for column, code in address.items()})

    def view(
        self,
        language: Language = "nl",
        *,
        rows: Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
        measures: Sequence[str] | None = None,
    ) -> TableView:
        """The table as people read it.

        Parameters
        ----------
        language : {'nl', 'en'}
            Language of labels, numbers and marks.
        rows, columns : sequence of str, optional
            Which of the dimensions, ``measure`` and ``period`` go down and which go across. Default: measures across,
            else years where there are few, everything else down.
        measures : sequence of str, optional
            Only these. Default: all, but of a curve its quantiles without its steps.

        Returns
        -------
        TableView
            For `das_research.style.tables.to_html`, ``to_markdown`` and ``to_text``.

        Raises
        ------
        UsageError
            When a name is unknown or two numbers would fall in one cell.
        """
        return wide.view(self, language, rows, columns, measures)

    def plot(self, language: Language = "nl", *, measure: str | None = None, for_print: bool = False) -> Chart:
        """The Result as a chart: lines over the years, bars, or curves of steps, as its shape asks.

        Parameters
        ----------
        language : {'nl', 'en'}
            Language of labels and numbers.
        measure : str, optional
            Which measure to draw, where the table has several; default the first.
        for_print : bool
            Real colours in the place of CSS variables.

        Returns
        -------
        Chart
            Drawn as SVG, with its title and a description in words.

        Raises
        ------
        UsageError
            When one chart can't show it: no such measure, or more than five curves.
        """
        return charts.chart(self, language, measure, for_print)

    def to_csv(self, language: Language | None = None) -> str:
        """The long table as comma-separated values: raw numbers, ISO periods, no symbols, empty where hidden.

        Parameters
        ----------
        language : {'nl', 'en'}, optional
            Adds a label beside every code; ``nl`` also writes semicolons, decimal commas and a byte-order mark, as
            Dutch spreadsheets expect.

        Returns
        -------
        str
            One line a row, after a head.
        """
        return files.to_csv(self, language)

    def __repr__(self) -> str:
        return to_text(self._printed())

    def _repr_html_(self) -> str:
        return to_notebook_html(self._printed())

    def _repr_markdown_(self) -> str:
        return to_markdown(self._printed())

    def _printed(self) -> TableView:
        """Its first rows, with the share linked and how far its numbers depend on the links."""
        shown = self.view()
        return replace(shown, notes=(*shown.notes, *bands.notes(self, shown.language))).head(PRINTED_ROWS)

    def to_json(self) -> str:
        """Canonical JSON: equal Results are equal to the byte."""
        rows = [[_plain(value) for value in row] for row in self.table.itertuples(index=False, name=None)]
        document: dict[str, Any] = {
            "columns": list(self.table.columns),
            "rows": rows,
            "dimensions": list(self.dimensions),
            "title": self.title.model_dump(),
            "definition": self.definition,
            "definition_version": self.definition_version,
            "shape": self.shape,
            "labels": {
                column: {code: text.model_dump() for code, text in codes.items()}
                for column, codes in self.labels.items()
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
        if self.band is not None:
            document["band"] = self.band.to_document(self.dimensions)
        if self.dominance is not None:
            document["dominance"] = self.dominance.to_document()
        if self.rounded is not None:
            document["rounded"] = self.rounded.to_document()
        return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> "Result":
        """Read what `to_json` wrote."""
        document = json.loads(text)
        return cls(
            table=pd.DataFrame(document["rows"], columns=document["columns"]),
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
            band=Band.from_document(document["band"]) if "band" in document else None,
            dominance=Dominance.from_document(document["dominance"]) if "dominance" in document else None,
            rounded=Rounded(**document["rounded"]) if "rounded" in document else None,
        )


def read_results(folder: Path) -> dict[str, Result]:
    """The Results whose JSON a folder holds, by the names of its files."""
    return {path.stem: Result.from_json(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


def _plain(value: str | float) -> str | int | float | None:
    """A value as JSON writes it: whole numbers without a point, nothing where there is no number."""
    if isinstance(value, str):
        return value
    if np.isnan(value):
        return None
    return int(value) if value.is_integer() else value
