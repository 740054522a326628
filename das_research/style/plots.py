"""The charts of the house. Each takes plain data and returns a `Chart`; each reads without colour and without sight."""

from das_research.style.bars import Bar, bars
from das_research.style.curves import Curve, step_curves
from das_research.style.flow import Amount, FlowStage, chain_flow
from das_research.style.lines import Series, line_chart
from das_research.style.ratios import Ratio, ratios
from das_research.style.shares import SplitBar, SplitPanel, split_bars
from das_research.style.svg import Chart

__all__ = [
    "Amount",
    "Bar",
    "Chart",
    "Curve",
    "FlowStage",
    "Ratio",
    "Series",
    "SplitBar",
    "SplitPanel",
    "bars",
    "chain_flow",
    "line_chart",
    "ratios",
    "split_bars",
    "step_curves",
]
