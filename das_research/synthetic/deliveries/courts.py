"""What the courts deliver: cases with their judgment, sanctions imposed, and appeals."""

import numpy as np

from das_research.synthetic.aims import Aims
from das_research.synthetic.chance import Flags, Numbers, Whole, happens, lognormal_days, uniform
from das_research.synthetic.columns import Coded, Column, Rows
from das_research.synthetic.deliveries.view import View
from das_research.synthetic.enforcement import KINDS
from das_research.synthetic.journey import CHAMBERS, VERDICTS

PRESENCE = ("contradictoir", "verstek")
REMEDIES = ("geen", "hoger_beroep_ingesteld")
LAWS = ("jeugdstrafrecht", "volwassenenstrafrecht")
ADOLESCENTS = np.datetime64("2014-04-01")  # from this day youth criminal law can be applied up to 23 years
LONG = {"gevangenisstraf": 60.0, "jeugddetentie": 40.0, "tbs": 730.0, "pij": 1095.0, "isd": 730.0}  # median days
HOURS = ("werkstraf", "leerstraf")
MONEY = ("geldboete", "ontneming", "schadevergoeding")


def judgments(view: View) -> Rows:
    """One row a case before the court."""
    trial = view.story.trial
    appealed = trial.appeal.outcome >= 0
    lodged = np.where(appealed, trial.appeal.received, trial.first.ended)
    columns: dict[str, Column] = {
        "parketnummer": view.numbers,
        "binnenkomst": trial.first.received,
        "kamer": Coded(CHAMBERS, trial.chamber),
        "uitspraakdatum": view.known(trial.first.ended),
        "einduitspraak": view.known_code(VERDICTS, trial.first.outcome, trial.first.ended),
        "berechting": view.known_code(PRESENCE, trial.in_absence.astype(np.int64), trial.first.ended),
        "rechtsmiddel": view.known_code(REMEDIES, appealed.astype(np.int64), lodged),
        "onherroepelijk": view.known(trial.final),
    }
    everyone = np.arange(len(trial.chamber))
    return view.rows("uitspraken", everyone, trial.first.received, columns, view.story.cases.id)


def imposed(view: View) -> Rows:
    """One row a sanction that the court imposed."""
    sanctions, trial, aims = view.story.sanctions, view.story.trial, view.aims
    taken = np.flatnonzero(sanctions.place < 3)
    case, kind, entity = sanctions.case[taken], sanctions.kind[taken], sanctions.id[taken]
    known = view.happened(sanctions.imposed[taken])
    length = _days(aims, kind, entity)
    suspended = happens(aims.seed, "suspended", entity, 0.35)
    columns: dict[str, Column] = {
        "parketnummer": view.numbers[case],
        "sanctienummer": sanctions.place[taken],
        "uitspraakdatum": sanctions.imposed[taken],
        "opgelegde_sanctie": Coded(KINDS[:-1], kind),
        "duur_dagen": length,
        "duur_voorwaardelijk": np.where(suspended, np.round(length * 0.4), np.where(np.isnan(length), np.nan, 0.0)),
        "uren": hours(aims, kind, entity),
        "opgelegd_bedrag": np.where(_is(kind, MONEY), sanctions.amount[taken], np.nan),
        "toegepast_recht": Coded(LAWS, _law(view, case)),
        "berechting": Coded(PRESENCE, np.where(known, trial.in_absence[case].astype(np.int64), -1)),
        "rechtsmiddel": Coded(REMEDIES, (trial.appeal.outcome[case] >= 0).astype(np.int64)),
        "onherroepelijk": view.known(trial.final[case]),
    }
    return view.rows("sancties", case, sanctions.imposed[taken], columns, entity)


def appeals(view: View) -> Rows:
    """One row an appeal."""
    appeal = view.story.trial.appeal
    columns: dict[str, Column] = {
        "parketnummer": view.numbers,
        "ingesteld": appeal.received,
        "uitspraakdatum_hof": view.known(appeal.ended),
        "uitspraak_hof": view.known_code(VERDICTS, appeal.outcome, appeal.ended),
    }
    everyone = np.arange(len(appeal.received))
    return view.rows("hoger_beroepen", everyone, appeal.received, columns, view.story.cases.id)


def hours(aims: Aims, kind: Whole, entity: Whole) -> Numbers:
    """Hours of community service; none for another sanction."""
    drawn = np.round(20 + 220 * uniform(aims.seed, "hours", entity) ** 2)
    return np.where(_is(kind, HOURS), np.minimum(drawn, 240), np.nan)


def _days(aims: Aims, kind: Whole, entity: Whole) -> Numbers:
    median = np.array([LONG.get(name, np.nan) for name in KINDS])[kind]
    drawn = lognormal_days(uniform(aims.seed, "sentence", entity), np.nan_to_num(median, nan=1.0), 1.0)
    return np.where(np.isnan(median), np.nan, np.clip(drawn.astype(float), 1, 10_000))


def _law(view: View, case: Whole) -> Whole:
    age, day = view.story.cases.age[case], view.story.trial.first.ended[case]
    by_choice = happens(view.aims.seed, "youth law", view.story.cases.id[case], view.aims.number("jeugdrecht-tot-23"))
    adolescent = (age >= 18) & (age < 23) & (day >= ADOLESCENTS) & ~np.isnat(day) & by_choice
    return np.where((age < 18) | adolescent, 0, 1)


def _is(kind: Whole, names: tuple[str, ...]) -> Flags:
    return np.isin(kind, [KINDS.index(name) for name in names])
