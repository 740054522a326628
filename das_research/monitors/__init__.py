"""Monitors: parameterised notebooks run in a project, by hand or on a schedule."""

from das_research.monitors.parameters import resolve_parameters
from das_research.monitors.run import Run, run_monitor

__all__ = ["Run", "resolve_parameters", "run_monitor"]
