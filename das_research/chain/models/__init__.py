"""Regression on any table of a project: the engine gives the few columns it needs, statsmodels fits it."""

from das_research.chain.models.cox import cox, run_cox
from das_research.chain.models.logistic import logistic, run_logistic

__all__ = ["cox", "logistic", "run_cox", "run_logistic"]
