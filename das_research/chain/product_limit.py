"""The product-limit estimator on counts per day, with its limits: exact where many cases end on one day.

Sources: E.L. Kaplan and P. Meier, Nonparametric estimation from incomplete observations, JASA 53 (1958), 457-481;
the variance of M. Greenwood, The natural duration of cancer (1926); limits on the log(-log) scale as in
J.D. Kalbfleisch and R.L. Prentice, The statistical analysis of failure time data (1980); limits of quantiles by
R. Brookmeyer and J. Crowley, A confidence interval for the median survival time, Biometrics 38 (1982), 29-41.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Z95 = 1.959963984540054  # the 97.5th percentile of the normal distribution
TOUCHES = 1e-12  # a product of shares may miss the share it equals by so much
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Survival:
    """The share still open after each day on which a case ended or was last seen.

    Parameters
    ----------
    days : array
        Distinct days, rising.
    events, at_risk : array
        Cases that ended on that day; cases still open just before it.
    share, se : array
        Share open after it, and Greenwood's standard error; both 0-1.
    lower, upper : array
        Its 95% limits on the log(-log) scale; NaN where the share is 0 or 1.
    """

    days: Numbers
    events: Numbers
    at_risk: Numbers
    share: Numbers
    se: Numbers
    lower: Numbers
    upper: Numbers

    def index_at(self, day: float) -> int:
        """Position of the last day not after this one; -1 before the first."""
        return int(np.searchsorted(self.days, day, side="right")) - 1

    def quantile(self, completed: float) -> tuple[float, float, float]:
        """The first day by which a share has ended, with 95% limits.

        Parameters
        ----------
        completed : float
            The share, 0-1.

        Returns
        -------
        tuple of float
            The day, and the days on which the limits of the curve cross the same share (Brookmeyer and Crowley); NaN
            where it was not reached.
        """
        middle = _first_day(self.days, self.share, 1 - completed)
        unknown = np.isnan(self.lower)
        low = _first_day(self.days, np.where(unknown, self.share, self.lower), 1 - completed)
        high = _first_day(self.days, np.where(unknown, self.share, self.upper), 1 - completed)
        return middle, low, high


def product_limit(days: Numbers, ended: Numbers, open_: Numbers) -> Survival:
    """Estimate from counts per day.

    Parameters
    ----------
    days : array
        Distinct days since the start, rising.
    ended, open_ : array
        Cases that ended on that day, and cases last seen open on it (censored). Those last seen on a day were at risk
        on it.

    Returns
    -------
    Survival
        Shares 0-1, as many as there are days.

    Examples
    --------
    Five cases: one ends on day 2, two on day 5, one was last seen open on day 5, one ends on day 9. So 4/5 are open
    after day 2, 4/5 x 2/4 = 2/5 after day 5, none after day 9.

    >>> curve = product_limit(np.array([2.0, 5, 9]), np.array([1.0, 2, 1]), np.array([0.0, 1, 0]))
    >>> curve.at_risk.tolist(), curve.share.round(3).tolist()
    ([5.0, 4.0, 1.0], [0.8, 0.4, 0.0])
    >>> curve.quantile(0.5)[0]
    5.0
    """
    gone = ended + open_
    at_risk = gone.sum() - np.concatenate([[0.0], np.cumsum(gone)[:-1]])
    share = np.cumprod((at_risk - ended) / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(ended / (at_risk * (at_risk - ended)))
        se = np.where(share > 0, share * np.sqrt(variance), 0.0)
        spread = Z95 * np.sqrt(variance) / np.log(share)
        inside = (share > 0) & (share < 1)
        lower = np.where(inside, share ** np.exp(-spread), np.nan)
        upper = np.where(inside, share ** np.exp(spread), np.nan)
    return Survival(days, ended, at_risk, share, se, lower, upper)


def _first_day(days: Numbers, share: Numbers, target: float) -> float:
    reached = np.flatnonzero(share <= target + TOUCHES)
    return float(days[reached[0]]) if len(reached) else float("nan")
