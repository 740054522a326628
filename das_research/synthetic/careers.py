"""Who is registered for what, and when: careers of persons, and the crimes they commit alone or together."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from das_research.synthetic import ratios
from das_research.synthetic.chance import Codes, Dates, generator, pick, short_days
from das_research.synthetic.population import YOUNGEST_DAYS, Persons

SPECIALISED = 0.6  # chance that an offence is of the group a person is known for
TOGETHER = 0.18  # chance that a registration joins another one's crime
SOON, LATE, LATE_SHARE = 4.0, 110.0, 0.3  # mean days from crime to registration
TOWNS = {
    "Amsterdam": 12, "Rotterdam": 10, "'s-Gravenhage": 8, "Utrecht": 5, "Eindhoven": 4, "Groningen": 4, "Tilburg": 3,
    "Almere": 3, "Breda": 3, "Nijmegen": 3, "Arnhem": 3, "Haarlem": 2, "Enschede": 2, "Zwolle": 2, "Maastricht": 2,
    "Leeuwarden": 2, "Súdwest-Fryslân": 1.5, "Noardeast-Fryslân": 0.8, "Bergen (L.)": 0.3,
    "Nuenen, Gerwen en Nederwetten": 0.4,
}  # fmt: skip


@dataclass(frozen=True)
class Registrations:
    """One entry a suspect of a crime, ordered by date.

    Parameters
    ----------
    person : array of int
        Position among the persons.
    report : array of str
        Number of the police report; suspects of one crime share it.
    group, town : array of str
    committed, registered : array of date
    """

    person: npt.NDArray[np.int64]
    report: Codes
    group: Codes
    town: Codes
    committed: Dates
    registered: Dates

    def only(self, rows: npt.NDArray[np.bool_]) -> "Registrations":
        """These registrations alone."""
        return Registrations(**{name: values[rows] for name, values in vars(self).items()})


def registrations(persons: Persons, expected: dict[int, float], seed: int) -> Registrations:
    """Registrations of these persons, year by year.

    Parameters
    ----------
    persons : Persons
        Who can be registered.
    expected : dict of int to float
        Year to the mean number of registrations.
    seed : int
        The seed of the whole chain.
    """
    person, year = _who_and_when(persons, expected, seed)
    rng = generator(seed, "offences")
    size = len(person)
    anew = pick(rng, list(ratios.GROUPS), np.tile(list(ratios.GROUPS.values()), (size, 1)))
    group = np.where(rng.random(size) < SPECIALISED, persons.group[person], anew)
    new_year, next_year = ((year - 1970 + more).astype("datetime64[Y]").astype("datetime64[D]") for more in (0, 1))
    registered = new_year + (rng.random(size) * (next_year - new_year).astype(int)).astype("timedelta64[D]")
    delay = np.where(rng.random(size) < LATE_SHARE, short_days(rng, LATE, size), short_days(rng, SOON, size))
    earliest = persons.birth[person] + np.timedelta64(YOUNGEST_DAYS, "D")
    committed = np.maximum(registered - delay, earliest)
    town = pick(rng, list(TOWNS), np.tile(list(TOWNS.values()), (size, 1)))

    leader = _leaders(person, year, group, committed, earliest, rng)
    first = np.lexsort((np.arange(size), registered))
    first = first[leader[first] == first]  # one registration of each crime, by date
    years_of_first = year[first]
    begins = np.searchsorted(years_of_first, years_of_first)
    number = np.empty(size, dtype=np.int64)
    number[first] = years_of_first * 1_000_000 + 1 + np.arange(len(first)) - begins
    crime = Registrations(
        person, np.char.mod("PL9999%010d", number[leader]), group, town[leader], committed[leader], registered[leader]
    )
    order = np.lexsort((person, number[leader], crime.registered))
    return Registrations(**{name: values[order] for name, values in vars(crime).items()})


def _who_and_when(
    persons: Persons, expected: dict[int, float], seed: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    rng = generator(seed, "careers")
    who, when = [], []
    for year, mean in expected.items():
        rate = persons.rate * ((persons.first <= year) & (year <= persons.last))
        times = rng.poisson(rate * (mean / max(rate.sum(), 1e-9)))
        who.append(np.repeat(np.arange(len(rate)), times))
        when.append(np.full(times.sum(), year))
    return np.concatenate(who), np.concatenate(when)


def _leaders(
    person: npt.NDArray[np.int64],
    year: npt.NDArray[np.int64],
    group: Codes,
    committed: Dates,
    earliest: Dates,
    rng: np.random.Generator,
) -> npt.NDArray[np.int64]:
    """For each registration the one whose crime it shares; most lead their own."""
    order = np.lexsort((rng.random(len(person)), group, year))
    follows = rng.random(len(person)) < TOGETHER
    follows[1:] &= (year[order][1:] == year[order][:-1]) & (group[order][1:] == group[order][:-1])
    follows[:1] = False
    place = np.maximum.accumulate(np.where(follows, 0, np.arange(len(person))))
    leader = np.empty(len(person), dtype=np.int64)
    leader[order] = order[place]
    _, first, which = np.unique(leader * (person.max(initial=0) + 1) + person, return_index=True, return_inverse=True)
    twice = first[which] != np.arange(len(person))
    leads = leader == np.arange(len(person))
    alone = ~leads & (twice | (person == person[leader]) | (committed[leader] < earliest))
    return np.where(alone, np.arange(len(person)), leader)
