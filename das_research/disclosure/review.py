"""Who says yes: two reviewers who did not make it. Every review is added to the dossier; none is ever changed."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Literal

from das_research.audit import AuditLog
from das_research.audit_facts import Fact
from das_research.disclosure.releases import FILE, Release, Review, State, read_release
from das_research.errors import ReleaseRefused
from das_research.home import Home, write_file

Act = Literal["first approval", "second approval", "return", "withdrawal"]
NEXT: dict[tuple[State, Act], State | None] = {
    ("checked", "first approval"): "checked",
    ("checked", "second approval"): "approved",
    ("checked", "return"): "returned",
    ("checked", "withdrawal"): None,
    ("approved", "first approval"): None,
    ("approved", "second approval"): None,
    ("approved", "return"): None,
    ("approved", "withdrawal"): "withdrawn",
    ("returned", "first approval"): None,
    ("returned", "second approval"): None,
    ("returned", "return"): None,
    ("returned", "withdrawal"): None,
    ("withdrawn", "first approval"): None,
    ("withdrawn", "second approval"): None,
    ("withdrawn", "return"): None,
    ("withdrawn", "withdrawal"): None,
}


def approve(home: Home, release_id: str, account: str, fictitious: bool = False) -> Release:
    """Approve a release; after the second approval it is `approved`.

    Parameters
    ----------
    home : Home
        The home folder.
    release_id : str
        The release.
    account : str
        The reviewer: neither its author nor who brought it to the gate, and no one who approved it before.
    fictitious : bool
        True for a role account of a demonstration. Allowed where every Result is synthetic, or for the reviewers whom
        the catalogue's demonstration names; the release then is not `reviewed`.

    Returns
    -------
    Release

    Raises
    ------
    UsageError
        When there is no such release.
    ReleaseRefused
        When this account can't approve it, its state does not allow it, or a Result did not pass the rules.
    """
    with _locked(home, release_id) as release:
        _check_reviewer(release, account, fictitious)
        decided = release.decisions
        unpassed = [name for name in release.results if decided.get(name, {}).get("status") != "passed"]
        if unpassed:
            raise ReleaseRefused(
                f"The release {release_id} can't be approved.",
                why=f"Not checked is not passed: {', '.join(unpassed)}.",
                fix=f'Type: das release return {release_id} --why "..."',
            )
        approved = any(review.act == "approve" for review in release.reviews)
        act: Act = "second approval" if approved else "first approval"
        return _record(home, release, act, Review(account, "reviewer", "approve", fictitious))


def return_release(home: Home, release_id: str, account: str, why: str) -> Release:
    """Send a release back to its author, with the reason. It can't be approved any more.

    Parameters
    ----------
    home, release_id, account
        As in `approve`; the author can do it too.
    why : str
        What must change.

    Raises
    ------
    UsageError, ReleaseRefused
        When there is no such release, its state does not allow it, or no reason is given.
    """
    return _with_reason(home, release_id, "return", Review(account, "reviewer", "return", why=why))


def withdraw_release(home: Home, release_id: str, account: str, why: str) -> Release:
    """Take an approved release back, with the reason: no edition can be made of it any more.

    Parameters, returns and errors as in `return_release`.
    """
    return _with_reason(home, release_id, "withdrawal", Review(account, "reviewer", "withdraw", why=why))


def _with_reason(home: Home, release_id: str, act: Act, review: Review) -> Release:
    if not review.why.strip():
        raise ReleaseRefused("A reason is missing.", why="The author must know what to do.", fix='Add --why "..."')
    with _locked(home, release_id) as release:
        return _record(home, release, act, review)


def _check_reviewer(release: Release, account: str, fictitious: bool) -> None:
    def refuse(why: str) -> ReleaseRefused:
        return ReleaseRefused(
            f"The account '{account}' can't approve the release {release.id}.",
            why=why,
            ask="a reviewer who did not work on it",
        )

    if account in (release.author, release.account):
        raise refuse("It made the release or brought it to the gate, and nobody reviews own work.")
    if any(review.account == account and review.act == "approve" for review in release.reviews):
        raise refuse("It approved the release already; the second approval is another's.")
    if fictitious and not (release.synthetic or account in release.fictitious_reviewers):
        raise refuse("It is fictitious, and the release holds real data that are not a demonstration's.")
    if not fictitious and account in release.fictitious_reviewers:
        raise refuse("It is a role account of the demonstration: there is nobody behind it.")


def _record(home: Home, release: Release, act: Act, review: Review) -> Release:
    state = NEXT[release.state, act]
    if state is None:
        raise ReleaseRefused(
            f"The release {release.id} is {release.state}: no {act} is possible.",
            fix=f"Type das release show {release.id}.",
        )
    changed = replace(release, state=state, reviews=(*release.reviews, review))
    verb = {"approve": "approved", "return": "returned", "withdraw": "withdrawn"}[review.act]
    log = AuditLog(home.audit_log)
    facts: dict[str, Fact] = {"release": release.id, "project": release.project, "state": state}
    facts |= {"fictitious": review.fictitious, "released": state == "approved"}
    log.record("release", verb, review.account, **facts)
    write_file(home.releases / release.id / FILE, changed.to_json())
    return changed


@contextmanager
def _locked(home: Home, release_id: str) -> Iterator[Release]:
    """The release, while nobody else reviews it."""
    read_release(home, release_id)
    folder = os.open(home.releases / release_id, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield read_release(home, release_id)
    finally:
        os.close(folder)
