"""A notebook that is to leave: what stands in its outputs, cell by cell.

An output leaves only where it is what a released Result prints. Everything else shows something that no gate judged:
rows, numbers, points of a plot, the coefficients and residuals of a model. The code of the cells is read by people.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from das_research.disclosure.checks import Status
from das_research.disclosure.releases import Release
from das_research.disclosure.texts import holds_number
from das_research.errors import UsageError
from das_research.result import Result
from das_research.style.numbers import LANGUAGES

PICTURES = ("image/", "application/pdf", "application/vnd.plotly", "application/vnd.vega")
MODEL = re.compile(r"resid|fittedvalues|coef\s+std err|Log-Likelihood|Regression Results", re.IGNORECASE)
RENDERED = ("text/plain", "text/html", "text/markdown", "image/svg+xml")
REASONS = {
    "released": "as a released Result prints itself",
    "rows": "rows of a table: hand them over with das.tabulate, or clear the output",
    "picture": "a picture, whose points nobody can judge: draw a released Result, or clear the output",
    "model": "output of a model: hand it over as a Result, or clear the output",
    "numbers": "numbers that passed no gate: address a released Result, or clear the output",
    "script": "a program or widget that may hold data: clear the output",
    "error": "an error message may quote data: run the cell again, or clear the output",
    "attachment": "a file within a text cell: take it out",
    "text": "words only; whether they tell of a person is for people to say",
}


@dataclass(frozen=True)
class Seen:
    """What stands in one output.

    Parameters
    ----------
    cell : int
        Number of the cell, from 1; 0 for the notebook itself.
    what : str
        One of the kinds in ``REASONS``.
    status : {'passed', 'failed', 'not checked'}
        Not checked is not passed.
    """

    cell: int
    what: str
    status: Status

    @property
    def reason(self) -> str:
        """What it means, and what to do."""
        return REASONS[self.what]


def judge_notebook(path: Path, releases: Sequence[Release]) -> list[Seen]:
    """Every output of a notebook, judged.

    Parameters
    ----------
    path : Path
        The notebook.
    releases : sequence of Release
        Only Results of approved ones pass, as they were released.

    Returns
    -------
    list of Seen
        In the order of the cells; empty of a notebook without outputs.

    Raises
    ------
    UsageError
        When the file is no notebook.
    """
    shown = set().union(
        *(_printed(result) for it in releases if it.state == "approved" for result in it.results.values())
    )
    notebook = read_notebook(path)
    found = [
        Seen(position, what, _status(what))
        for position, cell in enumerate(notebook.cells, start=1)
        for what in _whats(cell, shown)
    ]
    return found + [Seen(0, "script", "failed")] * bool(notebook.metadata.get("widgets"))


def _status(what: str) -> Status:
    return "passed" if what == "released" else "not checked" if what == "text" else "failed"


def read_notebook(path: Path) -> Any:
    """A notebook, or a refusal without a word of the file.

    Raises
    ------
    UsageError
        When it can't be read.
    """
    try:
        return nbformat.read(path, as_version=4)
    except Exception:  # nbformat has several, and their words quote the file
        raise UsageError(
            f"{path.name} is not a notebook that can be read.", fix="Save it in JupyterLab once more."
        ) from None


def _printed(result: Result) -> set[str]:
    """Everything a notebook may show of a released Result."""
    pictures: list[str] = []
    for language in LANGUAGES:
        try:
            chart = result.plot(language)
        except UsageError:  # no single chart can show it
            break
        pictures += [repr(chart), chart._repr_svg_()]
    return {_normal(text) for text in (repr(result), result._repr_html_(), result._repr_markdown_(), *pictures)}


def _normal(text: Any) -> str:
    return "".join(text).strip() if isinstance(text, list | str) else json.dumps(text, sort_keys=True)


def _whats(cell: Any, shown: set[str]) -> Iterator[str]:
    if cell.get("attachments") or (cell.cell_type != "code" and "data:" in _normal(cell.source)):
        yield "attachment"
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            yield "error"
        elif output.output_type == "stream":
            yield _of_text(_normal(output.text), "text/plain")
        else:
            yield _of_bundle({kind: _normal(content) for kind, content in output.data.items()}, shown)


def _of_bundle(bundle: dict[str, str], shown: set[str]) -> str:
    """The worst of the forms in which one output is stored: a reader of the file sees them all."""
    if bundle and all(content in shown and kind in RENDERED for kind, content in bundle.items()):
        return "released"
    found = {_of_text(content, kind) for kind, content in bundle.items() if content not in shown}
    return next(what for what in (*REASONS, "text") if what in found) if found else "text"


def _of_text(content: str, kind: str) -> str:
    if kind.startswith(PICTURES) or "<svg" in content or "<img" in content or "<canvas" in content:
        return "picture"
    if kind not in RENDERED or "<script" in content:
        return "script"
    if MODEL.search(content):
        return "model"
    if "<table" in content or re.search(r"^\s*\d+\s+\S+.*\n\s*\d+\s+\S+", content, re.MULTILINE):
        return "rows"
    return "numbers" if holds_number(content, set()) else "text"
