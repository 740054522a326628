"""The way of every registration through the chain, to its end: what happens, when, with which outcome.

Each step is on the day of the one before it or later. A step that is never taken has no date (NaT) and no code (-1).
"""

from dataclasses import dataclass

import numpy as np

from das_research.synthetic.aims import GROUPS, Aims
from das_research.synthetic.careers import Registrations
from das_research.synthetic.chance import NEVER, Dates, Flags, Numbers, Whole, happens, pick, uniform
from das_research.synthetic.chance import exponential_days as soon
from das_research.synthetic.chance import lognormal_days as later
from das_research.synthetic.days import year_of
from das_research.synthetic.entries import Entries

HANDLINGS = ("ingezonden_om", "halt", "gevoegd", "politiesepot", "politiestrafbeschikking")
DECISIONS = (
    "dagvaarding", "strafbeschikking", "transactie", "technisch_sepot", "onvoorwaardelijk_beleidssepot",
    "voorwaardelijk_beleidssepot", "overig", "oproep_na_verzet",
)  # fmt: skip
DISMISSALS = (3, 4, 5)
REASONS = ("verzet_verdachte", "niet_executeerbaar", "overig_herinstroom")
CHAMBERS = ("politierechter", "meervoudig", "kinderrechter", "economische_politierechter")
VERDICTS = (
    "schuldig_met_straf", "schuldig_zonder_straf", "vrijspraak", "ovar_zonder_maatregel", "om_niet_ontvankelijk",
    "verdachte_niet_ontvankelijk", "onbevoegd", "gevoegd_ter_zitting",
)  # fmt: skip
JOINED = VERDICTS.index("gevoegd_ter_zitting")
SPREAD = 0.85  # of the logarithm of most durations


@dataclass(frozen=True)
class Step(Entries):
    """A stage of each registration: when it came in, when it was dealt with, and how."""

    received: Dates
    ended: Dates
    outcome: Whole


@dataclass(frozen=True)
class Trial:
    """The trial of each registration: chamber, judgment, in whose presence, appeal, and when all is final."""

    first: Step
    chamber: Whole
    in_absence: Flags
    appeal: Step
    final: Dates

    def only(self, rows: Flags) -> "Trial":
        """The trial of these registrations alone."""
        return Trial(
            self.first.only(rows), self.chamber[rows], self.in_absence[rows], self.appeal.only(rows), self.final[rows]
        )


def police(aims: Aims, cases: Registrations) -> Step:
    """What the police do with a registration."""
    minor, year = cases.age < 18, year_of(cases.registered)
    drawn = uniform(aims.seed, "handling", cases.id)
    sent = aims.level("ingezonden", year) * np.where(minor, 0.48, 1.0)
    to_halt = np.where(minor, aims.level("halt", year), 0.0)
    weights = aims.table("politie", ("minderjarig", "volwassen", "bijkomend"), HANDLINGS)
    other = pick(uniform(aims.seed, "other handling", cases.id), weights[:2], np.where(minor, 0, 1))
    beside = pick(drawn, weights[2])
    leading = np.where(drawn < sent, 0, np.where(drawn < sent + to_halt, 1, other))
    median = aims.days("politie", GROUPS)[aims.group_of[cases.crime]]
    ended = cases.registered + later(uniform(aims.seed, "handling days", cases.id), median, SPREAD)
    return Step(cases.registered, ended, np.where(cases.leads, leading, beside))


def prosecution(aims: Aims, cases: Registrations, before: Step) -> Step:
    """What the prosecution service decides in the cases the police sent on."""
    group = aims.group_of[cases.crime]
    received = before.ended + soon(uniform(aims.seed, "sending", cases.id), 4.0)
    outcome = pick(uniform(aims.seed, "decision", cases.id), *_decision_weights(aims, year_of(received), cases, group))
    slow = aims.level("duur-om", year_of(received)) * _slowness(aims)[group]
    slow *= np.where(cases.age < 18, aims.number("minderjarig-sneller"), 1.0)
    median = aims.days("beslissing", DECISIONS)[outcome] * slow
    ended = received + later(uniform(aims.seed, "decision days", cases.id), median, SPREAD)
    return _only(before.outcome == 0, received, ended, outcome)


def returning(aims: Aims, cases: Registrations, before: Step) -> tuple[Step, Whole]:
    """Cases that come back for a new decision, and why."""
    open_to_it = before.outcome > 0
    back = open_to_it & happens(aims.seed, "return", cases.id, aims.level("herinstroom", year_of(before.ended)))
    ordered = before.outcome == DECISIONS.index("strafbeschikking")
    year = year_of(before.ended)
    by_cjib = ordered & happens(aims.seed, "reason", cases.id, aims.level("terug-van-cjib", year))
    failed = happens(aims.seed, "failed", cases.id, aims.level("niet-executeerbaar", year))
    reason = np.where(by_cjib, np.where(failed, 1, 0), 2)
    outcome = pick(uniform(aims.seed, "new decision", cases.id), aims.weights("herinstroom", "beslissing", DECISIONS))
    outcome = np.where((outcome == 0) & (reason < 2), DECISIONS.index("oproep_na_verzet"), outcome)
    received = before.ended + later(uniform(aims.seed, "return days", cases.id), 60.0, 0.6)
    ended = received + later(uniform(aims.seed, "new decision days", cases.id), 50.0, SPREAD)
    step = _only(back, received, ended, outcome)
    return step, np.where(back, reason, -1)


def court(aims: Aims, cases: Registrations, decision: Step, again: Step) -> Trial:
    """What the court decides in the cases it is summoned to, in which chamber, and on appeal."""
    seed, group = aims.seed, aims.group_of[cases.crime]
    summoned = np.isin(again.outcome, (0, 7))
    since = np.where(summoned, again.ended, decision.ended)
    received = since + soon(uniform(seed, "summons", cases.id), 6.0)
    chambers = aims.table("kamer", ("minderjarig", *GROUPS), CHAMBERS)
    chamber = pick(uniform(seed, "chamber", cases.id), chambers, np.where(cases.age < 18, 0, 1 + group))
    slow = _slowness(aims)[group]
    median = aims.days("uitspraak", CHAMBERS)[chamber] * slow
    ended = received + later(uniform(seed, "trial days", cases.id), median, 0.7)
    outcome = pick(uniform(seed, "verdict", cases.id), _by_group(aims, "uitspraak", VERDICTS), group)
    outcome = np.where(happens(seed, "joined", cases.id, aims.level("gevoegd", year_of(ended))), JOINED, outcome)
    reached = (decision.outcome == 0) | summoned
    first = _only(reached, received, ended, outcome)
    appeals = reached & (outcome != JOINED) & happens(seed, "appeal", cases.id, aims.level("beroep", year_of(ended)))
    lodged = ended + (uniform(seed, "lodging", cases.id) * 14).astype("timedelta64[D]")
    heard = lodged + later(uniform(seed, "appeal days", cases.id), aims.days("hof", ("alle",))[0], 0.6)
    second = pick(uniform(seed, "appeal verdict", cases.id), aims.weights("hof", "alle", VERDICTS))
    appeal = _only(appeals, lodged, heard, second)
    final = np.where(appeals, heard, ended) + np.timedelta64(14, "D")
    absent = happens(seed, "absence", cases.id, aims.weights("berechting", "alle", ("verstek",))[0])
    return Trial(first, np.where(reached, chamber, -1), absent, appeal, np.where(reached, final, NEVER))


def _decision_weights(aims: Aims, years: Whole, cases: Registrations, group: Whole) -> tuple[Numbers, Whole]:
    """A table of weights by year, group and sex, minors first, and the row of every case."""
    known = [name for name in aims.chain.shares["beslissing"] if name.isdigit()]
    every = np.arange(aims.began - 1, aims.last + 4)
    points = aims.table("beslissing", known, DECISIONS)
    by_year = np.array([np.interp(every, [int(name) for name in known], column) for column in points.T]).T
    rows = np.vstack([aims.weights("beslissing", "minderjarig", DECISIONS), by_year])
    factors = _factors(aims, "beslissing", DECISIONS)
    by_sex = np.ones((2, len(DECISIONS)))
    by_sex[1, 0] = aims.number("vrouw-minder-gedagvaard")
    table = rows[:, None, None, :] * factors[None, :, None, :] * by_sex[None, None, :, :]
    row = np.where(cases.age < 18, 0, 1 + np.clip(years - every[0], 0, len(every) - 1))
    return table.reshape(-1, len(DECISIONS)), (row * len(GROUPS) + group) * 2 + cases.woman


def _factors(aims: Aims, of: str, codes: tuple[str, ...]) -> Numbers:
    """How much more often than on average, by group; put on a scale on which the average stays what it is."""
    table = np.ones((len(GROUPS), len(codes)))
    for place, group in enumerate(GROUPS):
        for code, factor in aims.chain.shares[f"{of}-naar-groep"].get(group, {}).items():
            table[place, codes.index(code)] = factor
    return table


def _by_group(aims: Aims, of: str, codes: tuple[str, ...]) -> Numbers:
    return aims.weights(of, "alle", codes)[None, :] * _factors(aims, of, codes)


def _slowness(aims: Aims) -> Numbers:
    """How much slower than on average a case of a group goes, as at the police but less so."""
    days = aims.days("politie", GROUPS)
    return np.sqrt(days / days.mean())


def _only(reached: Flags, received: Dates, ended: Dates, outcome: Whole) -> Step:
    return Step(np.where(reached, received, NEVER), np.where(reached, ended, NEVER), np.where(reached, outcome, -1))
