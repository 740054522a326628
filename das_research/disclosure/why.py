"""Why gate 3 decided as it did, kept without a language; the words are Dutch and English."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from das_research.style.numbers import Language, Words, in_words

_WORDS: dict[str, Words] = {
    "total only": ("Alleen als totaal gepubliceerd: {names}.", "Published as the total only: {names}."),
    "not again": ("Het recept is niet opnieuw uit te voeren.", "Its recipe can't be run again."),
    "not compared": (
        "Wie eronder valt, is niet te vergelijken met wie valt onder wat eerder of tegelijk naar buiten gaat: van één "
        "daarvan is dat niet meer te achterhalen.",
        "Who is under it can't be compared with who is under what left before or leaves with it: of one of them it "
        "can't be found out.",
    ),
    "not compared with": (
        "Wie eronder valt, is niet te vergelijken met wie valt onder wat eerder of tegelijk naar buiten gaat: {names}.",
        "Who is under it can't be compared with who is under what left before or leaves with it: {names}.",
    ),
    "own cohort": (
        "Wie in het cohort zit, is niet vergeleken met wie in een ander zit: {names}.",
        "Who is in its cohort was not compared with who is in another: {names}.",
    ),
    "concentration": (
        "Hoeveel ervan van één persoon is, is niet beoordeeld: {names}.",
        "How much of it is one person's was not judged: {names}.",
    ),
    "below zero": (
        "Hoeveel ervan van één persoon is, is niet te beoordelen naast bedragen onder nul: {names}.",
        "How much of it is one person's can't be judged beside amounts below zero: {names}.",
    ),
    "model beside another": (
        "Dit model en een ander zijn geschat op minder dan {n} personen meer of minder; samen vertellen ze van hen.",
        "It and another model are fitted on fewer than {n} persons more or less; the two together tell of them.",
    ),
    "estimate beside another": (
        "Deze schatting en een andere rusten op minder dan {n} respondenten meer of minder; samen vertellen ze ervan.",
        "It and another estimate rest on fewer than {n} respondents more or less; together they tell of those.",
    ),
    "no model": (
        "Het model komt niet van een functie die modellen schat.",
        "The model comes from no function that fits models.",
    ),
    "levels": (
        "Het model heeft {levels} coëfficiënten die rusten op minder dan {n} personen met of zonder de uitkomst.",
        "The model has {levels} coefficients that rest on fewer than {n} persons with or without the outcome.",
    ),
    "degrees of freedom": (
        "Het model heeft minder dan {n} vrijheidsgraden.",
        "The model has fewer than {n} degrees of freedom.",
    ),
    "saturation": (
        "Het model is verzadigd, een tabel onder een andere naam: geef die vrij met das.tabulate.",
        "The model is saturated, a table by another name: release that with das.tabulate.",
    ),
    "influence": (
        "Het model heeft een coëfficiënt waarvan één persoon meer dan {percent}% van de informatie heeft.",
        "The model has a coefficient of whose information one person holds more than {percent}%.",
    ),
    "no series": (
        "De reeks komt niet van een functie voor reeksen.",
        "What was computed of the series comes from no function of series.",
    ),
    "periods": (
        "De reeks rust op {periods} perioden die niet mogen worden getoond.",
        "What was computed of the series rests on {periods} periods that may not be shown.",
    ),
    "nothing under it": ("Onder de reeks ligt niets.", "What was computed of the series has no series under it."),
    "sums": (
        "De reeks is van sommen, gemiddelden of rijen van vooral één persoon: niemand beoordeelt hoeveel in elke "
        "periode van één persoon is.",
        "What was computed of the series is of sums or means, or of rows that are mostly one person's, of which nobody "
        "judges how much is one person's in each period.",
    ),
    "nothing left": (
        "Er is geen getal van over. Minder uitsplitsingen, grovere codes of langere perioden laten er meer zien; "
        "anders kan de tabel beter weg.",
        "No number of it is left. Fewer breakdowns, coarser codes or longer periods show more; else it is better left "
        "out.",
    ),
    "faults": ("Alleen {function} telt gebreken van bestanden.", "Only {function} counts faults of files."),
    "shape": ("Geen regel beoordeelt de vorm '{shape}'.", "No rule judges the shape '{shape}'."),
}


@dataclass(frozen=True)
class Why:
    """One reason.

    Parameters
    ----------
    name : str
        Which.
    given : mapping
        What its words vary by: numbers of cells, the minimum, names of columns and releases.
    """

    name: str
    given: Mapping[str, int | str] = field(default_factory=dict)

    def says(self, language: Language) -> str:
        """The reason in words.

        Examples
        --------
        >>> Why("total only", {"names": "regio"}).says("nl")
        'Alleen als totaal gepubliceerd: regio.'
        """
        return in_words(_WORDS[self.name], language, **self.given)


def say_reasons(reasons: Iterable[Why], language: Language) -> str:
    """All reasons in one line."""
    return " ".join(it.says(language) for it in reasons)


def say_decided(decision: Mapping[str, Any], language: Language) -> str:
    """The reasons of a decision as a release keeps it; an older one has them in English alone, as one text.

    Examples
    --------
    >>> say_decided({"reasons": [{"name": "not again", "given": {}}]}, "nl")
    'Het recept is niet opnieuw uit te voeren.'
    >>> say_decided({"reason": "Its recipe can't be run again."}, "nl")
    "Its recipe can't be run again."
    """
    if "reasons" not in decision:
        return str(decision.get("reason", ""))
    return say_reasons((Why(**it) for it in decision["reasons"]), language)
