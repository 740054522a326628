"""What an output checker sees of a hand-over that was refused: computed anew for who asks, and kept nowhere else.

The numbers that tell a group are numbers that may not be read side by side. So the gate keeps none of them: who reviews
asks for them, and gets a folder of their own for a desk within the secure zone. The audit log tells of it.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from das_research.audit import AuditLog
from das_research.audit_facts import Fact, use_of
from das_research.catalog.models import Catalog
from das_research.catalog.own_files import seen_by
from das_research.disclosure.as_logged import who_made
from das_research.disclosure.checkers_folder import check_folder, write_folder
from das_research.disclosure.judge import Rerun
from das_research.disclosure.origin import check_origin
from das_research.disclosure.refused.advice import document_of_advice, nothing_left
from das_research.disclosure.refused.attempt import Attempt, attempt
from das_research.disclosure.refused.findings import Findings, document_of
from das_research.disclosure.refused.page import page_of
from das_research.disclosure.releases import all_that_left
from das_research.disclosure.side_by_side import OwnTables
from das_research.disclosure.who_may import is_reviewer
from das_research.errors import ReleaseRefused
from das_research.handover import Handover, read_handover
from das_research.home import Home
from das_research.style.numbers import LANGUAGES

FILE = "refused.json"


def show_refused(
    catalog: Catalog,
    home: Home,
    run_folder: Path,
    rerun: Callable[[Path], tuple[Rerun, OwnTables | None]],
    account: str,
    to: Path,
) -> Findings:
    """Write which numbers tell of few, of a hand-over that gate 3 refuses for it.

    Parameters
    ----------
    catalog : Catalog
        The rules, and who reviews.
    home : Home
        The home folder.
    run_folder : Path
        The run that was handed over.
    rerun : callable
        From the folder of a run to what computes its Results again and compares its own tables; see
        `das_research.monitors.rerun`.
    account : str
        A reviewer who neither made the hand-over nor brought it to the gate.
    to : Path
        A folder that isn't there yet, outside the home: made for its owner alone.

    Returns
    -------
    Findings
        What was written.

    Raises
    ------
    UsageError
        When the folder is there already or lies within the home, or the run has no hand-over that can be read.
    ReleaseRefused
        When the account is no reviewer of it, it is not refused for numbers that can be worked back, or what left
        before is missing.
    """
    handover, run = read_handover(run_folder), run_folder.name
    log = AuditLog(home.audit_log)
    _check_reviewer(catalog, handover, run, log, account)
    check_folder(home, to)
    check_origin(catalog, handover, run)
    known = seen_by(catalog, handover.project)
    tried = attempt(known, handover, run, *rerun(run_folder), all_that_left(home))
    if tried.findings is None and tried.judged.is_nothing:
        raise nothing_left(tried.judged, tried.coarser)  # there is no number to show
    if tried.findings is None:
        raise ReleaseRefused(
            f"No hidden number of the run {run} can be worked back.",
            why="Beside what left by now its rules and the last look let it pass, or a rule refuses it before that.",
            fix=f"Type das release check {run}.",
        )
    # said before it is done: numbers without a line must not exist
    facts: dict[str, Fact] = {"run": run, "form": "refused", "groups": tried.findings.groups, "released": False}
    log.record("release", "exported", account, **facts | use_of(known, handover.project))
    document = refused_document(known, handover, run, tried)
    synthetic = any(result.synthetic for result in tried.judged.results.values())
    pages = {f"refused.{it}.html": page_of(known, document, it, synthetic=synthetic) for it in LANGUAGES}
    write_folder(to, {FILE: json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1)} | pages)
    return tried.findings


def _check_reviewer(catalog: Catalog, handover: Handover, run: str, log: AuditLog, account: str) -> None:
    told = [line for line in log.lines() if (line["gate"], line["act"]) == ("release", "refused")]
    made = {handover.author, *(line["account"] for line in told if line["facts"].get("run") == run)}
    made |= {*who_made(catalog, log, handover, run)}
    if account in made or not is_reviewer(account, catalog.disclosure.reviewers):
        raise ReleaseRefused(
            f"The account '{account}' can't see which numbers of the run {run} tell of few.",
            why="They may not be read side by side, but by reviewers who had no part in it.",
            ask="a reviewer who did not work on it",
        )


def refused_document(catalog: Catalog, handover: Handover, run: str, tried: Attempt) -> dict[str, Any]:
    """All of it as JSON values.

    Parameters
    ----------
    catalog : Catalog
        The minimum.
    handover : Handover
        What was handed over.
    run : str
        Its run.
    tried : Attempt
        What became of it.

    Returns
    -------
    dict
        ``run, project, author, extract, snapshot, minimum``; ``groups``: how many can be told; ``told``: the first of
        them, see `findings.document_of`; ``tables`` and ``earlier`` as in the advice of the author; ``asked`` and
        ``knowledge`` of the last look; ``instead, tried, all_tried``: what would pass.
    """
    findings = tried.findings
    made = {name: getattr(handover, name) for name in ("project", "author", "extract", "snapshot")}
    told: dict[str, Any] = {} if findings is None else {
        "groups": findings.groups,
        "told": document_of(findings),
        **document_of_advice(findings.own, findings.earlier, tried.coarser),
    }  # fmt: skip
    return {
        "run": run,
        **made,
        "minimum": catalog.disclosure.minimum,
        **told,
        "asked": tried.judged.look.told.get("asked", 0),
        "knowledge": tried.judged.look.told.get("knowledge", []),
    }
