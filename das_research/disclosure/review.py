"""The reviews of a release by people who did not make it. Every one is added to the dossier; none is ever changed."""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from das_research.audit import AuditLog
from das_research.audit_facts import Fact
from das_research.catalog.models import Catalog
from das_research.disclosure.as_logged import is_approved, lines_of_releases
from das_research.disclosure.dossier import write_dossier
from das_research.disclosure.reasons import OTHER, check_reason
from das_research.disclosure.releases import FILE, Release, Review, read_as_logged, read_release
from das_research.disclosure.who_may import Act, check_may, state_after
from das_research.errors import ReleaseRefused
from das_research.handover import RETURNED
from das_research.home import Home, write_file


def approve(
    catalog: Catalog, home: Home, release_id: str, account: str, fictitious: bool = False, told: Sequence[str] = ()
) -> Release:
    """Approve a release; when every verdict it needs is there and none sends it back, it is `approved`.

    Parameters
    ----------
    catalog : Catalog
        Who reviews.
    home : Home
        The home folder.
    release_id : str
        The release.
    account : str
        The reviewer: neither its author nor who brought it to the gate, and no one who gave a verdict before.
    fictitious : bool
        True for a role account of a demonstration. Allowed where every Result is synthetic, or for the reviewers whom
        the catalogue's demonstration names; the release then is not `reviewed`.
    told : sequence of str
        The open criteria that were put before the account; kept with its verdict.

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
        check_may(release, account, "approve", catalog.disclosure.reviewers)
        _check_fictitious(release, account, fictitious)
        if unpassed := release.unpassed:
            raise ReleaseRefused(
                f"The release {release_id} can't be approved.",
                why=f"Not checked is not passed: {', '.join(unpassed)}.",
                fix=f'Type: das release return {release_id} --kind not-checked --why "..."',
            )
        return _record(catalog, home, release, Review(account, "reviewer", "approve", fictitious, told=tuple(told)))


def return_release(
    catalog: Catalog, home: Home, release_id: str, account: str, why: str, kind: str = OTHER, fictitious: bool = False
) -> Release:
    """Say that a release goes back to its author, with the reason. With the last verdict it does.

    Parameters
    ----------
    catalog, home, release_id, account, fictitious
        As in `approve`.
    why : str
        What must change: it reaches the author, beside the run and in the next attempt.
    kind : str
        One of `das_research.disclosure.reasons.REASONS`.

    Raises
    ------
    UsageError, ReleaseRefused
        When there is no such release, its state does not allow it, or no reason is given.
    """
    check_reason(kind, why)
    with _locked(home, release_id) as release:
        check_may(release, account, "return", catalog.disclosure.reviewers)
        _check_fictitious(release, account, fictitious)
        return _record(catalog, home, release, Review(account, "reviewer", "return", fictitious, why, kind))


def withdraw_release(
    catalog: Catalog, home: Home, release_id: str, account: str, why: str, kind: str = OTHER
) -> Release:
    """Take a release back, with the reason: no edition can be made of it any more, and the site leaves it out.

    Parameters, returns and errors as in `return_release`; its author can do it too.
    """
    check_reason(kind, why)
    with _locked(home, release_id) as release:
        check_may(release, account, "withdraw", catalog.disclosure.reviewers)
        role = "author" if account in release.makers else "reviewer"
        return _record(catalog, home, release, Review(account, role, "withdraw", why=why, kind=kind))


def _check_fictitious(release: Release, account: str, fictitious: bool) -> None:
    why = ""
    if fictitious and not (release.synthetic or account in release.fictitious_reviewers):
        why = "It is fictitious, and the release holds real data that are not a demonstration's."
    if not fictitious and account in release.fictitious_reviewers:
        why = "It is a role account of the demonstration: there is nobody behind it."
    if why:
        raise ReleaseRefused(
            f"The account '{account}' can't review the release {release.id}.",
            why=why,
            ask="a reviewer who did not work on it",
        )


def _record(catalog: Catalog, home: Home, release: Release, review: Review) -> Release:
    """Write a review that may be given: log, release, dossier, and what the author gets to read."""
    review = replace(review, moment=datetime.now(UTC).isoformat(timespec="seconds"))
    told = replace(release, reviews=(*release.reviews, review))
    changed = replace(told, state="withdrawn" if review.act == "withdraw" else state_after(told))
    if changed.state == "returned" and is_approved(lines_of_releases(home).get(release.id, [])):
        raise ReleaseRefused(
            f"The release {release.id} can't go back to its author.",
            why="The audit log tells that it was approved, and its file does not yet.",
            fix=f'Type das release approve {release.id}, or das release withdraw {release.id} --why "...".',
        )
    AuditLog(home.audit_log).record("release", _verb(review.act, changed), review.account, **_facts(changed, review))
    write_file(home.releases / release.id / FILE, changed.to_json())
    write_dossier(home.releases / release.id, catalog, changed)
    if changed.state == "returned":
        _tell_author(home, changed)
    return changed


def _verb(act: Act, release: Release) -> str:
    """The act in the log: of a verdict before the last only that it was given."""
    return "reviewed" if release.state == "first review" else "withdrawn" if act == "withdraw" else release.state


def _facts(release: Release, review: Review) -> dict[str, Fact]:
    facts: dict[str, Fact] = {"release": release.id, "project": release.project, "state": release.state}
    return facts | {"fictitious": review.fictitious, "released": release.state == "approved"}


def _tell_author(home: Home, release: Release) -> None:
    """Lay the reasons beside the run, without the names of the reviewers."""
    run = home.project(release.project) / "runs" / release.run
    reasons = [{"kind": it.kind, "why": it.why} for it in release.verdicts if it.act == "return"]
    if release.run and run.is_dir() and not any(path.is_symlink() for path in (run, run.parent)):
        document = {"release": release.id, "reasons": reasons}
        write_file(run / RETURNED, json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1))


@contextmanager
def _locked(home: Home, release_id: str) -> Iterator[Release]:
    """The release, while nobody else reviews it."""
    read_release(home, release_id)
    folder = os.open(home.releases / release_id, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield read_as_logged(home, release_id)
    finally:
        os.close(folder)
