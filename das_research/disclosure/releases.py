"""The reader of releases: the only part of gate 3 that the publication zone sees."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from das_research.catalog.models import Text
from das_research.disclosure.as_logged import differs, is_approved, lines_of_releases
from das_research.disclosure.sound import faults_of
from das_research.errors import NotJudged, ReleaseRefused, UsageError
from das_research.handover import Section
from das_research.home import Home
from das_research.result import Result, read_results

FILE = "release.json"
FOLDER = "results"
State = Literal["checked", "first review", "approved", "returned", "withdrawn"]
OUT: tuple[State, ...] = ("approved", "withdrawn")  # whose numbers readers have, or had


@dataclass(frozen=True)
class Review:
    """What one account said about a release.

    Parameters
    ----------
    account, role : str
        Who, as what.
    act : {'approve', 'return', 'withdraw'}
        What was said.
    fictitious : bool
        True for a role account of a demonstration: nobody looked.
    why : str
        The reason of a return or a withdrawal.
    kind : str
        What kind of reason it is: one of `das_research.disclosure.reasons.REASONS`.
    moment : str
        When, to the second in UTC.
    told : tuple of str
        The open criteria that were put before the account when it spoke; see `open_criteria` of the dossier.
    """

    account: str
    role: str
    act: Literal["approve", "return", "withdraw"]
    fictitious: bool = False
    why: str = ""
    kind: str = ""
    moment: str = ""
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Release:
    """What passed gate 3, with its dossier.

    Parameters
    ----------
    id : str
        ``rel-`` and a hash of what is released.
    state : {'checked', 'first review', 'approved', 'returned', 'withdrawn'}
        Only what is approved is published.
    monitor, parameters, project, extract, snapshot, synthetic, author, sections
        As in the hand-over.
    account : str
        Who brought it to gate 3.
    hands : tuple of str
        Whose work it may be besides, by the audit log: none of them reviews it.
    attempt : int
        How many releases of the same content were withdrawn before it.
    results : dict
        Name to released Result: every cell is shown or hidden.
    decisions : dict
        Name to `status`, `checks`, `shown`, `hidden`, `reasons`, `compared`.
    reviews : tuple of Review
        Oldest first; only ever added to.
    fictitious_reviewers : tuple of str
        Role accounts of a demonstration that may approve it.
    audit_head, audit_line, audit_key : str, int, str
        The last line of the audit log when it was made: hash, number, fingerprint of the key that sealed it.
    run : str
        The run in the project zone, which keeps what was handed over: there the query of an own table can be read.
    needed : int
        How many verdicts make it approved or returned: two, or one of a product that was agreed beforehand and has no
        open criterion, or of a release that can't be approved.
    agreed : tuple of str
        The two accounts that agreed the product beforehand; empty where it was not.
    code_version, catalog_hash : str
        The code and the catalogue that computed its Results again.
    earlier : tuple of str
        Releases of the same project and monitor that came back before it.
    revisions : tuple of dict
        Its numbers that differ by few from those of an earlier release on another snapshot; see
        `das_research.disclosure.revisions`.
    attacked : dict
        What working hidden numbers back was tried with; see `das_research.disclosure.worked_back`. Results that left
        before of which it was not known any more what was hidden stand under ``unknown``; what is hidden beside unsafe
        numbers, at which cost, under ``hidden``.
    """

    id: str
    state: State
    monitor: str
    parameters: dict[str, Any]
    project: str
    extract: str
    snapshot: str
    synthetic: bool
    author: str
    account: str
    sections: tuple[Section, ...]
    results: dict[str, Result]
    decisions: dict[str, dict[str, Any]]
    reviews: tuple[Review, ...] = ()
    fictitious_reviewers: tuple[str, ...] = ()
    audit_head: str = ""
    audit_line: int = 0
    audit_key: str = ""
    run: str = ""
    needed: int = 2
    agreed: tuple[str, ...] = ()
    code_version: str = ""
    catalog_hash: str = ""
    earlier: tuple[str, ...] = ()
    revisions: tuple[dict[str, Any], ...] = ()
    attacked: dict[str, Any] = field(default_factory=dict)
    hands: tuple[str, ...] = ()
    attempt: int = 0

    @property
    def makers(self) -> set[str]:
        """Everybody whose work it is, or may be, and who brought it."""
        return {self.author, self.account, *self.hands}

    @property
    def content(self) -> str:
        """The id of a first release of the same."""
        own = self.monitor, self.parameters, self.sections, self.results
        return release_id(*own) if self.attempt else self.id

    @property
    def unpassed(self) -> list[str]:
        """The Results that did not pass the rules: what was not checked did not."""
        return [name for name in self.results if self.decisions.get(name, {}).get("status") != "passed"]

    @property
    def verdicts(self) -> tuple[Review, ...]:
        """What reviewers said, oldest first."""
        return tuple(review for review in self.reviews if review.act != "withdraw")

    def reviews_told(self, account: str = "") -> tuple[Review, ...]:
        """The reviews that an account may know: before the last verdict is given, only its own.

        The commands and the dossier tell no more; who can read the files of the release can read them all.
        """
        if self.state != "first review":
            return self.reviews
        return tuple(review for review in self.reviews if review.account == account)

    @property
    def reviewed(self) -> bool:
        """True only when as many accounts as it needs, none of them fictitious, approved it."""
        real = {review.account for review in self.reviews if review.act == "approve" and not review.fictitious}
        return self.state == "approved" and len(real) >= self.needed

    def to_json(self) -> str:
        """The text of ``release.json``; the Results stand in files of their own."""
        document = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "results"}
        document["sections"] = [_section_document(section) for section in self.sections]
        document["reviews"] = [asdict(review) for review in self.reviews]
        document["reviewed"] = self.reviewed
        return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1)


def release_id(
    monitor: str,
    parameters: dict[str, Any],
    sections: tuple[Section, ...],
    results: dict[str, Result],
    attempt: int = 0,
) -> str:
    """The id of what is released: the same Results and sections have the same, but for withdrawn attempts before."""
    content: list[Any] = [
        monitor,
        parameters,
        [_section_document(section) for section in sections],
        {name: result.to_json() for name, result in results.items()},
        *([attempt] if attempt else []),
    ]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return f"rel-{digest[:12]}"


def read_release(home: Home, id: str) -> Release:
    """One release, as gate 3 wrote it.

    Parameters
    ----------
    home : Home
        The home folder.
    id : str
        The release.

    Returns
    -------
    Release

    Raises
    ------
    UsageError
        When there is no such release.
    ReleaseRefused
        When its files are not those that gate 3 wrote.
    """
    known = _ids(home)
    if id not in known:
        raise UsageError(
            f"There is no release '{id}'.",
            why=f"There are: {', '.join(known) or 'none yet'}.",
            fix="Type das release list.",
        )
    folder = home.releases / id
    try:
        document = json.loads((folder / FILE).read_text(encoding="utf-8"))
        results = read_results(folder / FOLDER)
        del document["reviewed"]
        document |= {
            "sections": tuple(_section(section) for section in document["sections"]),
            "reviews": tuple(_review(review) for review in document["reviews"]),
        } | {name: tuple(document[name]) for name in ("fictitious_reviewers", "agreed", "earlier", "revisions")}
        document["hands"] = tuple(document.get("hands", ()))
        release = Release(**document, results=results)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError):
        raise _not_as_written(id, "they can't be read") from None
    own = release.monitor, release.parameters, release.sections, release.results
    if release_id(*own, release.attempt) != id:
        raise _not_as_written(id, "they don't fit its id")
    if any(faults_of(result) for result in release.results.values()):
        raise _not_as_written(id, "they hold numbers that no table can have")
    return release


def list_releases(home: Home) -> list[Release]:
    """Every release, by id."""
    return [read_release(home, id) for id in _ids(home)]


def read_as_logged(home: Home, id: str) -> Release:
    """One release, which is what the audit log tells of it.

    Raises
    ------
    UsageError, ReleaseRefused
        As `read_release`, and when its file and the log differ.
    """
    release = read_release(home, id)
    _check_as_logged(home, release, lines_of_releases(home).get(id, []))
    return release


def all_that_left(home: Home) -> list[Release]:
    """Every release, by id, and none missing: what is hidden now is safe beside what left before, or it is not.

    Raises
    ------
    NotJudged
        When a release that was approved is gone, or another than the audit log tells, so that what readers have is not
        known any more.
    """
    known, lines = list_releases(home), lines_of_releases(home)
    for release in known:
        _check_as_logged(home, release, lines.get(release.id, []))
    approved = {id for id, told in lines.items() if is_approved(told)}
    if gone := sorted(approved - {it.id for it in known}):
        raise NotJudged(
            "Whether the release is safe could not be judged.",
            why=f"What left before is missing: {', '.join(gone)}.",
            fix="Lay these folders of publication/releases back, as a copy of the home has them.",
            ask="whoever keeps the home folder",
        )
    return known


def _check_as_logged(home: Home, release: Release, lines: list[dict[str, Any]]) -> None:
    if wrong := differs(json.loads(release.to_json()), lines, home):
        raise NotJudged(
            f"The release {release.id} can't be used.",
            why=f"Its release.json is not what the audit log tells of it: {wrong}.",
            fix="Lay it back as a copy of the home has it, and type das audit verify.",
            ask="whoever keeps the home folder",
        )


def _not_as_written(id: str, how: str) -> ReleaseRefused:
    return NotJudged(
        f"The release {id} can't be used.",
        why=f"Its files are not those that gate 3 wrote: {how}.",
        ask="whoever keeps the home folder",
    )


def _ids(home: Home) -> list[str]:
    return sorted(path.parent.name for path in home.releases.glob(f"rel-*/{FILE}"))


def _review(document: dict[str, Any]) -> Review:
    return Review(**document | {"told": tuple(document.get("told", ()))})


def _section_document(section: Section) -> dict[str, Any]:
    texts = {part: getattr(section, part).model_dump() for part in ("kicker", "headline", "text")}
    return {"id": section.id, "view": section.view, "results": list(section.results)} | texts


def _section(document: dict[str, Any]) -> Section:
    texts = {part: Text(**document[part]) for part in ("kicker", "headline", "text")}
    return Section(document["id"], document["view"], tuple(document["results"]), **texts)
