"""The persons of the synthetic chain: when they were born, when they are active, and how often they come to notice."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from das_research.synthetic import ratios
from das_research.synthetic.chance import Codes, Dates, Numbers, generator, pick

POOL = 3.7  # persons active in a year for each registration: with RATE_SHAPE gives 1.5 registrations for each suspect
RATE_SHAPE = 0.28
CAREER = 8.0  # mean years, after the first
LOOK_BACK = 25  # years before the first in which a career can have begun
OLDEST = 80
YOUNGEST_DAYS = 4384  # twelve years


@dataclass(frozen=True)
class Persons:
    """One entry a person.

    Parameters
    ----------
    skn : array of str
        Identifiers that cannot exist: an F and nine digits.
    birth : array of date
    sex : array of str
    first, last : array of int
        The years in which the person is active, both included.
    rate : array of float
        How often the person comes to notice, in proportion.
    group : array of str
        The group of offences the person is most known for.
    """

    skn: Codes
    birth: Dates
    sex: Codes
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    rate: Numbers
    group: Codes


def persons(first: int, last: int, registrations: float, seed: int) -> Persons:
    """Persons enough for so many registrations a year.

    Parameters
    ----------
    first, last : int
        The years to be simulated, both included.
    registrations : float
        Mean number of registrations a year.
    seed : int
        The seed of the whole chain.
    """
    rng = generator(seed, "population")
    begin = first - LOOK_BACK
    size = max(1, round(POOL * registrations / (CAREER + 1) * (last - begin + 1)))
    start = rng.integers(begin, last, size, endpoint=True)
    age = 12 + rng.gamma(1.5, 7.0, size).clip(max=OLDEST - 15)
    length = np.minimum(1 + rng.exponential(CAREER, size), OLDEST - age).astype(int)
    new_year = (start - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    number = (np.arange(size) * 387_420_489 + rng.integers(10**9)) % 10**9
    return Persons(
        skn=np.char.mod("F%09d", number),
        birth=new_year - (age * 365.25).astype("timedelta64[D]") - np.timedelta64(2, "D"),
        sex=pick(rng, list(ratios.SEXES), np.tile(list(ratios.SEXES.values()), (size, 1))),
        first=start,
        last=start + length,
        rate=rng.gamma(RATE_SHAPE, 1.0, size),
        group=pick(rng, list(ratios.GROUPS), np.tile(list(ratios.GROUPS.values()), (size, 1))),
    )


def age_on(day: Dates, birth: Dates) -> npt.NDArray[np.int64]:
    """Whole years lived on a day.

    Examples
    --------
    >>> days = np.array(["2020-03-01", "2020-02-29"], "M8[D]")
    >>> age_on(days, np.array(["2002-03-01", "2002-03-01"], "M8[D]")).tolist()
    [18, 17]
    """
    months = day.astype("datetime64[M]").astype(int) - birth.astype("datetime64[M]").astype(int)
    later_in_month = _day_of_month(day) >= _day_of_month(birth)
    return (months - ~later_in_month) // 12


def _day_of_month(day: Dates) -> npt.NDArray[np.int64]:
    return (day - day.astype("datetime64[M]").astype("datetime64[D]")).astype(int)
