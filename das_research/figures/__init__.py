"""The key figures: what the catalogue says is counted, computed on a project. Every figure gives a Result."""

from das_research.figures.compute import compute

__all__ = ["compute"]
