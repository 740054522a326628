"""The numbers of units that the rows of a Result tell: counts, and what stands under shares and means."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from das_research.disclosure.breakdowns import months_of
from das_research.disclosure.near import among
from das_research.disclosure.own_tables import is_own, uncounted
from das_research.disclosure.rules import is_unsafe
from das_research.disclosure.tables.cells import Status
from das_research.result import TOTAL, Result

Role = Literal["value", "numerator", "complement", "denominator", "amount", "rows"]
ROLES: tuple[Role, ...] = ("value", "numerator", "complement", "denominator")
Place = frozenset[tuple[str, str]]
PERIOD, DAY = "period", "day"
STOCKS = {"open_begin": 0, "open_end": 1}  # measures that stand at the first day of a period, or of the next


@dataclass(frozen=True)
class Number:
    """A number of units.

    Parameters
    ----------
    result, row : str, int
        Name of the Result and label of the row that tell it.
    role : {'value', 'numerator', 'complement', 'denominator', 'amount', 'rows'}
        How the row tells it; the complement is the denominator less the numerator. An amount is a sum, see `amounts`;
        of how many rows, it does not tell, see `under_sums`.
    measure, period : str
        As the row has them.
    kind : str
        What is counted: numbers of one kind add up over codes and periods.
    place : frozenset of (str, str)
        Dimension and code; a total is not named. The period stands here too, or of a stock its day.
    value : int
        How many.
    units : int
        How many persons are known to be in it.
    status : Status
        What may become of it.
    zero_is_told : bool
        Whether a zero is shown as such, so that a hidden one can't be zero.
    chance : int
        The smaller it is, the likelier another number at this place equals it by chance: the number itself, or the
        smaller part of a share.
    cost : int
        What readers lose when it is hidden: with a share both its parts go, and with a denominator every share of it;
        of two shares of one whole it is more for the larger.
    """

    result: str
    row: int
    role: Role
    measure: str
    period: str
    kind: str
    place: Place
    value: int
    units: int
    status: Status
    zero_is_told: bool
    chance: int
    cost: int

    @property
    def codes(self) -> Place:
        """The place without the period."""
        return frozenset(it for it in self.place if it[0] not in (PERIOD, DAY))


@dataclass(frozen=True, eq=False)
class Told:
    """A Result beside the others.

    Parameters
    ----------
    result : Result
        As it was computed; of one that left before, as it is computed again, or as it left.
    unsafe : Series of bool
        The rows that may not be shown by themselves.
    hidden : Series of bool, optional
        Of one that left before: the rows that were hidden then.
    near : Series of bool, optional
        The rows that are unsafe beside others; by default none.
    """

    result: Result
    unsafe: "pd.Series[bool]"
    hidden: "pd.Series[bool] | None" = None
    near: "pd.Series[bool] | None" = None

    def is_concentrated(self, minimum: int) -> "pd.Series[bool]":
        """The rows that are unsafe since too much of a sum is one unit's or a few's, and for nothing else."""
        dominance = self.result.dominance
        if dominance is None or not dominance.needs:
            return self.unsafe & False
        found = self.unsafe & among(self.result, frozenset(dominance.needs) - dominance.apart)
        found &= ~self.result.table.apply(is_unsafe(minimum), axis=1).astype(bool)
        return found if self.near is None else found & ~self.near


def numbers_of(name: str, told: Told, minimum: int) -> Iterator[Number]:
    """The numbers that a Result tells.

    Parameters
    ----------
    name : str
        Of the Result.
    told : Told
        The Result. A row with a fraction, a weighted number or a sum tells none; of a mean it is the number of units.
    minimum : int
        Fewer units are unsafe.

    Yields
    ------
    Number
    """
    result = told.result
    not_counts = uncounted(result) if is_own(result) else []
    unsafe_rows = told.unsafe & ~told.is_concentrated(minimum)  # of those the sum is unsafe, and not how many are in it
    rows: list[dict[str, Any]] = result.table.to_dict("records")  # type: ignore[assignment]
    for label, row in zip(result.table.index, rows, strict=True):
        numbers = {} if row["kind"] == "cannot occur" else _of_row(row, row["measure"] in not_counts)
        unsafe = _unsafe(numbers, bool(unsafe_rows[label]), minimum)
        for role, value in numbers.items():
            yield Number(
                name,
                int(label),
                role,
                row["measure"],
                str(row[PERIOD]),
                kind_of(result, row["measure"], role),
                place_of(row, result.dimensions),
                value,
                value if role != "value" or row["n"] != row["n"] else min(value, int(row["n"])),
                status_of(role in unsafe, None if told.hidden is None else bool(told.hidden[label])),
                role in ("value", "denominator"),
                value if role in ("value", "denominator") else min(numbers["numerator"], numbers["complement"]),
                _cost(role, numbers),
            )


def _of_row(row: dict[str, Any], is_no_count: bool) -> dict[Role, int]:
    above, below = row["numerator"], row["denominator"]
    if above == above and below == below:
        return (
            {"numerator": int(above), "complement": int(below - above), "denominator": int(below)}
            if _is_count(above) and _is_count(below) and above <= below
            else {}
        )
    if below == below:
        return {"denominator": int(below)} if _is_count(below) else {}
    is_count = _is_count(row["value"]) and row["unit"] != "percent" and not is_no_count
    return {"value": int(row["value"])} if is_count else {}


def _cost(role: Role, numbers: dict[Role, int]) -> int:
    whole = numbers.get("denominator", 0)
    costs = {"value": numbers[role], "numerator": whole // 2 + numbers[role], "denominator": 2 * whole}
    return max(costs.get(role, whole // 2), 1)


def _is_count(number: float) -> bool:
    return number == number and number >= 0 and number % 1 == 0


def _unsafe(numbers: dict[Role, int], row_is_unsafe: bool, minimum: int) -> set[Role]:
    """Which numbers of an unsafe row are: the small ones; all where none is, so that it is for another reason."""
    if not row_is_unsafe:
        return set()
    small = {role for role, value in numbers.items() if value < minimum}
    return small or set(numbers)


def status_of(unsafe: bool, hidden: bool | None) -> Status:
    """What may become of a number; `hidden` whether it was, where it left before."""
    if hidden is None:
        return Status.PRIMARY if unsafe else Status.FREE
    if not hidden:
        return Status.FIXED
    return Status.PRIMARY if unsafe else Status.WITHHELD


def kind_of(result: Result, measure: str, role: Role) -> str:
    """What is counted: numbers of one kind add up."""
    what = "open" if measure in STOCKS else measure
    return "/".join([result.recipe.function, result.definition, what, role])


def place_of(row: dict[str, Any], dimensions: tuple[str, ...]) -> Place:
    """Where a row stands: its codes but totals, and its period or, of a stock, its day."""
    codes = {(name, str(row[name])) for name in dimensions if row[name] != TOTAL}
    period = str(row[PERIOD])
    if row["measure"] in STOCKS:
        first, last = months_of(period)
        return frozenset({*codes, (DAY, _month_after(last) if STOCKS[row["measure"]] else first)})
    return frozenset({*codes, (PERIOD, period)} if period != TOTAL else codes)


def _month_after(month: str) -> str:
    year, _, number = month.partition("-")
    if not (year.isdecimal() and number.isdecimal()):
        return f"after {month}"
    return f"{int(year) + 1}-01" if number == "12" else f"{year}-{int(number) + 1:02}"
