"""What is imposed and carried out: sanctions of courts and penal orders, and stays in detention."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from das_research.synthetic.aims import Aims
from das_research.synthetic.careers import Registrations
from das_research.synthetic.chance import NEVER, Dates, Flags, Numbers, Whole, happens, pick, uniform
from das_research.synthetic.chance import exponential_days as soon
from das_research.synthetic.chance import lognormal_days as later
from das_research.synthetic.days import year_of
from das_research.synthetic.entries import Entries
from das_research.synthetic.journey import CHAMBERS, DECISIONS, SPREAD, VERDICTS, Step, Trial

KINDS = (
    "gevangenisstraf", "jeugddetentie", "werkstraf", "leerstraf", "geldboete", "ontzegging_rijbevoegdheid",
    "verbeurdverklaring", "tbs", "pij", "isd", "onttrekking", "ontneming", "schadevergoeding", "strafbeschikking",
)  # fmt: skip
BROAD = (
    "gevangenisstraf", "taakstraf", "geldboete", "bijkomende_straf", "maatregel", "ontneming", "schadevergoeding",
    "strafbeschikking",
)  # fmt: skip
BROAD_OF = np.array([0, 0, 1, 1, 2, 3, 3, 4, 4, 4, 4, 5, 6, 7])
ENDINGS = ("voltooid", "niet_geslaagd", "vervangende_hechtenis", "anders_beeindigd")
TITLES = (
    "voorlopig_gehecht", "veroordeelde_arrestant", "zelfmelder",
    "jji_voorlopig_gehecht", "jji_jeugddetentie", "jji_pij",
)  # fmt: skip
MONEY = {4: 820.0, 11: 4000.0, 12: 500.0, 13: 350.0}  # median euros
PER_CASE = 4


@dataclass(frozen=True)
class Sanctions(Entries):
    """One entry a sanction: imposed, and once final received for enforcement."""

    id: Whole
    case: Whole
    place: Whole
    kind: Whole
    amount: Numbers
    imposed: Dates
    received: Dates
    ended: Dates
    outcome: Whole


@dataclass(frozen=True)
class Stays(Entries):
    """One entry a stay in detention, of adults in prison and of minors in a juvenile institution."""

    id: Whole
    case: Whole
    title: Whole
    begin: Dates
    end: Dates

    def and_those(self, others: "Stays") -> "Stays":
        """These stays and then the others."""
        return Stays(**{name: np.concatenate([each, vars(others)[name]]) for name, each in vars(self).items()})

    @property
    def of_juveniles(self) -> Flags:
        """Which are in a juvenile institution."""
        return self.title >= TITLES.index("jji_voorlopig_gehecht")


def sanctions(aims: Aims, cases: Registrations, decision: Step, again: Step, trial: Trial) -> Sanctions:
    """Sanctions of the courts, one or two for each guilty verdict, and of penal orders."""
    seed = aims.seed
    judged = np.flatnonzero(trial.first.outcome == VERDICTS.index("schuldig_met_straf"))
    drawn = uniform(seed, "sanction", cases.id[judged])
    first = pick(drawn, aims.table("sanctie", CHAMBERS, KINDS), trial.chamber[judged])
    two = happens(seed, "second", cases.id[judged], aims.number("tweede-sanctie"))
    rows = [KINDS.index(name) for name in ("gevangenisstraf", "werkstraf", "geldboete")]
    after = np.full(len(KINDS), 3)
    after[rows] = [0, 1, 2]
    table = aims.table("tweede-sanctie", ("gevangenisstraf", "werkstraf", "geldboete", "rest"), KINDS)
    second = pick(uniform(seed, "second kind", cases.id[judged]), table, after[first])[two]
    order = DECISIONS.index("strafbeschikking")
    ordered = np.flatnonzero((decision.outcome == order) | (again.outcome == order))
    case = np.concatenate([judged, judged[two], ordered])
    place = np.repeat([1, 2, 3], [len(judged), two.sum(), len(ordered)])
    kind = np.concatenate([first, second, np.full(len(ordered), KINDS.index("strafbeschikking"))])
    entity = cases.id[case] * PER_CASE + place
    by_order = np.where(again.outcome == order, again.ended, decision.ended)[case]
    imposed = np.where(place == 3, by_order, trial.first.ended[case])
    quashed = (place < 3) & (trial.appeal.outcome[case] > 0)
    ready = np.where(place == 3, by_order, trial.final[case]) + soon(uniform(seed, "to execution", entity), 7.0)
    median = aims.days("executie", BROAD)[BROAD_OF[kind]]
    ended = ready + later(uniform(seed, "execution days", entity), median, SPREAD)
    outcome = pick(uniform(seed, "execution", entity), aims.table("executie", BROAD, ENDINGS), BROAD_OF[kind])
    return Sanctions(
        entity,
        case,
        place,
        kind,
        _amounts(seed, entity, kind),
        imposed,
        np.where(quashed, NEVER, ready),
        np.where(quashed, NEVER, ended),
        np.where(quashed, -1, outcome),
    )


def detention(aims: Aims, cases: Registrations, prosecuted: Step, trial: Trial, imposed: Sanctions) -> Stays:
    """Stays on remand before the verdict, stays to serve a sentence, and substitute detention."""
    seed = aims.seed
    days = {name: aims.days("verblijf", (name,))[0] for name in ("voorlopig", "straf", "vervangend")}
    rarely = np.where(cases.woman, aims.number("vrouw-minder-gedetineerd"), 1.0)
    chance = aims.level("voorlopig", year_of(prosecuted.received)) * np.where(trial.chamber == 1, 3.0, 0.75) * rarely
    remand = np.flatnonzero((trial.chamber >= 0) & (cases.age >= 18) & happens(seed, "remand", cases.id, chance))
    begin = prosecuted.received[remand]
    length = later(uniform(seed, "remand days", cases.id[remand]), days["voorlopig"], SPREAD)
    until = np.minimum(begin + length, trial.first.ended[remand])

    adult = (cases.age[imposed.case] >= 18) & ~np.isnat(imposed.received)
    prison = adult & (imposed.kind == KINDS.index("gevangenisstraf"))
    year = year_of(imposed.received)
    chance = aims.level("uitgezeten", year) * rarely[imposed.case]
    served = np.flatnonzero(prison & happens(seed, "served", imposed.id, chance))
    instead = np.flatnonzero(adult & (imposed.outcome == ENDINGS.index("vervangende_hechtenis")))
    sanction = np.concatenate([served, instead])
    entity = imposed.id[sanction]
    median = np.where(np.arange(len(sanction)) < len(served), days["straf"], days["vervangend"])
    stay = later(uniform(seed, "stay days", entity), median * aims.level("verblijfsduur", year[sanction]), 1.1)
    start = imposed.received[sanction] + soon(uniform(seed, "stay begin", entity), 60.0)
    self_reported = happens(seed, "self-reported", entity, aims.level("zelfmelders", year[sanction]))
    return Stays(
        id=np.concatenate([cases.id[remand] * PER_CASE, entity]),
        case=np.concatenate([remand, imposed.case[sanction]]),
        title=np.concatenate([np.zeros(len(remand), dtype=np.int64), np.where(self_reported, 2, 1)]),
        begin=np.concatenate([begin, start]),
        end=np.concatenate([until, start + stay]),
    )


def _amounts(seed: int, entity: Whole, kind: Whole) -> Numbers:
    median = np.array([MONEY.get(place, np.nan) for place in range(len(KINDS))])[kind]
    drawn = np.exp(0.8 * ndtri(uniform(seed, "amount", entity)))
    return np.maximum(10.0, np.round(median * drawn, -1))
