"""How much of one coefficient hangs on one person: what gate 3 asks before a coefficient may leave.

Source: the partial leverage of D.A. Belsley, E. Kuh and R.E. Welsch, Regression diagnostics (1980), section 2.1, summed
over the rows of a person.
"""

import numpy as np

from das_research.chain.models.design import Numbers


def largest_shares(matrix: Numbers, units: "np.typing.NDArray[np.int64]") -> Numbers:
    """Of each column of a design, the largest share of its own information that one person holds, 0-1.

    Parameters
    ----------
    matrix : array
        The design without its intercept, of full rank.
    units : array
        The person of each row, as a number from 0.

    Returns
    -------
    array
        One share a column: of the sum of squares that the other columns and the mean do not explain. A level of
        classes that m persons have gives each about 1/m; a mark on one person gives that person nearly all.

    Examples
    --------
    Four persons, of whom one is marked: mean 1/4, residuals 3/4 and three times -1/4; (9/16) / (9/16 + 3/16) = 3/4.

    >>> largest_shares(np.array([[1.0], [0], [0], [0]]), np.arange(4)).round(6).tolist()
    [0.75]
    """
    centred = matrix - matrix.mean(axis=0)
    centred = centred / np.linalg.norm(centred, axis=0)
    # column j of X (X'X)^-1 is the residual of x_j on the others, over its own sum of squares
    squares = (centred @ np.linalg.inv(centred.T @ centred)) ** 2
    held = np.column_stack([np.bincount(units, weights=column) for column in squares.T])
    return held.max(axis=0) / held.sum(axis=0)
