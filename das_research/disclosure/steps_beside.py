"""How many each step of a table's making left, beside tables of an author's choice: who was left out is in no cell."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from das_research.disclosure.checks import SHOWN, Check
from das_research.disclosure.own_tables import is_of_own_choice
from das_research.result import Result

NO_UNITS = ("percent", "number")  # of shares, sums and means


def without_steps(result: Result, others: Iterable[Result]) -> Result:
    """The Result without its attrition where one of these was its author's choice.

    Parameters
    ----------
    result : Result
        As it would leave.
    others : iterable of Result
        What leaves with it, and left the project before on its snapshot.
    """
    if not result.attrition or not any(map(is_of_own_choice, others)):
        return result
    return replace(result, attrition=())


def beside_steps(released: Result, others: Iterable[Result], minimum: int) -> Iterator[Check]:
    """Whether a number of an author's choice differs by few from one that a step left before: people look at it.

    Parameters
    ----------
    released : Result
        As it leaves.
    others : iterable of Result
        What left before, on its snapshot.
    minimum : int
        A difference of fewer may tell of them, or be chance: nobody knows who is behind a step.
    """
    left = [step for it in others for step in it.attrition]
    steps = {number for step in left for number in (step.n_in, step.n_out, step.n_in - step.n_out)}
    if not steps or not is_of_own_choice(released) or released.rounded is not None:
        return
    table = released.table[released.table.disclosure.isin(SHOWN)]
    units = table[["numerator", "denominator", "n"]].assign(value=table.value.where(~table.unit.isin(NO_UNITS)))
    near = units.map(lambda number: any(0 < abs(number - step) < minimum for step in steps))
    given = {"n": minimum}
    if cells := int(near.any(axis=1).sum()):
        yield Check("steps", "not checked", given | {"cells": cells})
    else:
        yield Check("no steps", given=given)
