"""What CJIB, DJI and the probation service deliver: sanctions being carried out, money, stays, service, supervision."""

import numpy as np

from das_research.synthetic.chance import Flags, Whole, happens, uniform
from das_research.synthetic.chance import exponential_days as soon
from das_research.synthetic.columns import Coded, Column, Rows
from das_research.synthetic.deliveries.courts import hours
from das_research.synthetic.deliveries.view import View, towns_of
from das_research.synthetic.enforcement import BROAD, BROAD_OF, ENDINGS, KINDS, TITLES, Stays
from das_research.synthetic.identifiers import Serials
from das_research.synthetic.supervision import OUTCOMES

FINANCIAL = ("geldboete", "ontneming", "schadevergoeding", "strafbeschikking")
STATES = ("open", "betaald", "vervangende_hechtenis_ondergaan", "oninbaar")
STATE_OF_ENDING = np.array([1, 3, 2, 3])
SERVICE = ("werkstraf", "leerstraf")
SERVED = ("taakstraf_geslaagd", "taakstraf_mislukt", "taakstraf_niet_gestart")


def sanctions(view: View) -> Rows:
    """One row a sanction received for enforcement."""
    found = view.story.sanctions
    columns: dict[str, Column] = {
        "parketnummer": view.numbers[found.case],
        "sanctiesoort": Coded(BROAD, BROAD_OF[found.kind]),
        "bedrag": found.amount,
        "woongemeente": towns_of(view.aims, view.story.persons)[view.story.cases.person[found.case]],
        "ontvangen": found.received,
        "voltooid": view.known(found.ended),
        "afloop": view.known_code(ENDINGS, found.outcome, found.ended),
    }
    return view.rows("tenuitvoerleggingen", found.case, found.received, columns, found.id)


def money(view: View) -> Rows:
    """One row a financial sanction, with what was paid of it."""
    found, aims = view.story.sanctions, view.aims
    taken = np.flatnonzero(_is(found.kind, FINANCIAL))
    amount, entity = found.amount[taken], found.id[taken]
    ended = view.happened(found.ended[taken])
    state = np.where(ended, STATE_OF_ENDING[np.maximum(found.outcome[taken], 0)], 0)
    part = np.round(amount * uniform(aims.seed, "paid", entity) * 0.6, 2)
    columns: dict[str, Column] = {
        "cjib_nummer": Serials("cjib_nummer", view.sanctions_before + taken),
        "parketnummer": view.numbers[found.case[taken]],
        "soort_geldelijk": Coded(BROAD, BROAD_OF[found.kind[taken]]),
        "ontvangen": found.received[taken],
        "te_innen": amount,
        "geind": np.where(state == 1, amount, part),
        "regeling": happens(aims.seed, "instalments", entity, 0.15),
        "rekening": Coded(("NL00FICT0000000000",), np.zeros(len(taken), dtype=np.int64)),
        "stand": Coded(STATES, state),
        "afgedaan": view.known(found.ended[taken]),
    }
    return view.rows("geldelijke_sancties", found.case[taken], found.received[taken], columns, entity)


def stays(view: View) -> Rows:
    """One row a stay in detention."""
    found = view.story.stays.only(~view.story.stays.of_juveniles)
    return _stays(view, found, "detenties", ("titel", "instroom", "uitstroom"))


def juvenile_stays(view: View) -> Rows:
    """One row a stay in a juvenile institution."""
    found = view.story.stays.only(view.story.stays.of_juveniles)
    return _stays(view, found, "jji_verblijven", ("titel_jji", "instroom_jji", "uitstroom_jji"))


def service(view: View) -> Rows:
    """One row a community service order of an adult."""
    found, aims, cases = view.story.sanctions, view.aims, view.story.cases
    taken = np.flatnonzero(_is(found.kind, SERVICE) & (cases.age[found.case] >= 18))
    case, entity = found.case[taken], found.id[taken]
    received, ended = found.received[taken], found.ended[taken]
    failed = found.outcome[taken] != ENDINGS.index("voltooid")
    never = failed & happens(aims.seed, "never began", entity, 0.4)
    begun = np.minimum(received + soon(uniform(aims.seed, "service begin", entity), 45.0), ended)
    imposed = hours(aims, found.kind[taken], entity)
    worked = np.where(never, 0.0, np.where(failed, np.floor(imposed * uniform(aims.seed, "worked", entity)), imposed))
    outcome = np.where(failed, np.where(never, 2, 1), 0)
    places = tuple(f"werkplek {number}" for number in range(1, 21))
    columns: dict[str, Column] = {
        "parketnummer": view.numbers[case],
        "skn": view.skn()[case],
        "taakstraf_ontvangen": received,
        "taakstraf_begin": view.known(np.where(never, np.datetime64("NaT"), begun)),
        "taakstraf_einde": view.known(ended),
        "uren": imposed,
        "uren_gewerkt": np.where(view.happened(ended), worked, np.nan),
        "werkplek": Coded(places, entity % len(places)),
        "afloop_taakstraf": view.known_code(SERVED, outcome, ended),
    }
    return view.rows("taakstraffen", case, received, columns, entity)


def supervisions(view: View) -> Rows:
    """One row a supervision of an adult."""
    found = view.story.supervisions
    columns: dict[str, Column] = {
        "parketnummer": view.numbers[found.case],
        "skn": view.skn()[found.case],
        "toezicht_begin": found.begin,
        "toezicht_einde": view.known(found.end),
        "afloop_toezicht": view.known_code(OUTCOMES, found.outcome, found.end),
    }
    return view.rows("toezichten", found.case, found.begin, columns, view.story.cases.id[found.case])


def _stays(view: View, found: Stays, dataset: str, names: tuple[str, str, str]) -> Rows:
    title, begin, end = names
    columns: dict[str, Column] = {
        "skn": view.skn()[found.case],
        "parketnummer": view.numbers[found.case],
        title: Coded(TITLES, found.title),
        begin: found.begin,
        end: view.known(found.end),
    }
    return view.rows(dataset, found.case, found.begin, columns, found.id)


def _is(kind: Whole, names: tuple[str, ...]) -> Flags:
    return np.isin(kind, [KINDS.index(name) for name in names])
