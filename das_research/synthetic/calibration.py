"""How near a synthetic chain is to what was published on the real one: every total beside the number of its truth."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from das_research.catalog.models import Catalog
from das_research.catalog.published import Total, tolerance_of, totals, width_of
from das_research.engines import memory_engine
from das_research.errors import UsageError
from das_research.home import scratch_folder
from das_research.synthetic.generate import ABOUT
from das_research.synthetic.truth_functions import YEARS_AFTER
from das_research.synthetic.truth_numbers import Numbers
from das_research.synthetic.truth_tables import true_tables

Verdict = Literal["met", "missed", "not scored"]
NEARLY = 1e-9  # of a number, for what arithmetic with floats leaves over
NO_REASON = "The catalogue gives no reason (the field miss)."
DEVIATIONS = 2  # standard deviations of a number of rows, as chance alone gives


@dataclass(frozen=True)
class Compared:
    """A published total beside the number of the synthetic chain.

    Parameters
    ----------
    total : Total
        What was published.
    synthetic : float or None
        What the truth of the chain gives, at the real chain's size; None where nothing was counted.
    width : float or None
        How far the two may be apart, in the total's own unit.
    verdict : {'met', 'missed', 'not scored'}
        Whether they are near enough.
    reason : str
        Why it is missed or not scored.
    """

    total: Total
    synthetic: float | None
    width: float | None
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True)
class Between:
    """A year of a headline series between two published ones, on the line between them; never scored."""

    total: Total
    year: int
    value: float
    synthetic: float | None


@dataclass(frozen=True)
class Comparison:
    """A chain compared with everything published on its years, and on the years between those."""

    years: range
    scale: float
    compared: tuple[Compared, ...]
    between: tuple[Between, ...]


def calibrate(catalog: Catalog, folder: Path) -> Comparison:
    """Compare a chain that was written with everything published on its years.

    Parameters
    ----------
    catalog : Catalog
        The Dutch catalogue, with its published totals.
    folder : Path
        A folder that `generate` wrote.

    Returns
    -------
    Comparison
        The totals in the order of the catalogue.

    Raises
    ------
    UsageError
        When the folder holds no synthetic chain.
    """
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise UsageError(
            f"{folder} holds no synthetic chain.",
            why=f"It has no {ABOUT}, which says of which years and at which scale a chain was made.",
            fix=f"das synthetic {folder}",
        ) from None
    (first, last), scale = about["years"], about["scale"]
    with scratch_folder(folder, "calibration") as spill, memory_engine(spill) as engine:
        return compare(catalog, Numbers(catalog, true_tables(engine, catalog, folder), range(first, last + 1), scale))


def compare(catalog: Catalog, numbers: Numbers) -> Comparison:
    """Compare the numbers of a chain with everything published on its years."""
    every = [total for entry in catalog.published.values() for total in totals(entry)]
    scored = tuple(_compared(catalog, total, numbers) for total in every if total.year in numbers.years)
    return Comparison(numbers.years, numbers.scale, scored, tuple(_between(every, numbers)))


def _compared(catalog: Catalog, total: Total, numbers: Numbers) -> Compared:
    tolerance = tolerance_of(catalog.calibration, total)
    width = None if tolerance is None else width_of(tolerance, total)
    value = numbers.of(total.entry, total.name).get(total.year)
    reason = _why_not(catalog, total, numbers, value, width)
    if reason or value is None or width is None:
        return Compared(total, value, width, "not scored", reason)
    if abs(value - total.value) <= width + NEARLY * abs(total.value):
        return Compared(total, value, width, "met")
    return Compared(total, value, width, "missed", total.series.miss or _by_chance(total, value, width, numbers))


def _by_chance(total: Total, value: float, width: float, numbers: Numbers) -> str:
    """Whether a missed count may be chance at this scale: that excuses nothing, and tells where not to look."""
    row = total.series.times / total.series.divided_by / numbers.scale
    chance = DEVIATIONS * math.sqrt(abs(value) * row)
    if total.kind == "count" and abs(value - total.value) <= width + chance:
        return f"May be chance: at scale {numbers.scale:g} that alone moves this number by ± {chance:,.0f}."
    return NO_REASON


def _why_not(catalog: Catalog, total: Total, numbers: Numbers, value: float | None, width: float | None) -> str:
    """Why a total is not scored; empty where it is."""
    never = next((it for it in total.status if it in catalog.calibration.never), None)
    if never is not None:
        return catalog.calibration.never[never].en
    if total.not_counted is not None:
        return total.not_counted.en
    if missing := numbers.missing(total.series):
        return f"The chain has no file of {', '.join(missing)}."
    if total.year + YEARS_AFTER.get(total.series.function or "", 0) > numbers.years[-1]:
        return "Not followed to its end within the years of the chain."
    if value is None:
        return "Nothing was counted in this year."
    if width is None:
        return "No tolerance of the catalogue is about it."
    row = total.series.times / total.series.divided_by / numbers.scale
    if total.kind == "count" and width < row / 2 * (1 - NEARLY):
        return f"At scale {numbers.scale:g} one row is more than twice its tolerance."
    return ""


def _between(every: list[Total], numbers: Numbers) -> Iterator[Between]:
    for earlier, later in pairwise(every):
        if not earlier.series.headline or (earlier.entry.id, earlier.name) != (later.entry.id, later.name):
            continue
        slope = (later.value - earlier.value) / (later.year - earlier.year)
        for year in range(earlier.year + 1, later.year):
            if year in numbers.years:
                found = numbers.of(earlier.entry, earlier.name).get(year)
                yield Between(earlier, year, earlier.value + slope * (year - earlier.year), found)
