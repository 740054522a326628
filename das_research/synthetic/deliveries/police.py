"""What the police and Halt deliver: crimes, registrations of suspects, referrals."""

import numpy as np

from das_research.synthetic import identifiers, persons
from das_research.synthetic.aims import GROUPS, Aims
from das_research.synthetic.careers import PER_PERSON, Registrations
from das_research.synthetic.chance import NEVER, Dates, Whole, exponential_days, happens, lognormal_days, pick, uniform
from das_research.synthetic.columns import Coded, Column, Rows
from das_research.synthetic.days import age_on, new_year, year_of
from das_research.synthetic.deliveries.view import View, units_of
from das_research.synthetic.journey import HANDLINGS
from das_research.synthetic.persons import SEXES, Persons

UNSOLVED = 9 * 10**9  # above the number of every crime with a suspect
A_YEAR = 2 * 10**7  # more than the crimes of any year
KINDS = ("halt_misdrijf", "halt_overtreding")


def registrations(view: View) -> Rows:
    """One row a suspect of a crime."""
    cases, handling = view.story.cases, view.story.handling
    family, initials = view.name()
    town = view.town()
    columns: dict[str, Column] = {
        "pv_nummer": identifiers.report(cases.crime_id),
        "skn": view.skn(),
        "achternaam": family,
        "voorletters": initials,
        "geboortedatum": view.birth(),
        "geslacht": view.sex(),
        "leeftijdsklasse": view.age_class(),
        "pleeggemeente": town,
        "basisteam": Coded(tuple(f"basisteam {name}" for name in town.names), town.place),
        "pleegdatum": cases.committed,
        "registratiedatum": cases.registered,
        "delictcode": Coded(GROUPS, view.groups()),
        "afhandeling": view.known_code(HANDLINGS, handling.outcome, handling.ended),
        "afhandeldatum": view.known(handling.ended),
    }
    everyone = np.arange(len(cases.id))
    return view.rows("verdachtenregistraties", everyone, cases.registered, columns, cases.id)


def solved_crimes(view: View) -> Rows:
    """One row a crime that is ever cleared up, registered in the delivered years."""
    cases, aims = view.story.cases, view.aims
    order = np.lexsort((cases.registered, cases.crime_id))
    first = order[np.unique(cases.crime_id[order], return_index=True)[1]]
    year = year_of(cases.reported[first])
    first = first[(year >= aims.first) & (year <= aims.last)]
    return _crimes(
        aims,
        cases.crime_id[first],
        cases.crime[first],
        cases.town[first],
        cases.committed[first],
        cases.reported[first],
        view.known(cases.registered[first]),
    )


def unsolved_crimes(aims: Aims, year: int, first: int, size: int) -> Rows:
    """Crimes of one year without a suspect: so many, from the first number on."""
    entity = UNSOLVED + (year - 2000) * A_YEAR + np.arange(first, first + size)
    begin = new_year(np.full(size, year))
    days = (new_year(np.full(size, year + 1)) - begin).astype(np.int64)
    reported = begin + (uniform(aims.seed, "crime report", entity) * days).astype("timedelta64[D]")
    committed = reported - exponential_days(uniform(aims.seed, "crime delay", entity), 6.0)
    crime = pick(uniform(aims.seed, "unsolved crime", entity), aims.weights("misdrijf", "onopgelost", aims.crimes))
    weights = np.array([town.weight for town in aims.chain.towns.values()])
    town = pick(uniform(aims.seed, "crime town", entity), weights)
    return _crimes(aims, entity, crime, town, committed, reported, np.full(size, NEVER))


def _crimes(
    aims: Aims, entity: Whole, crime: Whole, town: Whole, committed: Dates, reported: Dates, cleared: Dates
) -> Rows:
    place = Coded(tuple(aims.chain.towns), town)
    columns: dict[str, Column] = {
        "pv_nummer": identifiers.report(entity),
        "registratiedatum": reported,
        "pleegdatum": committed,
        "pleeggemeente": place,
        "politie_eenheid": units_of(aims, place),
        "misdrijfcode": Coded(aims.crimes, crime),
        "opgehelderd_op": cleared,
    }
    rows = Rows("misdrijven", entity, columns)
    return rows.only(np.lexsort((entity, reported)))


def crimes_a_year(cases: Registrations) -> dict[int, int]:
    """Crimes that are ever cleared up, by the year in which they were registered."""
    first = np.unique(cases.crime_id, return_index=True)[1]
    years, counts = np.unique(year_of(cases.reported[first]), return_counts=True)
    return dict(zip(years.tolist(), counts.tolist(), strict=True))


def referrals(view: View) -> Rows:
    """One row a young person referred to Halt, for a crime or for a minor offence."""
    aims, cases, handling = view.aims, view.story.cases, view.story.handling
    sent = np.flatnonzero((handling.outcome == HANDLINGS.index("halt")) & view.running)
    young, day = minor_offenders(aims, view.story.everyone)
    who = np.concatenate([view.story.persons.id[cases.person[sent]], view.story.everyone.id[young]])
    birth = np.concatenate([view.birth()[sent], view.story.everyone.birth[young]])
    sex = np.concatenate([view.sex().place[sent], view.story.everyone.sex[young]])
    referred = np.concatenate([handling.ended[sent], day])
    entity = np.concatenate([cases.id[sent], view.story.everyone.id[young] * PER_PERSON + PER_PERSON - 1])
    crime = np.concatenate([cases.crime_id[sent], view.story.everyone.id[young] * PER_PERSON + PER_PERSON - 1])
    kind = np.repeat([0, 1], [len(sent), len(young)])
    ended = referred + lognormal_days(uniform(aims.seed, "Halt days", entity), 75.0, 0.5)
    codes, outcomes = (tuple(aims.chain.shares["halt"][of]) for of in ("soort-misdrijf", "afloop"))
    offence = pick(uniform(aims.seed, "Halt offence", entity), aims.weights("halt", "soort-misdrijf", codes))
    outcome = pick(uniform(aims.seed, "Halt outcome", entity), aims.weights("halt", "afloop", outcomes))
    columns: dict[str, Column] = {
        "pv_nummer": identifiers.report(crime),
        "skn": identifiers.skn(who),
        "geslacht": Coded(SEXES, sex),
        "leeftijd_verwijzing": np.minimum(age_on(referred, birth), 18),
        "soort_verwijzing": Coded(KINDS, kind),
        "delict_halt": Coded(codes, np.where(kind == 0, offence, -1)),
        "school": Coded(("school",), np.full(len(who), 0)),
        "verwezen": referred,
        "halt_einde": view.known(ended),
        "afloop_halt": view.known_code(outcomes, outcome, ended),
    }
    case = np.concatenate([cases.id[sent], np.full(len(young), -1)])
    rows = Rows("halt_verwijzingen", entity, columns, case, who)
    known = np.flatnonzero(view.happened(referred) & (referred >= np.datetime64(f"{aims.first}-01-01")))
    return rows.only(known[np.lexsort((entity[known], referred[known]))])


def minor_offenders(aims: Aims, everyone: Persons) -> tuple[Whole, Dates]:
    """Persons under 18 who are referred for a minor offence, at most once each, and when."""
    under = np.flatnonzero((everyone.last >= aims.first) & (year_of(everyone.birth) >= aims.first - 18))
    everyone = everyone.only(under)
    years = np.arange(aims.first, aims.last + 1)
    chance = aims.level("halt-overtredingen", years) / persons.minors(aims)
    day = np.full(len(everyone.id), NEVER)
    for year, each in zip(years.tolist(), chance.tolist(), strict=True):
        entity = everyone.id * 100 + (year - 2000)
        begin = np.datetime64(f"{year}-01-01")
        when = begin + (uniform(aims.seed, "minor offence day", entity) * 365).astype("timedelta64[D]")
        young = (everyone.first <= year) & (everyone.last >= year) & (age_on(when, everyone.birth) < 18)
        referred = np.isnat(day) & young & happens(aims.seed, "minor offence", entity, each)
        day[referred] = when[referred]
    found = np.flatnonzero(~np.isnat(day))
    return under[found], day[found]
