"""What is computed on the linked chain, as a Result: functions of a project, and models of any table of one."""

from das_research.chain.between import durations_between
from das_research.chain.conversion import conversion
from das_research.chain.deliveries import deliveries
from das_research.chain.durations import durations
from das_research.chain.flow import flow
from das_research.chain.models import cox, logistic

__all__ = ["conversion", "cox", "deliveries", "durations", "durations_between", "flow", "logistic"]
