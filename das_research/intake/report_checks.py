"""Each rule of gate 1 for its partner: what it means, what it did, what one can do, and what the catalogue expects."""

from das_research.catalog.models import Catalog, Dataset, Variable
from das_research.style.numbers import Language, format_date, format_number

Told = tuple[str, str, str]  # its name, what it means and what was done, what the partner can do

# a rule that stands here no more, or not yet, is told by its name and effect alone
_CHECKS: dict[str, tuple[Told, Told]] = {
    "no-key": (
        (
            "Rij zonder sleutel",
            "Geen enkele set kolommen die zegt waar een rij over gaat, is geheel gevuld. Zo'n rij is aan niets te "
            "koppelen en staat in quarantaine.",
            "Vul de nummers aan en lever de rijen opnieuw als verbetering.",
        ),
        (
            "Row without a key",
            "No set of columns that says what a row tells of is filled completely. Such a row can't be linked to "
            "anything and is in quarantine.",
            "Complete the numbers and deliver the rows again as corrections.",
        ),
    ),
    "no-moment": (
        (
            "Rij zonder moment",
            "Geen van de datums die een rij in de tijd plaatsen is bruikbaar: ze ontbreken, of zijn weggehaald omdat "
            "ze onmogelijk waren. De rij staat in quarantaine.",
            "Kijk eerst naar de regels over datums hieronder; vul de datum aan en lever de rijen opnieuw, als "
            "verbetering.",
        ),
        (
            "Row without a moment",
            "None of the dates that place a row in time can be used: they are missing, or were taken out because they "
            "were impossible. The row is in quarantine.",
            "Look at the rules about dates below first; complete the date and deliver the rows again as corrections.",
        ),
    ),
    "not-unique": (
        (
            "Sleutel die al voorkwam",
            "Wat per rij uniek moet zijn, stond al in een eerdere rij van dit bestand. De eerste rij telt; wat met de "
            "volgende gebeurt, staat hieronder.",
            "Kijk of de uitvoer rijen dubbel schrijft; horen het er twee te zijn, laat dan de sleutel aanpassen.",
        ),
        (
            "Key that occurred before",
            "What must be unique to a row stood in an earlier row of this file. The first row counts; what becomes of "
            "the next stands below.",
            "See whether the export writes rows twice; if there should be two, have the key changed.",
        ),
    ),
    "missing": (
        (
            "Verplichte waarde ontbreekt",
            "De catalogus vraagt deze waarde in elke rij, en hier staat niets.",
            "Vul de waarde aan en lever de rijen opnieuw, als verbetering.",
        ),
        (
            "Required value missing",
            "The catalogue asks for this value in every row, and there is none here.",
            "Complete the value and deliver the rows again as corrections.",
        ),
    ),
    "not-the-form": (
        (
            "Niet in de afgesproken vorm",
            "De waarde heeft niet de vorm die de catalogus beschrijft. Zij blijft staan en is gemerkt.",
            "Controleer of de juiste kolom is uitgevoerd en of er niets is weggevallen, zoals voorloopnullen.",
        ),
        (
            "Not of the agreed form",
            "The value has not the form that the catalogue describes. It stays and is marked.",
            "Check that the right column was exported and that nothing fell off, such as leading zeros.",
        ),
    ),
    "no-number": (
        (
            "Geen nummer",
            "Er staat een woord, een teken, alleen nullen of een letter of cijfer van een ander schrift waar een "
            "nummer hoort. De waarde is weggehaald: zij zou van al deze rijen één persoon of zaak maken.",
            "Laat een nummer dat niet bekend is leeg, en schrijf nummers met gewone letters en cijfers.",
        ),
        (
            "No number",
            "A word, a sign, zeros alone, or a letter or digit of another script stands where a number should. The "
            "value was taken out: it would make one person or case of all these rows.",
            "Leave a number that isn't known empty, and write numbers with plain letters and digits.",
        ),
    ),
    "cell-error": (
        (
            "Fout van een rekenblad",
            "Er staat een fout die een rekenblad toont, zoals #N/B of #VERW!, waar een tekst of code hoort. De waarde "
            "is weggehaald, de rij telt verder mee.",
            "Herstel de formule, of laat de cel leeg waar de waarde niet bekend is.",
        ),
        (
            "Error of a spreadsheet",
            "An error that a spreadsheet shows, such as #N/A or #REF!, stands where a text or code should. The value "
            "was taken out; the rest of the row counts.",
            "Mend the formula, or leave the cell empty where the value isn't known.",
        ),
    ),
    "not-a-date": (
        (
            "Geen datum",
            "De tekst is in geen van de afgesproken schrijfwijzen een datum. De waarde is weggehaald, de rij telt "
            "verder mee.",
            "Schrijf de datum zoals hieronder staat, of laat een schrijfwijze aan de catalogus toevoegen.",
        ),
        (
            "Not a date",
            "The text is no date in any of the agreed spellings. The value was taken out; the rest of the row counts.",
            "Write the date as stands below, or have a spelling added to the catalogue.",
        ),
    ),
    "not-a-number": (
        (
            "Geen getal",
            "De tekst is geen getal zoals de catalogus het beschrijft. De waarde is weggehaald, de rij telt verder "
            "mee.",
            "Kijk naar het teken voor decimalen en naar tekens die mee zijn uitgevoerd, zoals een valutateken.",
        ),
        (
            "Not a number",
            "The text is no number as the catalogue describes it. The value was taken out; the rest of the row counts.",
            "Look at the sign for decimals and at signs that were exported with it, such as that of a currency.",
        ),
    ),
    "not-a-boolean": (
        (
            "Geen ja of nee",
            "De tekst is geen van de bekende schrijfwijzen van ja of nee. De waarde is weggehaald, de rij telt verder "
            "mee.",
            "Lever ja en nee in een van de bekende schrijfwijzen.",
        ),
        (
            "Not a yes or no",
            "The text is none of the known spellings of yes or no. The value was taken out; the rest of the row "
            "counts.",
            "Deliver yes and no in one of the known spellings.",
        ),
    ),
    "out-of-range": (
        (
            "Buiten het bereik",
            "De waarde ligt buiten wat mogelijk is. Zij is weggehaald, de rij telt verder mee.",
            "Controleer de waarden in de bron. Kloppen ze, laat dan het bereik in de catalogus aanpassen.",
        ),
        (
            "Out of range",
            "The value lies outside what is possible. It was taken out; the rest of the row counts.",
            "Check the values at the source. If they are right, have the range in the catalogue changed.",
        ),
    ),
    "before": (
        (
            "Datum te vroeg",
            "De datum ligt voor een andere datum van dezelfde rij, terwijl dat niet kan. De latere gebeurtenis is "
            "weggehaald, de rij telt verder mee.",
            "Controleer beide datums in de bron; soms zijn de kolommen verwisseld.",
        ),
        (
            "Date too early",
            "The date lies before another date of the same row, which can't be. The date of the later event was taken "
            "out; the rest of the row counts.",
            "Check both dates at the source; sometimes the columns were swapped.",
        ),
    ),
    "unknown-code": (
        (
            "Onbekende code",
            "De code staat niet in de omzetting van de catalogus. De waarde blijft buiten beschouwing en is gemerkt.",
            "Geef de code met haar betekenis door; kent de catalogus haar, dan telt zij mee zonder nieuwe levering.",
        ),
        (
            "Unknown code",
            "The code isn't in the catalogue's correspondence. The value stays out and is marked.",
            "Tell the new code and what it means; once the catalogue has it, it counts without a new delivery.",
        ),
    ),
    "not-valid-code": (
        (
            "Code gold toen niet",
            "De code is bekend, maar gold niet op de datum van de gebeurtenis. De waarde blijft staan en is gemerkt.",
            "Controleer datum en code. Schrijft uw systeem oude rijen in de codes van nu, dan hoeft u niets te doen.",
        ),
        (
            "Code not valid then",
            "The code is known, but wasn't valid on the date of the event. The value stays and is marked.",
            "Check date and code. If your system spells old rows in the codes of today, there is nothing to do.",
        ),
    ),
}
_SPELLED = {"nl": ("jjjj", "mm", "dd", "uu", "mm", "ss"), "en": ("yyyy", "mm", "dd", "hh", "mm", "ss")}
_ORDER = tuple(_CHECKS)


def told(check: str, language: Language) -> Told | None:
    """What is said of a check; None for one that is told by its name alone."""
    return _CHECKS[check][language == "en"] if check in _CHECKS else None


def place(check: str) -> int:
    """Where a check stands in the report: what keeps rows out first."""
    return _ORDER.index(check) if check in _ORDER else len(_ORDER)


def column_of(variable: str, dataset: Dataset, language: Language) -> str:
    """The title of a column; its name where the catalogue doesn't know it (any more)."""
    known = dataset.variables.get(variable)
    return known.title[language] if known else variable


def in_file(variable: str, dataset: Dataset) -> str:
    """The name of a column in the partner's file."""
    known = dataset.variables.get(variable)
    return (known.column if known else None) or variable


def expected(check: str, name: str, dataset: Dataset, catalog: Catalog, language: Language) -> str:
    """What the catalogue expects of a column, as far as this check looks at it; empty where there is nothing to say."""
    if check == "no-key":
        return _any(
            [
                (" en " if language == "nl" else " and ").join(in_file(it, dataset) for it in names)
                for names in dataset.row_keys
            ],
            language,
        )
    if check == "not-unique":
        return (" en " if language == "nl" else " and ").join(in_file(it, dataset) for it in dataset.unique)
    if check == "no-moment":
        return _any([in_file(it, dataset) for it in dataset.moment], language)
    variable = dataset.variables.get(name)
    if variable is None:
        return ""
    if check == "not-a-date":
        return _any([_spelled(it, language) for it in variable.formats], language)
    if check == "not-a-number" and variable.type == "decimal":
        return {"nl": f"decimalen met {dataset.file.decimal}", "en": f"decimals with {dataset.file.decimal}"}[language]
    if check == "not-the-form":
        domain = next((it for it in catalog.chain.identifiers if it.id == variable.identifier), None)
        return variable.pattern or (domain and domain.form) or ""
    if check == "out-of-range":
        return _range(variable, language)
    if check == "before" and variable.not_before:
        other = in_file(variable.not_before, dataset)
        return {"nl": f"niet voor {other}", "en": f"not before {other}"}[language]
    if check in ("unknown-code", "not-valid-code") and variable.classification in catalog.classifications:
        return catalog.classifications[variable.classification].title[language]
    return ""


def _any(options: list[str], language: Language) -> str:
    return (", of " if language == "nl" else ", or ").join(dict.fromkeys(options))


def _spelled(pattern: str, language: Language) -> str:
    """A pattern of dates as people write it.

    Examples
    --------
    >>> _spelled("%d-%m-%Y %H:%M", "nl")
    'dd-mm-jjjj uu:mm'
    """
    for sign, letters in zip("YmdHMS", _SPELLED[language], strict=True):
        pattern = pattern.replace(f"%{sign}", letters)
    return pattern


def _range(variable: Variable, language: Language) -> str:
    if variable.range is None:
        return ""
    low, high = (_bound(it, language) for it in (variable.range.min, variable.range.max))
    if low and high:
        return {"nl": f"{low} tot en met {high}", "en": f"{low} to {high}"}[language]
    if low:
        return {"nl": f"{low} of meer", "en": f"{low} or more"}[language]
    return {"nl": f"hoogstens {high}", "en": f"at most {high}"}[language]


def _bound(value: object, language: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value) if isinstance(value, int) else format_number(value, "", language)
    return format_date(str(value), language)
