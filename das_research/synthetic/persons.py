"""The persons of a block: when they were born, when they are active, and how often they come to notice."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from das_research.synthetic.aims import Aims
from das_research.synthetic.chance import (
    NEVER,
    Dates,
    Numbers,
    Whole,
    exponential_days,
    gamma_quantiles,
    pick,
    poisson,
    uniform,
)
from das_research.synthetic.days import new_year
from das_research.synthetic.entries import Entries

BLOCK = 1 << 17  # persons drawn together; fixed, since co-offenders are found within a block
MOST = 60  # periods a person can come to notice
SEXES = ("man", "vrouw", "onbekend")
OLDEST = 75


@dataclass(frozen=True)
class Persons(Entries):
    """Persons of a block who come to notice at least once, one entry each.

    Parameters
    ----------
    id : array of int
        Number among all persons of the chain.
    birth : array of date
    sex : array of int
        Position in `SEXES`.
    first, last : array of int
        The years in which the person is active, both included.
    times : array of int
        How often the person comes to notice in the years that are simulated.
    """

    id: Whole
    birth: Dates
    sex: Whole
    first: Whole
    last: Whole
    times: Whole


def how_many(aims: Aims) -> int:
    """The persons of the whole chain who could come to notice."""
    cohorts = aims.last - int(aims.number("eerste-jaar")) + 1
    return max(1, round(aims.scale * aims.number("begin-per-jaar") * cohorts))


def beginning_ages(aims: Aims) -> Numbers:
    """The share of persons who begin at each age from 12 on."""
    known = {int(age): weight for age, weight in aims.chain.shares["persoon"]["beginleeftijd"].items()}
    ages = np.arange(12, OLDEST)
    weights = np.interp(ages, list(known), list(known.values()))
    return weights / weights.sum()


def block(aims: Aims, number: int) -> Persons:
    """Everyone in a block, also who never comes to notice."""
    seed, begin = aims.seed, int(aims.number("eerste-jaar"))
    who = np.arange(number * BLOCK, min((number + 1) * BLOCK, how_many(aims)))
    first = begin + who % (aims.last - begin + 1)
    age = 12 + pick(uniform(seed, "age", who), beginning_ages(aims))
    length = exponential_days(uniform(seed, "career", who), aims.number("loopbaan")).astype(np.int64)
    within_year = (uniform(seed, "birthday", who) * 364).astype("timedelta64[D]")
    rate = np.interp(uniform(seed, "rate", who), *gamma_quantiles(aims.number("frequentie")))
    rate *= np.where(age < 18, aims.number("jongeren"), 1.0)
    last = np.minimum(first + length, aims.last)
    reach = _reach(aims)
    times = poisson(uniform(seed, "times", who), rate * np.maximum(reach(last + 1) - reach(first), 0.0), MOST)
    sex = pick(uniform(seed, "sex", who), aims.weights("persoon", "geslacht", SEXES))
    return Persons(who, new_year(first - age) - within_year - np.timedelta64(1, "D"), sex, first, last, times)


def moments(aims: Aims, person: Persons, who: Whole, entity: Whole) -> Dates:
    """When each period of attention begins: more of them where the level of its year is higher."""
    reach = _reach(aims)
    low, high = reach(person.first[who]), reach(person.last[who] + 1)
    at = low + uniform(aims.seed, "moment", entity) * (high - low)
    years = np.arange(aims.began, aims.last + 2)
    when = np.interp(at, reach(years), years)
    year = np.minimum(when.astype(np.int64), aims.last)
    begin = new_year(year)
    return begin + ((when - year) * (new_year(year + 1) - begin).astype(np.int64)).astype("timedelta64[D]")


def leaving(aims: Aims, person: Persons, purpose: str, after: Dates) -> Dates:
    """When a person dies or emigrates, at a constant rate a year after the last that is known; most never."""
    level = aims.number({"death": "sterfte", "departure": "vertrek"}[purpose])
    day = after + exponential_days(uniform(aims.seed, purpose, person.id), 365.25 / level)
    return np.where(day <= aims.last_day, day, NEVER)


def minors(aims: Aims) -> float:
    """How many persons are active and under 18 at one moment, on the real scale."""
    ages = np.arange(12, OLDEST)
    years_left = np.maximum(18 - ages, 0)
    stay = np.exp(-np.arange(6) / aims.number("loopbaan"))
    reached = np.array([stay[:left].sum() for left in years_left])
    return float(aims.number("begin-per-jaar") * (beginning_ages(aims) * reached).sum())


def _reach(aims: Aims) -> Callable[[Whole | Numbers], Numbers]:
    """The periods a person with rate 1 who is always active has had by the first of January of a year."""
    years = np.arange(aims.began, aims.last + 2)
    active = aims.number("begin-per-jaar") * _active(aims, years[:-1])
    each = aims.level("perioden", years[:-1]) / active
    total = np.concatenate([[0.0], np.cumsum(each)])
    return lambda year: np.interp(year, years, total)


def _active(aims: Aims, years: Whole) -> Numbers:
    """For one beginner a year: the mean rate times the number of persons active in each year."""
    stay = np.exp(-np.arange(years.max() - int(aims.number("eerste-jaar")) + 1) / aims.number("loopbaan"))
    young = beginning_ages(aims)[:6].sum()
    mean = young * aims.number("jongeren") + 1 - young
    return np.array([mean * stay[: year - int(aims.number("eerste-jaar")) + 1].sum() for year in years])
