"""The folder that an output checker takes to tau-ARGUS: numbers as they were before anything was hidden.

It is for the checker's desk within the secure zone. It lies nowhere that a researcher, an edition or the site reads
from, its owner alone can open it, and the audit log tells that it was made.
"""

from collections.abc import Callable
from pathlib import Path

from das_research.audit import AuditLog
from das_research.audit_facts import Fact, use_of
from das_research.catalog.models import Catalog, Text
from das_research.catalog.own_files import seen_by
from das_research.disclosure.argus.choose import tables_for_argus
from das_research.disclosure.argus.files import ArgusTable, argus_files
from das_research.disclosure.argus.left import NOT_PASSED, grouped
from das_research.disclosure.argus.readme import readme
from das_research.disclosure.checkers_folder import check_folder, write_folder
from das_research.disclosure.compare import still_shown
from das_research.disclosure.releases import Release, read_release
from das_research.disclosure.who_may import role_of
from das_research.errors import ReleaseRefused
from das_research.handover import read_handover
from das_research.home import Home
from das_research.result import Recipe, Result
from das_research.style.numbers import LANGUAGES

Rerun = Callable[[str, Recipe], Result | None]


def export_for_argus(
    catalog: Catalog, home: Home, release_id: str, rerun: Callable[[Path], Rerun], account: str, to: Path
) -> list[ArgusTable]:
    """Write the tables of a release as tau-ARGUS reads them, each as it was computed and as it would leave.

    Parameters
    ----------
    catalog : Catalog
        The rules, the hierarchies, and who reviews.
    home : Home
        The home folder.
    release_id : str
        The release: gate 3 has judged what it holds.
    rerun : callable
        From the folder of a run to what computes its Results again, see `das_research.monitors.rerun`.
    account : str
        A reviewer of the release.
    to : Path
        A folder that isn't there yet, outside the home: made for its owner alone.

    Returns
    -------
    list of ArgusTable
        Those that were written.

    Raises
    ------
    UsageError
        When the folder is there already or lies within the home, or the run is gone.
    ReleaseRefused
        When the account is no reviewer of it, a Result is no longer what was released, or it holds no table.
    """
    release = read_release(home, release_id)
    if role_of(release, account, catalog.disclosure.reviewers) not in ("reviewer", "reviewer who spoke"):
        raise ReleaseRefused(
            f"The account '{account}' can't take the tables of {release_id} to tau-ARGUS.",
            why="They hold numbers that may not leave, for the eyes of its reviewers alone.",
            ask="a reviewer who did not work on it",
        )
    check_folder(home, to)
    known = seen_by(catalog, release.project)
    tables, left = _tables(known, home, release, rerun)
    if not tables:
        reasons = [(reason.en, dict.fromkeys(it.split()[0] for it in names)) for reason, names in grouped(left).items()]
        raise ReleaseRefused(
            f"The release {release_id} holds no table that tau-ARGUS can read.",
            why=" ".join(f"{reason} ({', '.join(results)})" for reason, results in reasons),
        )
    # said before it is done: numbers without a line must not exist
    facts: dict[str, Fact] = {"release": release.id, "form": "tau-argus", "tables": len(tables), "released": False}
    facts |= use_of(catalog, release.project)
    AuditLog(home.audit_log).record("release", "exported", account, **facts)
    files = {name: text for table in tables for name, text in argus_files(table).items()}
    files |= {
        f"README.{language}.md": readme(release, tables, left, known.disclosure.minimum, language)
        for language in LANGUAGES
    }
    write_folder(to, files)
    return tables


def _tables(
    catalog: Catalog, home: Home, release: Release, rerun: Callable[[Path], Rerun]
) -> tuple[list[ArgusTable], dict[str, Text]]:
    run = home.project(release.project) / "runs" / release.run
    again, recipes = rerun(run), {name: it.recipe for name, it in read_handover(run).results.items()}
    tables: list[ArgusTable] = []
    left: dict[str, Text] = {}
    for name, released in release.results.items():
        result = again(release.project, recipes[name]) if name in recipes else None
        if release.decisions[name]["status"] != "passed" or result is None:
            left[name] = NOT_PASSED
            continue
        if result.shape == "counts" and not still_shown(released, result):  # what is no count leaves coarser
            raise ReleaseRefused(
                f"The result '{name}' is no longer what was released.",
                why="Computed again, numbers that were shown differ.",
                fix=f"Type das release check {release.run}.",
            )
        found, without = tables_for_argus(name, result, released, catalog)
        tables += found
        left |= {f"{name} {measure}".strip(): reason for measure, reason in without.items()}
    return tables, left
