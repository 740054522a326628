"""Tables of which no number is left: each would be dots to its readers, and a hand-over of nothing else is refused."""

from collections.abc import Mapping
from dataclasses import replace

from das_research.disclosure.checks import Check
from das_research.disclosure.rules import Decision
from das_research.disclosure.why import Why
from das_research.result import Result

NOTHING_LEFT = "nothing left"


def nothing_left_of(
    computed: Mapping[str, Result], released: Mapping[str, Result], decisions: Mapping[str, Decision]
) -> tuple[str, ...]:
    """The Results that passed and have no number left to read.

    Parameters
    ----------
    computed, released : mapping
        Name to Result: as computed again, and as it may leave.
    decisions : mapping
        Name to what was decided of it.

    Returns
    -------
    tuple of str
        Zeros alone are nothing to read beside what is hidden; a table in which nothing but zeros was counted says so,
        and is left. What is not checked is for people, and not here.
    """
    passed = (name for name, it in decisions.items() if it.status == "passed")
    return tuple(name for name in passed if _has_numbers(computed[name]) and not _has_numbers(released[name]))


def told_of(decision: Decision) -> Decision:
    """A decision that says that nothing is left, and what would help."""
    checks = (*decision.checks, Check(NOTHING_LEFT, "not checked"))
    return replace(decision, checks=checks, reasons=(*decision.reasons, Why(NOTHING_LEFT)))


def _has_numbers(result: Result) -> bool:
    return bool((result.table.value.notna() & (result.table.value != 0)).any())
