"""Monitors: parameterised notebooks run in a project, by hand or on a schedule."""
