"""What the statistical office delivers of everyone: counts of inhabitants, and the victim survey."""

import numpy as np

from das_research.synthetic.aims import Aims
from das_research.synthetic.chance import Numbers, Whole, happens, pick, poisson, uniform
from das_research.synthetic.columns import Coded, Column, Rows
from das_research.synthetic.days import new_year
from das_research.synthetic.identifiers import Serials

SEXES = ("man", "vrouw")
AGES = np.arange(100)
FROM_AGE = 15  # of respondents
A_YEAR = 10**6  # more than the respondents of any year


def inhabitants(aims: Aims, year: int) -> Rows:
    """One row an age, sex and police unit on the first of January."""
    units, share = _units(aims)
    shape = (len(AGES), len(SEXES), len(units))
    age, sex, unit = (each.ravel() for each in np.indices(shape))
    entity = (year * shape[0] + age) * 1000 + sex * 100 + unit
    expected = aims.scale * aims.level("inwoners", [year])[0] * _by_age(aims)[age] * share[unit] / len(SEXES)
    columns: dict[str, Column] = {
        "leveringsnummer": Serials("leveringsnummer", np.full(len(entity), year)),
        "peildatum": new_year(np.full(len(entity), year)),
        "leeftijd": age,
        "geslacht": Coded(SEXES, sex),
        "politie_eenheid": Coded(units, unit),
        "inwoners": np.floor(expected + uniform(aims.seed, "inhabitants", entity)).astype(np.int64),
    }
    return Rows("bevolking", entity, columns)


def survey_years(aims: Aims) -> list[int]:
    """The years of the survey."""
    return [year for year in aims.chain.levels["respondenten"] if aims.first <= year <= aims.last]


def respondents(aims: Aims, year: int) -> Rows:
    """One row a respondent of 15 years or older, with the persons it stands for."""
    size = max(1, round(aims.scale * aims.chain.levels["respondenten"][year]))
    entity = year * A_YEAR + np.arange(size)
    units, share = _units(aims)
    by_age = _by_age(aims)[FROM_AGE:]
    age = FROM_AGE + pick(uniform(aims.seed, "respondent age", entity), by_age)
    answers = 0.5 + uniform(aims.seed, "response", entity)  # who answers less readily stands for more
    stands_for = aims.scale * aims.level("inwoners", [year])[0] * by_age.sum() / size
    offences, victim = _experienced(aims, year, entity, age)
    reported = _part(aims, "reported", entity, offences, _level(aims, "gemeld", year))
    filed = _part(
        aims, "filed", entity, reported, _level(aims, "aangifte", year) / max(_level(aims, "gemeld", year), 1e-9)
    )
    day = (uniform(aims.seed, "survey day", entity) * 90).astype("timedelta64[D]")
    habits = aims.chain.shares["preventie"]["alle"]
    columns: dict[str, Column] = {
        "respondentnummer": Serials("respondentnummer", (year - 2000) * A_YEAR + np.arange(size)),
        "enquetedatum": np.datetime64(f"{year}-08-01") + day,
        "geslacht": Coded(SEXES, pick(uniform(aims.seed, "respondent sex", entity), np.ones(2))),
        "leeftijd": age,
        "politie_eenheid": Coded(units, pick(uniform(aims.seed, "respondent unit", entity), share)),
        "gewicht": np.round(stands_for * answers, 2),
        "traditioneel": victim,
        "online": happens(aims.seed, "online", entity, _level(aims, "slachtoffers-online", year)),
        "delicten": offences,
        "gemeld": reported,
        "aangifte": filed,
        "onveilig": happens(aims.seed, "unsafe", entity, _level(aims, "onveilig", year)),
        **{name: happens(aims.seed, name, entity, chance) for name, chance in habits.items()},
    }
    return Rows("veiligheidsmonitor", entity, columns)


def _experienced(aims: Aims, year: int, entity: Whole, age: Whole) -> tuple[Whole, np.ndarray]:
    """Traditional offences experienced; the young experience more, and the mean is that of the year."""
    more_often = np.interp(AGES, [15, 25, 65, 99], [1.5, 1.35, 0.7, 0.4])
    mean = np.average(more_often[FROM_AGE:], weights=_by_age(aims)[FROM_AGE:])
    chance = _level(aims, "slachtoffers-traditioneel", year) * more_often[age] / mean
    victim = happens(aims.seed, "victim", entity, chance)
    more = _level(aims, "delicten-per-slachtoffer", year) - 1
    further = poisson(uniform(aims.seed, "further", entity), np.full(len(entity), more), 12)
    return np.where(victim, 1 + further, 0), victim


def _part(aims: Aims, purpose: str, entity: Whole, whole: Whole, share: float) -> Whole:
    """So large a part of each number, on average."""
    return np.floor(whole * share + uniform(aims.seed, purpose, entity)).astype(np.int64).clip(0, whole)


def _level(aims: Aims, name: str, year: int) -> float:
    return float(aims.level(name, [year])[0])


def _units(aims: Aims) -> tuple[tuple[str, ...], Numbers]:
    units: dict[str, float] = {}
    for town in aims.chain.towns.values():
        units[town.unit] = units.get(town.unit, 0.0) + town.weight
    return tuple(units), np.array(list(units.values())) / sum(units.values())


def _by_age(aims: Aims) -> Numbers:
    known = {int(age): weight for age, weight in aims.chain.shares["persoon"]["inwoners"].items()}
    weights = np.interp(AGES, list(known), list(known.values()))
    return weights / weights.sum()
