"""The words of the page of a release, in Dutch and in English; what varies comes in by name."""

from das_research.style.numbers import Language, Words, in_words

_WORDS: dict[str, Words] = {
    "kicker": ("Vrijgave {release}", "Release {release}"),
    "only_for": ("Alleen voor beoordelaars en toezichthouders", "Only for reviewers and supervisors"),
    "state_checked": (
        "Door de regels gecontroleerd; nog niemand heeft er iets van gezegd.",
        "Checked by the rules; nobody has said anything of it yet.",
    ),
    "state_first review": (
        "Eén oordeel is gegeven; welk, blijkt als het laatste er is.",
        "One verdict was given; which, is told when the last is there.",
    ),
    "state_approved": ("Goedgekeurd.", "Approved."),
    "state_returned": ("Terug naar de maker.", "Sent back to its author."),
    "state_withdrawn": ("Ingetrokken.", "Withdrawn."),
    "lead": (
        "Van het project {project}, voor het doel {purpose}. Tabellen en grafieken: {results}.",
        "Of the project {project}, for the purpose {purpose}. Tables and charts: {results}.",
    ),
    "needed": ("Vraagt {n} oordelen van wie er niet aan meewerkte.", "Needs {n} verdicts of people who had no part."),
    "needed_one": (
        "Vraagt één oordeel van wie er niet aan meewerkte.",
        "Needs one verdict of someone who had no part.",
    ),
    "agreed": ("Een vooraf afgesproken product.", "A product that was agreed beforehand."),
    "criteria": ("Waarop is gelet", "What was looked at"),
    "criteria_how": (
        "Wat niet is gecontroleerd, is niet in orde bevonden: dat is aan de beoordelaars.",
        "What was not checked was not found to be right: that is for the reviewers.",
    ),
    "criteria_table": ("Elk criterium met zijn oordeel", "Every criterion with its verdict"),
    "criterion": ("Criterium", "Criterion"),
    "verdict": ("Oordeel", "Verdict"),
    "about": ("Bij", "About"),
    "verdict_passed": ("voldoet", "passed"),
    "verdict_failed": ("voldoet niet", "failed"),
    "verdict_not checked": ("niet gecontroleerd", "not checked"),
    "origin": (
        "Project, maker, monitor en parameters staan in de catalogus",
        "Project, author, monitor and parameters are the catalogue's",
    ),
    "computed again": (
        "Opnieuw berekend uit het extract en gelijk bevonden",
        "Computed again from the extract and found equal",
    ),
    "rules": ("Regels voor kleine aantallen", "Rules for small numbers"),
    "texts": ("Teksten en namen zonder getallen", "Texts and names without numbers"),
    "query of an own table": (
        "De bevraging van een eigen tabel is van de maker",
        "The query of an own table is its author's",
    ),
    "left to people": (
        "Regels waarover alleen mensen kunnen oordelen",
        "Rules that only people can judge",
    ),
    "own tables beside each other": (
        "Personen onder eigen tabellen en cijfers van het project vergeleken, ook met eerdere",
        "Persons under the project's own tables and figures compared, with earlier ones too",
    ),
    "own tables elsewhere": (
        "Personen onder eigen tabellen van andere projecten op dezelfde snapshot vergeleken",
        "Persons under own tables of other projects on the same snapshot compared",
    ),
    "sums of several tables": (
        "Wat getallen van meer tabellen samen vertellen, opgeteld en afgetrokken, is van niet te weinigen",
        "What numbers of several tables tell together, added and subtracted, is of enough persons",
    ),
    "rounded_to": ("Afgerond", "Rounded"),
    "revisions": (
        "Herziene getallen verschillen niet met weinig van wat eerder naar buiten ging",
        "Revised numbers do not differ by few from what left before",
    ),
    "revised": ("Wat met weinig is herzien", "What was revised by few"),
    "revised_how": (
        "Het verschil is het aantal dat erbij of eraf kwam. Het is aan de beoordelaars of het iemand raakt.",
        "The difference is the number that was added or went. Whether it touches anyone is for the reviewers.",
    ),
    "cell": ("Getal", "Number"),
    "release": ("Eerdere vrijgave", "Earlier release"),
    "now": ("Nu", "Now"),
    "before": ("Eerder", "Before"),
    "difference": ("Verschil", "Difference"),
    "earlier releases": (
        "Verschil met andere cijfers die eerder naar buiten gingen",
        "Difference with other numbers that left before",
    ),
    "attacker": (
        "Terugrekenen van verborgen cellen uit alles wat naar buiten gaat",
        "Working hidden cells back from all that leaves",
    ),
    "attacked": ("Hoe terugrekenen is geprobeerd", "How working back was tried"),
    "attacked_how": (
        "Een ander rekenpad las alleen de bestanden en begrensde {asked} groepen. Geen is bewijsbaar te klein.",
        "Another computation read the files alone and bounded {asked} groups. None can be proved to be too small.",
    ),
    "knows": ("Wat zo'n lezer wist", "What such a reader knew"),
    "knows_files": (
        "alle bestanden van deze vrijgave en van eerdere van dit project over dezelfde snapshot",
        "every file of this release and of earlier ones of this project on the same snapshot",
    ),
    "knows_sums": (
        "welke getallen bij elkaar optellen, en dat het hele getallen zijn",
        "which numbers add up, and that they are whole",
    ),
    "knows_zeros": (
        "dat een verborgen aantal ten minste één is waar nullen worden getoond",
        "that a hidden count is at least one where zeros are shown",
    ),
    "knows_contributors": (
        "voor wie het meest bijdraagt aan verborgen sommen: dat die bijdragen erin zitten",
        "of those who gave most to hidden sums: that what they gave is in them",
    ),
    "attacked_sums": (
        "Ook {sums} verborgen sommen en gemiddelden zijn begrensd: geen dichter dan hun regel toestaat.",
        "{sums} hidden sums and means were bounded too: none more closely than its rule allows.",
    ),
    "attacked_sums_by_breakdown": (
        "Van {sums} daarvan, die met een hele uitsplitsing wegvallen, is niet gevraagd wat wie eraan bijdroegen samen "
        "weten: hoeveel die van elkaar mogen weten, zeggen de regels voor de getoonde sommen.",
        "Of {sums} of these, which stay behind with a whole breakdown, it was not asked what those who gave to them "
        "know together: how much they may know of each other is what the rules for the shown sums say.",
    ),
    "knows_persons": (
        "van elke soort personen, in welke cellen van deze tabellen hoeveel eenheden van hen staan",
        "of every kind of persons, how many units of theirs stand in which cells of these tables",
    ),
    "attacked_unions": (
        "Van {tables} tabellen zijn {asked} sommen en verborgen cellen nagegaan naar wie eronder valt.",
        "Of {tables} tables {asked} sums and hidden cells were asked after by who is under them.",
    ),
    "knows_insiders": (
        "voor wie alleen in een verborgen of afgeronde cel zit: dat er niemand anders in zit",
        "of the only one in a hidden or rounded cell: that there is nobody else in it",
    ),
    "knows_rounding": (
        "op welke veelvouden is afgerond, en dat de echte getallen net zo optellen; een klein aantal blijft zo veel "
        "waarden mogelijk als het veelvoud groot is",
        "to which multiples numbers were rounded, and that the true ones add up as well; of a small number as many "
        "values stay possible as the multiple is large",
    ),
    "knows_outside": (
        "wat anderen over dezelfde aantallen publiceerden, zo nauwkeurig als hun afronding vertelt",
        "what others published of the same counts, as closely as their rounding tells",
    ),
    "certificates_how": (
        "{verified} van {given} tabellen die er hadden kunnen staan, zijn in hele getallen nagerekend: zij alleen al "
        "tonen van {groups} groepen dat zij niet te klein hoeven te zijn.",
        "{verified} of {given} tables that might have been were verified in whole numbers: they alone show of {groups} "
        "groups that they need not be too small.",
    ),
    "solvers": ("Rekenprogramma's", "Solvers"),
    "insiders": (
        "Niemand die alleen in een verborgen of afgeronde cel zit, kent daardoor een andere",
        "Nobody who is the only one in a hidden or rounded cell knows another by it",
    ),
    "insiders_asked": (
        "Van {cells} cellen is gevraagd wat de enige erin weet.",
        "Of {cells} cells it was asked what the only one in it knows.",
    ),
    "insiders_not_asked": (
        "Van {cells} andere is dat niet gevraagd: het waren er te veel. Dat is aan de beoordelaars.",
        "Of {cells} others it was not: they were too many. That is for the reviewers.",
    ),
    "published by others": (
        "Vergeleken met wat anderen over dezelfde jaren publiceerden",
        "Compared with what others published of the same years",
    ),
    "published": ("Gepubliceerd door anderen en niet vergeleken", "Published by others and not compared"),
    "hidden_beside": ("Wat erbij is verborgen", "What was hidden besides"),
    "hidden_results": ("Tabellen die getallen delen", "Tables that share numbers"),
    "of": ("Van", "Of"),
    "of_counts": ("aantallen", "counts"),
    "of_sums": ("sommen en gemiddelden", "sums and means"),
    "beside": ("Getallen erbij", "Numbers besides"),
    "cost": ("Verlies", "Loss"),
    "bound": ("Minder dan dit kan niet", "No less than this"),
    "series": ("Reeks", "Series"),
    "years": ("Jaren", "Years"),
    "not_attacked": ("Niet zo aan te vallen, want geen aantallen", "Not open to it, being no counts"),
    "unknown": (
        "Niet meegerekend, want niet meer opnieuw te berekenen",
        "Not reckoned with, since it can't be computed again",
    ),
    "results": ("Wat er naar buiten gaat", "What leaves"),
    "result": ("Tabel", "Table"),
    "rule": ("Regel", "Rule"),
    "checks": ("Elke regel met zijn oordeel", "Every rule with its verdict"),
    "something left": ("Van elke tabel is een getal over", "Of every table a number is left"),
    "groups": (
        "Wat van iedereen in een groep hetzelfde is",
        "What is the same of everybody in a group",
    ),
    "shown": ("Getoond", "Shown"),
    "hidden": ("Verborgen", "Hidden"),
    "units": ("Eenheden onder een getoond getal", "Units under a shown number"),
    "range": ("Van – tot en met", "From – up to"),
    "cells": ("Getallen", "Numbers"),
    "open_range": ("{least} of meer", "{least} or more"),
    "not_told": ("niet vermeld", "not told"),
    "function": ("Berekend met", "Computed by"),
    "definition": ("Definitie", "Definition"),
    "linked": ("Gekoppeld", "Linked"),
    "reason": ("Toelichting van de regel", "What the rule says"),
    "preview": ("Zoals het naar buiten gaat", "As it leaves"),
    "use": ("Op welke toestemming", "By which grant"),
    "project": ("Project", "Project"),
    "purpose": ("Doel", "Purpose"),
    "legal_basis": ("Grondslag", "Legal basis"),
    "agreements": ("Afspraken", "Agreements"),
    "permissions": ("Toestemming van de partners", "Permission of the partners"),
    "outputs": ("Afgesproken uitkomsten", "Outputs that were agreed"),
    "made": ("Waaruit en door wie", "From what and by whom"),
    "author": ("Maker", "Author"),
    "account": ("Aangeboden door", "Brought by"),
    "run": ("Run", "Run"),
    "extract": ("Extract", "Extract"),
    "snapshot": ("Snapshot", "Snapshot"),
    "code": ("Code", "Code"),
    "audit": ("Kop van het logboek", "Head of the log"),
    "context": ("Toelichting van de maker", "Context by the author"),
    "no_context": ("De maker gaf geen toelichting.", "The author gave no context."),
    "reviews": ("Oordelen", "Verdicts"),
    "reviews_table": ("Elk oordeel met zijn reden", "Every verdict with its reason"),
    "no_reviews": ("Nog geen oordeel te melden.", "No verdict to tell yet."),
    "act_approve": ("goedgekeurd", "approved"),
    "act_return": ("teruggestuurd", "sent back"),
    "act_withdraw": ("ingetrokken", "withdrawn"),
    "fictitious": ("fictief account: niemand keek", "fictitious account: nobody looked"),
    "who": ("Account", "Account"),
    "when": ("Wanneer (UTC)", "When (UTC)"),
    "said": ("Oordeel", "Verdict"),
    "why": ("Reden", "Reason"),
    "earlier": ("Eerdere pogingen kwamen terug: {releases}.", "Earlier attempts came back: {releases}."),
    "contact": ("Vragen", "Questions"),
}


def say(key: str, language: Language, **given: object) -> str:
    """A text in a language, with what varies filled in."""
    return in_words(_WORDS[key], language, **given)
