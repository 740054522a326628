"""Who is registered for what, and when: periods in which persons come to notice, and the crimes they are suspected of.

A period has one leading registration and perhaps others of the same day, mostly joined to it later.
"""

from dataclasses import dataclass

import numpy as np

from das_research.synthetic import persons as people
from das_research.synthetic.aims import Aims
from das_research.synthetic.chance import Dates, Flags, Whole, exponential_days, happens, pick, poisson, uniform
from das_research.synthetic.days import age_on, year_of
from das_research.synthetic.entries import Entries
from das_research.synthetic.persons import Persons

EXTRAS = 7  # registrations beside the leading one, at most
PER_PERIOD = EXTRAS + 1
PER_PERSON = 64 * PER_PERIOD
TWELVE_YEARS = np.timedelta64(4384, "D")


@dataclass(frozen=True)
class Registrations(Entries):
    """One entry a suspect of a crime, ordered by person and date.

    Parameters
    ----------
    id : array of int
        Number among all registrations of the chain.
    person : array of int
        Position among the persons of the block.
    crime_id : array of int
        Number of the crime; suspects of one crime share it.
    leads : array of bool
        Whether it leads its period; the others are mostly joined to it.
    crime : array of int
        Position of the kind of crime among `Aims.crimes`.
    town : array of int
        Position among the towns of the catalogue.
    committed, reported, registered : array of date
        When the crime was committed and registered, and when the suspect was.
    age : array of int
        Years at the crime.
    woman : array of bool
    """

    id: Whole
    person: Whole
    crime_id: Whole
    leads: Flags
    crime: Whole
    town: Whole
    committed: Dates
    reported: Dates
    registered: Dates
    age: Whole
    woman: Flags


def registrations(aims: Aims, persons: Persons) -> Registrations:
    """The registrations of the persons of a block."""
    who = np.repeat(np.arange(len(persons.id)), persons.times)
    within = np.arange(len(who)) - np.repeat(np.cumsum(persons.times) - persons.times, persons.times)
    period = persons.id[who] * PER_PERSON + within * PER_PERIOD
    moment = people.moments(aims, persons, who, period)
    extra = poisson(uniform(aims.seed, "extras", period), aims.level("bijregistraties", year_of(moment)), EXTRAS)
    copies = extra + 1
    place = np.arange(copies.sum()) - np.repeat(np.cumsum(copies) - copies, copies)
    who, moment, entity = (np.repeat(each, copies) for each in (who, moment, period))
    entity = entity + place
    crime = _crimes(aims, persons, who, entity)
    town = pick(uniform(aims.seed, "town", entity), np.array([town.weight for town in aims.chain.towns.values()]))
    committed = _committed(aims, persons.birth[who], moment, entity)
    leader = _leaders(aims, who, crime, moment, committed, persons.birth[who], entity)
    committed, moment = committed[leader], moment[leader]
    delay = exponential_days(uniform(aims.seed, "report", entity[leader]), 2.0)
    found = Registrations(
        id=entity,
        person=who,
        crime_id=entity[leader],
        leads=place == 0,
        crime=crime,
        town=town[leader],
        committed=committed,
        reported=np.minimum(committed + delay, moment),
        registered=moment,
        age=age_on(committed, persons.birth[who]),
        woman=persons.sex[who] == people.SEXES.index("vrouw"),
    )
    order = np.lexsort((found.id, found.registered, found.person))
    return Registrations(**{name: each[order] for name, each in vars(found).items()})


def _crimes(aims: Aims, persons: Persons, who: Whole, entity: Whole) -> Whole:
    weights = aims.weights("misdrijf", "verdachten", aims.crimes)
    known_for = pick(uniform(aims.seed, "known for", persons.id), weights)[who]
    anew = pick(uniform(aims.seed, "crime", entity), weights)
    return np.where(happens(aims.seed, "specialised", entity, aims.number("specialisme")), known_for, anew)


def _committed(aims: Aims, birth: Dates, registered: Dates, entity: Whole) -> Dates:
    late = happens(aims.seed, "late", entity, aims.number("laat"))
    mean = np.where(late, aims.number("dagen-laat"), aims.number("dagen-vlot"))
    return np.maximum(registered - exponential_days(uniform(aims.seed, "delay", entity), mean), birth + TWELVE_YEARS)


def _leaders(
    aims: Aims, who: Whole, crime: Whole, registered: Dates, committed: Dates, birth: Dates, entity: Whole
) -> Whole:
    """For each registration the one whose crime it shares: one of the same kind and month; most lead their own."""
    size = len(who)
    month = registered.astype("datetime64[M]").astype(np.int64)
    order = np.lexsort((uniform(aims.seed, "meeting", entity), crime, month))
    follows = happens(aims.seed, "together", entity, aims.number("samen"))[order]
    follows[1:] &= (month[order][1:] == month[order][:-1]) & (crime[order][1:] == crime[order][:-1])
    follows[:1] = False
    place = np.maximum.accumulate(np.where(follows, 0, np.arange(size)))
    leader = np.empty(size, dtype=np.int64)
    leader[order] = order[place]
    pairs = leader * (who.max(initial=0) + 1) + who
    _, first, which = np.unique(pairs, return_index=True, return_inverse=True)
    alone = (leader != np.arange(size)) & (
        (first[which] != np.arange(size)) | (who == who[leader]) | (committed[leader] < birth + TWELVE_YEARS)
    )
    return np.where(alone, np.arange(size), leader)
