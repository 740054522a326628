"""Fitting the levels of the fictitious chain to its targets, by simulating it and correcting what is off.

For who changes the targets, shares or durations of the catalogue:

    python -m das_research.synthetic.fit --scale 0.2 --rounds 8

prints the levels, to be put in the place of the old ones, and what is still off.
"""

import argparse
import sys
import textwrap
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

import numpy as np

from das_research.catalog.load import load_catalog
from das_research.catalog.models import SyntheticChain
from das_research.synthetic.aims import Aims
from das_research.synthetic.careers import Registrations
from das_research.synthetic.chance import Dates, Numbers, Whole
from das_research.synthetic.days import year_of
from das_research.synthetic.enforcement import Stays
from das_research.synthetic.generate import aims_of, running
from das_research.synthetic.journey import JOINED
from das_research.synthetic.parts import blocks_of
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
    "uitgezeten-jji": ("instroom-jji", 1.0),
    "verblijfsduur-jji": ("bezetting-jji", 0.4),
    "toezicht": ("voltooide-toezichten", 0.2),
}
STOCK = ("duur-om", "instroom-om", "beslissingen-om")
WITHIN = {
    "ingezonden": (0.2, 1.0),
    "gevoegd": (0.002, 0.3),
    "uitgezeten": (0.05, 1.0),
    "duur-om": (0.4, 1.6),
    "verblijfsduur": (0.2, 3.0),
    "uitgezeten-jji": (0.05, 1.0),
    "verblijfsduur-jji": (0.2, 3.0),
    "toezicht": (0.01, 1.0),
}
DAMPED = 0.85
NEARLY_NONE = 1e-9  # for a small chain in which nobody was found
FILLING = 2  # first years, in which the later links of the chain are not full yet: they take the levels of the next
KNOWN_FROM = 2012  # the year from which the targets say how the stock at the prosecution service changed


def measure(aims: Aims, number: int) -> dict[str, Numbers]:
    """The numbers of every year of one block that have a target."""
    told = tell(aims, number)
    cases, years = told.cases, np.array(aims.years)
    known = year_of(cases.registered)
    pairs = np.unique(np.stack([cases.person, known]), axis=1)[1]
    judged = told.trial.first.ended[told.trial.first.outcome != JOINED]
    prison, juvenile = told.stays.only(~told.stays.of_juveniles), told.stays.only(told.stays.of_juveniles)
    supervisions = told.supervisions
    return {
        "unieke-verdachten": _counts(pairs, years),
        "registraties": _counts(known, years),
        "instroom-om": _by_year(told.decision.received, years),
        "beslissingen-om": _by_year(told.decision.ended, years),
        "herinstroom": _by_year(told.again.received, years),
        "afdoeningen-rechter": _by_year(judged, years),
        "instroom-gevangeniswezen": _by_year(prison.begin, years),
        "gedetineerden": _inside(prison, cases, years),
        "instroom-jji": _by_year(juvenile.begin, years),
        "bezetting-jji": _inside(juvenile, cases, years),
        "voltooide-toezichten": _by_year(supervisions.end[supervisions.outcome == 0], years),
    }


def measured(aims: Aims, workers: int) -> dict[str, Numbers]:
    """The same for the whole chain, on the real scale."""
    blocks = range(blocks_of(aims))
    with running(workers) as run:
        found = list(run(partial(measure, aims), blocks))
    return {name: np.sum([each[name] for each in found], axis=0) / aims.scale for name in found[0]}


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
            levels[level] = _corrected(aims, level, np.maximum(1 + off[target], NEARLY_NONE) ** (-answer * DAMPED))
        levels[STOCK[0]] = _corrected(aims, STOCK[0], _stock_ratio(aims, found))
        aims = replace(aims, chain=aims.chain.model_copy(update={"levels": levels}))
    return aims.chain, off


def in_yaml(chain: SyntheticChain, names: Iterable[str]) -> str:
    """Levels as they stand in the catalogue, to be put in the place of the old ones."""
    lines = []
    for name in names:
        values = ", ".join(f"{year}: {value:.5g}" for year, value in chain.levels[name].items())
        lines += textwrap.wrap(f"{name}: {{{values}}}", 118, initial_indent="  ", subsequent_indent="    ")
    return "\n".join(lines)


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


def _inside(stays: Stays, cases: Registrations, years: Whole) -> Numbers:
    """The persons who are there at the end of September."""
    held, days = cases.person[stays.case], [np.datetime64(f"{year}-09-30") for year in years]
    return np.array([len(np.unique(held[(stays.begin <= day) & (stays.end > day)])) for day in days], dtype=float)


def _by_year(dates: Dates, years: Whole) -> Numbers:
    return _counts(year_of(dates[~np.isnat(dates)]), years)


def _counts(found: Whole, years: Whole) -> Numbers:
    inside = found[(found >= years[0]) & (found <= years[-1])]
    return np.bincount(inside - years[0], minlength=len(years)).astype(float)


def main() -> None:
    """Fit the levels of the catalogue and print them."""
    parser = argparse.ArgumentParser(description="Fit the levels of the synthetic chain to its targets.")
    parser.add_argument("--catalog", default="data_catalog")
    parser.add_argument("--years", nargs=2, type=int, default=(2012, 2024))
    parser.add_argument("--scale", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=8)
    asked = parser.parse_args()
    aims = aims_of(load_catalog(asked.catalog), tuple(asked.years), asked.scale, asked.seed)
    chain, off = fit(aims, asked.rounds)
    print(in_yaml(chain, [*LEVELS, STOCK[0]]))
    for name, share in off.items():
        print(f"{name}: at most {100 * np.abs(share[-13:]).max():.2f} % off", file=sys.stderr)


if __name__ == "__main__":
    main()
