"""Editions: one dated publication of one approved release, kept for ever as it was."""

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from das_research.audit import AuditLog, stamp
from das_research.audit_facts import Fact, use_of
from das_research.catalog.models import Catalog, Text
from das_research.catalog.strictest import protection_of
from das_research.disclosure.releases import Release, read_as_logged
from das_research.errors import ReleaseRefused, UsageError
from das_research.handover import Section
from das_research.home import Home, new_folder
from das_research.presentation.bands import place_of
from das_research.publish import templates
from das_research.publish.rounded import each_rounded
from das_research.result import NUMBERS, Result, read_results
from das_research.style.numbers import LANGUAGES

FILE = "edition.json"
FOLDER = "results"


@dataclass(frozen=True)
class Edition:
    """One dated run of a monitor as it was published.

    Parameters
    ----------
    id : str
        ``<monitor>-<date>``, then ``.2``, ``.3`` for a later edition of that day.
    monitor : str
        Its monitor.
    title : Text
        Title of the monitor.
    date : date
        Publication date; an input, never the clock.
    release, snapshot : str
        What it rests on.
    synthetic : bool
        True when the data under it are fictitious.
    parameters : dict
        Parameters of the monitor's notebook.
    sections : tuple of Section
        What is shown, in order.
    reviewed : bool
        False where only fictitious accounts approved.
    results : dict
        Name to released Result.
    audit_head, audit_line, audit_key : str, int, str
        The last line of the audit log when it was made: hash, number, fingerprint of the key that sealed it.
    """

    id: str
    monitor: str
    title: Text
    date: date
    release: str
    snapshot: str
    synthetic: bool
    parameters: dict[str, Any]
    sections: tuple[Section, ...]
    reviewed: bool
    results: dict[str, Result]
    audit_head: str = ""
    audit_line: int = 0
    audit_key: str = ""

    @property
    def number(self) -> int:
        """Which edition of its day: 1, 2, 3 …"""
        return int(self.id.removeprefix(f"{self.monitor}-{self.date.isoformat()}").lstrip(".") or 1)

    def to_json(self) -> str:
        """The text of ``edition.json``; the Results stand in files of their own."""
        document = {
            "id": self.id,
            "monitor": self.monitor,
            "title": self.title.model_dump(),
            "date": self.date.isoformat(),
            "release": self.release,
            "snapshot": self.snapshot,
            "synthetic": self.synthetic,
            "parameters": self.parameters,
            "languages": list(LANGUAGES),
            "sections": [_section_document(section) for section in self.sections],
            "reviewed": self.reviewed,
            "audit_head": self.audit_head,
            "audit_line": self.audit_line,
            "audit_key": self.audit_key,
        }
        return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1)


def make_edition(
    catalog: Catalog, home: Home, release_id: str, publication_date: date, account: str = "publisher"
) -> Edition:
    """Make an edition of an approved release. The same release and date again change nothing.

    Parameters
    ----------
    catalog : Catalog
        Where the monitor and its title stand.
    home : Home
        Where releases are read and editions kept.
    release_id : str
        The release; its state must be ``approved``.
    publication_date : date
        The date on the edition.
    account : str
        Who publishes, for the audit log.

    Returns
    -------
    Edition
        The new edition, or the one that was there already.

    Raises
    ------
    ReleaseRefused
        When the release is not approved, belongs to no monitor, or shows a number that is not released.
    UsageError
        When the date lies before the grant began, or a text of a section addresses a cell that is not there.
    """
    release = read_as_logged(home, release_id)
    of_that_day = [
        edition
        for edition in list_editions(home)
        if (edition.monitor, edition.date) == (release.monitor, publication_date)
    ]
    edition = next((known for known in of_that_day if known.release == release.id), None)
    if edition is None:
        edition = replace(compose(catalog, release, publication_date, len(of_that_day) + 1), **stamp(home))
        with new_folder(home.editions / edition.id) as folder:
            (folder / FOLDER).mkdir()
            for name, result in edition.results.items():
                (folder / FOLDER / f"{name}.json").write_text(result.to_json(), encoding="utf-8")
            (folder / FILE).write_text(edition.to_json(), encoding="utf-8")
    log = AuditLog(home.audit_log)
    if not log.tells("publish", "published", edition=edition.id, release=edition.release):
        facts: dict[str, Fact] = {
            "edition": edition.id,
            "release": edition.release,
            "results": len(edition.results),
            "released": True,
        }
        log.record("publish", "published", account, **facts | use_of(catalog, release.project))
    return edition


def compose(catalog: Catalog, release: Release, publication_date: date, number: int = 1) -> Edition:
    """The edition that a release makes on a date; nothing is written.

    Raises
    ------
    ReleaseRefused, UsageError
        As `make_edition`.
    """
    _check_released(release)
    if release.monitor not in catalog.monitors:
        raise ReleaseRefused(
            f"No edition can be made of {release.id}.",
            why="It belongs to no monitor of the catalogue, and an edition is a dated run of one.",
            fix="Hand the results over from a monitor: type das monitor list.",
        )
    _check_dated(catalog, release.project, publication_date)
    edition = Edition(
        id=f"{release.monitor}-{publication_date.isoformat()}" + (f".{number}" if number > 1 else ""),
        monitor=release.monitor,
        title=catalog.monitors[release.monitor].title,
        date=publication_date,
        release=release.id,
        snapshot=release.snapshot,
        synthetic=release.synthetic or any(result.synthetic for result in release.results.values()),
        parameters=dict(release.parameters),
        sections=tuple(release.sections),
        reviewed=release.reviewed,
        results=_shown(catalog, release),
    )
    for section in edition.sections:
        for text in (section.kicker, section.headline, section.text):
            for language in LANGUAGES:
                templates.render(text, edition.results, language, section.id)
    return edition


def _shown(catalog: Catalog, release: Release) -> dict[str, Result]:
    """The Results as readers see them: as they were released, or each number rounded where the monitor asks for it."""
    asked = protection_of(catalog, release.monitor)
    if asked.method != "conventional rounding":
        return dict(release.results)
    return {name: each_rounded(result, asked.base or 1) for name, result in release.results.items()}


def list_editions(home: Home) -> list[Edition]:
    """Every edition, oldest first."""
    if not home.editions.exists():
        return []
    folders = [path for path in home.editions.iterdir() if (path / FILE).is_file() and not path.name.startswith(".")]
    return sorted(
        (_read(folder) for folder in folders), key=lambda edition: (edition.date, edition.monitor, edition.number)
    )


def read_edition(home: Home, edition_id: str) -> Edition:
    """One edition.

    Raises
    ------
    UsageError
        When there is no edition of that id.
    """
    known = {edition.id: edition for edition in list_editions(home)}
    if edition_id not in known:
        raise UsageError(
            f"There is no edition '{edition_id}'.",
            why=f"There are: {', '.join(known) or 'none yet'}.",
            fix="Type das edition list.",
        )
    return known[edition_id]


def _check_released(release: Release) -> None:
    if release.state != "approved":
        raise ReleaseRefused(
            f"No edition can be made of {release.id}.",
            why=f"Its state is '{release.state}'; only an approved release is published.",
            fix=f"Type das release show {release.id}.",
            ask="The reviewers of the release.",
        )
    for name, result in release.results.items():
        table = result.table
        unchecked = int((table["disclosure"] == "not checked").sum())
        hidden = table[table["disclosure"] == "hidden"]
        leaking = int(hidden[list(NUMBERS)].notna().any(axis=1).sum())
        if result.band is not None:
            places = [place_of(row, result.dimensions) for row in hidden.to_dict("records")]
            leaking += sum(place in result.band.cells for place in places)
        if unchecked or leaking:
            raise ReleaseRefused(
                f"No edition can be made of {release.id}.",
                why=f"In '{name}', {unchecked} cells were not checked and {leaking} hidden ones carry a number.",
                fix="Put the result through gate 3 again.",
                ask="Whoever checks releases.",
            )


def _check_dated(catalog: Catalog, project: str, publication_date: date) -> None:
    grant = catalog.grants.get(project)
    if grant is not None and publication_date < grant.begin:
        raise UsageError(
            f"No edition can be dated {publication_date}.",
            why=f"Grant '{grant.id}', which it rests on, begins on {grant.begin}.",
            fix="Give a later day with --date, or none for today.",
        )


def _read(folder: Path) -> Edition:
    document = json.loads((folder / FILE).read_text(encoding="utf-8"))
    del document["languages"]
    document |= {
        "title": Text(**document["title"]),
        "date": date.fromisoformat(document["date"]),
        "sections": tuple(_section(section) for section in document["sections"]),
    }
    return Edition(**document, results=read_results(folder / FOLDER))


def _section_document(section: Section) -> dict[str, Any]:
    texts = {part: getattr(section, part).model_dump() for part in ("kicker", "headline", "text")}
    return {"id": section.id, "view": section.view, "results": list(section.results)} | texts


def _section(document: dict[str, Any]) -> Section:
    texts = {part: Text(**document[part]) for part in ("kicker", "headline", "text")}
    return Section(document["id"], document["view"], tuple(document["results"]), **texts)
