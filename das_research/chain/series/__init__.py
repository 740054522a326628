"""Series over time, from a Result: their season, their breaks, and what is still to come of their last periods."""

from das_research.chain.series.interrupted import interrupted
from das_research.chain.series.nowcast import nowcast
from das_research.chain.series.revisions import nowcast_revisions, run_revisions
from das_research.chain.series.seasonality import seasonality

__all__ = ["interrupted", "nowcast", "nowcast_revisions", "run_revisions", "seasonality"]
