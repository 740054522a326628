"""Gate 1: every row of a delivered file is accepted or quarantined with a reason; identifiers become pseudonyms."""

from das_research.intake.delivery import Delivery, RuleCount, Units, current_deliveries, read_deliveries
from das_research.intake.dependencies import definition_hash
from das_research.intake.gate import deliver

__all__ = ["Delivery", "RuleCount", "Units", "current_deliveries", "definition_hash", "deliver", "read_deliveries"]
