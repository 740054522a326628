"""Shares by year as if every year had the same composition: by a logistic model, or stratum by stratum.

By model (g-computation): a logistic regression of reoffending on the year and on who persons were, without
interactions; then the mean, over the persons of the reference, of the chance that the model gives them in each year.
Source: J. Robins, A new approach to causal inference in mortality studies, Mathematical Modelling 7 (1986), 1393-1512;
standard errors by the delta method. Direct: the shares of each stratum of a year, weighted by how many of the reference
are in it, over the strata that every year has; G.U. Yule, On some points relating to vital statistics, Journal of the
Royal Statistical Society 97 (1934), 1-84.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from das_research.chain.product_limit import Z95
from das_research.errors import UsageError


@dataclass(frozen=True)
class Standardised:
    """The share of one year, all in persons of the reference: how many would reoffend, of how many.

    Parameters
    ----------
    expected, reference : float
        Above and below the line.
    share, se : float
        0-1.
    """

    expected: float
    reference: float
    share: float
    se: float

    @property
    def limits(self) -> tuple[float, float]:
        """95% limits on the logit scale; the share itself where it is 0 or 1."""
        if not 0 < self.share < 1:
            return self.share, self.share
        logit, spread = np.log(self.share / (1 - self.share)), Z95 * self.se / (self.share * (1 - self.share))
        return float(1 / (1 + np.exp(spread - logit))), float(1 / (1 + np.exp(-spread - logit)))


def by_model(
    cells: pd.DataFrame, years: Sequence[int], of: Sequence[str], reference: Sequence[int]
) -> dict[int, Standardised]:
    """Standardise by a logistic model.

    Parameters
    ----------
    cells : DataFrame
        Columns `year`, the attributes, `persons`, `reoffended`; one row a combination that occurs.
    years : sequence of int
        The years to standardise; each occurs in the cells.
    of : sequence of str
        The attributes, as codes.
    reference : sequence of int
        The years whose persons are the reference.

    Returns
    -------
    dict
        Year to its standardised share.

    Raises
    ------
    UsageError
        When the model can't be fitted to these cells.

    Examples
    --------
    In both years one in ten of `a` and one in two of `b` reoffends; the second year has more of `b`.

    >>> cells = pd.DataFrame({"year": [1, 1, 2, 2], "kind": ["a", "b", "a", "b"],
    ...                       "persons": [100, 20, 40, 80], "reoffended": [10, 10, 4, 40]})
    >>> found = by_model(cells, [1, 2], ["kind"], [1, 2])
    >>> [round(100 * found[year].share, 3) for year in (1, 2)]
    [26.667, 26.667]
    """
    import statsmodels.api as sm

    cells = cells.sort_values(["year", *of]).reset_index(drop=True)
    design = _design(cells, years, of)
    outcome = np.column_stack([cells.reoffended, cells.persons - cells.reoffended]).astype("float64")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what they warn of is judged below
        try:
            fitted = sm.GLM(outcome, design, family=sm.families.Binomial()).fit(maxiter=200, tol=1e-12)
        except (np.linalg.LinAlgError, sm.tools.sm_exceptions.PerfectSeparationError):
            raise _refused() from None
    coefficients, covariance = np.asarray(fitted.params), np.asarray(fitted.cov_params())
    if not fitted.converged or not np.isfinite(covariance).all():
        raise _refused()
    chosen = cells.year.isin(list(reference)).to_numpy()
    weights = cells.persons.to_numpy("float64")[chosen]
    return {
        year: _predicted(design[chosen], weights, coefficients, covariance, list(years).index(year), len(years))
        for year in years
    }


def directly(
    cells: pd.DataFrame, years: Sequence[int], of: Sequence[str], reference: Sequence[int]
) -> dict[int, Standardised]:
    """Standardise stratum by stratum, over the strata that every year has; parameters as in `by_model`.

    Examples
    --------
    >>> cells = pd.DataFrame({"year": [1, 1, 2, 2], "kind": ["a", "b", "a", "b"],
    ...                       "persons": [100, 20, 40, 80], "reoffended": [10, 10, 4, 40]})
    >>> found = directly(cells, [1, 2], ["kind"], [1, 2])
    >>> [round(100 * found[year].share, 3) for year in (1, 2)]
    [26.667, 26.667]
    """
    strata = [*of] or ["all"]
    held = cells.assign(all=0).groupby(["year", *strata])[["persons", "reoffended"]].sum()
    persons, reoffended = (
        held[name].unstack("year").reindex(columns=list(years)) for name in ("persons", "reoffended")
    )
    common = persons.notna().all(axis=1) & (persons.min(axis=1) > 0)
    persons, reoffended = persons[common].astype("float64"), reoffended[common].astype("float64")
    weights = persons[list(reference)].sum(axis=1)
    whole = float(weights.sum())
    if not whole:
        raise UsageError(
            "No group of persons occurs in every year.",
            why="Only then can they be compared directly.",
            fix='Correct for fewer attributes, or choose method="model".',
        )
    shares = reoffended / persons
    found = {}
    for year in years:
        expected = float((weights * shares[year]).sum())
        variance = ((weights / whole) ** 2 * shares[year] * (1 - shares[year]) / persons[year]).sum()
        found[year] = Standardised(expected, whole, expected / whole, float(np.sqrt(variance)))
    return found


def _design(cells: pd.DataFrame, years: Sequence[int], of: Sequence[str]) -> NDArray[np.float64]:
    """A column a year, then a column for each code of an attribute but its most frequent one."""
    columns = [(cells.year == year).to_numpy("float64") for year in years]
    for name in of:
        sizes = cells.groupby(name).persons.sum().sort_index()
        usual = sizes.idxmax()
        columns += [(cells[name] == code).to_numpy("float64") for code in sizes.index if code != usual]
    return np.column_stack(columns)


def _predicted(
    design: NDArray[np.float64],
    weights: NDArray[np.float64],
    coefficients: NDArray[np.float64],
    covariance: NDArray[np.float64],
    place: int,
    years: int,
) -> Standardised:
    there = design.copy()
    there[:, :years] = 0.0
    there[:, place] = 1.0
    chance = 1 / (1 + np.exp(-there @ coefficients))
    whole = weights.sum()
    slope = (weights * chance * (1 - chance)) @ there / whole
    expected = float((weights * chance).sum())
    return Standardised(expected, float(whole), expected / float(whole), float(np.sqrt(slope @ covariance @ slope)))


def _refused() -> UsageError:
    return UsageError(
        "The model can't be fitted to these persons.",
        why="In some group nobody, or everybody, reoffends, or two attributes say the same.",
        fix='Correct for fewer attributes, choose more years, or choose method="direct".',
    )


METHODS: Mapping[str, Callable[..., dict[int, Standardised]]] = {"model": by_model, "direct": directly}
