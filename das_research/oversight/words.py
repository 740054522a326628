"""The words of the page for a data protection officer, in Dutch and in English; numbers come in by name."""

from datetime import date

from babel.dates import format_date as babel_date

from das_research.style.numbers import LOCALES, Language

_WORDS: dict[str, tuple[str, str]] = {
    "kicker": ("Auditlogboek", "Audit log"),
    "other": ("This page in English", "Deze pagina in het Nederlands"),
    "only_for": ("Voor de functionaris gegevensbescherming", "For the data protection officer"),
    "title": ("Wat er met de gegevens is gedaan", "What was done with the data"),
    "whole": ("alle maanden", "all months"),
    "contact": ("Vragen", "Questions"),
    # verdict
    "lead_holds": (
        "Het logboek is heel: {lines} regels, en geen daarvan is gewijzigd, weggehaald of toegevoegd.",
        "The log holds: {lines} lines, none of which was changed, taken out or put in.",
    ),
    "lead_broken": (
        "Het logboek is niet heel: zie de bevindingen onder aan deze pagina ({findings}). Wat hieronder staat, is "
        "geteld uit de regels die kloppen, en kan onvolledig zijn.",
        "The log does not hold: see the findings at the end of this page ({findings}). What stands below is counted "
        "from the lines that hold, and may be incomplete.",
    ),
    "lead_none": ("In deze periode is er niets gebeurd.", "In this period nothing happened."),
    "lead_period": ("Van {begin} tot en met {end}.", "From {begin} to {end}."),
    # what is counted
    "delivered": ("Leveringen", "Deliveries"),
    "opened": ("Geopend", "Opened"),
    "extracted": ("Extracten", "Extracts"),
    "handed_over": ("Overgedragen", "Handed over"),
    "released": ("Vrijgegeven", "Released"),
    "published": ("Gepubliceerd", "Published"),
    "refused": ("Geweigerd", "Refused"),
    "destroyed": ("Vernietigd", "Destroyed"),
    "big_opened": ("keer een project geopend", "times a project was opened"),
    "big_extracted": ("keer een extract gemaakt", "times an extract was made"),
    "big_released": ("keer iets vrijgegeven", "times something was released"),
    "big_refused": ("keer geweigerd", "times refused"),
    "big_destroyed": ("keer gewist of vernietigd", "times erased or destroyed"),
    # months
    "months": ("Per maand", "By month"),
    "months_caption": ("Handelingen per maand", "Acts by month"),
    "month": ("Maand", "Month"),
    # projects
    "projects": ("Per project: wie, waarvoor en wat", "By project: who, what for and what"),
    "projects_none": ("Geen enkel project deed iets.", "No project did anything."),
    "purpose": ("Doel", "Purpose"),
    "grant": ("Vergunning", "Grant"),
    "grant_version": ("{project}, versie {versions}", "{project}, version {versions}"),
    "partners": ("Gegevens van", "Data of"),
    "extract_rows": ("Rijen in het grootste extract", "Rows in the largest extract"),
    "numbers_out": ("Getallen bij poort 3", "Numbers at gate 3"),
    "shown_hidden": ("{shown} getoond, {hidden} verborgen", "{shown} shown, {hidden} hidden"),
    "editions": ("Gepubliceerd", "Published"),
    "accounts_caption": ("Handelingen in {project}, per account", "Acts in {project}, by account"),
    "account": ("Account", "Account"),
    "last": ("Laatst", "Last"),
    # partners
    "by_partner": ("Per partner: wat er met zijn gegevens gebeurde", "By partner: what happened with its data"),
    "by_partner_none": ("Van geen enkele partner werden gegevens geraakt.", "No partner's data were touched."),
    "by_partner_note": (
        "Een project dat gegevens van meer partners gebruikt, telt bij elk van hen mee.",
        "A project that uses data of several partners counts with each of them.",
    ),
    "partner_caption": ("Handelingen per partner", "Acts by partner"),
    "partner": ("Partner", "Partner"),
    "rows_delivered": ("Rijen geleverd", "Rows delivered"),
    "projects_n": ("Projecten", "Projects"),
    "rows_destroyed": ("Rijen vernietigd", "Rows destroyed"),
    # refusals
    "refusals": ("Geweigerd", "Refused"),
    "refusals_none": ("Er is niets geweigerd.", "Nothing was refused."),
    "refusals_caption": ("Weigeringen: waarom, van wie", "Refusals: why, of whom"),
    "reason": ("Reden", "Reason"),
    "project": ("Project", "Project"),
    "times": ("Keer", "Times"),
    "no_project": ("geen project", "no project"),
    "reason_person": ("account niet in de vergunning", "account not in the grant"),
    "reason_dates": ("vergunning niet van kracht", "grant not in force"),
    "reason_purpose": ("doel niet toegestaan", "purpose not allowed"),
    "reason_agreement": ("overeenkomst niet van kracht", "agreement not in force"),
    "reason_condition": ("voorwaarde niet vervuld", "condition not met"),
    "reason_permission": ("toestemming van de partner ontbreekt", "permission of the partner missing"),
    "reason_recipients": ("organisatie is geen ontvanger", "organisation is no recipient"),
    "reason_organisations": ("organisatie mag de gegevens niet hebben", "organisation may not have the data"),
    "reason_table": ("tabel kan niet worden gegeven", "table can't be given"),
    "reason_column": ("kolom kan niet worden gegeven", "column can't be given"),
    "reason_grant": ("vergunning staat het niet toe", "grant does not allow it"),
    "reason_extract": ("geen geldig extract", "no valid extract"),
    "reason_closed": ("project is gesloten", "project was closed"),
    "reason_no such project": ("project bestaat niet", "no such project"),
    "reason_origin": ("herkomst van de overdracht klopt niet", "origin of the hand-over does not fit"),
    "reason_numbers": ("getallen kunnen niet worden vrijgegeven", "numbers can't be released"),
    "reason_texts": ("getal in een tekst of naam", "number in a text or name"),
    "reason_": ("niet genoteerd", "not written down"),
    # destruction
    "destructions": ("Gewist en vernietigd", "Erased and destroyed"),
    "destructions_none": ("Er is niets gewist of vernietigd.", "Nothing was erased or destroyed."),
    "destructions_caption": ("Wat er van wie is vernietigd", "What was destroyed, and whose"),
    "what": ("Wat", "What"),
    "rows": ("Rijen", "Rows"),
    "act_erased": ("personen gewist op verzoek", "persons erased on request"),
    "act_withdrawn": ("levering ingetrokken", "delivery withdrawn"),
    "act_closed": ("project gesloten", "project closed"),
    "act_expired": ("bewaartermijn verstreken", "term of keeping over"),
    # verification
    "verified": ("Is het logboek heel?", "Does the log hold?"),
    "verified_yes": (
        "Ja. Elke regel heeft het zegel van de sleutel hieronder, sluit aan op de vorige, en het einde is verzegeld. "
        "Wat dossiers, manifesten en edities van het logboek weten, staat er nog.",
        "Yes. Every line has the seal of the key below and follows from the one before, and the end is sealed. What "
        "dossiers, manifests and editions know of the log still stands in it.",
    ),
    "verified_old": (
        "Ja, maar de eerste {old} regels zijn van voor de verzegeling: zij zijn alleen aan elkaar geketend.",
        "Yes, but the first {old} lines are from before sealing: they are chained to each other only.",
    ),
    "verified_no": (
        "Nee. Laat het bestand staan zoals het is, vergelijk het met een back-up, en vraag wie hieronder staat.",
        "No. Leave the file as it is, compare it with a backup, and ask whom the table names.",
    ),
    "findings_caption": (
        "Bevindingen, in de woorden van das audit verify",
        "Findings, as das audit verify says them",
    ),
    "finding": ("Bevinding", "Finding"),
    "since": ("Na", "After"),
    "ask": ("Wie te vragen", "Whom to ask"),
    "lines": ("Regels", "Lines"),
    "sealed_since": ("Verzegeld sinds", "Sealed since"),
    "key": ("Vingerafdruk van de sleutel", "Fingerprint of the key"),
    "head": ("Laatste regel", "Last line"),
    "copies": ("Documenten die het einde kennen", "Documents that know the end"),
    # about
    "about": ("Over deze pagina", "About this page"),
    "about_counts": (
        "Deze pagina bevat aantallen, accounts van onderzoekers en beheerders, en namen uit de catalogus. Zij bevat "
        "niets over de personen in de gegevens. Wat iemand vroeg, staat in het logboek alleen als vingerafdruk.",
        "This page holds counts, accounts of researchers and stewards, and names from the catalogue. It holds nothing "
        "of the persons in the data. What somebody asked stands in the log as a fingerprint only.",
    ),
    "about_wall": (
        "Poorten schrijven het logboek, onderzoekers niet. Waar één account alle zones bezit, schrijft het proces van "
        "de onderzoeker het bestand: dan is het een vangrail. Het is een muur waar het logboek van een ander account "
        "of van PostgreSQL is. Bewaar de vingerafdruk van de sleutel daarom ook buiten deze machine.",
        "Gates write the log, researchers don't. Where one account owns all zones, the researcher's own process writes "
        "the file: then it is a guard rail. It is a wall where the log belongs to another account or to PostgreSQL. So "
        "keep the fingerprint of the key outside this machine as well.",
    ),
}


def say(key: str, language: Language, **parts: str) -> str:
    """A text of the page with its parts filled in.

    Examples
    --------
    >>> say("lead_period", "en", begin="1 May 2026", end="3 May 2026")
    'From 1 May 2026 to 3 May 2026.'
    """
    return _WORDS[key][language == "en"].format(**parts)


def in_words(month: str, language: Language) -> str:
    """A month as it is read.

    Examples
    --------
    >>> in_words("2026-11", "nl")
    'november 2026'
    """
    return babel_date(date.fromisoformat(f"{month}-01"), "MMMM y", locale=LOCALES[language])


def reason(kind: str, language: Language) -> str:
    """Why something was refused, in words; the kind itself where it has none."""
    return _WORDS[f"reason_{kind}"][language == "en"] if f"reason_{kind}" in _WORDS else kind
