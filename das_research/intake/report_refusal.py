"""Why a file was refused, in the reader's language: gate 1 says it in English, the report says it in Dutch too."""

import re
from html import escape

from das_research.errors import DeliveryRefused
from das_research.intake.report_words import say
from das_research.style.numbers import Language
from das_research.style.page_parts import paragraph, section

AGAIN = "Stuur het bestand opnieuw."
AGREED = "Stuur het zoals afgesproken, of laat de catalogus aanpassen."
# what gate 1 says, with its facts, to why and to what one can do
_DUTCH = (
    (r"It is empty\.", "Het is leeg.", AGAIN),
    (
        r"The agreement (?P<agreement>\S+) (?P<moment>.+)",
        "De overeenkomst {agreement} geldt niet: {moment}",
        "Vraag de beheerder van de catalogus of de overeenkomst wordt verlengd.",
    ),
    (
        r"None of its (?P<rows>\S+) rows can be used: (?P<rules>.+)\.",
        "Geen van de {rows} rijen is bruikbaar: {rules}.",
        "Kijk of de kolommen zijn geschreven zoals de catalogus zegt, en stuur het hele bestand opnieuw.",
    ),
    (
        r"It has a header and no rows\.",
        "Het heeft een kopregel en geen rijen.",
        "Stuur een bestand met rijen; over een periode zonder zaken hoeft niets te worden geleverd.",
    ),
    (
        r"Its header is one single column: its delimiter is not (?P<sign>.+), as the catalogue says\.",
        "De kopregel is één enkele kolom: het scheidingsteken is niet {sign}, zoals de catalogus zegt.",
        "Stuur het bestand met {sign} tussen de kolommen, of laat de catalogus aanpassen.",
    ),
    (
        r"Its first line has none of the columns of the catalogue",
        "De eerste regel heeft geen van de kolommen van de catalogus: de kopregel ontbreekt.",
        "Stuur het bestand met een kopregel.",
    ),
    (
        r"Its columns are not those of the catalogue: (?P<faults>.+)\.",
        "De kolommen zijn niet die van de catalogus: {faults}.",
        "Stuur precies de kolommen van de catalogus, of laat de catalogus aanpassen.",
    ),
    (r"It is not a Parquet file, which", "Het is geen Parquet, wat het volgens de catalogus is.", AGREED),
    (r"It is not a whole Parquet file\.", "Het is geen heel Parquet-bestand.", AGAIN),
    (r"It is a Parquet file; the catalogue says CSV\.", "Het is Parquet; de catalogus zegt CSV.", AGREED),
    (
        r"Its name ends in (?P<end>\S+) and it is not a (?P<kind>\S+) file\.",
        "De naam eindigt op {end}, maar het bestand is niet met {kind} verpakt.",
        AGAIN,
    ),
    (r"The (?P<kind>\S+) file is damaged or cut short\.", "Het {kind}-bestand is beschadigd of afgebroken.", AGAIN),
    (r"The zip file holds no file\.", "In het zip-bestand zit geen bestand.", AGAIN),
    (r"The zip file holds (?P<count>\S+) files\.", "In het zip-bestand zitten {count} bestanden.", "Zip elk apart."),
    (
        r"The zip file is locked with a password\.",
        "Het zip-bestand zit op slot met een wachtwoord.",
        "Stuur het zonder, over een beveiligde verbinding.",
    ),
    (r"The zip file holds no file\.", "In het zip-bestand zit geen bestand.", AGAIN),
    (
        r"Line (?P<line>\S+) holds a byte that no text has",
        "Regel {line} bevat een teken dat in tekst niet voorkomt (NUL).",
        "Stuur het bestand opnieuw, als tekst.",
    ),
    (
        r"Column (?P<column>.+) holds numbers with a fraction where identifiers are texts\.",
        "Kolom {column} bevat getallen met decimalen waar nummers als tekst horen.",
        "Maak er een tekstkolom van voordat de nummers erin komen, en stuur het bestand opnieuw.",
    ),
    (
        r"It is encrypted, and not to the key",
        "Het is versleuteld, maar niet met de sleutel waarmee bestanden van deze partner hier worden geopend.",
        "Vraag het adres op waarnaar u versleutelt, en stuur het bestand opnieuw.",
    ),
    (
        r"It was delivered before, and rows of it were erased",
        "Het is eerder geleverd, en er zijn rijen uit gewist voor de personen over wie zij gaan.",
        "Stuur een nieuw bestand, zonder de personen die om wissen vroegen.",
    ),
    (
        r"The zip file is packed by a method",
        "Het zipbestand is ingepakt op een manier die hier niet te openen is, zoals Deflate64 of Zstandard.",
        "Pak het in met de methode Deflate, of als gzip, en stuur het opnieuw.",
    ),
    (r"It is an Excel workbook; the catalogue", "Het is een Excel-werkmap; de catalogus zegt CSV.", AGREED),
    (r"It is not an Excel workbook", "Het is geen Excel-werkmap (.xlsx), wat het volgens de catalogus is.", AGREED),
    (r"It is not a whole Excel workbook", "Het is geen hele Excel-werkmap, of zij zit op slot.", AGAIN),
    (
        r"It has no sheet that can be read\.",
        "Er is geen tabblad dat te lezen is.",
        "Bewaar de rijen als werkmap met één tabblad met cellen.",
    ),
    (
        r"A value at or before line (?P<line>\S+) is longer than (?P<most>.+)\.",
        "Een waarde op of voor regel {line} is langer dan {most}.",
        "Kijk of daar een aanhalingsteken opent dat nergens sluit, en stuur het bestand opnieuw.",
    ),
    (
        r"(?P<rows>.+): words stand where identifiers should",
        "{rows}: er staan woorden waar nummers horen, zoals in een tweede kopregel of een regel met totalen.",
        "Laat die regel weg en stuur het hele bestand opnieuw.",
    ),
    (
        r"It has no sheet '(?P<sheet>.+)', which",
        "Er is geen tabblad '{sheet}', waar de rijen volgens de catalogus staan.",
        "Noem het tabblad '{sheet}', of laat de catalogus aanpassen.",
    ),
    (
        r"Column (?P<column>.+) holds numbers where identifiers are texts: .+ gone\. (?P<rows>.+)\.",
        "Kolom {column} bevat getallen waar nummers als tekst horen: voorloopnullen kunnen weg zijn. {rows}.",
        "Maak er een tekstkolom van voordat de nummers erin komen, en stuur het bestand opnieuw.",
    ),
    (
        r"The rule (?P<rule>\S+) holds in (?P<found>\S+) of (?P<all>\S+) rows; .+ tolerates (?P<most>\S+)\. "
        r"(?P<rows>.+)\.",
        "De regel {rule} treft {found} van de {all} rijen; de catalogus duldt {most}. {rows}.",
        "Verbeter deze rijen en stuur het hele bestand opnieuw.",
    ),
    (
        r"It is written in UTF-8; the catalogue says",
        "Het is geschreven in UTF-8; de catalogus zegt wat anders.",
        AGREED,
    ),
    (
        r"(?P<rows>.+): the number of fields is not that of the header\.",
        "{rows}: het aantal velden is niet dat van de kopregel.",
        "Een scheidingsteken binnen een waarde moet tussen aanhalingstekens staan. Stuur het bestand opnieuw.",
    ),
    (
        r"The quotes around a value don't match, at or before line (?P<line>.+)\.",
        "De aanhalingstekens om een waarde kloppen niet, op of voor regel {line}.",
        "Een aanhalingsteken binnen een waarde moet dubbel staan. Stuur het bestand opnieuw.",
    ),
    (
        r"Line (?P<line>.+) is not written in (?P<encoding>\S+), which",
        "Regel {line} is niet geschreven in {encoding}, wat het bestand volgens de catalogus is.",
        "Stuur het bestand in {encoding}, of laat de catalogus aanpassen.",
    ),
    (
        r"Line (?P<line>\S+) holds a byte that no text has",
        "Regel {line} bevat een byte die in geen tekst hoort (NUL).",
        "Stuur het bestand opnieuw, als tekst.",
    ),
    (
        r"Column (?P<column>.+) holds numbers with a fraction where identifiers are texts\.",
        "Kolom {column} bevat gebroken getallen waar nummers als tekst horen.",
        "Maak er een tekstkolom van voordat de nummers erin komen, en stuur het bestand opnieuw.",
    ),
    (r"It could not be read to its end\.", "Het was niet tot het einde te lezen.", AGAIN),
    (
        r"It changed while it was read\.",
        "Het veranderde terwijl het werd gelezen.",
        "Lever het opnieuw als niemand er meer in schrijft.",
    ),
    (
        r"(?P<keys>\S+) .*more than once in (?P<names>.+?), which .*must be unique\. (?P<rows>.+)\.",
        "Aantal sleutels dat meer dan één keer voorkomt: {keys} ({names}). {rows}.",
        "Stuur een bestand met één rij per sleutel.",
    ),
    (
        r"It mixes real and fictitious identifiers\. (?P<rows>.+?): ",
        "Echte en fictieve nummers staan door elkaar. {rows} wijken af van de rest.",
        "Lever echte en fictieve zaken in aparte bestanden.",
    ),
)
_WORDS = (
    (r"\bRows (\d)", r"Rijen \1"),
    (r"\bRow (\d)", r"Rij \1"),
    (r" and (\d+) more\b", r" en nog \1"),
    (r"\bcolumns number ", "de kolommen nummer "),
    (r"\bcolumn number ", "kolom nummer "),
    (r"\bcolumns ", "de kolommen "),
    (r"\bcolumn ", "kolom "),
    (r"\bnumber (\d)", r"nummer \1"),
    (r" holds in (\d+)", r" treft er \1"),
    (r"^begins on ", "zij begint op "),
    (r"^ended on ", "zij eindigde op "),
    (r"^was withdrawn from ", "zij is ingetrokken vanaf "),
    (r"; it is (\S+) now\.$", r"; het is nu \1."),
    (r" is unknown\b", " is onbekend"),
    (r" are unknown\b", " zijn onbekend"),
    (r" is missing\b", " ontbreekt"),
    (r" are missing\b", " ontbreken"),
    (r" is there twice\b", " staat er dubbel"),
    (r" are there twice\b", " staan er dubbel"),
    (r"^a comma$", "een komma"),
    (r"^a semicolon$", "een puntkomma"),
    (r"^a tab$", "een tab"),
    (r"^a bar$", "een rechte streep"),
)


def in_dutch(why: str) -> tuple[str, str] | None:
    """Why, and what one can do, in Dutch; None for what gate 1 says that isn't known here.

    Examples
    --------
    >>> in_dutch("Rows 4, 5 and 2 more: the number of fields is not that of the header.")[0]
    'Rijen 4, 5 en nog 2: het aantal velden is niet dat van de kopregel.'
    """
    for pattern, told, fix in _DUTCH:
        found = re.match(pattern, why)
        if found:
            facts = {name: _dutch(fact) for name, fact in found.groupdict().items()}
            return told.format(**facts), fix.format(**facts)
    return None


def refusal_section(refusal: DeliveryRefused, language: Language) -> str:
    """Why, what to do and who can help; in Dutch with, folded away, what the program said itself."""
    dutch = in_dutch(refusal.why) if language == "nl" else None
    why, fix = dutch or (refusal.why, refusal.fix)
    spoken: Language = "nl" if dutch else "en"
    parts = [section("why", say("refusal", language), _said(why, spoken))] if why else []
    parts += [section("fix", say("refusal_fix", language), _said(fix, spoken))] if fix else []
    if dutch:
        said = "".join(_said(text, "en") for text in (refusal.what, refusal.why, refusal.fix, refusal.ask) if text)
        folded = f'<details class="said"><summary>{say("refusal_said", language)}</summary>{said}</details>'
        return "".join(parts) + f"<section>{folded}</section>"
    parts += [section("ask", say("refusal_ask", language), _said(refusal.ask, "en"))] if refusal.ask else []
    return "".join(parts)


def _said(text: str, spoken: Language) -> str:
    return paragraph(text) if spoken == "nl" else f'<p lang="en">{escape(text, quote=False)}</p>'


def _dutch(fact: str) -> str:
    for pattern, word in _WORDS:
        fact = re.sub(pattern, word, fact)
    return fact
