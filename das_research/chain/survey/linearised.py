"""The variance of a weighted total or ratio, by linearisation, and its 95% limits.

Sources: R.S. Woodruff, A simple method for approximating the variance of a complicated estimate, JASA 66 (1971),
411-414; D.A. Binder, On the variances of asymptotically normal estimators from complex surveys, International
Statistical Review 51 (1983), 279-292; for limits of shares on the scale of log odds E.L. Korn and B.I. Graubard,
Analysis of health surveys (1999), section 3.2. Drawing is taken as with replacement, which is on the safe side.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log, sqrt

from scipy.special import stdtrit

from das_research.chain.survey.moments import Part, whole

NOTHING = 1e-9  # a standard error may miss the zero it is by so much


@dataclass(frozen=True)
class Estimate:
    """A weighted estimate, with how sure it is.

    Parameters
    ----------
    value : float
        A total, or a ratio.
    se : float or None
        Its standard error; None where it can't be known, because no stratum has two clusters.
    freedom : int
        Clusters less strata.
    """

    value: float
    se: float | None
    freedom: int


def ratio(parts: Mapping[str, Part], clusters: Mapping[str, int]) -> Estimate | None:
    """A weighted mean, share or ratio; None where nothing is below the line.

    Parameters
    ----------
    parts : mapping
        Stratum to the sums of the group.
    clusters : mapping
        Every stratum of the sample to the number of its clusters.

    Examples
    --------
    Four respondents of equal weight 10, of whom two say yes: 20/40. Each adds 10 (y - 1/2) / 40 = +-1/8, so the
    variance is 4/3 x 4/64 = 1/12.

    >>> half = ratio({"": Part(y=20, x=40, yy=200, xy=200, xx=400)}, {"": 4})
    >>> half.value, round(half.se**2, 6), half.freedom
    (0.5, 0.083333, 3)
    """
    above, below = whole(parts)
    if below <= 0:
        return None
    share = above / below
    return Estimate(share, _error(parts, clusters, share, below), sum(clusters.values()) - len(clusters))


def total(parts: Mapping[str, Part], clusters: Mapping[str, int]) -> Estimate:
    """A weighted total of what stands above the line.

    Examples
    --------
    Two respondents of weight 10 who add 1 and 3: 40, with variance 2/1 x ((10 - 20)^2 + (30 - 20)^2) = 400.

    >>> total({"": Part(y=40, x=20, yy=1000, xy=400, xx=200)}, {"": 2})
    Estimate(value=40, se=20.0, freedom=1)
    """
    above, _ = whole(parts)
    return Estimate(above, _error(parts, clusters, 0.0, 1.0), sum(clusters.values()) - len(clusters))


def _error(parts: Mapping[str, Part], clusters: Mapping[str, int], share: float, below: float) -> float | None:
    """The standard error of the sum over clusters of (y - share x) / below.

    A stratum with one cluster has no spread of its own: its distance from the mean of all clusters stands for it.
    """
    if max(clusters.values(), default=0) < 2:
        return None
    nothing = Part(0, 0, 0, 0, 0)
    sums = {name: parts.get(name, nothing).y - share * parts.get(name, nothing).x for name in clusters}
    mean = sum(sums.values()) / sum(clusters.values())
    variance = 0.0
    for name, number in clusters.items():
        part = parts.get(name, nothing)
        squares = part.yy - 2 * share * part.xy + share**2 * part.xx
        if number > 1:
            variance += number / (number - 1) * max(squares - sums[name] ** 2 / number, 0.0)
        else:
            variance += (sums[name] - mean) ** 2
    return sqrt(variance) / below


def limits(found: Estimate, share: bool) -> tuple[float, float] | None:
    """The 95% limits, by Student's t: of a share on the scale of its log odds, so that they stay between 0 and 1.

    Parameters
    ----------
    found : Estimate
        The estimate.
    share : bool
        Whether it is a part of a whole, 0-1.

    Returns
    -------
    tuple of float or None
        None where the standard error is not known, and where it is 0: respondents who all add the same, as to a share
        of 0 or 1, say nothing of how others differ.

    Examples
    --------
    >>> [round(limit, 3) for limit in limits(Estimate(0.5, 0.1, 100_000), share=True)]
    [0.313, 0.687]
    """
    if found.se is None or found.freedom < 1 or (share and not 0 < found.value < 1):
        return None
    if found.se <= NOTHING * max(1.0, abs(found.value)):
        return None
    spread = float(stdtrit(found.freedom, 0.975)) * found.se
    if not share:
        return found.value - spread, found.value + spread
    odds = log(found.value / (1 - found.value))
    wide = spread / (found.value * (1 - found.value))
    return tuple(1 / (1 + exp(-(odds + sign * wide))) for sign in (-1, 1))  # type: ignore[return-value]
