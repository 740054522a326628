"""Supervision of adults by the probation service, after a judgment that is final."""

from dataclasses import dataclass

import numpy as np

from das_research.synthetic.aims import Aims
from das_research.synthetic.careers import Registrations
from das_research.synthetic.chance import Dates, Whole, happens, pick, uniform
from das_research.synthetic.chance import exponential_days as soon
from das_research.synthetic.chance import lognormal_days as later
from das_research.synthetic.days import year_of
from das_research.synthetic.entries import Entries
from das_research.synthetic.journey import CHAMBERS, VERDICTS, Trial

OUTCOMES = ("toezicht_voltooid", "toezicht_voortijdig_beeindigd")
SPREAD = 0.4  # of the logarithm of its days: most terms are alike
SHORTER = 0.4  # what ends early, as a part of the term


@dataclass(frozen=True)
class Supervisions(Entries):
    """One entry a supervision, at most one a case."""

    case: Whole
    begin: Dates
    end: Dates
    outcome: Whole


def supervised(aims: Aims, cases: Registrations, trial: Trial) -> Supervisions:
    """Supervision as a condition of a sentence of an adult."""
    seed = aims.seed
    guilty = (trial.first.outcome == VERDICTS.index("schuldig_met_straf")) & (trial.appeal.outcome <= 0)
    adult = (trial.chamber != CHAMBERS.index("kinderrechter")) & (cases.age >= 18)
    chance = aims.level("toezicht", year_of(trial.first.ended))
    case = np.flatnonzero(guilty & adult & happens(seed, "supervised", cases.id, chance))
    entity = cases.id[case]
    begin = trial.final[case] + soon(uniform(seed, "supervision begin", entity), 30.0)
    outcome = pick(uniform(seed, "supervision", entity), aims.weights("toezicht", "alle", OUTCOMES))
    term = later(uniform(seed, "supervision days", entity), aims.days("toezicht", ("alle",))[0], SPREAD)
    early = (term * SHORTER).astype(term.dtype)
    return Supervisions(case, begin, begin + np.where(outcome == 0, term, early), outcome)
