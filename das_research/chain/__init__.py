"""What is computed on the linked chain. Every function takes a project first and gives a Result."""

from das_research.chain.between import durations_between
from das_research.chain.conversion import conversion
from das_research.chain.deliveries import deliveries
from das_research.chain.durations import durations
from das_research.chain.flow import flow

__all__ = ["conversion", "deliveries", "durations", "durations_between", "flow"]
