"""The cumulative incidence of an event among others, by Aalen and Johansen, on counts per day: exact under ties.

Sources: O.O. Aalen and S. Johansen, An empirical transition matrix for non-homogeneous Markov chains based on censored
observations, Scandinavian Journal of Statistics 5 (1978), 141-150; its variance by the delta method as in
E. Marubini and M.G. Valsecchi, Analysing survival data from clinical trials and observational studies (1995), chapter
10; limits on the log(-log) scale as in J.D. Kalbfleisch and R.L. Prentice (1980).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from das_research.chain.product_limit import TOUCHES, Z95

NOTHING = 1e-15  # a variance that is left over where terms cancel
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Incidence:
    """The share to whom the event has happened after each day on which something happened to somebody.

    Parameters
    ----------
    days : array
        Distinct days, rising.
    at_risk : array
        Who was still followed just before each day.
    free : array
        Share to whom nothing has happened after it, 0-1.
    share, se : array
        Share to whom the event happened by it, and its standard error; both 0-1.
    lower, upper : array
        Its 95% limits on the log(-log) scale; NaN where the share is 0 or 1.
    """

    days: Numbers
    at_risk: Numbers
    free: Numbers
    share: Numbers
    se: Numbers
    lower: Numbers
    upper: Numbers

    def at(self, day: float) -> tuple[float, float, float, float]:
        """Share, standard error and limits after a day; a share of nothing before the first."""
        place = int(np.searchsorted(self.days, day, side="right")) - 1
        if place < 0:
            return 0.0, 0.0, float("nan"), float("nan")
        return float(self.share[place]), float(self.se[place]), float(self.lower[place]), float(self.upper[place])


def cumulative_incidence(days: Numbers, events: Numbers, competing: Numbers, censored: Numbers) -> Incidence:
    """Estimate from counts per day.

    Parameters
    ----------
    days : array
        Distinct days since the start, rising.
    events, competing, censored : array
        To how many the event happened on that day, to how many something that keeps it from happening, and who were
        last seen on it. Those last seen on a day were at risk on it.

    Returns
    -------
    Incidence
        Without competing events the share is one less the Kaplan-Meier estimate, and its error Greenwood's.

    Examples
    --------
    Ten persons. On day 3 two come back and one dies: 2/10. On day 5 one is last seen. On day 8 three come back and one
    dies, of the 6 left, of whom 7/10 were still in sight just before it: 2/10 + 7/10 x 3/6 = 0.55.

    >>> found = cumulative_incidence(
    ...     np.array([3.0, 5, 8]), np.array([2.0, 0, 3]), np.array([1.0, 0, 1]), np.array([0.0, 1, 2])
    ... )
    >>> found.at_risk.tolist(), found.share.round(3).tolist()
    ([10.0, 7.0, 6.0], [0.2, 0.2, 0.55])
    """
    gone = events + competing + censored
    at_risk = gone.sum() - np.concatenate([[0.0], np.cumsum(gone)[:-1]])
    either = events + competing
    free = np.cumprod((at_risk - either) / at_risk)
    before = np.concatenate([[1.0], free[:-1]])
    share = np.minimum(np.cumsum(before * events / at_risk), 1.0)
    left = at_risk - either
    with np.errstate(divide="ignore", invalid="ignore"):
        # where nobody is left the incidence grows no more, so that this term is never counted
        hazard = np.where(left > 0, either / (at_risk * left), 0.0)
        own = before**2 * events * (at_risk - events) / at_risk**3
        both = before * events / at_risk**2
        variance = share**2 * np.cumsum(hazard) - 2 * share * np.cumsum(share * hazard) + np.cumsum(share**2 * hazard)
        variance += np.cumsum(own) - 2 * share * np.cumsum(both) + 2 * np.cumsum(share * both)
        se = np.sqrt(np.where(variance < NOTHING, 0.0, variance))
        inside = (share > 0) & (share < 1 - TOUCHES)
        spread = np.where(inside, Z95 * se / (share * np.log(share)), 0.0)
        lower = np.where(inside, share ** np.exp(-spread), np.nan)
        upper = np.where(inside, share ** np.exp(spread), np.nan)
    return Incidence(days, at_risk, free, share, se, lower, upper)
