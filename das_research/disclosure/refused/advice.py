"""What the author of a refused hand-over is told: which tables, beside what, what would pass; no number of a table."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from das_research.disclosure.judge import Judged
from das_research.disclosure.refused.findings import Findings, Table
from das_research.disclosure.refused.search import Coarser
from das_research.disclosure.refused.words import change
from das_research.errors import ReleaseRefused
from das_research.handover import REFUSED
from das_research.home import write_file

WORKED_BACK, LEFT = "What is hidden could be worked back.", "Nothing of it is left to publish."


class WithAdvice(ReleaseRefused):
    """A hand-over is refused, with the advice that is laid beside it."""

    advice: dict[str, Any]


def refusal(run: str, minimum: int, findings: Findings, coarser: Coarser) -> WithAdvice:
    """The refusal of a hand-over of which hidden numbers can be worked back.

    Parameters
    ----------
    run : str
        The run that was handed over.
    minimum : int
        Fewer units than this are a group that may not be told.
    findings : Findings
        What the last look found.
    coarser : Coarser
        What would pass.
    """
    why = f"{findings.groups} groups of fewer than {minimum} can be told: {', '.join(findings.ways)}."
    if findings.own:
        why += f" The tables that tell them: {', '.join(findings.own)}."
    if findings.earlier:
        beside = ", ".join(f"{name} of {release}" for release, name in findings.earlier)
        why += f" They are told beside what left before: {beside}."
    helps = _helps(coarser, ", or the same breakdown as before" if findings.earlier else "")
    fix = helps if findings.is_new else "Nothing in this hand-over would help: what left before tells it by itself."
    refused = WithAdvice(
        WORKED_BACK,
        why=why,
        fix=fix,
        ask=f"an output checker: das release refused {run} --to DIR shows them, and only them, which numbers tell it",
    )
    reasons = [{"kind": "difference", "why": f"{why} {fix}"}]
    told = document_of_advice(findings.own, findings.earlier, coarser)
    refused.advice = {"reasons": reasons, "ways": list(findings.ways)} | told
    return refused


def nothing_left(judged: Judged, coarser: Coarser) -> WithAdvice:
    """The refusal of a hand-over of which every number would be hidden.

    Parameters
    ----------
    judged : Judged
        As gate 3 judged it.
    coarser : Coarser
        What would pass.
    """
    why = (
        "No number but zeros would be shown: too few are under the others, or what is hidden could be worked back from "
        f"them. The tables: {', '.join(judged.nothing_of)}."
    )
    fix = _helps(coarser)
    refused = WithAdvice(LEFT, why=why, fix=fix, ask="the output checkers")
    reasons = [{"kind": "small-cells", "why": f"{why} {fix}"}]
    refused.advice = {"reasons": reasons, "ways": []} | document_of_advice(judged.nothing_of, (), coarser)
    return refused


def _helps(coarser: Coarser, same: str = "") -> str:
    if coarser.changes:
        instead = ", and ".join(change(**asdict(it), language="en") for it in coarser.changes)
        return f"This would pass, as what left stands now: {instead}."
    tried = "no coarser one that was tried would pass" if coarser.tried else "there is no coarser one to try"
    rest = "" if coarser.all_tried else ", and not all were"
    return f"Release other tables: fewer codes, longer periods{same}; {tried}{rest}."


def document_of_advice(own: Sequence[str], earlier: Sequence[Table], coarser: Coarser) -> dict[str, Any]:
    """Which tables it is about, beside what left before, and what would pass, as JSON values."""
    return {
        "tables": list(own),
        "earlier": [{"release": release, "table": name} for release, name in earlier],
        "instead": [asdict(it) for it in coarser.changes],
        "tried": coarser.tried,
        "all_tried": coarser.all_tried,
    }


def tell_author(run_folder: Path, refused: ReleaseRefused | None) -> None:
    """Lay the reason and what would pass beside the hand-over, as reasons of reviewers are; what lay there goes.

    The folder is its author's: where nothing can be laid there, the message said it.

    Parameters
    ----------
    run_folder : Path
        The run.
    refused : ReleaseRefused, optional
        Why it may not leave; None where it passed. Only where there is advice something is laid there.
    """
    if not run_folder.is_dir() or run_folder.is_symlink():
        return
    path = run_folder / REFUSED
    with suppress(OSError):
        if isinstance(refused, WithAdvice):
            write_file(path, json.dumps(refused.advice, ensure_ascii=False, sort_keys=True, indent=1))
        else:
            path.unlink(missing_ok=True)
