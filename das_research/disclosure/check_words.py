"""The rules of disclosure control in words, Dutch and English."""

from collections.abc import Iterable, Mapping
from typing import Any

from das_research.style.numbers import Language, in_words

_WORDS = {
    "minimum": ("Ten minste {n} eenheden onder elk getoond getal", "{n} or more units under every number shown"),
    "shares": (
        "Teller, rest en noemer van een aandeel ten minste {n}; ook niemand of iedereen wordt verborgen",
        "Numerator, rest and denominator of a share {n} or more; nobody or everybody is hidden too",
    ),
    "no code holds all": ("Van geen totaal heeft iedereen dezelfde code", "Of no total everybody has the same code"),
    "one code holds all": (
        "Van {cells} getoonde totalen heeft iedereen dezelfde code: mag dat van ieder van hen bekend worden?",
        "Of {cells} shown totals everybody has the same code: may that become known of each of them?",
    ),
    "no code holds most": (
        "Van geen totaal heeft meer dan {percent}% dezelfde code",
        "Of no total more than {percent}% have the same code",
    ),
    "one code holds most": (
        "Van {cells} getoonde totalen heeft meer dan {percent}% dezelfde code: mag dat van bijna ieder van hen bekend "
        "worden?",
        "Of {cells} shown totals more than {percent}% have the same code: may that become known of nearly each of "
        "them?",
    ),
    "all but one": (
        "Van {cells} getoonde totalen heeft op één na iedereen dezelfde code: mag die ene dat van alle anderen weten?",
        "Of {cells} shown totals all but one have the same code: may that one know it of all the others?",
    ),
    "all but few": (
        "Van geen totaal is te zien dat op minder dan {n} na iedereen dezelfde code heeft",
        "Of no total it is seen that all but fewer than {n} have the same code",
    ),
    "parts overlap": (
        "Delen overlappen: van elk geheel is ook wie niet in een deel zit een aantal, nooit te zien als minder dan {n}",
        "Parts overlap: who is in a whole and not in a part is a number too, never seen to be fewer than {n}",
    ),
    "respondents": (
        "Geteld zijn respondenten, niet voor hoevelen zij staan",
        "Respondents are counted, not how many they stand for",
    ),
    "concentration": (
        "Van sommen en gemiddelden is niet te veel van één of enkelen",
        "Of sums and means not too much is one unit's or a few's",
    ),
    "extremes": (
        "Geen kleinste, grootste of middelste waarde: die biedt een eigen tabel niet",
        "No smallest, largest or middle value: an own table offers none",
    ),
    "other rows": (
        "De bevraging maakt waarden of codes uit rijen van meer personen: is er geen de kleinste, grootste of enige?",
        "The query makes values or codes of rows of several persons: is none the smallest, largest or only one?",
    ),
    "keys": (
        "De bevraging rekent met de sleutel van een persoon of zaak: hangt een getal of keuze van één van hen af?",
        "The query computes with the key of a person or case: does a number or choice depend on one of them?",
    ),
    "rows of one": (
        "In {cells} cellen zijn te veel van de rijen van één of enkelen: verborgen; vertelt wat er nog staat hoeveel?",
        "In {cells} cells too many of the rows are one person's or a few's: hidden; does what is left tell how many?",
    ),
    "joined": (
        "De bevraging legt rijen van de een naast die van anderen, niet op een sleutel: van hoevelen zijn de waarden "
        "in een cel?",
        "The query lays rows of one beside those of others, by no key: of how many are the values in a cell?",
    ),
    "cell by cell": (
        "Cel voor cel verborgen, over alles wat samen naar buiten gaat",
        "Hidden cell by cell, over all that leaves together",
    ),
    "by breakdown": ("Per hele uitsplitsing verborgen", "Hidden by whole breakdowns"),
    "rounded": (
        "Gecontroleerd afgerond: elk aantal een veelvoud van {base}, hooguit {less} van het echte; totalen kloppen en "
        "niets is verborgen",
        "Controlled rounding: every count a multiple of {base}, at most {less} from the true one; totals add up, and "
        "nothing is hidden",
    ),
    "one method": (
        "Afgeronde getallen gaan nergens ook onafgerond naar buiten",
        "Rounded numbers leave nowhere unrounded as well",
    ),
    "curve": ("Elke stap rust op ten minste {n}", "Every step rests on {n} or more"),
    "faults": (
        "Gebreken van bestanden: exact waar de afspraak dat zegt, anders ten minste {n}",
        "Faults of files: exact where the agreement says so, else {n} or more",
    ),
    "levels": (
        "Met en zonder de uitkomst ten minste {n} personen op elk niveau",
        "{n} or more persons with and without the outcome at every level",
    ),
    "degrees of freedom": ("Ten minste {n} vrijheidsgraden", "{n} or more degrees of freedom"),
    "saturation": ("Het model is niet verzadigd", "The model is not saturated"),
    "influence": (
        "Van geen coëfficiënt heeft één persoon meer dan {percent}% van de informatie",
        "No person holds more than {percent}% of a coefficient's information",
    ),
    "series": (
        "Elke periode eronder is op zichzelf veilig (ten minste {n}) en blijft achter",
        "Every period under it is safe by itself ({n} or more), and stays behind",
    ),
    "near another table": (
        "{cells} cellen verschillen met weinig van die van een andere tabel: verborgen",
        "{cells} cells differ by few from those of another table: hidden",
    ),
    "sums with others": (
        "Persoon voor persoon nagegaan wat cellen van {tables} tabellen samen van weinigen vertellen",
        "What cells of {tables} tables together tell of few, looked up person by person",
    ),
    "sums": (
        "Wat cellen van meer tabellen samen van weinigen vertellen, is niet na te gaan",
        "What cells of several tables together tell of few can't be looked up",
    ),
    "steps": (
        "{cells} getallen, of sommen van twee, verschillen met minder dan {n} van wat een stap van een andere tabel "
        "overhield of wegliet, of van waar een model op rust: vertelt dat van iemand?",
        "{cells} numbers, or sums of two, differ by fewer than {n} from what a step of another table left or left out, "
        "or from what a model rests on: does that tell of anybody?",
    ),
    "no steps": (
        "Geen getal, en geen som van twee, verschilt met minder dan {n} van wat een stap van een andere tabel "
        "overhield of wegliet, of van waar een model op rust",
        "No number, and no sum of two, differs by fewer than {n} from what a step of another table left or left out, "
        "or from what a model rests on",
    ),
    "query": (
        "De bevraging is van de maker zelf: geen regel leest die",
        "Its query is the author's own, and no rule reads it",
    ),
    "own cohort": (
        "Het cohort is door de maker zelf gekozen: {names}",
        "Its cohort is of the author's own choice: {names}",
    ),
    "computed again": ("Niet opnieuw te berekenen", "Can't be computed again"),
    "compared": (
        "Vergelijken met eigen tabellen en cohorten die eerder naar buiten gingen",
        "Comparing with own tables and cohorts that left before",
    ),
    "model beside another": (
        "Model of schatting verschilt niet met weinigen van een andere",
        "Model or estimate does not differ by few from another",
    ),
    "nothing left": (
        "Er is geen getal van over: moet deze tabel zo mee?",
        "No number of it is left: should this table leave like this?",
    ),
    "shape": ("Er is een regel voor deze vorm", "There is a rule for this shape"),
}

_HIDDEN = (" (daarvoor verborgen: {hidden})", " (hidden for it: {hidden})")


def say_check(check: Mapping[str, Any], language: Language) -> str:
    """A rule in words.

    Parameters
    ----------
    check : mapping
        A `das_research.disclosure.checks.Check` as a release keeps it.
    language : {'nl', 'en'}
        Language of the words.

    Examples
    --------
    >>> say_check({"name": "minimum", "verdict": "passed", "given": {"n": 10}}, "nl")
    'Ten minste 10 eenheden onder elk getoond getal'
    >>> say_check({"name": "concentration", "verdict": "passed", "given": {"hidden": 6}}, "en")
    "Of sums and means not too much is one unit's or a few's (hidden for it: 6)"
    """
    given = check["given"]
    hidden = in_words(_HIDDEN, language, **given) if "hidden" in given else ""
    return in_words(_WORDS[check["name"]], language, **given) + hidden


def say_checks(checks: Iterable[Mapping[str, Any]], language: Language) -> str:
    """All rules in one line."""
    return "; ".join(say_check(it, language) for it in checks)
