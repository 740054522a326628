"""What is computed on the linked chain, as a Result: functions of a project, and models of any table of one."""

from das_research.chain.between import durations_between
from das_research.chain.conversion import conversion
from das_research.chain.conversion_by_year import conversion_by_year
from das_research.chain.deliveries import deliveries
from das_research.chain.durations import durations
from das_research.chain.flow import flow
from das_research.chain.leakage import leakage
from das_research.chain.models import cox, logistic
from das_research.chain.within import share_within, share_within_norm

__all__ = [
    "conversion",
    "conversion_by_year",
    "cox",
    "deliveries",
    "durations",
    "durations_between",
    "flow",
    "leakage",
    "logistic",
    "share_within",
    "share_within_norm",
]
