"""Why a model can't be fitted: said in names of columns before the fit, and asked of the fit itself after it."""

import numpy as np
from scipy.linalg import qr

from das_research.chain.models.design import Design, Numbers
from das_research.errors import UsageError

NEARLY = 1e-9  # of the largest diagonal: a column that the others give but for rounding
SURE = 1e-7  # a probability so near to 0 or 1 for rows of one outcome is a separated one
OTHER_WAY = "Merge levels, or leave a term out."


def check_outcome(happened: Numbers, column: str) -> None:
    """Refuse an outcome that is the same in every row: one group only, or every row censored."""
    if happened.min() == happened.max():
        which = "never happens" if happened.max() == 0 else "happens in every row"
        raise UsageError(
            f"The column {column} {which}, so there is nothing to explain.",
            why="A model needs rows with and rows without it.",
            fix="Take more rows, a longer follow-up, or another outcome.",
        )


def check_rank(design: Design, intercept: bool) -> None:
    """Refuse more coefficients than persons, and terms that give one another.

    A pivoted QR of the scaled columns finds those that are a sum of the ones before it.
    """
    matrix = design.matrix - design.matrix.mean(axis=0)  # an intercept, or a baseline, takes the mean
    if design.persons <= matrix.shape[1] + intercept:
        raise UsageError(
            f"The model has {matrix.shape[1]} coefficients and only {design.persons} persons.",
            why="It would tell each of them by a coefficient.",
            fix=OTHER_WAY,
        )
    scale = np.linalg.norm(matrix, axis=0)
    _, triangle, order = qr(matrix / np.where(scale > 0, scale, 1), mode="economic", pivoting=True)
    size = np.abs(np.diag(triangle))
    lost = order[size <= NEARLY * size.max()]
    if len(lost):
        names = ", ".join(dict.fromkeys(design.columns[place].term for place in sorted(lost)))
        raise UsageError(
            f"The terms are collinear: the others give {names}.", why="No single answer exists then.", fix=OTHER_WAY
        )


def check_levels(design: Design, happened: Numbers) -> None:
    """Refuse a level in which everybody or nobody has the outcome: its coefficient has no end."""
    for term, places in design.classes.items():
        for place in range(len(design.levels[term])):
            some = happened[places == place]
            if some.min() == some.max():
                raise _separated(term)


def check_levels_of_events(design: Design, happened: Numbers) -> None:
    """Refuse a level of a Cox model in which nobody has the event: its hazard ratio is zero without end."""
    for term, places in design.classes.items():
        if min(np.bincount(places, weights=happened, minlength=len(design.levels[term]))) == 0:
            raise _separated(term)


def check_fit(converged: bool, coefficients: Numbers, errors: Numbers, design: Design) -> None:
    """Refuse a fit that did not come to rest.

    Raises
    ------
    UsageError
        Names the term whose coefficient ran away.
    """
    finite = np.isfinite(coefficients) & np.isfinite(errors) & (errors > 0)
    if converged and finite.all():
        return
    spread = design.matrix.std(axis=0)
    worst = int(np.argmax(np.where(finite, np.abs(coefficients) * spread, np.inf)))
    raise _separated(design.columns[worst].term)


def check_separation(fitted: Numbers, happened: Numbers, design: Design) -> None:
    """Refuse a logistic fit that tells some rows' outcome for certain: terms together separate the outcome."""
    certain = np.where(happened > 0, 1 - fitted, fitted) < SURE
    if certain.any():
        moved = np.abs(design.matrix[certain] - design.matrix.mean(axis=0)).max(axis=0)
        raise _separated(design.columns[int(np.argmax(moved / design.matrix.std(axis=0)))].term)


def separated(design: Design) -> UsageError:
    """The refusal where a library can't say which term it is."""
    return _separated(" or ".join(design.levels))


def _separated(term: str) -> UsageError:
    return UsageError(
        f"The outcome is separated by {term}: a coefficient grows without end.",
        why="Of some level, or beyond some number, everybody or nobody has it. That is told of each of them, too.",
        fix=OTHER_WAY,
    )
