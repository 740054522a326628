"""Weighted estimates of surveys, each with the standard error of how its respondents were drawn: never a bare mean."""

from das_research.chain.survey.estimates import estimate, run_estimate

__all__ = ["estimate", "run_estimate"]
