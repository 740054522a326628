"""What is computed on the linked chain, as a Result: functions of a project or a cohort, and models of any table."""

from das_research.chain.between import durations_between
from das_research.chain.conversion import conversion
from das_research.chain.conversion_by_year import conversion_by_year
from das_research.chain.deliveries import deliveries
from das_research.chain.durations import durations
from das_research.chain.flow import flow
from das_research.chain.leakage import leakage
from das_research.chain.models import cox, logistic
from das_research.chain.reoffending.cohort import cohort
from das_research.chain.reoffending.corrected import corrected_recidivism
from das_research.chain.reoffending.recidivism import recidivism
from das_research.chain.reoffending.sizes import cohort_size
from das_research.chain.series import interrupted, nowcast, nowcast_revisions, seasonality
from das_research.chain.survey import estimate
from das_research.chain.within import share_within, share_within_norm

__all__ = [
    "cohort",
    "cohort_size",
    "conversion",
    "conversion_by_year",
    "corrected_recidivism",
    "cox",
    "deliveries",
    "durations",
    "durations_between",
    "estimate",
    "flow",
    "interrupted",
    "leakage",
    "logistic",
    "nowcast",
    "nowcast_revisions",
    "recidivism",
    "seasonality",
    "share_within",
    "share_within_norm",
]
