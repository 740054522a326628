"""The way of every registered suspect through the chain, to its end: what happens, when, with which outcome.

Each step is later than the one before or on the same day. A step that a case never takes has no date (NaT) and no code
('').
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from das_research.synthetic import ratios
from das_research.synthetic.careers import Registrations
from das_research.synthetic.chance import (
    Codes,
    Dates,
    Numbers,
    generator,
    lookup,
    pick,
    pick_by,
    short_days,
    skewed_days,
)

NEVER = np.datetime64("NaT", "D")
SPREAD = 0.85  # of the logarithm of most durations


class Step(NamedTuple):
    """A stage of each case: when it came in, when it was dealt with, and how."""

    received: Dates
    ended: Dates
    outcome: Codes


@dataclass(frozen=True)
class Sanctions:
    """One entry a sanction to be enforced."""

    case: npt.NDArray[np.int64]
    kind: Codes
    amount: Numbers
    received: Dates
    ended: Dates
    outcome: Codes


@dataclass(frozen=True)
class Stays:
    """One entry a stay in detention."""

    case: npt.NDArray[np.int64]
    title: Codes
    begin: Dates
    end: Dates


def police(cases: Registrations, minor: npt.NDArray[np.bool_], seed: int) -> Step:
    """What the police do with a registration."""
    rng = generator(seed, "police")
    outcome = pick_by(rng, ratios.POLICE, _ages(minor))
    duration = skewed_days(rng, lookup(ratios.HANDLING_DAYS, cases.group), SPREAD)
    return Step(cases.registered, cases.registered + duration, outcome)


def prosecution(cases: Registrations, minor: npt.NDArray[np.bool_], before: Step, seed: int) -> Step:
    """What the prosecution service decides in the cases the police sent on."""
    rng = generator(seed, "prosecution")
    size = len(minor)
    received = before.ended + short_days(rng, 4.0, size)
    recent = received >= np.datetime64("2019-01-01")
    rule = np.where(minor, "minor", np.where(recent, "from 2019", "until 2018"))
    codes = list(ratios.PROSECUTION["minor"])
    weights = lookup({key: list(row.values()) for key, row in ratios.PROSECUTION.items()}, rule)
    weights *= _by_group(ratios.PROSECUTION_BY_GROUP, codes, cases.group)
    outcome = pick(rng, codes, weights)
    median = lookup(ratios.DECISION_DAYS, outcome) * lookup(ratios.SLOWNESS, cases.group)
    decided = received + skewed_days(rng, median, SPREAD)
    return _only(before.outcome == "ingezonden_om", received, decided, outcome)


def court(cases: Registrations, minor: npt.NDArray[np.bool_], before: Step, seed: int) -> tuple[Step, Codes]:
    """What the court decides in the cases it is summoned to, and in which chamber."""
    rng = generator(seed, "court")
    size = len(minor)
    received = before.ended + short_days(rng, 6.0, size)
    chamber = pick_by(rng, ratios.CHAMBERS, np.where(minor, "minor", cases.group))
    codes = list(ratios.VERDICTS)
    weights = np.tile(list(ratios.VERDICTS.values()), (size, 1)) * _by_group(
        ratios.VERDICTS_BY_GROUP, codes, cases.group
    )
    outcome = pick(rng, codes, weights)
    median = lookup(ratios.VERDICT_DAYS, chamber) * lookup(ratios.SLOWNESS, cases.group)
    reached = before.outcome == "dagvaarding"
    step = _only(reached, received, received + skewed_days(rng, median, 0.7), outcome)
    return step, np.where(reached, chamber, "")


def enforcement(decision: Step, verdict: Step, chamber: Codes, seed: int) -> Sanctions:
    """Sanctions of the courts, one or two for each guilty verdict, and of penal orders."""
    rng = generator(seed, "enforcement")
    judged = np.flatnonzero(verdict.outcome == "schuldig_met_straf")
    first = pick_by(rng, ratios.SANCTIONS, chamber[judged])
    two = rng.random(len(judged)) < ratios.SECOND_SANCTION
    second = pick_by(rng, ratios.SECOND_SANCTIONS, first[two])
    ready = verdict.ended[judged] + np.timedelta64(10, "D") + short_days(rng, 9.0, len(judged))
    ordered = np.flatnonzero(decision.outcome == "strafbeschikking")
    case = np.concatenate([judged, judged[two], ordered])
    kind = np.concatenate([first, second, np.full(len(ordered), "strafbeschikking")])
    received: Dates = np.concatenate([ready, ready[two], decision.ended[ordered] + short_days(rng, 5.0, len(ordered))])
    fined = np.isin(kind, list(ratios.AMOUNTS))
    median = lookup({code: ratios.AMOUNTS.get(code, 0.0) for code in ratios.ENFORCEMENT_DAYS}, kind)
    amount = np.where(fined, np.maximum(10.0, np.round(median * rng.lognormal(0.0, 0.8, len(case)), -1)), np.nan)
    ended = received + skewed_days(rng, lookup(ratios.ENFORCEMENT_DAYS, kind), SPREAD)
    outcome = pick_by(rng, ratios.ENDINGS, kind)
    return Sanctions(case, kind, amount, received, ended, outcome)


def detention(cases: Registrations, prosecuted: Step, verdict: Step, sanctions: Sanctions, seed: int) -> Stays:
    """Stays on remand before the verdict, and stays to serve a sentence."""
    rng = generator(seed, "detention")
    size = len(cases.person)
    chance = np.where(np.isnat(verdict.received), 0.0, lookup(ratios.REMAND, cases.group))
    remand = np.flatnonzero(rng.random(size) < chance)
    begin = prosecuted.received[remand]
    until = np.minimum(begin + skewed_days(rng, np.full(len(remand), 60.0), SPREAD), verdict.ended[remand])
    prison = sanctions.kind == "gevangenisstraf"
    served = np.flatnonzero(prison & (rng.random(len(prison)) < ratios.SERVED))
    waiting = (sanctions.ended[served] - sanctions.received[served]) * rng.random(len(served))
    title = pick(rng, list(ratios.SERVED_TITLES), np.tile(list(ratios.SERVED_TITLES.values()), (len(served), 1)))
    return Stays(
        case=np.concatenate([remand, sanctions.case[served]]),
        title=np.concatenate([np.full(len(remand), "voorlopig_gehecht"), title]),
        begin=np.concatenate([begin, sanctions.received[served] + waiting]),
        end=np.concatenate([until, sanctions.ended[served]]),
    )


def _ages(minor: npt.NDArray[np.bool_]) -> Codes:
    return np.where(minor, "minor", "adult")


def _by_group(factors: dict[str, dict[str, float]], codes: list[str], group: Codes) -> Numbers:
    table = {name: [factors.get(name, {}).get(code, 1.0) for code in codes] for name in ratios.GROUPS}
    return lookup(table, group)


def _only(reached: npt.NDArray[np.bool_], received: Dates, ended: Dates, outcome: Codes) -> Step:
    return Step(np.where(reached, received, NEVER), np.where(reached, ended, NEVER), np.where(reached, outcome, ""))
