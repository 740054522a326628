"""One try to let a hand-over pass: judged, and where it may not, why, and what would pass instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from das_research.catalog.models import Catalog
from das_research.disclosure.judge import Judged, Rerun, compute_again, judge
from das_research.disclosure.refused.compared import Compared
from das_research.disclosure.refused.findings import Findings, findings_of
from das_research.disclosure.refused.search import NONE_TRIED, Again, Coarser, safe_coarser
from das_research.disclosure.releases import Release
from das_research.disclosure.side_by_side import OwnTables
from das_research.handover import Handover


@dataclass(frozen=True)
class Attempt:
    """What became of a hand-over.

    Parameters
    ----------
    judged : Judged
        As it would leave.
    findings : Findings, optional
        Which groups can be told; None where none can.
    coarser : Coarser
        What would pass in its place, where something was looked for.
    """

    judged: Judged
    findings: Findings | None = None
    coarser: Coarser = NONE_TRIED


def attempt(
    catalog: Catalog,
    handover: Handover,
    run: str,
    rerun: Rerun,
    own_tables: OwnTables | None,
    known: Sequence[Release],
) -> Attempt:
    """Compute a hand-over again, judge it, and look for what would pass where it does not.

    Parameters
    ----------
    catalog : Catalog
        As the project sees it.
    handover : Handover
        What was handed over.
    run : str
        Its run.
    rerun : callable
        From a project and a recipe to the Result.
    own_tables : OwnTables, optional
        How own tables are compared.
    known : sequence of Release
        Beside which releases.

    Raises
    ------
    ReleaseRefused
        When a Result is not what its recipe gives, or the last look did not come to an end.
    """
    again = compute_again(handover, rerun)
    compared = None if own_tables is None else Compared(own_tables)

    def judged_as(results: Again, tables: OwnTables | None) -> Judged:
        return judge(catalog, handover, run, results, tables, known)

    judged = judged_as(again, None if compared is None else compared.for_changed({}))
    if judged.is_nothing and not judged.look.leaks:
        asked = partial(rerun, handover.project)
        found = safe_coarser(catalog, again, judged, judged.nothing_of, compared, judged_as, asked)
        return Attempt(judged, coarser=found)
    if not judged.look.leaks:
        return Attempt(judged)
    findings = findings_of(judged)
    if not findings.is_new:
        return Attempt(judged, findings)
    return Attempt(judged, findings, safe_coarser(catalog, again, judged, findings.own, compared, judged_as))
