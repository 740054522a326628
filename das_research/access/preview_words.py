"""The words of the page for those who approve a grant, in Dutch and in English; what varies comes in by name."""

from das_research.style.numbers import Language, in_words

_WORDS: dict[str, tuple[str, str]] = {
    "kicker": ("Ter beoordeling: {project}", "For approval: {project}"),
    "only_for": ("Alleen voor wie de toestemming beoordeelt", "Only for those who approve the grant"),
    "other": ("This page in English", "Deze pagina in het Nederlands"),
    "lead": (
        "Een project voor het doel {purpose}, van {begin} tot en met {end}, voor {people} van {organisations}.",
        "A project for the purpose {purpose}, from {begin} until {end}, for {people} of {organisations}.",
    ),
    "one_person": ("één persoon", "one person"),
    "persons": ("{n} personen", "{n} people"),
    "in_order": (
        "Alles waarop de toestemming rust, is geregeld: van elke ketenpartner is er toestemming voor elke dataset.",
        "All that the grant rests on is settled: every partner has given permission for every dataset.",
    ),
    "open_one": ("Eén punt staat nog open; tot dat is geregeld, blijft weg wat ervan afhangt.",
                 "One point is open; until it is settled, what depends on it is left out."),
    "open_many": ("{n} punten staan nog open; tot die zijn geregeld, blijft weg wat ervan afhangt.",
                  "{n} points are open; until they are settled, what depends on them is left out."),
    "open": ("Wat nog openstaat", "What is open"),
    "open_how": ("Welke regels erbij moeten en wie erover gaat, zegt: das grant check {project}",
                 "Which lines to add and whom to ask is told by: das grant check {project}"),
    "dateline": ("Stand op {day}", "As on {day}"),
    "about": ("Waar het om gaat", "What it is about"),
    "purpose": ("Doel", "Purpose"),
    "legal_basis": ("Grondslag", "Legal basis"),
    "outputs": ("Wat ermee gemaakt wordt", "What is made with it"),
    "mode": ("Werkwijze", "Mode"),
    "mode_microdata": ("in de eigen database van het project, binnen de beveiligde omgeving",
                       "in the project's own database, inside the secured environment"),
    "mode_remote": ("op afstand: alleen vrijgegeven resultaten", "remote: released results only"),
    "period": ("Van en tot en met", "From and until"),
    "approvers": ("Goedgekeurd door", "Approved by"),
    "agreements": ("Op welke afspraken het rust", "The agreements it rests on"),
    "answer": ("Dit doel", "This purpose"),
    "article": ("Artikel", "Article"),
    "condition": ("Voorwaarde", "Condition"),
    "met": ("Zo is eraan voldaan", "How it is met"),
    "not_met": ("Daarover zegt de toestemming niets", "The grant says nothing of it"),
    "dpia": ("Effectbeoordeling", "Impact assessment"),
    "standing": ("Verder geldt", "Besides"),
    "permissions": ("Wat elke ketenpartner heeft toegestaan", "What each partner has permitted"),
    "permissions_why": (
        "Zonder toestemming van de ketenpartner voor dit project komt een dataset er niet in.",
        "Without the partner's permission for this project a dataset is not in it.",
    ),
    "permissions_table": ("Toestemming voor elke dataset", "Permission for every dataset"),
    "dataset": ("Dataset", "Dataset"),
    "partner": ("Ketenpartner", "Partner"),
    "reference": ("Kenmerk", "Reference"),
    "given_on": ("Gegeven op", "Given on"),
    "given_by": ("Door", "By"),
    "until": ("Tot en met", "Until"),
    "as_grant": ("zolang de toestemming", "as long as the grant"),
    "own_files": ("Eigen bestand van het project", "The project's own file"),
    "list_risk": (
        "Dit project brengt een lijst van personen in. Wie de lijst kent, kan rijen van hen herkennen. Het project "
        "krijgt nummers noch namen; weeg mee wie de lijst maakte, wat zij weten en hoe fijn de kolommen zijn.",
        "This project brings a list of persons. Who knows the list can recognise their rows. The project gets neither "
        "numbers nor names; weigh who made the list, what those on it know, and how fine the columns are.",
    ),
    "list_alone": (
        "Het krijgt alleen rijen over personen op de lijst: {list}. De aantallen hieronder zijn die zonder deze "
        "voorwaarde.",
        "It gets only rows about persons on the list: {list}. The numbers below are those without this condition.",
    ),
    "list_not_alone": ("Het krijgt ook rijen over personen die niet op de lijst staan.",
                       "It gets rows about persons who are not on the list too."),
    "list_controller": ("Wie verantwoordelijk is", "Who is responsible"),
    "list_consent": ("Wat zij weten en waarmee zij instemden", "What they know and agreed to"),
    "list_reidentification": ("Wat herkennen tegengaat", "What prevents recognition"),
    "list_numbers": ("Gevonden met", "Found by"),
    "list_found": ("Personen op de lijst", "Persons on the list"),
    "list_found_of": ("Gevonden personen van {list}", "Persons found of {list}"),
    "people": ("Wie ermee werken", "Who work with it"),
    "people_why": (
        "De namen van accounts staan op deze pagina omdat de goedkeuring hen betreft; elders staan alleen aantallen.",
        "The names of accounts stand on this page because they are approved; elsewhere only their number is told.",
    ),
    "people_table": ("Accounts naar organisatie", "Accounts by organisation"),
    "organisation": ("Organisatie", "Organisation"),
    "accounts": ("Accounts", "Accounts"),
    "tables": ("Wat het project krijgt", "What the project gets"),
    "nothing": ("Zo krijgt het project nog niets.", "As it stands the project gets nothing."),
    "rows_all": ("Alle rijen die de datasets van het project kennen.", "All rows that the project's datasets know."),
    "rows_if": ("Alleen rijen waarvoor geldt: {rule}.", "Only rows for which: {rule}."),
    "column": ("Kolom", "Column"),
    "title": ("Betekenis", "Meaning"),
    "term": ("Begrip", "Term"),
    "class": ("Herleidbaarheid", "Identifying"),
    "coarser": ("Hoe grof", "How coarse"),
    "columns_of": ("Kolommen van {table}", "Columns of {table}"),
    "years_of": ("Rijen van {table}", "Rows of {table}"),
    "year": ("Jaar", "Year"),
    "rows": ("Rijen", "Rows"),
    "each": ("{years}, per jaar", "{years}, a year"),
    "no_rows": ("Er is nog geen opbouw van de keten waarin rijen te tellen zijn.",
                "The chain has not been built yet, so there are no rows to count."),
    "left_out": ("Wat het project niet krijgt, en waarom", "What the project does not get, and why"),
    "asked": ("Gevraagd en niet gegeven", "Asked for and not given"),
    "asked_none": ("Alles wat de toestemming vraagt, wordt gegeven.", "All that the grant asks for is given."),
    "whole_tables": ("Hele tabellen", "Whole tables"),
    "columns": ("Kolommen", "Columns"),
    "table": ("Tabel", "Table"),
    "reason": ("Reden", "Reason"),
    "numbers": ("Hoe de aantallen zijn beschermd", "How the numbers are protected"),
    "numbers_how": (
        "Aantallen zijn naar beneden afgerond op een veelvoud van {minimum}; wat daaronder ligt, wordt niet getoond, "
        "en er is geen totaal. Kiest een voorwaarde rijen uit, dan is van een jaar pas iets te zien bij {triple} rijen "
        "of meer, en verandert een voorwaarde die er minder dan {minimum} weglaat het getoonde aantal niet. Zo "
        "verraadt ook het verschil tussen twee van deze pagina's niet hoe zeldzaam iets is.",
        "Numbers are rounded down to a multiple of {minimum}; what is below that is not shown, and there is no total. "
        "Where a condition picks rows, a year shows nothing under {triple} rows, and a condition that leaves out fewer "
        "than {minimum} does not change the number. So the difference between two of these pages does not tell how "
        "rare something is either.",
    ),
    "snapshot": ("Geteld in", "Counted in"),
    "contact": ("Vragen", "Questions"),
    # what a check found, in the words of this page
    "about_purpose": ("het doel is niet toegestaan volgens {name}", "the purpose is not allowed by {name}"),
    "about_condition": ("niet gezegd is hoe aan de voorwaarde van {name} is voldaan",
                        "it is not told how the condition of {name} is met"),
    "about_agreement": ("de afspraak {name} is niet van kracht", "the agreement {name} is not in force"),
    "about_recipients": ("{name} noemt niet elke organisatie van het project als ontvanger",
                         "{name} does not name every organisation of the project as recipient"),
    "about_permission": ("geen toestemming van de ketenpartner voor {name}", "no permission of the partner for {name}"),
    "about_organisations": ("{name} is niet voor elke organisatie in het project",
                            "{name} is not for every organisation of the project"),
    "about_own file": ("de lijst {name} mag niet langer worden bewaard", "the list {name} may not be kept any more"),
    "about_list of persons": ("{name} mag niet naast een eigen lijst van personen",
                              "{name} is not given beside a list of persons"),
    "about_table": ("van de tabel {name} wordt niets gegeven", "nothing is given of the table {name}"),
    "about_column": ("de kolom {name} wordt niet gegeven", "the column {name} is not given"),
}  # fmt: skip


def say(key: str, language: Language, **named: object) -> str:
    """The words of a key in a language.

    Examples
    --------
    >>> say("persons", "nl", n=3)
    '3 personen'
    """
    return in_words(_WORDS[key], language, **named)
