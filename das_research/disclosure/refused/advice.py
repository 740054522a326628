"""What the author of a refused hand-over is told: which tables, beside what, and what would pass. Never a number."""

from das_research.disclosure.refused.findings import Findings
from das_research.errors import ReleaseRefused


def refusal(minimum: int, findings: Findings) -> ReleaseRefused:
    """The refusal of a hand-over of which hidden numbers can be worked back.

    Parameters
    ----------
    minimum : int
        Fewer units than this are a group that may not be told.
    findings : Findings
        What the last look found.
    """
    why = f"{findings.groups} groups of fewer than {minimum} can be told: {', '.join(findings.ways)}."
    if findings.own:
        why += f" The tables that tell them: {', '.join(findings.own)}."
    if findings.earlier:
        beside = ", ".join(f"{name} of {release}" for release, name in findings.earlier)
        why += f" They are told beside what left before: {beside}."
    return ReleaseRefused(
        "What is hidden could be worked back.",
        why=why,
        fix=_fix(findings),
        ask="the output checkers, who can look at it with you",
    )


def _fix(findings: Findings) -> str:
    if not findings.is_new:
        return "Nothing in this hand-over: what left before tells it by itself."
    same = ", or the same breakdown as before" if findings.earlier else ""
    return f"Release a coarser table: fewer codes, longer periods, or without a breakdown{same}."
