"""What rows of one person mean for a model, and how a library fits without warnings of its own."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from das_research.chain.models.checks import separated
from das_research.chain.models.design import Design
from das_research.errors import UsageError


def check_rows(design: Design, errors: str) -> None:
    """Refuse standard errors that take the rows of one person as those of several."""
    if errors != "clustered" and design.persons < len(design.units):
        raise UsageError(
            "Some persons have several rows, which are not independent of one another.",
            why=f"Standard errors of the kind '{errors}' would be too small.",
            fix='Give errors="clustered", or make the table one row a person.',
        )


@contextmanager
def fitting(design: Design) -> Iterator[None]:
    """Turn what a library says about a fit that can't be into the refusal of this project; silence its warnings."""
    from statsmodels.tools.sm_exceptions import PerfectSeparationError

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            yield
        except (PerfectSeparationError, np.linalg.LinAlgError):
            raise separated(design) from None
