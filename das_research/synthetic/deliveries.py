"""What each partner can deliver: what happened up to the last day, as columns named after its dataset's variables."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from das_research.synthetic import identifiers, journey
from das_research.synthetic.careers import Registrations
from das_research.synthetic.chance import Codes
from das_research.synthetic.population import Persons, age_on

Columns = dict[str, np.ndarray]
AGES = {12: "12-17", 18: "18-24", 25: "25-34", 35: "35-49", 50: "50+"}


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
    minor = age < 18
    handling = journey.police(cases, minor, seed)
    decision = journey.prosecution(cases, minor, handling, seed)
    verdict, chamber = journey.court(cases, minor, decision, seed)
    sanctions = journey.enforcement(decision, verdict, chamber, seed)
    stays = journey.detention(cases, decision, verdict, sanctions, seed)

    end = np.fmax(np.fmax(handling.ended, decision.ended), verdict.ended)
    np.fmax.at(end, sanctions.case, sanctions.ended)
    running = end >= first_day
    number = identifiers.case_numbers(np.where(running, decision.received, journey.NEVER))
    skn = persons.skn[cases.person]
    birth = persons.birth[cases.person]
    sex = persons.sex[cases.person]
    group = np.asarray(list(AGES.values()))[np.searchsorted(list(AGES), age, side="right") - 1]

    def known(
        columns: Mapping[str, np.ndarray], begin: str, end: str, outcome: str | None, case: np.ndarray
    ) -> Columns:
        return _known(columns, begin, end, outcome, last_day, running[case])

    everyone = np.arange(len(age))
    return {
        "verdachtenregistraties": known(
            {
                "pv_nummer": cases.report,
                "skn": skn,
                "geboortedatum": birth,
                "geslacht": sex,
                "leeftijdsklasse": group,
                "pleeggemeente": cases.town,
                "basisteam": np.char.add("basisteam ", cases.town),
                "pleegdatum": cases.committed,
                "registratiedatum": cases.registered,
                "delictcode": cases.group,
                "afhandeling": handling.outcome,
                "afhandeldatum": handling.ended,
            },
            "registratiedatum",
            "afhandeldatum",
            "afhandeling",
            everyone,
        ),
        "strafzaken": known(
            {
                "parketnummer": number,
                "pv_nummer": cases.report,
                "skn": skn,
                "geboortejaar": birth.astype("datetime64[Y]").astype(int) + 1970,
                "geslacht": sex,
                "leeftijdsklasse": group,
                "officier": np.char.mod("ovj-%04d", everyone % 400),
                "instroomdatum": decision.received,
                "hoofdfeit": cases.group,
                "beslissing": decision.outcome,
                "beslisdatum": decision.ended,
            },
            "instroomdatum",
            "beslisdatum",
            "beslissing",
            everyone,
        ),
        "uitspraken": known(
            {
                "parketnummer": number,
                "binnenkomst": verdict.received,
                "kamer": chamber,
                "uitspraakdatum": verdict.ended,
                "einduitspraak": verdict.outcome,
            },
            "binnenkomst",
            "uitspraakdatum",
            "einduitspraak",
            everyone,
        ),
        "tenuitvoerleggingen": known(
            {
                "parketnummer": number[sanctions.case],
                "sanctiesoort": sanctions.kind,
                "bedrag": sanctions.amount,
                "woongemeente": cases.town[sanctions.case],
                "ontvangen": sanctions.received,
                "voltooid": sanctions.ended,
                "afloop": sanctions.outcome,
            },
            "ontvangen",
            "voltooid",
            "afloop",
            sanctions.case,
        ),
        "detenties": known(
            {
                "skn": skn[stays.case],
                "parketnummer": number[stays.case],
                "titel": stays.title,
                "instroom": stays.begin,
                "uitstroom": stays.end,
            },
            "instroom",
            "uitstroom",
            None,
            stays.case,
        ),
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
