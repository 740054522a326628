"""Stays of minors in a juvenile institution: before the verdict, in youth detention, and under a PIJ measure."""

import numpy as np

from das_research.synthetic.aims import Aims
from das_research.synthetic.careers import Registrations
from das_research.synthetic.chance import exponential_days as soon
from das_research.synthetic.chance import happens, uniform
from das_research.synthetic.chance import lognormal_days as later
from das_research.synthetic.days import year_of
from das_research.synthetic.enforcement import KINDS, PER_CASE, TITLES, Sanctions, Stays
from das_research.synthetic.journey import CHAMBERS, SPREAD, Step, Trial

ON_REMAND, DETAINED, PLACED = (TITLES.index(f"jji_{name}") for name in ("voorlopig_gehecht", "jeugddetentie", "pij"))


def juvenile_stays(aims: Aims, cases: Registrations, prosecuted: Step, trial: Trial, imposed: Sanctions) -> Stays:
    """Stays of whom the juvenile judge tries; part of all youth detention is served on remand or conditional."""
    seed = aims.seed
    chance = aims.level("uitgezeten-jji", year_of(prosecuted.received))
    tried = (trial.chamber == CHAMBERS.index("kinderrechter")) & (cases.age < 18)
    remand = np.flatnonzero(tried & happens(seed, "juvenile remand", cases.id, chance * aims.number("jji-voorlopig")))
    begin = prosecuted.received[remand]
    until = trial.first.ended[remand]

    placed = imposed.kind == KINDS.index("pij")
    held = (imposed.kind == KINDS.index("jeugddetentie")) | placed
    year = year_of(imposed.received)
    chance = np.where(placed, 1.0, aims.level("uitgezeten-jji", year))
    sanction = np.flatnonzero(held & ~np.isnat(imposed.received) & happens(seed, "juvenile served", imposed.id, chance))
    start = imposed.received[sanction] + soon(uniform(seed, "juvenile begin", imposed.id[sanction]), 30.0)
    title = np.concatenate([np.full(len(remand), ON_REMAND), np.where(placed[sanction], PLACED, DETAINED)])
    entity = np.concatenate([cases.id[remand] * PER_CASE, imposed.id[sanction]])
    begun = np.concatenate([begin, start])
    median = aims.days("verblijf", TITLES[ON_REMAND:])[title - ON_REMAND]
    lasted = later(
        uniform(seed, "juvenile days", entity), median * aims.level("verblijfsduur-jji", year_of(begun)), SPREAD
    )
    end = begun + lasted
    end[: len(remand)] = np.minimum(end[: len(remand)], until)
    return Stays(entity, np.concatenate([remand, imposed.case[sanction]]), title, begun, end)
