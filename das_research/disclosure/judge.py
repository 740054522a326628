"""What gate 3 makes of Results that it computed again: each as it may leave, why, and what working back found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from das_research.catalog.models import Catalog, Text
from das_research.catalog.strictest import protection_of
from das_research.disclosure.beside import Beside
from das_research.disclosure.checks import Check
from das_research.disclosure.compare import differences
from das_research.disclosure.estimates import is_estimate, nearly_alike
from das_research.disclosure.models import nearly_equal
from das_research.disclosure.nothing_left import nothing_left_of, told_of
from das_research.disclosure.own_tables import hashed, without_query
from das_research.disclosure.releases import Release, release_id
from das_research.disclosure.rules import Decision, withheld
from das_research.disclosure.side_by_side import OwnTables, SideBySide
from das_research.disclosure.sound import faults_of
from das_research.disclosure.why import Why
from das_research.disclosure.worked_back import NOTHING_FOUND, LastLook, look_at_unions, look_back
from das_research.errors import ReleaseRefused
from das_research.handover import Handover
from das_research.result import AFTER, BEFORE, Recipe, Result

Rerun = Callable[[str, Recipe], Result | None]


@dataclass(frozen=True)
class Judged:
    """What may leave of a hand-over.

    Parameters
    ----------
    results : dict
        Name to Result as it may leave.
    decisions : dict
        Name to what was decided about it.
    look : LastLook
        What working back found; nothing was tried where a Result failed.
    before : tuple of Release
        Beside which releases it was judged.
    attacked : dict
        What a release keeps of the last look.
    nothing_of : tuple of str
        Names of the Results that passed, and of which no number is left.
    revised : tuple of dict
        Numbers of own tables that differ by few from those of a release on another snapshot, as `revisions` has them.
    """

    results: dict[str, Result]
    decisions: dict[str, Decision]
    look: LastLook
    before: tuple[Release, ...] = ()
    attacked: dict[str, Any] = field(default_factory=dict)
    nothing_of: tuple[str, ...] = ()
    revised: tuple[dict[str, Any], ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether no number is left of any Result; one that is not checked is something for people."""
        return bool(self.nothing_of) and set(self.nothing_of) == set(self.results)


def compute_again(handover: Handover, rerun: Rerun) -> dict[str, Result | None]:
    """Every Result of a hand-over, from its recipe; None where that can't be run again.

    Parameters
    ----------
    handover : Handover
        What was handed over.
    rerun : callable
        From a project and a recipe to the Result.

    Raises
    ------
    ReleaseRefused
        When one is not what its recipe gives, or has no rows.
    """
    again = {name: rerun(handover.project, it.recipe) for name, it in handover.results.items()}
    for name, result in again.items():
        if result is not None and (changed := differences(handover.results[name], result)):
            raise ReleaseRefused(
                f"The result '{name}' is not what its recipe gives.",
                why=f"Computed again from the extract, it differs: {', '.join(changed)}.",
                fix="Compute it again in the project as it is now, and hand over that.",
            )
        if result is not None and (faults := faults_of(result)):
            raise ReleaseRefused(
                f"The result '{name}' has numbers that no table can have.",
                why=f"Computed again, {'; '.join(faults)}.",
                fix="Mend the query, or give the codes and totals that are missing, and hand over that.",
                ask="the maintainers, where a function of the package gave it",
            )
        if result is not None and result.table.empty:
            raise ReleaseRefused(
                f"The result '{name}' has no rows.",
                why="There is nothing in it to judge, or to publish.",
                fix=f"Hand over the rest without '{name}'.",
            )
    return again


def judge(
    catalog: Catalog,
    handover: Handover,
    run: str,
    again: Mapping[str, Result | None],
    own_tables: OwnTables | None,
    known: Sequence[Release],
) -> Judged:
    """Judge Results together, beside what left before.

    Parameters
    ----------
    catalog : Catalog
        As the project sees it.
    handover : Handover
        Whose Results they are.
    run : str
        Its run: an earlier check of it is no other release.
    again : mapping
        Name to the Result computed again; None where that could not be done.
    own_tables : OwnTables or None
        How own tables are compared.
    known : sequence of Release
        Every release there is.

    Raises
    ------
    ReleaseRefused
        When the last look did not come to an end.
    """
    computed = {name: result for name, result in again.items() if result is not None}
    asked = protection_of(catalog, handover.monitor)
    sides = SideBySide(catalog, known, handover.project, run, handover.snapshot, computed, own_tables)
    beside = Beside(sides, asked)
    results, decisions = dict[str, Result](), dict[str, Decision]()
    for name, result in again.items():
        if result is None:
            results[name] = _nothing_of(handover, name)
            decisions[name] = Decision(
                "not checked", (Check("computed again", "not checked"),), reasons=(Why("not again"),)
            )
            continue
        released, decisions[name] = beside.protect(name, result)
        results[name] = without_query(released)
    before = tuple(sides.before)
    if any(it.status == "failed" for it in decisions.values()):
        return Judged(results, decisions, NOTHING_FOUND, before)
    _hold_back(catalog, handover, known, results, decisions)
    look = look_back(catalog, handover.project, computed, results, before, beside.again, beside.possible)
    look = look_at_unions(catalog, look, results, (*before, *beside.others), beside.standing)
    told = look.told | {"unknown": beside.unknown, "elsewhere": sides.elsewhere, "hidden": beside.hidden}
    nothing_of = nothing_left_of(computed, results, decisions)
    decisions |= {name: told_of(decisions[name]) for name in nothing_of}
    return Judged(
        results, decisions, look, (*before, *beside.others), told, nothing_of, tuple(sides.revisions(results))
    )


def _hold_back(
    catalog: Catalog,
    handover: Handover,
    known: Sequence[Release],
    results: dict[str, Result],
    decisions: dict[str, Decision],
) -> None:
    """A model or an estimate that differs by few persons from another, here or in a release before, is not checked."""
    if not any(result.shape == "model" or is_estimate(result) for result in results.values()):
        return
    id = release_id(handover.monitor, handover.parameters, handover.sections, results)
    before = [one for one in known if one.project == handover.project and one.content != id]
    earlier = [result for one in before if one.state != "returned" for result in one.results.values()]
    minimum = catalog.disclosure.minimum
    found = nearly_equal(results, earlier, minimum) | nearly_alike(results, earlier, minimum)
    for name, reason in found.items():
        if decisions[name].status == "passed":
            results[name], decisions[name] = withheld(
                results[name], catalog, "not checked", "model beside another", reason
            )


def _nothing_of(handover: Handover, name: str) -> Result:
    """What stands in a release for a Result that was not computed again: no word or number of it can be trusted."""
    recipe = Recipe("", hashed(handover.results[name].recipe).parameters)
    return Result(
        table=pd.DataFrame(columns=[*BEFORE, *AFTER]),
        dimensions=(),
        title=Text(nl=name, en=name),
        definition="",
        definition_version="",
        shape="counts",
        labels={},
        recipe=recipe,
        project=handover.project,
        snapshot=handover.snapshot,
        synthetic=handover.synthetic,
    )
