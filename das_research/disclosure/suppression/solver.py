"""Linear programs that are solved many times over with another objective or other bounds, by HiGHS."""

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csc_array

from das_research.errors import NotJudged

INFINITY = highspy.kHighsInf
PRIMAL_SIMPLEX, DUAL_SIMPLEX = 4, 1
# One thread each: HiGHS fails when its instances in one process differ in it, and the way of the search must not.
CALL = 40_000  # the work of a call, beside that of its steps
COPY = 60  # the work of bringing one variable there and back
SEARCH, STEP = 3_000_000, 2  # of a search for whole numbers: to begin it, and how much more a step of it is
OPTIONS = {"output_flag": False, "threads": 1, "parallel": "off", "random_seed": 0, "mip_rel_gap": 0.0}


@dataclass
class Meter:
    """How much work solvers did, by their steps and the size of the program: the same on every machine.

    Parameters
    ----------
    limit : float
        How much they may do.
    """

    limit: float = float("inf")
    spent: int = 0

    @property
    def is_left(self) -> bool:
        """Whether there is work left to do."""
        return self.spent < self.limit


class LinearProgram:
    """Minimise cost * x with matrix * x between bounds, and x between bounds.

    Parameters
    ----------
    matrix : sparse array
        One row a constraint, one column a variable.
    row_bounds, bounds : (array, array)
        Lower and upper, of the rows and of the variables.
    cost : array, optional
        By default zero.
    strategy : int
        `PRIMAL_SIMPLEX` where objectives change, `DUAL_SIMPLEX` where bounds and rows do.
    meter : Meter, optional
        Where the work is counted.
    """

    def __init__(
        self,
        matrix: Any,
        row_bounds: tuple[np.ndarray, np.ndarray],
        bounds: tuple[np.ndarray, np.ndarray],
        cost: np.ndarray | None = None,
        strategy: int = PRIMAL_SIMPLEX,
        meter: Meter | None = None,
    ):
        columns = csc_array(matrix, dtype=float)
        self.size = columns.shape[1]
        self.meter = meter or Meter()
        self._whole = False
        self._highs = highspy.Highs()
        for name, value in {**OPTIONS, "simplex_strategy": strategy}.items():
            self._check(self._highs.setOptionValue(name, value))
        problem = highspy.HighsLp()
        problem.num_row_, problem.num_col_ = columns.shape
        problem.col_cost_ = np.zeros(self.size) if cost is None else np.asarray(cost, dtype=float)
        problem.col_lower_, problem.col_upper_ = (np.asarray(bound, dtype=float) for bound in bounds)
        problem.row_lower_, problem.row_upper_ = (np.asarray(bound, dtype=float) for bound in row_bounds)
        problem.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        problem.a_matrix_.start_, problem.a_matrix_.index_ = columns.indptr, columns.indices
        problem.a_matrix_.value_ = columns.data
        self._check(self._highs.passModel(problem))

    def set_bounds(self, columns: Any, lower: Any, upper: Any) -> None:
        """Other bounds for some variables."""
        index = np.atleast_1d(np.asarray(columns, dtype=np.int32))
        low, high = (np.broadcast_to(np.asarray(it, dtype=float), index.shape).copy() for it in (lower, upper))
        self._check(self._highs.changeColsBounds(len(index), index, low, high))

    def set_cost(self, columns: Any, cost: Any) -> None:
        """Other costs for some variables."""
        index = np.atleast_1d(np.asarray(columns, dtype=np.int32))
        values = np.broadcast_to(np.asarray(cost, dtype=float), index.shape).copy()
        self._check(self._highs.changeColsCost(len(index), index, values))

    def set_integer(self, integer: bool) -> None:
        """Whether every variable is whole."""
        self._whole = integer
        kind = highspy.HighsVarType.kInteger if integer else highspy.HighsVarType.kContinuous
        index = np.arange(self.size, dtype=np.int32)
        self._check(self._highs.changeColsIntegrality(self.size, index, np.full(self.size, kind)))

    def set_option(self, name: str, value: Any) -> None:
        """An option of HiGHS."""
        self._check(self._highs.setOptionValue(name, value))

    def add_row(self, columns: np.ndarray, values: np.ndarray, lower: float) -> None:
        """One more constraint: values * x at these variables is at least `lower`."""
        index, numbers = np.asarray(columns, dtype=np.int32), np.asarray(values, dtype=float)
        self._check(self._highs.addRow(lower, INFINITY, len(index), index, numbers))

    def forget(self) -> None:
        """Start the next time from nothing, which is sooner than from a solution at other costs."""
        self._check(self._highs.setBasis())

    def start_from(self, solution: np.ndarray) -> None:
        """A solution to start the search for whole numbers from."""
        start = highspy.HighsSolution()
        start.col_value = np.asarray(solution, dtype=float).tolist()
        self._check(self._highs.setSolution(start))

    def solve(self, may_stop: bool = False) -> tuple[np.ndarray | None, bool]:
        """Solve it.

        Parameters
        ----------
        may_stop : bool
            Whether reaching a limit that was set is no failure.

        Returns
        -------
        array or None, bool
            The solution, or None where there is none; and whether it is proved to be the best, or that there is none.

        Raises
        ------
        ReleaseRefused
            When the solver ends in any other way.
        """
        ran = self._highs.run()
        info = self._highs.getInfo()
        call, weight = (SEARCH, STEP) if self._whole else (CALL, 1)
        steps = max(int(info.simplex_iteration_count), 1)
        self.meter.spent += call + COPY * self.size + weight * steps * self._highs.getNumNz()
        status, known = self._highs.getModelStatus(), highspy.HighsModelStatus
        if ran == highspy.HighsStatus.kError:
            raise _failed(self._highs.modelStatusToString(status))
        if status == known.kInfeasible:
            return None, True
        stopped = status in (known.kSolutionLimit, known.kIterationLimit, known.kTimeLimit, known.kInterrupt)
        if status != known.kOptimal and not (may_stop and stopped):
            raise _failed(self._highs.modelStatusToString(status))
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        solution = np.array(self._highs.getSolution().col_value) if found else None
        return solution, status == known.kOptimal

    @property
    def objective(self) -> float:
        """The value of the objective in the last solution."""
        return float(self._highs.getInfo().objective_function_value)

    @property
    def bound(self) -> float:
        """What the objective can't go below, after a search for whole numbers."""
        return float(self._highs.getInfo().mip_dual_bound)

    @property
    def reduced_costs(self) -> np.ndarray:
        """The dual of every variable in the last solution."""
        return np.array(self._highs.getSolution().col_dual)

    def _check(self, status: highspy.HighsStatus) -> None:
        if status == highspy.HighsStatus.kError:
            raise _failed("a call that it did not take")


def _failed(status: str) -> NotJudged:
    """Nothing may leave on the strength of a search that did not come to an end."""
    return NotJudged(
        "Whether the hidden numbers are safe could not be computed.",
        why=f"The solver ended with: {status}.",
        ask="the maintainers, with the shape of the table",
    )
