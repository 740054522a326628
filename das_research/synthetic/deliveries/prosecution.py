"""What the prosecution service delivers: cases, the offences in them, dismissals, and cases that came back."""

import numpy as np

from das_research.synthetic import identifiers
from das_research.synthetic.aims import GROUPS
from das_research.synthetic.chance import Flags, Numbers, Whole, exponential_days, happens, pick, poisson, uniform
from das_research.synthetic.columns import Coded, Column, Rows
from das_research.synthetic.days import year_of
from das_research.synthetic.deliveries.view import View
from das_research.synthetic.journey import DECISIONS, DISMISSALS, REASONS

BRINGERS = ("politie", "kmar", "bod")
MOST_FURTHER = 4  # offences in a case beside the first
PROSECUTORS = tuple(f"ovj-{number:04d}" for number in range(400))


def cases(view: View) -> Rows:
    """One row a case of a suspect."""
    aims, found, decision = view.aims, view.story.cases, view.story.decision
    family, initials = view.name()
    year = year_of(decision.received)
    kmar = aims.level("kmar", year)
    brought = uniform(aims.seed, "brought by", found.id)
    columns: dict[str, Column] = {
        "parketnummer": view.numbers,
        "pv_nummer": identifiers.report(found.crime_id),
        "skn": view.skn(),
        "achternaam": family,
        "voorletters": initials,
        "geboortejaar": year_of(view.birth()),
        "geslacht": view.sex(),
        "leeftijdsklasse": view.age_class(),
        "officier": Coded(PROSECUTORS, found.id % len(PROSECUTORS)),
        "aanbrenger": Coded(
            BRINGERS, np.where(brought < kmar, 1, np.where(brought < kmar + aims.level("bod", year), 2, 0))
        ),
        "zsm": happens(aims.seed, "zsm", found.id, aims.level("zsm", year)),
        "instroomdatum": decision.received,
        "hoofdfeit": Coded(GROUPS, view.groups()),
        "beslissing": view.known_code(DECISIONS, decision.outcome, decision.ended),
        "beslisdatum": view.known(decision.ended),
    }
    return view.rows("strafzaken", np.arange(len(found.id)), decision.received, columns, found.id)


def offences(view: View) -> Rows:
    """One row an offence in a case; the first is the most serious."""
    aims, found, received = view.aims, view.story.cases, view.story.decision.received
    further = poisson(
        uniform(aims.seed, "further offences", found.id), np.full(len(found.id), aims.number("feiten")), MOST_FURTHER
    )
    copies = np.where(np.isnat(received), 0, further + 1)
    case = np.repeat(np.arange(len(copies)), copies)
    place = np.arange(len(case)) - np.repeat(np.cumsum(copies) - copies, copies)
    entity = found.id[case] * (MOST_FURTHER + 1) + place
    other = pick(uniform(aims.seed, "offence", entity), aims.weights("misdrijf", "verdachten", aims.crimes))
    earlier = exponential_days(uniform(aims.seed, "offence days", entity), 20.0)
    columns: dict[str, Column] = {
        "parketnummer": view.numbers[case],
        "feitnummer": place + 1,
        "instroomdatum": received[case],
        "pleegdatum": found.committed[case] - np.where(place > 0, earlier, np.timedelta64(0, "D")),
        "wetsartikel": Coded(aims.crimes, np.where(place == 0, found.crime[case], other)),
        "zwaarste": place == 0,
    }
    return view.rows("feiten", case, received[case], columns, entity)


def dismissals(view: View) -> Rows:
    """One row a decision to dismiss, also after a case came back."""
    aims, found = view.aims, view.story.cases
    steps = (view.story.decision, view.story.again)
    case = [np.flatnonzero(np.isin(step.outcome, DISMISSALS)) for step in steps]
    which, both = np.repeat([0, 1], [len(each) for each in case]), np.concatenate(case)
    day = np.concatenate([step.ended[each] for step, each in zip(steps, case, strict=True)])
    decided = np.concatenate([step.outcome[each] for step, each in zip(steps, case, strict=True)])
    entity = found.id[both] * 2 + which
    codes, weights = grounds(view)
    ground = pick(uniform(aims.seed, "ground", entity), weights, decided - DISMISSALS[0])
    columns: dict[str, Column] = {
        "parketnummer": view.numbers[both],
        "sepotdatum": day,
        "sepotgrond": Coded(codes, ground),
        "voorwaardelijk": decided == DECISIONS.index("voorwaardelijk_beleidssepot"),
        "bosz": (day >= np.datetime64("2019-01-01")) & happens(aims.seed, "BOSZ", entity, 0.4),
    }
    return view.rows("sepots", both, day, columns, entity)


def grounds(view: View) -> tuple[tuple[str, ...], Numbers]:
    """The grounds for dismissal, and their weights for each kind of it."""
    codes = view.aims.codes("sepotgrond")
    return codes, view.aims.table("sepotgrond", [DECISIONS[kind] for kind in DISMISSALS], codes)


def returned(view: View) -> Rows:
    """One row a case that came back for a new decision."""
    again = view.story.again
    columns: dict[str, Column] = {
        "parketnummer": view.numbers,
        "herinstroomdatum": again.received,
        "reden": Coded(REASONS, view.story.reason),
        "beslissing": view.known_code(DECISIONS, again.outcome, again.ended),
        "beslisdatum": view.known(again.ended),
    }
    return view.rows("herinstroom", np.arange(len(again.received)), again.received, columns, view.story.cases.id)


def was_wrongly_suspected(view: View) -> Flags:
    """Cases dismissed because the person should never have been a suspect, which the documentation removes."""
    codes, weights = grounds(view)
    decision = view.story.decision
    dismissed = np.isin(decision.outcome, DISMISSALS) & view.happened(decision.ended)
    kind: Whole = np.where(dismissed, decision.outcome - DISMISSALS[0], 0)
    ground = pick(uniform(view.aims.seed, "ground", view.story.cases.id * 2), weights, kind)
    return dismissed & (ground == codes.index("ten_onrechte_verdachte"))
