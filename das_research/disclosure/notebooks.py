"""A notebook that is to leave: what stands in its outputs, cell by cell.

An output leaves only where it is what a released Result prints. Everything else shows something that no gate judged:
rows, numbers, points of a plot, the coefficients and residuals of a model. The code of the cells is read by people.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from das_research.disclosure.checks import Status
from das_research.disclosure.releases import Release
from das_research.disclosure.signs import holds_unseen
from das_research.disclosure.texts import holds_number
from das_research.errors import UsageError
from das_research.result import Result
from das_research.style.numbers import LANGUAGES

PICTURES = ("image/", "application/pdf", "application/vnd.plotly", "application/vnd.vega")
MODEL = re.compile(r"resid|fittedvalues|coef\s+std err|Log-Likelihood|Regression Results", re.IGNORECASE)
RENDERED = ("text/plain", "text/html", "text/markdown", "image/svg+xml")
# what Jupyter writes itself; anything else may hold data
KNOWN = {
    "notebook": {"kernelspec", "language_info", "widgets"},
    "cell": {"tags", "collapsed", "scrolled", "jupyter", "editable", "deletable", "execution", "slideshow", "trusted"},
    "output": {"isolated", "needs_background"},
}
PARTS = {
    "notebook": {"cells", "metadata", "nbformat", "nbformat_minor"},
    "cell": {"cell_type", "id", "metadata", "source", "outputs", "execution_count", "attachments"},
    "output": {"output_type", "data", "metadata", "execution_count", "name", "text", "ename", "evalue", "traceback"},
}
DRAWN = re.compile(r"<(svg|img|canvas|picture|video|audio)\b|url\(", re.IGNORECASE)
RUN = re.compile(r"<(script|iframe|object|embed)\b", re.IGNORECASE)
CELLS = ("code", "markdown", "raw")
LINKED = re.compile(r"!\[")  # a picture of Markdown: its address, and the words that stand for it
# a tag, an address behind words, a sign by its name or number, a formula
MARKED = re.compile(r"<[a-z/]|\]\(|&#?\w+;|\$[^$]*\\[a-z]", re.IGNORECASE)
BEHIND = re.compile(  # a comment, a tag with attributes, and what a link refers to
    r"<[!?]|<template\b|<[a-z][^>]*\s(hidden\b|[a-z-]+\s*=)|^ {0,3}\[[^\]]*\]:", re.IGNORECASE | re.MULTILINE
)
LISTED = re.compile(r"<(table|tr|td|ul|ol|li|dl)\b|^\s*\|.*\|\s*$|^\s*[\[({]", re.IGNORECASE | re.MULTILINE)
NUMBERED = re.compile(r"^\s*\d+\s+\S+.*\n\s*\d+\s+\S+", re.MULTILINE)
REASONS = {
    "released": "as a released Result prints itself",
    "rows": "rows of a table: hand them over with das.tabulate, or clear the output",
    "picture": "a picture, whose points nobody can judge: draw a released Result, or clear the output",
    "model": "output of a model: hand it over as a Result, or clear the output",
    "numbers": "numbers that passed no gate: address a released Result, or clear the output",
    "script": "a program or widget that may hold data: clear the output",
    "error": "an error message may quote data: run the cell again, or clear the output",
    "attachment": "a file within a text cell: take it out",
    "metadata": "a field beside the cells that Jupyter does not write itself: take it out",
    "unseen": "what a reader does not see, such as a comment, hidden words or signs without a shape: take it out",
    "typed": "typed numbers, a table or raw text: whether they are of data is for people to say",
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
    strange = set(notebook.metadata) - KNOWN["notebook"] or set(notebook) - PARTS["notebook"]
    found += [Seen(0, "metadata", "failed")] * bool(strange)
    return found + [Seen(0, "script", "failed")] * bool(notebook.metadata.get("widgets"))


def _status(what: str) -> Status:
    return "passed" if what == "released" else "not checked" if what in ("text", "typed") else "failed"


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
    return {normal(text) for text in (repr(result), result._repr_html_(), result._repr_markdown_(), *pictures)}


def normal(text: Any) -> str:
    """What stands in one form of an output, without the space around it."""
    return "".join(text).strip() if isinstance(text, list | str) else json.dumps(text, sort_keys=True)


def _whats(cell: Any, shown: set[str]) -> Iterator[str]:
    if cell.get("attachments") or (cell.cell_type != "code" and "data:" in normal(cell.source)):
        yield "attachment"
    if set(cell.metadata) - KNOWN["cell"] or set(cell) - PARTS["cell"] or cell.cell_type not in CELLS:
        yield "metadata"
    if holds_unseen(cell.source):
        yield "unseen"
    if cell.cell_type != "code" and cell.source:
        yield from _of_typed(cell)
    for output in cell.get("outputs", []):
        if _strange(output.get("metadata", {})) or set(output) - PARTS["output"]:
            yield "metadata"
        if output.output_type == "error":
            yield "error"
        elif output.output_type == "stream":
            yield _of_text(normal(output.text), "text/plain")
        else:
            yield _of_bundle({kind: normal(content) for kind, content in output.data.items()}, shown)


def _of_typed(cell: Any) -> Iterator[str]:
    """What stands in a text cell: pictures and programs as in an output; words in Markdown alone are no finding."""
    source = normal(cell.source)
    if "data:" in source or cell.get("attachments"):  # an attachment
        return
    what = _of_text(source, "text/markdown")
    if what in ("picture", "script"):
        yield what
    elif LINKED.search(source):
        yield "picture"
    elif BEHIND.search(source):
        yield "unseen"
    elif what != "text" or cell.cell_type == "raw" or MARKED.search(source):
        yield "typed"


def _strange(metadata: Mapping[str, Any]) -> bool:
    """Whether an output has metadata that Jupyter does not write itself: of all its forms, or of one."""
    fields = {key for key, value in metadata.items() if not (key in RENDERED and isinstance(value, Mapping))}
    fields |= {key for name in set(metadata) - fields for key in metadata[name]}
    return bool(fields - KNOWN["output"])


def _of_bundle(bundle: dict[str, str], shown: set[str]) -> str:
    """The worst of the forms in which one output is stored: a reader of the file sees them all."""
    if bundle and all(content in shown and kind in RENDERED for kind, content in bundle.items()):
        return "released"
    found = {_of_text(content, kind) for kind, content in bundle.items() if content not in shown}
    return next(what for what in (*REASONS, "text") if what in found) if found else "text"


def _of_text(content: str, kind: str) -> str:
    if kind.startswith(PICTURES) or DRAWN.search(content):
        return "picture"
    if kind not in RENDERED or RUN.search(content):
        return "script"
    if MODEL.search(content):
        return "model"
    if LISTED.search(content) or NUMBERED.search(content) or (kind == "text/plain" and _in_columns(content)):
        return "rows"
    return "numbers" if holds_number(content, set()) else "text"


def _in_columns(text: str) -> bool:
    """Whether words are printed as rows: lines below each other with as many words, but for an index without a name.

    Examples
    --------
    >>> _in_columns("naam  delict\\njansen diefstal"), _in_columns("klaar met de tabel"), _in_columns("a b c\\nd e")
    (True, False, False)
    """
    lines = [line.split() for line in text.splitlines() if line.strip()]
    widths = {len(line) for line in lines[1:]}
    return len(lines) > 1 and len(widths) == 1 and 2 <= max(widths) <= len(lines[0]) + 1 <= max(widths) + 1
