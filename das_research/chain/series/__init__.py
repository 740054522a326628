"""Series over time, from a Result: their season, their breaks, and what is still to come of their last periods."""

from das_research.chain.series.interrupted import interrupted
from das_research.chain.series.nowcast import nowcast, nowcast_revisions
from das_research.chain.series.seasonality import seasonality

__all__ = ["interrupted", "nowcast", "nowcast_revisions", "seasonality"]
