"""The hand-over: what a project asks gate 3 to release, as a folder that the next room reads.

``handover.json`` says who asks for what from which extract, and how it is to be shown; ``results/<name>.json`` holds
the Results. The folder was written by a researcher's own process: whoever reads it checks it, and gate 3 computes the
numbers again.
"""

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from das_research.catalog.models import Text
from das_research.errors import UsageError
from das_research.home import write_file
from das_research.result import Result, read_results

FILE = "handover.json"
FOLDER = "results"
RETURNED = "returned.json"  # what gate 3 lays beside a hand-over that came back: the reasons
REFUSED = "refused.json"  # and beside one that it refused itself: what would pass
VIEWS = ("flow", "conversion", "shares", "duration", "within", "deliveries", "cohorts", "figures", "table")
NAME = re.compile(r"[a-z][a-z0-9_-]*")
NOTHING = Text(nl="", en="")


@dataclass(frozen=True)
class Section:
    """One part of the page that shows the Results.

    Parameters
    ----------
    id : str
        Its name within the hand-over.
    view : str
        How it is drawn: one of ``VIEWS``.
    results : tuple of str
        Names of the Results it shows and whose cells its texts address.
    kicker, headline, text : Text
        Line above the headline, the headline, and the paragraph; templates that address cells of the Results.
    """

    id: str
    view: str
    results: tuple[str, ...]
    kicker: Text = NOTHING
    headline: Text = NOTHING
    text: Text = NOTHING

    def __post_init__(self) -> None:
        check_name(self.id, "section")
        if self.view not in VIEWS:
            raise UsageError(f"There is no view '{self.view}'.", fix=f"Choose one of: {', '.join(VIEWS)}.")


@dataclass(frozen=True)
class Handover:
    """What a project hands over to gate 3.

    Parameters
    ----------
    monitor : str
        The monitor whose notebook made it; "" for a researcher's own work.
    parameters : dict
        The notebook's parameters.
    project, extract, snapshot : str
        Where it was computed.
    synthetic : bool
        True when the data under it are fictitious.
    author : str
        The account that made it; never one of its reviewers.
    sections : tuple of Section
        How the Results are shown, in order.
    results : dict
        Name to Result.
    """

    monitor: str
    parameters: dict[str, Any]
    project: str
    extract: str
    snapshot: str
    synthetic: bool
    author: str
    sections: tuple[Section, ...] = ()
    results: dict[str, Result] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, result in self.results.items():
            check_name(name, "result")
            _check_origin(self, name, result)
        ids = [section.id for section in self.sections]
        for section in self.sections:
            missing = [name for name in section.results if name not in self.results]
            if missing:
                raise UsageError(
                    f"The section '{section.id}' shows results that were not handed over: {', '.join(missing)}.",
                    fix=f'First type project.release(result, "{missing[0]}").',
                )
            if ids.count(section.id) > 1:
                raise UsageError(f"The section '{section.id}' stands twice in the hand-over.")

    def to_json(self) -> str:
        """The text of ``handover.json``; the Results stand in files of their own."""
        document = {
            "monitor": self.monitor,
            "parameters": self.parameters,
            "project": self.project,
            "extract": self.extract,
            "snapshot": self.snapshot,
            "synthetic": self.synthetic,
            "author": self.author,
            "sections": [
                {
                    "id": section.id,
                    "view": section.view,
                    "results": list(section.results),
                    "kicker": section.kicker.model_dump(),
                    "headline": section.headline.model_dump(),
                    "text": section.text.model_dump(),
                }
                for section in self.sections
            ],
        }
        return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1)


def content_digest(handover: Handover, *more: str) -> str:
    """12 hex digits of all that is handed over, and of what else it came from: the name of a run of one's own."""
    results = {name: result.to_json() for name, result in handover.results.items()}
    return hashlib.sha256(json.dumps([handover.to_json(), results, *more], sort_keys=True).encode()).hexdigest()[:12]


def check_name(name: str, what: str) -> None:
    """Refuse a name that could not be a file's or an address in a text.

    Raises
    ------
    UsageError
        When it does not fit the grammar of ids.

    Examples
    --------
    >>> check_name("doorstroom", "result")
    """
    if not NAME.fullmatch(name):
        raise UsageError(
            f"'{name}' can't be the name of a {what}.",
            why="A name starts with a small letter; small letters, digits, - and _ follow.",
            fix="Choose a name like doorstroom; gate 3 lets no number through in it.",
        )


def write_handover(folder: Path, handover: Handover, changed: Collection[str] | None = None) -> None:
    """Write a hand-over into the folder of a run.

    The Results come first and ``handover.json`` last; results that an earlier writing left there and that are handed
    over no longer are removed.

    Parameters
    ----------
    folder : Path
        The run's folder; made where it isn't there yet.
    handover : Handover
        What to write.
    changed : collection of str, optional
        Names of the Results to write, where the others stand there already; default all.
    """
    for name, result in handover.results.items():
        if changed is None or name in changed:
            write_file(folder / FOLDER / f"{name}.json", result.to_json())
    for path in (folder / FOLDER).glob("*.json"):
        if path.stem not in handover.results:
            path.unlink()
    write_file(folder / FILE, handover.to_json())


def read_handover(folder: Path) -> Handover:
    """Read the hand-over of a run.

    Parameters
    ----------
    folder : Path
        The run's folder.

    Returns
    -------
    Handover
        As `write_handover` wrote it.

    Raises
    ------
    UsageError
        When the folder holds no hand-over, or none that fits the contract, or a link to a file elsewhere.
    """
    if not (folder / FILE).is_file():
        raise UsageError(
            f"The run {folder.name} holds no hand-over.",
            why="Its notebook never called project.release(...).",
            fix="Hand over at least one Result and run the notebook again.",
        )
    above = (folder.parent, folder, folder / FOLDER)
    if any(path.is_symlink() for path in (*above, *folder.glob("*"), *(folder / FOLDER).glob("*"))):
        raise UsageError(
            f"The hand-over of the run {folder.name} can't be read.",
            why="It holds a link, and a hand-over is made of files of its own.",
            fix="Run the notebook again.",
        )
    try:
        document = json.loads((folder / FILE).read_text(encoding="utf-8"))
        sections = tuple(_section(section) for section in document.pop("sections"))
        return Handover(**document, sections=sections, results=read_results(folder / FOLDER))
    except (ValueError, TypeError, KeyError, AttributeError, ValidationError):
        raise UsageError(
            f"The hand-over of the run {folder.name} can't be read.",
            why="Its files don't have the fields of a hand-over.",
            fix="Run the notebook again.",
        ) from None


def _section(document: dict[str, Any]) -> Section:
    texts = {part: Text(**document[part]) for part in ("kicker", "headline", "text")}
    return Section(**{**document, **texts, "results": tuple(document["results"])})


def _check_origin(handover: Handover, name: str, result: Result) -> None:
    for what in ("project", "snapshot", "synthetic"):
        here, there = getattr(handover, what), getattr(result, what)
        if here != there:
            raise UsageError(
                f"The result '{name}' does not belong to this hand-over.",
                why=f"Its {what} is {there}, that of the hand-over is {here}.",
                fix="Compute it again from the project as it is open now.",
            )
