"""Gate 3: from the folder of a run to a release that waits for its reviewers.

Nothing of what a project hands over is taken at its word: every Result is computed again from its recipe, and it is the
second computation that is protected and written.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from das_research.audit import AuditLog, stamp
from das_research.audit_facts import Fact, fingerprint, use_of
from das_research.catalog.models import Catalog
from das_research.catalog.own_files import seen_by
from das_research.disclosure.agreed import agreed_by
from das_research.disclosure.as_logged import made, who_made
from das_research.disclosure.dossier import open_criteria, write_dossier
from das_research.disclosure.judge import Judged, Rerun
from das_research.disclosure.origin import check_origin
from das_research.disclosure.refused.advice import nothing_left, refusal, tell_author
from das_research.disclosure.refused.attempt import attempt
from das_research.disclosure.releases import FILE, FOLDER, Release, all_that_left, read_release, release_id
from das_research.disclosure.revisions import revisions
from das_research.disclosure.side_by_side import OwnTables
from das_research.disclosure.texts import check_texts
from das_research.disclosure.why import say_reasons
from das_research.errors import ReleaseRefused
from das_research.handover import Handover, read_handover
from das_research.home import Home, new_folder
from das_research.processing_log import ProcessingLog, of_extract
from das_research.result import Result
from das_research.warehouse.code import code_version


def check_release(
    catalog: Catalog, home: Home, run_folder: Path, rerun: Rerun, account: str, own_tables: OwnTables | None = None
) -> Release:
    """Check a hand-over and write it as a release in the state `checked`.

    Parameters
    ----------
    catalog : Catalog
        The rules of disclosure control, and the agreements.
    home : Home
        Where the release is written. The same hand-over again gives the release that is there.
    run_folder : Path
        The run, with its hand-over.
    rerun : callable
        From a project and a recipe to the Result, computed anew in a process of its own; None where the recipe is not
        one that can be run again. See `das_research.monitors.rerun`.
    account : str
        Who brings it; neither this account nor the author can review it.
    own_tables : OwnTables, optional
        How own tables are compared with those that left before. Without it none is compared, and the dossier says so.

    Returns
    -------
    Release
        A Result that could not be computed again is `not checked`: nothing of it is copied, and the release can't be
        approved.

    Raises
    ------
    UsageError
        When the run has no hand-over that can be read.
    ReleaseRefused
        When the hand-over is not of a project, monitor and author that the catalogue knows, a text or name holds a
        number, a Result is not what its recipe gives, a rule fails, what is hidden could be worked back, or no number
        is left. Nothing is written but the line in the log and, of the last two, what would pass in the run's folder;
        of any other what lay there goes.
    """
    handover, started = read_handover(run_folder), datetime.now(UTC)
    log = AuditLog(home.audit_log)
    facts, reason = dict[str, Fact](), "origin"
    try:
        check_origin(catalog, handover, run_folder.name)
        catalog = seen_by(catalog, handover.project)  # its rules, and the codes and columns that its Results may name
        facts, reason = {"run": run_folder.name} | use_of(catalog, handover.project), "numbers"
        known = all_that_left(home)
        decide = partial(_decide, catalog, handover, run_folder.name, rerun, own_tables)
        judged = _as_before(handover, run_folder.name, known, decide)
        reason = "texts"
        check_texts(handover, catalog, judged.results)
    except ReleaseRefused as error:
        log.record("release", "refused", account, reason=reason, released=False, **facts)
        tell_author(run_folder, error)
        raise
    results, decisions = judged.results, judged.decisions
    id, withdrawn_before = _next(handover, results, known)
    touched = of_extract(catalog, handover.extract, catalog.grants[handover.project].agreements)
    ProcessingLog(home.processing_log).record("release", id, touched, started)
    if not (home.releases / id / FILE).is_file():
        facts |= {"release": id, "extract": handover.extract, "asked": _asked(handover), "results": len(results)}
        facts |= {kind: sum(getattr(it, kind) for it in decisions.values()) for kind in ("shown", "hidden")}
        hands = who_made(catalog, log, handover, run_folder.name)
        makers = {handover.author, account, *hands}
        release = Release(
            id=id,
            state="checked",
            monitor=handover.monitor,
            parameters=handover.parameters,
            project=handover.project,
            run=run_folder.name,
            extract=handover.extract,
            snapshot=handover.snapshot,
            synthetic=any(result.synthetic for result in results.values()),
            author=handover.author,
            account=account,
            sections=handover.sections,
            results=results,
            decisions={name: asdict(decision) for name, decision in decisions.items()},
            fictitious_reviewers=_fictitious_reviewers(catalog, handover),
            agreed=agreed_by(catalog, handover, makers, results, decisions, started.date()),
            code_version=code_version(),
            catalog_hash=catalog.hash,
            earlier=_came_back(known, handover, results),
            attacked=judged.attacked,
            revisions=_all_revised(
                revisions(results, [it for it in known if it.run != run_folder.name], catalog.disclosure.minimum),
                judged.revised,
            ),
            hands=hands,
            attempt=withdrawn_before,
        )
        release = replace(release, needed=_needed(release))
        facts["made"] = made(json.loads(release.to_json()))
        log.record("release", "checked", account, released=False, **facts)
        release = replace(release, **stamp(home))
        with new_folder(home.releases / id) as folder:
            (folder / FOLDER).mkdir()
            for name, result in results.items():
                (folder / FOLDER / f"{name}.json").write_text(result.to_json(), encoding="utf-8")
            (folder / FILE).write_text(release.to_json(), encoding="utf-8")
            write_dossier(folder, catalog, release)
    tell_author(run_folder, None)
    return read_release(home, id)


def _next(handover: Handover, results: dict[str, Result], known: Sequence[Release]) -> tuple[str, int]:
    """Id and attempt: what was withdrawn stays so, and the same again is another release."""
    content = handover.monitor, handover.parameters, handover.sections, results
    withdrawn = {it.id for it in known if it.state == "withdrawn"}
    ids = ((release_id(*content, before), before) for before in range(len(withdrawn) + 1))
    return next(it for it in ids if it[0] not in withdrawn)


def _needed(release: Release) -> int:
    """How many verdicts: who agreed a product beforehand has not seen what is open of this one."""
    if release.unpassed:  # it can't be approved
        return 1
    return 1 if release.agreed and not open_criteria(release) else 2


def _as_before(
    handover: Handover, run: str, known: Sequence[Release], decide: Callable[[Sequence[Release]], Judged]
) -> Judged:
    """As it was decided before, where the same is handed over again: what left since has that beside it already."""
    for one in (it for it in known if it.run == run):
        decided = decide([it for it in known if it.audit_line < one.audit_line])
        if release_id(handover.monitor, handover.parameters, handover.sections, decided.results) == one.content:
            return decided
    return decide(known)


def _decide(
    catalog: Catalog,
    handover: Handover,
    run: str,
    rerun: Rerun,
    own_tables: OwnTables | None,
    known: Sequence[Release],
) -> Judged:
    """Every Result, computed again, as it may leave beside these releases."""
    tried = attempt(catalog, handover, run, rerun, own_tables, known)
    for name, decision in tried.judged.decisions.items():
        if decision.status == "failed":
            raise ReleaseRefused(
                f"The result '{name}' can't be released.",
                why=say_reasons(decision.reasons, "en"),
                fix=f"Hand over the rest without '{name}', or compute it so that this no longer holds.",
            )
    if tried.findings is not None:
        raise refusal(run, catalog.disclosure.minimum, tried.findings, tried.coarser)
    if tried.judged.is_nothing:
        raise nothing_left(tried.judged, tried.coarser)
    return tried.judged


def _came_back(known: Sequence[Release], handover: Handover, results: dict[str, Result]) -> tuple[str, ...]:
    """The releases of the same project and monitor that came back, and those of the same content taken back."""
    same = [it for it in known if (it.project, it.monitor) == (handover.project, handover.monitor)]
    content = release_id(handover.monitor, handover.parameters, handover.sections, results)
    back = [it for it in same if it.state == "returned" or (it.state == "withdrawn" and it.content == content)]
    return tuple(it.id for it in back)


def _all_revised(*told: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """What several ways tell, each once."""
    return tuple({json.dumps(it, sort_keys=True): it for found in told for it in found}.values())


def _asked(handover: Handover) -> str:
    """One fingerprint of all recipes that were handed over."""
    return fingerprint([[it.recipe.function, it.recipe.parameters] for _, it in sorted(handover.results.items())])


def _fictitious_reviewers(catalog: Catalog, handover: Handover) -> tuple[str, ...]:
    """The demonstration's role accounts, for the demonstration's own monitors."""
    demo = catalog.demo
    if demo is None or handover.monitor not in demo.monitors:
        return ()
    return demo.reviewers
