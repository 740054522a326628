"""Which numbers are too small to leave, and what is hidden with them.

Counts, and the counts under shares and means, are hidden cell by cell over all that leaves together, see
`das_research.disclosure.together`. Where that can't be done the rule is crude: a breakdown that holds an unsafe cell is
published as its total only, in the whole Result.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isclose

import pandas as pd

from das_research.catalog.models import Catalog
from das_research.disclosure.breakdowns import smallest_cover
from das_research.disclosure.checks import Check, Status, checks_of, checks_of_rounded
from das_research.disclosure.cohorts import own_choices
from das_research.disclosure.curves import protect_curve
from das_research.disclosure.faults import hidden_faults
from das_research.disclosure.hide import hide, without_persons, without_small_differences, without_spread
from das_research.disclosure.models import coarser_model, model_faults
from das_research.disclosure.near import among
from das_research.disclosure.own_tables import TABULATE, is_own, uncounted
from das_research.disclosure.series import coarser_series, series_faults
from das_research.disclosure.why import Why
from das_research.presentation.bands import Place
from das_research.result import Result

FAULTS_FUNCTION = "das_research.chain.deliveries"


@dataclass(frozen=True)
class Decision:
    """What gate 3 decided about one Result.

    Parameters
    ----------
    status : {'passed', 'failed', 'not checked'}
        Not checked is not passed.
    checks : tuple of Check
        Every rule that was asked, by name.
    shown, hidden : int
        Cells of the released table.
    reasons : tuple of Why
        What was collapsed, or why the Result did not pass. Counts and names of columns only.
    compared : bool
        Whether the persons under its cells were compared with those under the project's own tables, or of an own table
        with those under all else of the project.
    """

    status: Status
    checks: tuple[Check, ...] = ()
    shown: int = 0
    hidden: int = 0
    reasons: tuple[Why, ...] = ()
    compared: bool = False


@dataclass(frozen=True, eq=False)
class Cover:
    """What is hidden of a Result for the sake of all that leaves together.

    Parameters
    ----------
    mask : Series of bool
        Its rows.
    is_secondary : bool
        Whether numbers are hidden, here or in Results that share numbers with it, of which few are told otherwise:
        how many persons are under the numbers is then left out.
    """

    mask: "pd.Series[bool]"
    is_secondary: bool


def protect(
    result: Result,
    catalog: Catalog,
    too_near: frozenset[Place] = frozenset(),
    cover: Cover | None = None,
    *,
    by_person: bool = False,
) -> tuple[Result, Decision]:
    """The Result as it may leave, and the decision about it.

    Parameters
    ----------
    result : Result
        As gate 3 computed it again.
    catalog : Catalog
        Its `disclosure.minimum`, and the agreements that say whether counts of faults are exact.
    too_near : frozenset of tuple
        Addresses of cells that tell too much beside what is shown elsewhere; see `das_research.disclosure.near`.
    cover : Cover, optional
        Of a Result of counts or shares: what is hidden with the unsafe rows. Without it whole breakdowns are.
    by_person : bool
        Whether who is in it was compared with who is in others: a cohort by lines of the author's own leaves only then.

    Returns
    -------
    Result, Decision
        In the Result every cell is `shown` or `hidden`; a hidden one has no number. A Result labelled `faults` that
        does not come from the deliveries fails, and an own table with a sum or a mean that no rule of concentration
        judges is not checked: every cell is hidden then.
    """
    minimum, chosen = catalog.disclosure.minimum, own_choices(result)
    if for_them := for_people(result, by_person=by_person):
        return withheld(result, catalog, "not checked", *for_them)
    collapsed: list[str] = []
    nothing = pd.Series(False, index=result.table.index)
    if result.shape == "faults":
        if result.recipe.function != FAULTS_FUNCTION:
            return withheld(result, catalog, "failed", "faults", Why("faults", {"function": FAULTS_FUNCTION}))
        mask, collapsed = hidden_faults(result.table, catalog)
    elif result.shape == "curve":
        result, mask, collapsed = protect_curve(result, minimum, too_near)
    elif result.shape == "counts":
        unsafe = unsafe_rows(result, minimum, too_near)
        mask, collapsed = smallest_cover(result, unsafe, minimum) if cover is None else (cover.mask | unsafe, [])
    elif result.shape == "model":
        if faults := model_faults(result, minimum):
            return withheld(result, catalog, "failed", "levels", *faults)
        mask = nothing
    elif result.shape == "series":
        if faults := series_faults(result, is_unsafe(minimum)):
            return withheld(result, catalog, "failed", "series", *faults)
        mask = nothing
    else:
        return withheld(result, catalog, "failed", "shape", Why("shape", {"shape": result.shape}))
    released = without_small_differences(hide(result, mask, catalog), minimum)
    if chosen or too_near:  # what each step left is a number of persons that nothing compares
        released = replace(released, attrition=())
    released = without_spread(released, result)
    coarser = {"model": coarser_model, "series": coarser_series}.get(result.shape)
    released = coarser(released) if coarser else released
    if cover is not None and cover.is_secondary:
        released = without_persons(released)
    elif result.recipe.function == TABULATE:
        released = without_persons(released, uncounted(result))
    counts = released.table.disclosure.value_counts()
    reasons = (Why("total only", {"names": ", ".join(collapsed)}),) if collapsed else ()
    hid = hidden_by(result, minimum) if result.shape == "counts" else {}
    checks = checks_of(result, released, catalog, hid, by_cell=cover is not None)
    return released, Decision("passed", checks, int(counts.get("shown", 0)), int(mask.sum()), reasons)


def rounded_decision(result: Result, rounded: Result, catalog: Catalog) -> tuple[Result, Decision]:
    """What is decided of a Result whose counts were rounded: every one of its numbers is shown, and none is exact."""
    return rounded, Decision("passed", checks_of_rounded(result, rounded, catalog.disclosure), shown=len(rounded.table))


def for_people(result: Result, *, by_person: bool = False) -> tuple[str, Why] | None:
    """Which rule does not judge a Result, and why; None where all do. `by_person` as in `protect`."""
    if is_own(result) and (names := uncounted(result)):
        if result.dominance is None:
            return "concentration", Why("concentration", {"names": ", ".join(names)})
        if signed := [name for name in names if name in result.dominance.signed]:
            return "concentration", Why("below zero", {"names": ", ".join(signed)})
    if not by_person and (chosen := own_choices(result)):
        return "compared", Why("own cohort", {"names": ", ".join(chosen)})
    return None


def unsafe_rows(result: Result, minimum: int, too_near: frozenset[Place] = frozenset()) -> "pd.Series[bool]":
    """The rows of a table of counts that may not be shown by themselves."""
    return _small(result, minimum) | _dominated(result) | among(result, too_near)


def hidden_by(result: Result, minimum: int) -> dict[str, int]:
    """How many cells each rule hides for what they tell by themselves: a share is one, whichever of its parts is small.

    Parameters
    ----------
    result : Result
        A table of counts, as it was computed.
    minimum : int
        Fewer units than this are unsafe.
    """
    small, is_share = _small(result, minimum), result.table.numerator.notna() & result.table.denominator.notna()
    rows = {"minimum": small & ~is_share, "shares": small & is_share, "concentration": _dominated(result)}
    return {rule: int(it.sum()) for rule, it in rows.items()}


def _small(result: Result, minimum: int) -> "pd.Series[bool]":
    return result.table.apply(is_unsafe(minimum), axis=1).astype(bool)


def _dominated(result: Result) -> "pd.Series[bool]":
    return among(result, frozenset() if result.dominance is None else result.dominance.places)


def withheld(result: Result, catalog: Catalog, status: Status, rule: str, *reasons: Why) -> tuple[Result, Decision]:
    """The Result with every cell hidden, since it does not pass a rule or nobody asked it."""
    everything = pd.Series(True, index=result.table.index)
    released = hide(result, everything, catalog)
    return without_small_differences(released, None), Decision(
        status, (Check(rule, status, {"n": catalog.disclosure.minimum}),), 0, len(everything), reasons
    )


def is_unsafe(minimum: int) -> Callable[[pd.Series], bool]:
    """Whether a cell of a table of counts may not be shown.

    Parameters
    ----------
    minimum : int
        Fewer units than this are unsafe.

    Returns
    -------
    callable
        From a row to True or False. A true zero and what can't occur are safe. A share is unsafe when its numerator or
        its complement is small, zero included: that nobody or everybody did something tells it of each of them. A sum,
        or the sum under a mean, that is a small whole number is a count by another name. What can't be judged, because
        its numbers of units are missing, is unsafe.

    Examples
    --------
    >>> cell = {"kind": "number", "unit": "percent", "value": 98.0, "n": 100.0, "numerator": 98.0, "denominator": 100.0}
    >>> is_unsafe(10)(pd.Series(cell)), is_unsafe(10)(pd.Series(cell | {"numerator": 60.0, "value": 60.0}))
    (True, False)
    """

    def judge(row: pd.Series) -> bool:
        is_share = pd.notna(row.numerator) and pd.notna(row.denominator)
        empty = pd.isna(row.value) and (row.kind == "cannot occur" or row.denominator == 0)
        if empty or (row.value == 0 and row.n == 0 and not is_share):
            return False
        if pd.isna(row.n) or row.n < minimum:
            return True
        if is_share:
            return bool(min(row.numerator, row.denominator - row.numerator) < minimum)
        if row.unit == "percent" or pd.isna(row.value):
            return True
        total = abs(row.value * (1 if pd.isna(row.denominator) else row.denominator))
        return bool(0 < total < minimum and isclose(total, round(total), abs_tol=1e-6))

    return judge
