"""`tabulate`: any table of a project as a Result, with all that disclosure control needs."""

from das_research.tabulation.queries import belongs_to
from das_research.tabulation.results import run_tabulate, tabulate

__all__ = ["belongs_to", "run_tabulate", "tabulate"]
