"""What Justid and the population register deliver: judicial documentation, and the persons who occur in the chain."""

import numpy as np

from das_research.synthetic import identifiers
from das_research.synthetic.chance import NEVER, Dates, Whole
from das_research.synthetic.columns import Coded, Column, Rows
from das_research.synthetic.days import year_of
from das_research.synthetic.deliveries.police import minor_offenders
from das_research.synthetic.deliveries.prosecution import was_wrongly_suspected
from das_research.synthetic.deliveries.view import View, names_of, towns_of
from das_research.synthetic.enforcement import BROAD, BROAD_OF
from das_research.synthetic.journey import DECISIONS
from das_research.synthetic.persons import SEXES, Persons

DISPOSALS = (
    "jd_open", "jd_schuldig", "jd_schuldig_zonder_straf", "jd_om_afdoening", "jd_beleidssepot", "jd_technisch_sepot",
    "jd_vrijspraak", "jd_overig",
)  # fmt: skip
OF_VERDICT = np.array([1, 2, 6, 7, 7, 7, 7, 7])
OF_DECISION = np.array([0, 3, 3, 5, 4, 4, 7, 0])
HEAVIEST = ("gevangenisstraf", "jeugddetentie", "taakstraf", "geldboete", "bijkomende_straf", "maatregel",
            "strafbeschikking")  # fmt: skip
OF_BROAD = {"ontneming": "maatregel", "schadevergoeding": "maatregel"}


def documentation(view: View) -> Rows:
    """One row a case in the judicial documentation, of every year that is simulated: nothing is purged."""
    cases, decision, aims = view.story.cases, view.story.decision, view.aims
    disposal, day, final = _disposed(view)
    maximum = np.array([aims.chain.shares["misdrijf"]["maximumstraf"][code] for code in aims.crimes])
    main = tuple(dict.fromkeys(f"{code[:4]}000" for code in aims.crimes))
    of_crime = np.array([main.index(f"{code[:4]}000") for code in aims.crimes])
    columns: dict[str, Column] = {
        "skn": view.skn(),
        "parketnummer": view.numbers,
        "geslacht": view.sex(),
        "geboortejaar": year_of(view.birth()),
        "geboorteland": Coded(("Nederland", "elders"), (cases.person % 5 == 0).astype(np.int64)),
        "jd_ingeschreven": decision.received,
        "pleegdatum": cases.committed,
        "zwaarste_feit": Coded(main, of_crime[cases.crime]),
        "maximale_straf": maximum[cases.crime].astype(np.int64),
        "afdoening": Coded(DISPOSALS, disposal),
        "afgedaan_op": day,
        "zwaarste_sanctie": Coded(HEAVIEST, np.where(np.isin(disposal, (1, 3)), _heaviest(view), -1)),
        "jd_onherroepelijk": final,
    }
    rows = Rows("justitiele_documentatie", cases.id, columns, cases.id, view.story.persons.id[cases.person])
    entered = view.happened(decision.received) & ~was_wrongly_suspected(view)
    known = np.flatnonzero(entered)
    return rows.only(known[np.lexsort((cases.id[known], decision.received[known]))])


def persons(view: View) -> Rows:
    """One row a person whom some file of the delivered years can name."""
    aims, story = view.aims, view.story
    young, _ = minor_offenders(aims, story.everyone)
    named = np.zeros(len(story.persons.id), dtype=bool)
    named[story.cases.person[view.happened(story.cases.registered)]] = True
    taken = story.persons.only(named)
    others = story.everyone.id[young]
    extra = young[~np.isin(others, taken.id)]
    both = Persons(
        **{name: np.concatenate([each, getattr(story.everyone, name)[extra]]) for name, each in vars(taken).items()}
    )
    family, initials = names_of(aims, both)
    never = np.full(len(extra), NEVER)
    columns: dict[str, Column] = {
        "skn": identifiers.skn(both.id),
        "bsn": identifiers.citizen(both.id),
        "achternaam": family,
        "voorletters": initials,
        "geboortedatum": both.birth,
        "geslacht": Coded(SEXES, both.sex),
        "woongemeente": towns_of(aims, both),
        "overleden": np.concatenate([story.died[named], never]),
        "vertrokken": np.concatenate([story.departed[named], never]),
        "peildatum": np.full(len(both.id), aims.last_day),
    }
    rows = Rows("personen", both.id, columns, person_id=both.id)
    return rows.only(np.argsort(both.id))


def _disposed(view: View) -> tuple[Whole, Dates, Dates]:
    """How each case ended as far as is known: on appeal, else before the court, else at the prosecution service."""
    decision, again, trial = view.story.decision, view.story.again, view.story.trial
    disposal = np.zeros(len(decision.outcome), dtype=np.int64)
    day = np.full(len(disposal), NEVER)
    for step, kinds in (
        (decision, OF_DECISION),
        (again, OF_DECISION),
        (trial.first, OF_VERDICT),
        (trial.appeal, OF_VERDICT),
    ):
        told = (step.outcome >= 0) & view.happened(step.ended)
        told &= kinds[np.maximum(step.outcome, 0)] > 0
        disposal = np.where(told, kinds[np.maximum(step.outcome, 0)], disposal)
        day = np.where(told, step.ended, day)
    in_court = np.isin(disposal, (1, 2, 6))
    final = np.where(in_court, view.known(trial.final), np.where(disposal > 0, day, NEVER))
    return disposal, day, np.where(final < day, day, final)


def _heaviest(view: View) -> Whole:
    """The heaviest sanction in each case; -1 where there is none."""
    sanctions = view.story.sanctions
    names = [OF_BROAD.get(BROAD[place], BROAD[place]) for place in BROAD_OF]
    rank = np.array([HEAVIEST.index(name) for name in names])[sanctions.kind]
    heaviest = np.full(len(view.story.cases.id), len(HEAVIEST))
    np.minimum.at(heaviest, sanctions.case, rank)
    settled = view.story.decision.outcome == DECISIONS.index("transactie")
    return np.where((heaviest == len(HEAVIEST)) | settled, -1, heaviest)
