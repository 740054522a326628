"""Whether hazards stay proportional: the residuals of Schoenfeld, and how they move with time.

Sources: D. Schoenfeld, Partial residuals for the proportional hazards regression model, Biometrika 69 (1982), 239-241;
P.M. Grambsch and T.M. Therneau, Proportional hazards tests and diagnostics based on weighted residuals, Biometrika 81
(1994), 515-526.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from das_research.chain.models.design import Numbers
from das_research.result import TOTAL, Result

PROPORTIONAL, LEVEL = "proportional_p", 0.05


class NotProportional(UserWarning):
    """The hazards of a Cox model are not proportional: its hazard ratios are means over time."""

    def __init__(self, terms: Sequence[str]):
        super().__init__(terms)
        self.terms = terms

    def __str__(self) -> str:
        """What is the matter, and what to do."""
        named = f" Their ratio changes most for {', '.join(self.terms)}." if self.terms else ""
        return (
            f"The hazards of this model do not look proportional.{named} A hazard ratio is then a mean over the time "
            "that was seen. Fit shorter times apart, or make the term classes of which each has its own model."
        )


def not_proportional(result: Result) -> list[str] | None:
    """The terms whose hazards are not proportional in a fitted Cox model; None where they look so.

    Empty where all together are not, and no term alone.
    """
    rows = result.table[result.table.measure == PROPORTIONAL]
    each, whole = rows[rows.term != TOTAL], rows[rows.term == TOTAL].value
    failing = list(dict.fromkeys(each[each.value < LEVEL / max(len(each), 1)].term))
    return failing if failing or (whole < LEVEL).any() else None


@dataclass(frozen=True)
class Proportionality:
    """What a test says of each coefficient, and of all together.

    Parameters
    ----------
    trend : array
        Correlation of a coefficient's scaled residuals with the rank of the time of the event, -1 to 1: above zero the
        coefficient grows with time.
    chance : array
        The chance of such a trend where the coefficient does not change: chi-squared with one degree of freedom.
    whole : float
        The same of all coefficients together.
    """

    trend: Numbers
    chance: Numbers
    whole: float


def proportionality(residuals: Numbers, covariance: Numbers, times: Numbers) -> Proportionality:
    """Test the residuals of a fit against the rank of time.

    Parameters
    ----------
    residuals : array
        A row an event, a column a coefficient; from `schoenfeld`.
    covariance : array
        Of the coefficients: the inverse of the information.
    times : array
        Of the events, in the order of the residuals.

    Examples
    --------
    Residuals that rise with time: with variance 1 a statistic of 4 * (2 * 2 + 2)^2 / (4^2 * 5) = 1.8 over one degree.

    >>> found = proportionality(np.array([[-1.0], [-1], [1], [1]]), np.array([[0.25]]), np.array([1.0, 2, 3, 4]))
    >>> round(float(found.trend[0]), 3), round(float(found.chance[0]), 3)
    (0.894, 0.074)
    """
    _, group, tied = np.unique(times, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(tied) - (tied - 1) / 2)[group]  # of times that are the same the mean of theirs
    moved = ranks - ranks.mean()
    spread = float(moved @ moved)
    if not spread:
        unknown = np.full(residuals.shape[1], np.nan)
        return Proportionality(unknown, unknown, float("nan"))
    along = residuals.T @ moved
    scaled = residuals @ covariance
    squares = len(residuals) * (covariance @ along) ** 2 / (np.diag(covariance) * spread)
    whole = len(residuals) * float(along @ covariance @ along) / spread
    centred = scaled - scaled.mean(axis=0)
    trend = (centred.T @ moved) / np.sqrt((centred**2).sum(axis=0) * spread)
    return Proportionality(trend, chdtrc(1, squares), float(chdtrc(residuals.shape[1], whole)))


def schoenfeld(
    matrix: Numbers, entry: Numbers, duration: Numbers, event: Numbers, coefficients: Numbers, *, efron: bool
) -> tuple[Numbers, Numbers]:
    """Of every event what the one it happened to had, less what was expected of those at risk.

    Parameters
    ----------
    matrix : array
        A row an observation, a column a coefficient.
    entry, duration, event : array
        At risk after its entry and up to its duration; whether (1) or not (0) it ended in the event.
    coefficients : array
        As fitted.
    efron : bool
        Whether ties are Efron's; else Breslow's.

    Returns
    -------
    residuals, times : array
        A row an event.

    Examples
    --------
    Without an effect the mean of those at risk is expected: of 1, 0 and 2 it is 1, then of 0 and 2 it is 1 too.

    >>> day, none = np.array([1.0, 2, 3]), np.zeros(3)
    >>> schoenfeld(np.array([[1.0], [0], [2]]), none, day, np.array([1.0, 1, 0]), np.zeros(1), efron=True)[0].tolist()
    [[0.0], [-1.0]]
    """
    ended = np.flatnonzero(event > 0)
    ended = ended[np.argsort(duration[ended], kind="stable")]
    times, group, tied = np.unique(duration[ended], return_inverse=True, return_counts=True)
    risk = matrix @ coefficients
    weight = np.exp(risk - risk.max())
    weighted = np.column_stack([weight, weight[:, None] * matrix])
    # seen at a time or after it, less who entered then or later: they had not come yet
    at_risk = _from(duration, weighted, times) - _from(entry, weighted, times)
    of_ties = np.zeros_like(at_risk)
    np.add.at(of_ties, group, weighted[ended])
    first = np.r_[0, np.cumsum(tied)[:-1]]
    part = (np.arange(len(ended)) - first[group]) / tied[group] if efron else np.zeros(len(ended))
    left = at_risk[group] - part[:, None] * of_ties[group]
    expected = np.zeros((len(times), matrix.shape[1]))
    np.add.at(expected, group, left[:, 1:] / left[:, :1])
    return matrix[ended] - (expected / tied[:, None])[group], duration[ended]


def _from(when: Numbers, weighted: Numbers, times: Numbers) -> Numbers:
    """The sums of the rows whose time is each of these or later."""
    order = np.argsort(when, kind="stable")
    later = np.vstack([np.cumsum(weighted[order][::-1], axis=0)[::-1], np.zeros(weighted.shape[1])])
    return later[np.searchsorted(when[order], times, side="left")]
