"""Fitting the levels of the fictitious chain to its targets, by simulating it and correcting what is off."""

import io
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context

import numpy as np

from das_research.catalog.models import SyntheticChain
from das_research.synthetic import persons
from das_research.synthetic.aims import Aims, year_of
from das_research.synthetic.chance import Dates, Numbers
from das_research.synthetic.journey import JOINED
from das_research.synthetic.story import tell

# level to the target it is fitted to and how strongly it answers to what is off
LEVELS = {
    "perioden": ("unieke-verdachten", 1.15),
    "bijregistraties": ("registraties", 4.0),
    "ingezonden": ("instroom-om", 1.0),
    "herinstroom": ("herinstroom", 1.0),
    "gevoegd": ("afdoeningen-rechter", -8.0),
    "uitgezeten": ("instroom-gevangeniswezen", 1.7),
    "verblijfsduur": ("gedetineerden", 1.3),
}
STOCK = ("duur-om", "instroom-om", "beslissingen-om")
WITHIN = {
    "ingezonden": (0.2, 1.0),
    "gevoegd": (0.002, 0.3),
    "uitgezeten": (0.05, 1.0),
    "duur-om": (0.4, 1.6),
    "verblijfsduur": (0.2, 3.0),
}
DAMPED = 0.85
FILLING = 2  # first years, in which the later links of the chain are not full yet: they take the levels of the next
KNOWN_FROM = 2012  # the year from which the targets say how the stock at the prosecution service changed


def measure(aims: Aims, number: int) -> dict[str, Numbers]:
    """The numbers of every year of one block that have a target."""
    told = tell(aims, number)
    cases, stays, years = told.cases, told.stays, np.array(aims.years)
    known = year_of(cases.registered)
    pairs = np.unique(np.stack([cases.person, known]), axis=1)[1]
    judged = told.trial.first.ended[told.trial.first.outcome != JOINED]
    days = np.array([np.datetime64(f"{year}-09-30") for year in years])
    inside = [((stays.begin <= day) & (stays.end > day)).sum() for day in days]
    return {
        "unieke-verdachten": _counts(pairs, years),
        "registraties": _counts(known, years),
        "instroom-om": _by_year(told.decision.received, years),
        "beslissingen-om": _by_year(told.decision.ended, years),
        "herinstroom": _by_year(told.again.received, years),
        "afdoeningen-rechter": _by_year(judged, years),
        "instroom-gevangeniswezen": _by_year(stays.begin, years),
        "gedetineerden": np.array(inside, dtype=float),
    }


def measured(aims: Aims, workers: int) -> dict[str, Numbers]:
    """The same for the whole chain, on the real scale."""
    blocks = range(blocks_of(aims))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(partial(measure, aims), blocks))
    return {name: sum(each[name] for each in found) / aims.scale for name in found[0]}


def blocks_of(aims: Aims) -> int:
    """How many blocks of persons the chain has."""
    return -(-persons.how_many(aims) // persons.BLOCK)


def fit(aims: Aims, rounds: int, workers: int = 2) -> tuple[SyntheticChain, dict[str, Numbers]]:
    """Correct the levels, round by round.

    Parameters
    ----------
    aims : Aims
        What to simulate; at a larger scale the levels are less disturbed by chance.
    rounds : int
        How often to simulate and correct.
    workers : int
        Processes at work.

    Returns
    -------
    tuple
        The chain with its new levels, and how much each target was off in the last round, as a share of it.
    """
    off: dict[str, Numbers] = {}
    years = np.array(aims.years)
    for _ in range(rounds):
        found = measured(aims, workers)
        off = {name: found[name] / aims.target(name, years) - 1 for name in found}
        levels = dict(aims.chain.levels)
        for level, (target, answer) in LEVELS.items():
            levels[level] = _corrected(aims, level, (1 + off[target]) ** (-answer * DAMPED))
        levels[STOCK[0]] = _corrected(aims, STOCK[0], _stock_ratio(aims, found))
        aims = replace(aims, chain=aims.chain.model_copy(update={"levels": levels}))
    return aims.chain, off


def in_yaml(chain: SyntheticChain, names: Iterable[str]) -> str:
    """Levels as they stand in the catalogue, to be put in the place of the old ones."""
    text = io.StringIO()
    for name in names:
        values = ", ".join(f"{year}: {value:.6g}" for year, value in chain.levels[name].items())
        text.write(f"  {name}: {{{values}}}\n")
    return text.getvalue()


def _corrected(aims: Aims, level: str, factor: Numbers) -> dict[int, float]:
    years = np.array(aims.years)
    low, high = WITHIN.get(level, (0.0, np.inf))
    values = np.clip(aims.level(level, years) * np.clip(factor, 0.5, 2.0), low, high)
    values[:FILLING] = values[FILLING]
    return dict(zip(years.tolist(), values.tolist(), strict=True))


def _stock_ratio(aims: Aims, found: dict[str, Numbers]) -> Numbers:
    """What the stock at the prosecution service at the end of each year should be, as a share of what it is."""
    years = np.array(aims.years)
    _, flow_in, flow_out = STOCK
    now = np.cumsum(found[flow_in] - found[flow_out])
    wanted = np.cumsum(aims.target(flow_in, years) - aims.target(flow_out, years))
    start = max(int(np.searchsorted(years, KNOWN_FROM)) - 1, 0)
    ratio = np.clip((wanted + now[start] - wanted[start]) / np.maximum(now, 1.0), 0.7, 1.3) ** DAMPED
    return np.where(years < KNOWN_FROM, 1.0, ratio)


def _by_year(dates: Dates, years: Numbers) -> Numbers:
    return _counts(year_of(dates[~np.isnat(dates)]), years)


def _counts(found: Numbers, years: Numbers) -> Numbers:
    inside = found[(found >= years[0]) & (found <= years[-1])]
    return np.bincount(inside - years[0], minlength=len(years)).astype(float)

