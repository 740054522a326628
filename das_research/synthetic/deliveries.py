"""What each partner can deliver: what happened up to the last day, as columns named after its dataset's variables."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from das_research.synthetic import identifiers, journey
from das_research.synthetic.careers import Registrations
from das_research.synthetic.chance import Codes, Dates
from das_research.synthetic.population import Persons, age_on

Columns = dict[str, np.ndarray]
AGES = {12: "12-17", 18: "18-24", 25: "25-34", 35: "35-49", 50: "50+"}
# of each dataset: the date a row begins with, the date it ends with, and the code that is known then
DATES = {
    "verdachtenregistraties": ("registratiedatum", "afhandeldatum", "afhandeling"),
    "strafzaken": ("instroomdatum", "beslisdatum", "beslissing"),
    "uitspraken": ("binnenkomst", "uitspraakdatum", "einduitspraak"),
    "tenuitvoerleggingen": ("ontvangen", "voltooid", "afloop"),
    "detenties": ("instroom", "uitstroom", None),
}


@dataclass(frozen=True)
class Suspects:
    """Who is suspected in each case: what the police and the prosecution service write down of a person."""

    skn: Codes
    birth: Dates
    sex: Codes
    age_class: Codes


def delivered(
    persons: Persons, cases: Registrations, first_day: np.datetime64, last_day: np.datetime64, seed: int
) -> dict[str, Columns]:
    """Follow every case through the chain and keep what the partners know on the last day.

    Parameters
    ----------
    persons, cases
        Who was registered, for what.
    first_day, last_day : date
        Cases that ended before the first day are not delivered any more; what happens after the last day is not known
        yet.
    seed : int
        The seed of the whole chain.

    Returns
    -------
    dict
        Dataset to its columns. Codes are the unified ones, identifiers normalised; a missing text is empty, a missing
        date NaT.
    """
    age = age_on(cases.committed, persons.birth[cases.person])
    handling = journey.police(cases, age < 18, seed)
    decision = journey.prosecution(cases, age < 18, handling, seed)
    verdict, chamber = journey.court(cases, age < 18, decision, seed)
    sanctions = journey.enforcement(decision, verdict, chamber, seed)
    stays = journey.detention(cases, decision, verdict, sanctions, seed)

    end = np.fmax(np.fmax(handling.ended, decision.ended), verdict.ended)
    np.fmax.at(end, sanctions.case, sanctions.ended)
    running = end >= first_day
    number = identifiers.case_numbers(np.where(running, decision.received, journey.NEVER))
    suspects = _suspects(persons, cases, age)
    everyone = np.arange(len(age))
    files = {
        "verdachtenregistraties": (everyone, _registrations(cases, suspects, handling)),
        "strafzaken": (everyone, _prosecutions(cases, suspects, number, decision)),
        "uitspraken": (everyone, _verdicts(number, verdict, chamber)),
        "tenuitvoerleggingen": (sanctions.case, _sanctions(cases, number, sanctions)),
        "detenties": (stays.case, _stays(suspects, number, stays)),
    }
    return {name: _known(columns, *DATES[name], last_day, running[case]) for name, (case, columns) in files.items()}


def _suspects(persons: Persons, cases: Registrations, age: npt.NDArray[np.int64]) -> Suspects:
    age_class = np.asarray(list(AGES.values()))[np.searchsorted(list(AGES), age, side="right") - 1]
    who = cases.person
    return Suspects(persons.skn[who], persons.birth[who], persons.sex[who], age_class)


def _registrations(cases: Registrations, suspects: Suspects, handling: journey.Step) -> Columns:
    return {
        "pv_nummer": cases.report,
        "skn": suspects.skn,
        "geboortedatum": suspects.birth,
        "geslacht": suspects.sex,
        "leeftijdsklasse": suspects.age_class,
        "pleeggemeente": cases.town,
        "basisteam": np.char.add("basisteam ", cases.town),
        "pleegdatum": cases.committed,
        "registratiedatum": cases.registered,
        "delictcode": cases.group,
        "afhandeling": handling.outcome,
        "afhandeldatum": handling.ended,
    }


def _prosecutions(cases: Registrations, suspects: Suspects, number: Codes, decision: journey.Step) -> Columns:
    return {
        "parketnummer": number,
        "pv_nummer": cases.report,
        "skn": suspects.skn,
        "geboortejaar": suspects.birth.astype("datetime64[Y]").astype(int) + 1970,
        "geslacht": suspects.sex,
        "leeftijdsklasse": suspects.age_class,
        "officier": np.char.mod("ovj-%04d", np.arange(len(number)) % 400),
        "instroomdatum": decision.received,
        "hoofdfeit": cases.group,
        "beslissing": decision.outcome,
        "beslisdatum": decision.ended,
    }


def _verdicts(number: Codes, verdict: journey.Step, chamber: Codes) -> Columns:
    return {
        "parketnummer": number,
        "binnenkomst": verdict.received,
        "kamer": chamber,
        "uitspraakdatum": verdict.ended,
        "einduitspraak": verdict.outcome,
    }


def _sanctions(cases: Registrations, number: Codes, sanctions: journey.Sanctions) -> Columns:
    return {
        "parketnummer": number[sanctions.case],
        "sanctiesoort": sanctions.kind,
        "bedrag": sanctions.amount,
        "woongemeente": cases.town[sanctions.case],
        "ontvangen": sanctions.received,
        "voltooid": sanctions.ended,
        "afloop": sanctions.outcome,
    }


def _stays(suspects: Suspects, number: Codes, stays: journey.Stays) -> Columns:
    return {
        "skn": suspects.skn[stays.case],
        "parketnummer": number[stays.case],
        "titel": stays.title,
        "instroom": stays.begin,
        "uitstroom": stays.end,
    }


def _known(
    columns: Mapping[str, np.ndarray],
    begin: str,
    end: str,
    outcome: str | None,
    last_day: np.datetime64,
    running: npt.NDArray[np.bool_],
) -> Columns:
    """The rows that began by the last day, in order of date, with no ending after it."""
    rows = np.flatnonzero(running & (columns[begin] <= last_day))
    rows = rows[np.argsort(columns[begin][rows], kind="stable")]
    taken = {name: values[rows] for name, values in columns.items()}
    ended: npt.NDArray[np.bool_] = taken[end] <= last_day
    taken[end] = np.where(ended, taken[end], journey.NEVER)
    if outcome:
        codes: Codes = taken[outcome]
        taken[outcome] = np.where(ended, codes, "")
    return taken
