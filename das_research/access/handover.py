"""Collecting a hand-over while a notebook runs, and the folder of the run that it is written to."""

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from das_research.access.manifest import Extract
from das_research.errors import UsageError
from das_research.handover import NAME, Handover, Section, content_digest, write_handover
from das_research.home import Home, new_folder
from das_research.result import Result


class HandoverDesk:
    """Where a project lays down what it asks to release; after every act the hand-over on disk is whole.

    A monitor's run has its folder from whoever started it (``DAS_RUN``, with ``DAS_MONITOR`` and ``DAS_PARAMETERS``).
    A researcher's own work gets a folder named by its content, so that a hand-over is never edited, only followed by
    another.

    Parameters
    ----------
    home : Home
        The home folder.
    extract : Extract
        The extract under the Results.
    author : str
        The account that hands over.
    """

    def __init__(self, home: Home, extract: Extract, author: str):
        self._runs = home.project(extract.project) / "runs"
        self._folder: Path | None = None
        self.handover = Handover(
            monitor=os.environ.get("DAS_MONITOR", ""),
            parameters=json.loads(os.environ.get("DAS_PARAMETERS", "{}")),
            project=extract.project,
            extract=extract.id,
            snapshot=extract.snapshot,
            synthetic=extract.synthetic,
            author=author,
        )

    def add(self, result: Result, name: str, section: Section | None = None) -> Path:
        """Hand over one Result, and how it is shown; a later one of the same name takes its place."""
        handover = replace(self.handover, results={**self.handover.results, name: result})
        return self._write(_with_section(handover, section) if section else handover, changed=[name])

    def add_section(self, section: Section) -> Path:
        """Say how Results are shown; a later section of the same id takes its place."""
        return self._write(_with_section(self.handover, section), changed=[])

    def _write(self, handover: Handover, changed: Sequence[str]) -> Path:
        folder = _given_folder(self._runs)
        if folder is not None:
            write_handover(folder, handover, changed if folder == self._folder else None)
        else:
            folder = self._runs / f"{handover.project}-{content_digest(handover)}"
            if not folder.exists():
                with new_folder(folder) as staging:
                    write_handover(staging, handover)
        self.handover, self._folder = handover, folder
        return folder


def _with_section(handover: Handover, section: Section) -> Handover:
    sections = {held.id: held for held in handover.sections} | {section.id: section}
    return replace(handover, sections=tuple(sections.values()))


def _given_folder(runs: Path) -> Path | None:
    given = os.environ.get("DAS_RUN", "")
    if not given:
        return None
    if Path(given).is_dir() and Path(given).resolve().is_relative_to(runs.resolve()):
        return Path(given)
    if NAME.fullmatch(given):
        return runs / given
    raise UsageError(
        "DAS_RUN names no run.",
        why="It is neither the folder of a run of this project nor the id of one: numbers don't leave the project so.",
        fix="Type: unset DAS_RUN, or start the notebook with das monitor run NAME.",
    )
